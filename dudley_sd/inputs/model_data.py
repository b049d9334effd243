"""Tables that the model file reads, prepared for one footprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.scratch import atomic_files

from dudley_sd.inputs.ages import AGE_BANDS, FIFTHS, first_age
from dudley_sd.inputs.area_people import area_people, estimated_people
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.basis import Basis, area_basis
from dudley_sd.inputs.elements import INTERVENTION, elements
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.parameters import Parameters, read_parameters, read_source_ids
from dudley_sd.inputs.rates import RecentLevel
from dudley_sd.inputs.scaling import Scaling, read_rules, size_ratios
from dudley_sd.inputs.services import (
    level_use_rates,
    read_effects,
    read_reach,
    read_relative_use,
    read_use_rates,
)
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.text import plural


@dataclass(frozen=True)
class ModelData:
    """The tables that the model file reads and the trajectory behind them.

    Attributes
    ----------
    tables
        File name under ``data/`` to table; the first column and the header are labels.
    trajectory
        Reference stocks and flows, as `reference_trajectory` returns them.
    recent
        Recent births, deaths and migration of the area, if it has them.
    scaling
        How its sizes follow from those of the model file, where these are another area's.
    indicative
        Why results are no more than indicative; empty where the figures are the area's own.
    fifths_indicative
        Why figures by deprivation fifth are no more than indicative; empty where its people by fifth are
        known.
    """

    tables: dict[str, pd.DataFrame]
    trajectory: xr.Dataset
    recent: RecentLevel | None
    scaling: Scaling | None = None
    indicative: str = ""
    fifths_indicative: str = ""


def prepare(
    footprint: Footprint,
    inputs: Path,
    parameters: Parameters | None = None,
    population: xr.DataArray | None = None,
) -> ModelData:
    """Turn the input files of a footprint into the tables of the model file.

    Parameters
    ----------
    footprint
        The area.
    inputs
        Folder of inputs.
    parameters
        The parameter table; read from `inputs` when not given.
    population
        Persons, dims (year, age), to use instead of the footprint's own projection.

    Raises
    ------
    InputError
        Any fault of the files, or a population table whose flows are impossible.
    """
    if parameters is None:
        parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    basis = area_basis(footprint, inputs, parameters, population)
    trajectory = basis.trajectory()
    people = basis.population.sel(year=PROJECTED)
    model_area = people
    if footprint.sized_like:
        base = str(basis.population.attrs.get("projection", ""))
        model_area = _people_in_2018(footprint.sized_like, inputs, base)
    rates = _use_rates(inputs, parameters, model_area)
    tables = {
        **reference_tables(trajectory),
        "age.csv": _age_table(basis.assumptions),
        **_use_tables(inputs, rates),
        **_evidence_tables(inputs),
    }
    scaling = _scaling(footprint, inputs, rates, people, model_area) if footprint.sized_like else None
    fifths = f"people by deprivation fifth at each age are those of {basis.fifths_of}"
    return ModelData(
        tables,
        trajectory,
        basis.recent,
        scaling,
        _indicative(footprint, basis, inputs),
        fifths if basis.fifths_of else "",
    )


def _people_in_2018(name: str, inputs: Path, base: str) -> xr.DataArray:
    """People in mid-2018 of the area that the model file describes, on the base of the area beside it."""
    area = read_footprint(name, inputs)
    people = area_people(area, inputs)
    if base and people.attrs["projection"] != base:
        return estimated_people(area, inputs)  # the 2018-based projection and our own start from it
    return people.sel(year=PROJECTED)


def _scaling(
    footprint: Footprint, inputs: Path, rates: xr.DataArray, people: xr.DataArray, others: xr.DataArray
) -> Scaling:
    ratios = size_ratios(read_rules(inputs), rates, people, others)
    name = read_footprint(str(footprint.sized_like), inputs).name
    return Scaling(name, ratios, {key: size.value for key, size in footprint.sizes.items()})


def _indicative(footprint: Footprint, basis: Basis, inputs: Path) -> str:
    """Say what is another area's; empty where nothing is."""
    reasons = []
    if basis.projected:
        whose = read_footprint(footprint.rates_of, inputs).name
        reasons.append(
            f"people of mid-{PROJECTED} are carried on at the rates of {whose}, not an ONS projection"
        )
    if basis.history_of:
        reasons.append(f"people before mid-{PROJECTED} follow the estimates of {basis.history_of}")
    if footprint.sized_like:
        whose = read_footprint(footprint.sized_like, inputs).name
        local = f" but for {plural(len(footprint.sizes), 'local figure')}" if footprint.sizes else ""
        reasons.append(
            f"use at each age is that of {whose}, and staff, beds and money are scaled from it{local}"
        )
    return "; ".join(reasons)


def write_model_data(data: ModelData, folder: Path, *, rounded: bool = False) -> list[str]:
    """Write the tables as CSV under `folder`, none put in place before all are written; return their names.

    ``rounded`` writes 12 digits, and leaves alone a file that has these numbers to 1e-9: two machines agree.
    """
    right = [name for name, table in data.tables.items() if rounded and _has(folder / name, table)]
    tables = {name: table for name, table in data.tables.items() if name not in right}
    with atomic_files([folder / name for name in tables]) as ready:
        for scratch, table in zip(ready, tables.values(), strict=True):
            form = "%.12g" if rounded else None
            table.to_csv(scratch, encoding="utf-8", lineterminator="\n", float_format=form)
    return list(tables)


