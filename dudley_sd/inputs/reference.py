"""Which stocks and flows reproduce a projection exactly, year by year, age by age, need by need."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import AgeFlows, carry_on, mothers, solve_flows
from dudley_sd.inputs.cohorts import cohort_faults, jump_faults
from dudley_sd.inputs.flow_faults import flow_faults
from dudley_sd.inputs.need_flows import NeedFlows, split_by_need
from dudley_sd.inputs.rates import RecentLevel

Array = npt.NDArray[np.float64]

VARIABLES = {
    "population": ("Person", "people at mid-year"),
    "mothers": ("Person/Year", "births that the unscaled fertility would give the women of the mid-year"),
    "extrapolated": ("Dmnl", "beyond the table: the rates of its last year carry on"),
    "births": ("Person/Year", "births"),
    "deaths": ("Person/Year", "deaths"),
    "ageing": ("Person/Year", "people who move up a band"),
    "migration_in": ("Person/Year", "arrivals less leavers where arrivals prevail"),
    "migration_out": ("Person/Year", "leavers less arrivals where leavers prevail"),
    "onset": ("Person/Year", "people who go from Well to LongTerm, less those who recover"),
    "progression": ("Person/Year", "people who go from LongTerm to Complex, less those who recover"),
    "net_migration": ("Person/Year", "arrivals less leavers, all ages"),
    "ageing_fraction": ("1/Year", "share of the band that moves up a band in a year"),
}
"""Unit and plain name of every variable of the trajectory."""


def reference_trajectory(
    population: xr.DataArray, assumptions: Assumptions, to_year: int = 2033, from_year: int = 2018
) -> xr.Dataset:
    """Return the reference stocks and the flows that produce them.

    Parameters
    ----------
    population
        Persons at mid-year, dims (year, age), from `read_population`; at least `from_year` and the year
        after.
    assumptions
        Rates and shares that close the table.
    to_year, from_year
        Last and first mid-year of the trajectory. Where the table ends earlier, the rates of its last year
        carry on.

    Returns
    -------
    xr.Dataset
        ``population`` (year, age, need), Person. Person/Year: ``births`` and ``mothers`` (year); ``deaths``,
        ``ageing`` (out of the band, zero in the last), ``migration_in``, ``migration_out`` (year, age, need);
        ``onset``, ``progression`` (year, age); ``net_migration`` (year). ``ageing_fraction`` (year, age),
        1/Year. ``extrapolated`` (year): beyond the table. A flow of year y is constant from mid-year y to
        the next; the row of `to_year` repeats the one before it. ``mothers`` belongs to the mid-year
        itself: the births that the unscaled fertility would give its women.

    Raises
    ------
    InputError
        If the years or bands are not there; if a figure cannot follow the one of the year before
        (`dudley_sd.inputs.cohorts`); or if the flows are impossible: an ageing fraction outside [0.05, 0.45],
        negative onset or progression. That is told by people who cannot be the same five years later where
        there are such, else by one fault for each band, with the worst year.

    Notes
    -----
    population[y + 1] - population[y] is the sum of the flows of y to 1e-9 persons. Net migration is one
    signed number for each age, so that ``migration_in`` and ``migration_out`` are never both positive;
    gross moves are many times larger.
    """
    _check_population(population, from_year, to_year)
    last_year = min(int(population["year"][-1]), to_year)
    table = population.sel(year=slice(from_year, last_year))
    name = str(population.attrs.get("file", "population"))
    jumps = jump_faults(table, name)
    if jumps:
        raise InputError(jumps)
    flows = carry_on(solve_flows(table, assumptions), assumptions, to_year - last_year)
    needs = split_by_need(flows, assumptions)
    years = np.arange(from_year, to_year + 1)
    faults = flow_faults(flows, needs, from_year, name)
    if faults:
        raise InputError(cohort_faults(table, name) or faults)
    trajectory = _dataset(flows, needs, mothers(flows.population, assumptions), last_year, years)
    return trajectory.assign_attrs(population.attrs | {"table_ends": last_year})


def closure_report(trajectory: xr.Dataset, recent: RecentLevel) -> pd.DataFrame:
    """Return births, deaths and net migration of each year beside what the area saw of late.

    Returns
    -------
    pd.DataFrame
        Index year (flows from that mid-year to the next), columns ``births``, ``deaths``, ``natural_change``,
        ``net_migration``, ``recent_net_migration``, ``difference`` (all Person/Year), ``beyond_recent_years``
        (outside the extremes of the recent years) and ``extrapolated`` (the mid-year it leads to is).
    """
    flows = trajectory.isel(year=slice(None, -1))
    report = pd.DataFrame(
        {
            "births": flows["births"].to_series(),
            "deaths": flows["deaths"].sum(["age", "need"]).to_series(),
            "net_migration": flows["net_migration"].to_series(),
        }
    )
    report.insert(2, "natural_change", report["births"] - report["deaths"])
    report["recent_net_migration"] = recent.net_migration
    report["difference"] = report["net_migration"] - recent.net_migration
    report["beyond_recent_years"] = ~report["net_migration"].between(
        recent.lowest_net_migration, recent.highest_net_migration
    )
    report["extrapolated"] = trajectory["extrapolated"].to_numpy()[1:]
    return report


def _check_population(population: xr.DataArray, from_year: int, to_year: int) -> None:
    name = str(population.attrs.get("file", "population"))
    faults = []
    if set(population.dims) != {"year", "age"}:
        raise InputError([Fault(name, "", f"dims {population.dims}", "Give dims (year, age)")])
    bands = tuple(str(band) for band in population["age"].values)
    years = [int(year) for year in population["year"].values]
    if bands != AGE_BANDS:
        faults.append(
            Fault(name, "dimension age", f"bands {bands}", f"Give exactly {AGE_BANDS}, in this order")
        )
    if years != list(range(years[0], years[0] + len(years))):
        faults.append(
            Fault(name, "dimension year", f"years {years} have gaps", "Give every mid-year, ascending")
        )
    if not years[0] <= from_year < min(years[-1], to_year):
        problem = f"years {years[0]} to {years[-1]} do not hold {from_year} and the year after, to {to_year}"
        faults.append(Fault(name, "dimension year", problem, "Choose from_year and to_year within the table"))
    if not (np.isfinite(population) & (population > 0)).all():
        faults.append(
            Fault(name, "", "a cell is missing, infinite or not positive", "Fill it from its source")
        )
    if faults:
        raise InputError(faults)


def _dataset(
    flows: AgeFlows, needs: NeedFlows, mothers_at: Array, last_year: int, years: npt.NDArray[np.int_]
) -> xr.Dataset:
    """Label the arrays; the last row of every flow repeats the one before it."""
    stocks = {"population": needs.population, "mothers": mothers_at, "extrapolated": years > last_year}
    rows = {
        "births": flows.births,
        "deaths": needs.deaths,
        "ageing": needs.ageing,
        "migration_in": needs.migration_in,
        "migration_out": needs.migration_out,
        "onset": needs.onset,
        "progression": needs.progression,
        "net_migration": flows.migration.sum(axis=1),
        "ageing_fraction": flows.ageing_fraction,
    }
    arrays = stocks | {name: np.concatenate([row, row[-1:]]) for name, row in rows.items()}
    dims = ("year", "age", "need")
    return xr.Dataset(
        {
            name: (dims[: array.ndim], array, {"units": VARIABLES[name][0], "long_name": VARIABLES[name][1]})
            for name, array in arrays.items()
        },
        coords={"year": years, "age": list(AGE_BANDS), "need": list(NEEDS)},
    )
