"""Faults of every file under inputs/ by its reader, whatever is wrong with the other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandera.pandas as pa
from sdcompile.errors import Fault, InputError, collect, refuse

from dudley_sd.checks.citations import known_sources
from dudley_sd.folders import areas_folder
from dudley_sd.indicators import read_indicators
from dudley_sd.inputs.area_people import CCG_TABLE, ccg_names
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.deprivation import read_people_by_fifth
from dudley_sd.inputs.elements import FILE as ELEMENTS_FILE
from dudley_sd.inputs.elements import (
    INTERVENTION,
    INTERVENTIONS_FILE,
    element_names,
    read_interventions,
)
from dudley_sd.inputs.elements import (
    SCHEMA as ELEMENTS,
)
from dudley_sd.inputs.expectations import read_others_found, read_targets
from dudley_sd.inputs.parameters import provenance_faults, read_source_ids, scan_parameters
from dudley_sd.inputs.population import SCHEMA, read_population
from dudley_sd.inputs.prevalence import read_published_prevalence
from dudley_sd.inputs.rates import COMPONENTS, read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.scaling import read_rules
from dudley_sd.inputs.services import (
    FACTOR,
    REACH,
    read_effects,
    read_reach,
    read_relative_use,
    read_use_rates,
    share_faults,
    table_schema,
)
from dudley_sd.inputs.tables import read_table, scan_table
from dudley_sd.settings.contracts import read_contract
from dudley_sd.settings.former_names import read_former_names
from dudley_sd.settings.futures import read_scenario, read_uncertainties
from dudley_sd.settings.portfolios import read_portfolio


class Folder(NamedTuple):
    """The folder of inputs, the ids that its list of sources holds as far as it can be read, and elements.

    The elements are those that the tables name, whatever else is wrong with their rows.
    """

    path: Path
    sources: frozenset[str]
    interventions: tuple[str, ...] | None


Reader = Callable[[Folder, Path], object]
"""Reads one file of the folder; raises what is wrong with it."""


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
        element_names(inputs, INTERVENTION),
    )
    for pattern, reader in READERS.items():
        paths = sorted(inputs.glob(pattern)) if "*" in pattern else [inputs / pattern]
        for path in paths:
            collect(faults, reader, folder, path)
        read.update(paths)
    for path in sorted(areas_folder().glob("*.toml")):
        collect(faults, _own_area, folder, path)
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


def _parameters(folder: Folder, path: Path) -> None:
    """Look at the rows even where the list of sources is faulty, which has a reader of its own."""
    refuse(scan_parameters(path, folder.sources)[1])


def _own_area(folder: Folder, path: Path) -> None:
    """Look at an area of the user's, which must not bear the name of one that comes with the model."""
    if (folder.path / "footprints" / path.name).is_file():
        problem = "an area of this name comes with the model and is used in its place"
        raise InputError([Fault(str(path), "", problem, "Rename the file and its id")])
    read_area(path.stem, folder.path)


def _population(_: Folder, path: Path) -> None:
    """Look at each area of a file, since a footprint reads its own only."""
    faults: list[Fault] = []
    for area in list(scan_table(path, SCHEMA).text["area_code"].unique()) or [None]:
        collect(faults, read_population, path, area)
    refuse(faults)


def _first_area(schema: pa.DataFrameSchema) -> Reader:
    """Reader of the first area only: the importer has checked the table, which may hold hundreds."""

    def read(_: Folder, path: Path) -> None:
        scan = scan_table(path, schema, lambda text: text["area_code"].isin(text["area_code"].head(1)))
        refuse(scan.faults)

    return read


def _reach(folder: Folder, path: Path) -> None:
    """Compare reach with effects where those can be read; look at the rows alone where they cannot."""
    if folder.interventions is None:
        return
    effects = collect([], read_effects, path.with_name("effects.csv"), folder.sources, folder.interventions)
    if effects is not None:
        read_reach(path, folder.sources, effects)
        return
    scan = scan_table(path, table_schema(REACH, FACTOR, folder.interventions))
    faults = [*scan.faults, *provenance_faults(path, scan.valid, folder.sources)]
    refuse([*faults, *share_faults(path, scan.valid)])


READERS: dict[str, Reader] = {
    "sources.csv": lambda _, path: read_source_ids(path),
    "parameters.csv": _parameters,
    "uncertainties.toml": lambda folder, _: read_uncertainties(folder.path),
    "former_names.toml": lambda folder, _: read_former_names(folder.path),
    "scaling.toml": lambda folder, _: read_rules(folder.path),
    "indicators.toml": lambda _, path: read_indicators(path),
    ELEMENTS_FILE: lambda _, path: read_table(path, ELEMENTS),
    INTERVENTIONS_FILE: lambda _, path: read_interventions(path),
    "scenarios/*.toml": lambda folder, path: read_scenario(path.stem, folder.path),
    "portfolios/*.toml": lambda folder, path: read_portfolio(path.stem, folder.path),
    "contracts/*.toml": lambda folder, path: read_contract(path.stem, folder.path),
    "footprints/*.toml": lambda folder, path: read_area(path.stem, folder.path),
    "ons/population_*.csv": _population,
    CCG_TABLE.as_posix(): lambda folder, _: ccg_names(folder.path),
    "ons/components_*.csv": lambda _, path: read_recent_level(path),
    "ons/imported/population_*.csv": _first_area(SCHEMA),
    "ons/imported/components_*.csv": _first_area(COMPONENTS),
    "ons/death_rates_*.csv": lambda _, path: read_death_rates(path, boys_per_girl=1.0),
    "ons/fertility_*.csv": lambda _, path: read_fertility(path),
    "deprivation/people_by_fifth_*.csv": lambda _, path: read_people_by_fifth(path),
    "evidence/multimorbidity.csv": lambda _, path: read_published_prevalence(path),
    "effects.csv": lambda folder, path: (
        folder.interventions and read_effects(path, folder.sources, folder.interventions)
    ),
    "reach.csv": _reach,
    "activity/use_rates.csv": lambda folder, path: read_use_rates(path, folder.sources),
    "activity/relative_use.csv": lambda folder, path: read_relative_use(path, folder.sources),
    "validation/targets.csv": lambda _, path: read_targets(path),
    "validation/others_found.csv": lambda _, path: read_others_found(path),
}
"""What reads which file; a name without ``*`` must be there."""