def _has(path: Path, table: pd.DataFrame) -> bool:
    """Whether a file holds a table, but for what another machine has otherwise in the last digits."""
    try:
        found = pd.read_csv(path, index_col=0)
    except (OSError, ValueError):
        return False
    heads = [[each.index.name, *map(str, each.index), *map(str, each.columns)] for each in (found, table)]
    if heads[0] != heads[1]:
        return False
    there, now = (each.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float) for each in (found, table))
    return np.allclose(there, now, rtol=1e-9, atol=1e-9)


def reference_tables(trajectory: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Stocks and flows of the reference trajectory by mid-year, and the shares that divide them."""
    return {
        **{f"reference_{name}.csv": _frame(trajectory[name]) for name in ("people", "deaths", "ageing")},
        "reference_births.csv": trajectory["births"].to_series().to_frame("births"),
        **{
            f"reference_{name}.csv": _by_fifth(trajectory[name])
            for name in ("migration", "onset", "progression")
        },
        "share_of_fifth.csv": _frame(trajectory["share_of_fifth"]),
        "need_share.csv": _by_fifth(trajectory["need_share"]),
        "share_of_deaths.csv": _by_fifth(trajectory["share_of_deaths"]),
    }


def _by_fifth(array: xr.DataArray) -> pd.DataFrame:
    """Columns: all of the first fifth, then of the second, and so on."""
    parts = [_frame(array.sel(fifth=fifth)).add_prefix(f"{fifth} ") for fifth in FIFTHS]
    return pd.concat(parts, axis=1)


def _age_table(assumptions: Assumptions) -> pd.DataFrame:
    """Tabulate what is fixed for an age band: expected births, weights of 0 and 1."""
    first = pd.Series([first_age(band) for band in AGE_BANDS], index=pd.Index(AGE_BANDS, name="age"))
    births = assumptions.fertility.to_series() * assumptions.female_share
    return pd.DataFrame(
        {
            "expected births per person": births,
            "is of working age": first.between(15, 60).astype(int),
            "is 65 and over": (first >= 65).astype(int),
            "is 75 and over": (first >= 75).astype(int),
            "is of caring age": first.between(45, 70).astype(int),
            "is 70 and over": (first >= 70).astype(int),
        }
    )


def _use_rates(inputs: Path, parameters: Parameters, population: xr.DataArray) -> xr.DataArray:
    sources = read_source_ids(inputs / "sources.csv")
    rates = read_use_rates(inputs / "activity" / "use_rates.csv", sources)
    return level_use_rates(rates, population, parameters)


GRADED = {
    "PracticeRoutine": "PracticeRoutine",
    "PracticeSameDay": "PracticeSameDay",
    "AandE": "AandE",
    "EmergencyOvernight": "EmergencyAdmission",
    "EmergencyZeroNight": "AandE",
    "Elective": "OutpatientFirst",
    "CommunityContact": "CommunityContact",
    "MentalHealthContact": "MentalHealthContact",
    "SocialCarePackage": "SocialCarePackage",
    "CareHomePlace": "CareHomePlace",
    "relative use of bed days": "EmergencyBedDay",
}
"""What the model calls a service whose use rises with need, and the service whose relative use it has: a
pathway of planned care begins with a first appointment, and a stay without a night with a visit to A&E."""

MOVED = {
    "PracticeRoutine": "PracticeRoutine",
    "PracticeSameDay": "PracticeSameDay",
    "AandE": "AandE",
    "EmergencyOvernight": "EmergencyAdmission",
    "OutpatientFirst": "OutpatientFirst",
    "OutpatientFollowUp": "OutpatientFollowUp",
    "effect on bed days central": "EmergencyBedDay",
}
"""What the model calls a service that interventions act on, and what effects and reach call it."""


def _use_tables(inputs: Path, rates: xr.DataArray) -> dict[str, pd.DataFrame]:
    sources = read_source_ids(inputs / "sources.csv")
    relative = _frame(read_relative_use(inputs / "activity" / "relative_use.csv", sources))
    return {"use_rate.csv": _frame(rates), "relative_use.csv": _as_model(relative, GRADED)}


def _evidence_tables(inputs: Path) -> dict[str, pd.DataFrame]:
    sources, interventions = read_source_ids(inputs / "sources.csv"), elements(inputs, INTERVENTION)
    effects = read_effects(inputs / "effects.csv", sources, interventions)
    reach = read_reach(inputs / "reach.csv", sources, effects)
    central = _frame(effects.sel(reading="central", drop=True)).T.rename_axis(index="service")
    return {
        "effect_central.csv": _as_model(central, MOVED).T.rename_axis("intervention"),
        **{
            f"reach_{name}.csv": _as_model(_frame(reach.sel(intervention=name, drop=True)), MOVED)
            for name in interventions
        },
    }


def _as_model(table: pd.DataFrame, services: Mapping[str, str]) -> pd.DataFrame:
    """Rows by service in the words and the order of the model."""
    return table.loc[list(services.values())].set_axis(pd.Index(services, name="service"), axis=0)


def _frame(array: xr.DataArray) -> pd.DataFrame:
    """Lay out an array with the first dimension down and the second across."""
    rows, columns = array.dims
    return pd.DataFrame(
        array.to_numpy(),
        index=array.indexes[rows].rename(rows),
        columns=array.indexes[columns].rename(columns),
    )
