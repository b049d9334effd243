"""Tables that the model file reads, prepared for one footprint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.scratch import atomic_files

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS, first_age
from dudley_sd.inputs.area_people import area_people, estimated_people
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.closure import Assumptions
from dudley_sd.inputs.elements import INTERVENTION, READINGS, SERVICE, elements
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.own_projection import OwnProjection, own_projection
from dudley_sd.inputs.parameters import Parameters, read_parameters, read_source_ids
from dudley_sd.inputs.prevalence import need_shares, read_published_prevalence
from dudley_sd.inputs.rates import RecentLevel, read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.reference import reference_trajectory
from dudley_sd.inputs.scaling import Scaling, read_rules, size_ratios
from dudley_sd.inputs.services import (
    level_use_rates,
    read_effects,
    read_reach,
    read_relative_use,
    read_use_rates,
)
from dudley_sd.text import plural

START, END = 2018, 2033
CARRIED_BIRTHS, CARRIED_DEATHS = "births_in_first_year", "deaths_in_first_year"
FLOWS_BY_NEED = ("deaths", "ageing", "migration_in", "migration_out")
FLOWS_BY_AGE = ("onset", "progression")


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
    """

    tables: dict[str, pd.DataFrame]
    trajectory: xr.Dataset
    recent: RecentLevel | None
    scaling: Scaling | None = None
    indicative: str = ""


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
    basis = _basis(footprint, inputs, parameters, population)
    trajectory = reference_trajectory(basis.population, basis.assumptions, to_year=END, from_year=START)
    people = basis.population.sel(year=START)
    model_area = people
    if footprint.sized_like:
        base = str(basis.population.attrs.get("projection", ""))
        model_area = _people_at_start(footprint.sized_like, inputs, base)
    rates = _use_rates(inputs, parameters, model_area)
    tables = {
        **_reference_tables(trajectory),
        **_age_tables(basis.assumptions, inputs),
        **_use_tables(inputs, rates),
        **_evidence_tables(inputs),
    }
    scaling = _scaling(footprint, inputs, rates, people, model_area) if footprint.sized_like else None
    return ModelData(tables, trajectory, basis.recent, scaling, _indicative(footprint, basis, inputs))


@dataclass(frozen=True, eq=False)
class _Basis:
    """People by year, what closes their table, the recent level if known, and whether we projected them."""

    population: xr.DataArray
    assumptions: Assumptions
    recent: RecentLevel | None
    projected: bool = False


def _basis(
    footprint: Footprint, inputs: Path, parameters: Parameters, population: xr.DataArray | None
) -> _Basis:
    if population is None and footprint.projected_like:
        return _projected(footprint, footprint.projected_like, inputs, parameters)
    if population is None:
        population = area_people(footprint, inputs)
    recent = read_recent_level(inputs / footprint.components) if footprint.components else None
    births, deaths = (recent.births, recent.deaths) if recent else (None, None)
    carried = CARRIED_BIRTHS in population.attrs
    if carried:
        births, deaths = population.attrs[CARRIED_BIRTHS], population.attrs[CARRIED_DEATHS]
    assumptions = _assumptions(inputs, parameters, population, births, deaths)
    return _Basis(population, assumptions, recent, projected=carried)


def _projected(footprint: Footprint, like: str, inputs: Path, parameters: Parameters) -> _Basis:
    """Carry the people of the first mid-year on at the rates of another area."""
    own = _carried_on(footprint, like, inputs, parameters)
    assumptions = _assumptions(inputs, parameters, own.population, own.births, own.deaths)
    return _Basis(own.population, assumptions, None, projected=True)


def carried_on(footprint: Footprint, inputs: Path) -> xr.DataArray:
    """People of an area as estimated for mid-2018, carried on at the model's own rates.

    Parameters
    ----------
    footprint
        The area. The rates are those of the area that it is projected or sized like, or its own.
    inputs
        Folder of inputs.

    Returns
    -------
    xr.DataArray
        Persons, dims (year, age), to the end of the table that the rates are from; the births and deaths
        that the rates gave in the first year are among its attributes, so that it is solved with them.

    Raises
    ------
    InputError
        Any fault of the files, or an area without an estimate.
    """
    parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    own = _carried_on(footprint, footprint.rates_of, inputs, parameters)
    return own.population.assign_attrs({CARRIED_BIRTHS: own.births, CARRIED_DEATHS: own.deaths})


def _carried_on(footprint: Footprint, like: str, inputs: Path, parameters: Parameters) -> OwnProjection:
    other = _basis(read_footprint(like, inputs), inputs, parameters, None)
    trajectory = reference_trajectory(other.population, other.assumptions, to_year=END, from_year=START)
    return own_projection(estimated_people(footprint, inputs), trajectory, other.assumptions)


def _people_at_start(name: str, inputs: Path, base: str) -> xr.DataArray:
    """People at the start of the area that the model file describes, on the base of the area beside it."""
    area = read_footprint(name, inputs)
    people = area_people(area, inputs)
    if base and people.attrs["projection"] != base:
        return estimated_people(area, inputs)  # the 2018-based projection and our own start from it
    return people.sel(year=START)


def _scaling(
    footprint: Footprint, inputs: Path, rates: xr.DataArray, people: xr.DataArray, others: xr.DataArray
) -> Scaling:
    ratios = size_ratios(read_rules(inputs), rates, people, others)
    name = read_footprint(str(footprint.sized_like), inputs).name
    return Scaling(name, ratios, {key: size.value for key, size in footprint.sizes.items()})


def _indicative(footprint: Footprint, basis: _Basis, inputs: Path) -> str:
    """Say what is another area's; empty where nothing is."""
    reasons = []
    if basis.projected:
        whose = read_footprint(footprint.rates_of, inputs).name
        reasons.append(f"people of mid-{START} are carried on at the rates of {whose}, not an ONS projection")
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


