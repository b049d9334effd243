"""Faults of every file under inputs/ by its reader, whatever is wrong with the other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sdcompile.errors import Fault

from dudley_sd.checks.attempt import attempt
from dudley_sd.checks.citations import known_sources
from dudley_sd.folders import areas_folder
from dudley_sd.inputs.area_people import CCG_TABLE, ccg_names
from dudley_sd.inputs.elements import FILE as ELEMENTS_FILE
from dudley_sd.inputs.elements import (
    INTERVENTION,
    INTERVENTIONS_FILE,
    SERVICE,
    elements,
    read_interventions,
)
from dudley_sd.inputs.elements import (
    SCHEMA as ELEMENTS,
)
from dudley_sd.inputs.expectations import read_others_found, read_targets
from dudley_sd.inputs.footprints import read_area
from dudley_sd.inputs.parameters import PARAMETERS, provenance_faults, read_parameters, read_source_ids
from dudley_sd.inputs.population import SCHEMA, read_population
from dudley_sd.inputs.prevalence import read_published_prevalence
from dudley_sd.inputs.rates import COMPONENTS, read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.scaling import read_rules
from dudley_sd.inputs.services import (
    reach_schema,
    read_effects,
    read_reach,
    read_relative_use,
    read_use_rates,
)
from dudley_sd.inputs.tables import read_table, scan_table
from dudley_sd.scenarios.contracts import read_contract
from dudley_sd.scenarios.futures import read_scenario
from dudley_sd.scenarios.portfolios import read_portfolio
from dudley_sd.scenarios.uncertainties import read_uncertainties


class Folder(NamedTuple):
    """The folder of inputs, the ids that its list of sources holds as far as it can be read, and elements.

    The elements are those of the tables that can be read; without them only these are at fault.
    """

    path: Path
    sources: frozenset[str]
    interventions: tuple[str, ...] | None
    services: tuple[str, ...] | None


Look = Callable[[Folder, Path, list[Fault]], None]
"""Reads one file of the folder and adds what is wrong with it to the faults."""


def input_file_faults(inputs: Path) -> list[Fault]:
    """Faults of every CSV and TOML file under the folder of inputs.

    Parameters
    ----------
    inputs
        Folder of inputs.

    Returns
    -------
    list of Fault
        Those of the readers; a file that must be there and is not; a file that no reader knows.
    """
    faults: list[Fault] = []
    read: set[Path] = set()
    folder = Folder(
        inputs,
        known_sources(inputs),
        attempt([], elements, inputs, INTERVENTION),
        attempt([], elements, inputs, SERVICE),
    )
    for pattern, look in READERS.items():
        paths = sorted(inputs.glob(pattern)) if "*" in pattern else [inputs / pattern]
        for path in paths:
            look(folder, path, faults)
        read.update(paths)
    for path in sorted(areas_folder().glob("*.toml")):
        _own_area(folder, path, faults)
    here = {path for path in inputs.rglob("*") if path.suffix in (".csv", ".gz", ".toml")}
    faults += [
        Fault(
            str(path),
            "",
            "nothing reads this file",
            "Correct its name or folder, take it out, or give it a reader in dudley_sd/checks/input_files.py",
        )
        for path in sorted(here - read)
    ]
    return list(dict.fromkeys(faults))


def _sources(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_source_ids, path)


def _parameters(folder: Folder, path: Path, faults: list[Fault]) -> None:
    """Look at the rows even where the list of sources is faulty, which the reader takes as its own fault."""
    found: list[Fault] = []
    attempt(found, read_parameters, path, folder.path / "sources.csv")
    if any(fault.file != str(path) for fault in found):
        scan = attempt(found, scan_table, path, PARAMETERS)
        found += [*scan.faults, *provenance_faults(path, scan.valid, folder.sources)] if scan else []
    faults += found


def _uncertainties(folder: Folder, _: Path, faults: list[Fault]) -> None:
    attempt(faults, read_uncertainties, folder.path)


def _scenario(folder: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_scenario, path.stem, folder.path)


def _portfolio(folder: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_portfolio, path.stem, folder.path)


def _contract(folder: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_contract, path.stem, folder.path)


def _footprint(folder: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_area, path.stem, folder.path)


def _own_area(folder: Folder, path: Path, faults: list[Fault]) -> None:
    """Look at an area of the user's, which must not bear the name of one that comes with the model."""
    if (folder.path / "footprints" / path.name).is_file():
        problem = "an area of this name comes with the model and is used in its place"
        faults.append(Fault(str(path), "", problem, "Rename the file and its id"))
    else:
        _footprint(folder, path, faults)