def _assumptions(
    inputs: Path,
    parameters: Parameters,
    population: xr.DataArray,
    births: float | None,
    deaths: float | None,
) -> Assumptions:
    published = read_published_prevalence(inputs / "evidence" / "multimorbidity.csv")
    risk = [parameters.central(f"relative_risk_of_death_{need}") for need in NEEDS]
    return Assumptions(
        death_rates=read_death_rates(
            inputs / "ons" / "death_rates_england_2014_2016.csv", parameters.central("boys_per_girl")
        ),
        mortality_improvement=parameters.central("mortality_improvement"),
        births_recent=births,
        deaths_recent=deaths,
        fertility=read_fertility(inputs / "ons" / "fertility_2017.csv"),
        female_share=parameters.central("female_share"),
        need_shares=need_shares(population, published, parameters.central("mean_age_of_oldest"), year=START),
        relative_risk=xr.DataArray(risk, dims="need", coords={"need": list(NEEDS)}),
        newborns_well=parameters.central("newborns_well"),
    )


def _reference_tables(trajectory: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Stocks and flows of the reference trajectory, a row for each mid-year."""
    tables = {
        "reference_population.csv": _by_need(trajectory["population"]),
        "reference_births.csv": trajectory["births"].to_series().to_frame("births"),
        "reference_expected_births.csv": trajectory["mothers"].to_series().to_frame("expected births"),
        "initial_population.csv": _frame(trajectory["population"].isel(year=0, drop=True)),
    }
    tables |= {f"reference_{flow}.csv": _by_need(trajectory[flow]) for flow in FLOWS_BY_NEED}
    tables |= {f"reference_{flow}.csv": _frame(trajectory[flow]) for flow in FLOWS_BY_AGE}
    return tables


def _by_need(array: xr.DataArray) -> pd.DataFrame:
    """Columns: all ages Well, then LongTerm, then Complex."""
    parts = [_frame(array.sel(need=need)).add_prefix(f"{need} ") for need in NEEDS]
    return pd.concat(parts, axis=1)


def _age_tables(assumptions: Assumptions, inputs: Path) -> dict[str, pd.DataFrame]:
    """Tabulate what is fixed for a band or service: weights of 0 and 1, expected births, shares."""
    first = pd.Series([first_age(band) for band in AGE_BANDS], index=pd.Index(AGE_BANDS, name="age"))
    gp_ages, known = elements(inputs, "GPAge"), elements(inputs, SERVICE)
    gp_first = pd.Series([int(band[1:]) for band in gp_ages], index=pd.Index(gp_ages, name="gp_age"))
    services = pd.Series(known, index=pd.Index(known, name="service"))
    births = assumptions.fertility.to_series() * assumptions.female_share
    well = assumptions.newborns_well
    return {
        "age.csv": pd.DataFrame(
            {
                "expected births per person": births,
                "is of working age": first.between(15, 60).astype(int),
                "is 65 and over": (first >= 65).astype(int),
                "is 75 and over": (first >= 75).astype(int),
                "is of caring age": first.between(45, 70).astype(int),
            }
        ),
        "gp_age.csv": pd.DataFrame(
            {
                "is GP 55 and over": (gp_first >= 55).astype(int),
                "is GP 65 and over": (gp_first >= 65).astype(int),
                "grows out of band": (gp_first < gp_first.max()).astype(int),
            }
        ),
        "service.csv": pd.DataFrame(
            {
                "is A and E": (services == "AandE").astype(int),
                "is community contact": (services == "CommunityContact").astype(int),
                "is practice same day": (services == "PracticeSameDay").astype(int),
                "is practice routine": (services == "PracticeRoutine").astype(int),
                "is elective": (services == "Elective").astype(int),
            }
        ),
        "need.csv": pd.DataFrame(
            {"share of newborns": [well, 1.0 - well, 0.0]}, index=pd.Index(NEEDS, name="need")
        ),
        "need_share.csv": _frame(assumptions.need_shares),
    }


def _use_rates(inputs: Path, parameters: Parameters, population: xr.DataArray) -> xr.DataArray:
    sources = read_source_ids(inputs / "sources.csv")
    return level_use_rates(
        read_use_rates(inputs / "activity" / "use_rates.csv", sources, elements(inputs, SERVICE)),
        population,
        parameters,
    )


def _use_tables(inputs: Path, rates: xr.DataArray) -> dict[str, pd.DataFrame]:
    sources = read_source_ids(inputs / "sources.csv")
    relative = read_relative_use(inputs / "activity" / "relative_use.csv", sources, elements(inputs, SERVICE))
    return {"use_rate.csv": _frame(rates), "relative_use.csv": _frame(relative)}


def _evidence_tables(inputs: Path) -> dict[str, pd.DataFrame]:
    sources, interventions = read_source_ids(inputs / "sources.csv"), elements(inputs, INTERVENTION)
    effects = read_effects(inputs / "effects.csv", sources, interventions, elements(inputs, SERVICE))
    reach = read_reach(inputs / "reach.csv", sources, effects)
    tables = {f"effect_{reading}.csv": _frame(effects.sel(reading=reading)) for reading in READINGS}
    tables |= {f"reach_{name}.csv": _frame(reach.sel(intervention=name, drop=True)) for name in interventions}
    return tables


def _frame(array: xr.DataArray) -> pd.DataFrame:
    """Lay out an array with the first dimension down and the second across."""
    rows, columns = array.dims
    return pd.DataFrame(
        array.to_numpy(),
        index=array.indexes[rows].rename(rows),
        columns=array.indexes[columns].rename(columns),
    )