def _scaling(folder: Folder, _: Path, faults: list[Fault]) -> None:
    attempt(faults, read_rules, folder.path)


def _population(_: Folder, path: Path, faults: list[Fault]) -> None:
    """Look at each area of a file, since a footprint reads its own only."""
    scan = attempt(faults, scan_table, path, SCHEMA)
    areas = list(scan.text["area_code"].unique()) if scan else []
    for area in areas or [None]:
        attempt(faults, read_population, path, area)


def _ccg_table(folder: Folder, _: Path, faults: list[Fault]) -> None:
    attempt(faults, ccg_names, folder.path)


def _imported_population(_: Folder, path: Path, faults: list[Fault]) -> None:
    """Look at the first area only: the importer has checked the table, which may hold hundreds."""
    scan = attempt(faults, scan_table, path, SCHEMA, _first_area)
    faults += scan.faults if scan else []


def _imported_components(_: Folder, path: Path, faults: list[Fault]) -> None:
    scan = attempt(faults, scan_table, path, COMPONENTS, _first_area)
    faults += scan.faults if scan else []


def _first_area(text: pd.DataFrame) -> pd.Series[bool]:
    return text["area_code"].isin(text["area_code"].head(1))


def _recent_level(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_recent_level, path)


def _death_rates(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_death_rates, path, boys_per_girl=1.0)


def _fertility(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_fertility, path)


def _prevalence(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_published_prevalence, path)


def _elements(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_table, path, ELEMENTS)


def _interventions(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_interventions, path)


def _use_rates(folder: Folder, path: Path, faults: list[Fault]) -> None:
    if folder.services is not None:
        attempt(faults, read_use_rates, path, folder.sources, folder.services)


def _relative_use(folder: Folder, path: Path, faults: list[Fault]) -> None:
    if folder.services is not None:
        attempt(faults, read_relative_use, path, folder.sources, folder.services)


def _effects(folder: Folder, path: Path, faults: list[Fault]) -> None:
    if folder.services is not None and folder.interventions is not None:
        attempt(faults, read_effects, path, folder.sources, folder.interventions, folder.services)


def _reach(folder: Folder, path: Path, faults: list[Fault]) -> None:
    """Compare reach with effects where those can be read; look at the rows alone where they cannot."""
    if folder.services is None or folder.interventions is None:
        return
    known = folder.interventions, folder.services
    effects = attempt([], read_effects, path.with_name("effects.csv"), folder.sources, *known)
    if effects is not None:
        attempt(faults, read_reach, path, folder.sources, effects)
        return
    scan = attempt(faults, scan_table, path, reach_schema(*known))
    faults += [*scan.faults, *provenance_faults(path, scan.valid, folder.sources)] if scan else []


def _targets(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_targets, path)


def _others_found(_: Folder, path: Path, faults: list[Fault]) -> None:
    attempt(faults, read_others_found, path)


READERS: dict[str, Look] = {
    "sources.csv": _sources,
    "parameters.csv": _parameters,
    "uncertainties.toml": _uncertainties,
    "scaling.toml": _scaling,
    ELEMENTS_FILE: _elements,
    INTERVENTIONS_FILE: _interventions,
    "scenarios/*.toml": _scenario,
    "portfolios/*.toml": _portfolio,
    "contracts/*.toml": _contract,
    "footprints/*.toml": _footprint,
    "ons/population_*.csv": _population,
    CCG_TABLE.as_posix(): _ccg_table,
    "ons/components_*.csv": _recent_level,
    "ons/imported/population_*.csv": _imported_population,
    "ons/imported/components_*.csv": _imported_components,
    "ons/death_rates_*.csv": _death_rates,
    "ons/fertility_*.csv": _fertility,
    "evidence/multimorbidity.csv": _prevalence,
    "effects.csv": _effects,
    "reach.csv": _reach,
    "activity/use_rates.csv": _use_rates,
    "activity/relative_use.csv": _relative_use,
    "validation/targets.csv": _targets,
    "validation/others_found.csv": _others_found,
}
"""What reads which file; a name without ``*`` must be there."""
