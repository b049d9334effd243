"""People of an area carried on at the rates of another area's reference trajectory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import (
    AgeFlows,
    mean_of_mid_years,
    mothers,
    project,
    yearly_rates,
)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OwnProjection:
    """People of an area carried on at another's rates.

    Attributes
    ----------
    population
        Persons, dims (year, age), mid-years.
    births, deaths
        Persons a year between the first two mid-years: solved with these levels, the reference flows of the
        table are the flows that made it.
    """

    population: xr.DataArray
    births: float
    deaths: float


def own_projection(people: xr.DataArray, trajectory: xr.Dataset, assumptions: Assumptions) -> OwnProjection:
    """Carry an area's people on at the cohort-component rates of another area's reference trajectory.

    Parameters
    ----------
    people
        Persons, dims (year, age), from the first mid-year of the trajectory to the one they are carried on
        from.
    trajectory
        From `dudley_sd.inputs.reference.reference_trajectory`: whose rates are used, each year's its own.
    assumptions
        What that trajectory was solved with.

    Returns
    -------
    OwnProjection
        The mid-years of the trajectory up to the end of its table; `people` first.

    Raises
    ------
    InputError
        If the bands or years are not the trajectory's, a number is missing or not above zero, or a band runs
        empty.

    Notes
    -----
    In the year from one mid-year to the next, deaths, net migration and ageing out of a band are the other
    area's flow for each person of its mean of the two mid-years, births are its births for each birth that
    the unscaled fertility would give that mean. So next - now = rates x (now + next) / 2, a linear system
    whose solution for the other area's own start is the other area's own table, to rounding. What is taken
    over with the rates: the shape of the other area's bands (whose large cohorts age when), and migration
    that is spread evenly over ages; a town of students keeps them.

    Examples
    --------
    >>> own_projection(walsall, dudley_trajectory, dudley_assumptions).population  # doctest: +SKIP
    """
    _check(people, trajectory)
    table = trajectory.sel(year=~trajectory["extrapolated"].astype(bool))
    rates = yearly_rates(age_flows(table), assumptions)
    known = people.to_numpy().astype(float)
    later = project(known[-1], rates[len(known) - 1 :], assumptions).population
    rows = np.vstack([known, later[1:]])
    years = table["year"].to_numpy()
    _refuse_empty(rows, years, people)
    population = xr.DataArray(
        rows,
        dims=("year", "age"),
        coords={"year": years, "age": list(AGE_BANDS)},
        name="population",
        attrs=_attrs(people, trajectory),
    )
    mean = mean_of_mid_years(rows[:2])[0]
    births = rates[0].births * float(mothers(mean, assumptions))
    return OwnProjection(population, births, float((rates[0].deaths * mean).sum()))


def age_flows(trajectory: xr.Dataset) -> AgeFlows:
    """Flows by age of a trajectory, fifths together."""
    flows = trajectory.isel(year=slice(None, -1))
    return AgeFlows(
        trajectory["people"].to_numpy(),
        flows["births"].to_numpy(),
        flows["deaths"].to_numpy(),
        flows["migration"].sum("fifth").to_numpy(),
        flows["ageing"].to_numpy(),
    )


def _refuse_empty(rows: Array, years: npt.NDArray[np.int_], people: xr.DataArray) -> None:
    if (rows > 0).all():
        return
    year, age = np.argwhere(rows <= 0)[0]
    where = f"age {AGE_BANDS[age]}, year {years[year]}"
    name = str(people.attrs.get("file", "people"))
    raise InputError([Fault(name, where, "nobody is left", "Compare the first year with its source")])


def _attrs(people: xr.DataArray, trajectory: xr.Dataset) -> dict[str, object]:
    whose = str(trajectory.attrs.get("area", "another area"))
    return {
        "units": "Person",
        "long_name": "people by age at mid-year",
        **{key: people.attrs[key] for key in ("source", "area", "area_code", "file") if key in people.attrs},
        "projection": f"indicative, carried on at the rates of {whose}",
    }


def _check(people: xr.DataArray, trajectory: xr.Dataset) -> None:
    name = str(people.attrs.get("file", "people"))
    if people.dims != ("year", "age") or tuple(people["age"].to_numpy()) != AGE_BANDS:
        problem = f"dims {people.dims} where mid-years of the 19 bands belong"
        raise InputError([Fault(name, "", problem, f"Give dims ('year', 'age') with {AGE_BANDS}")])
    years, first = people["year"].to_numpy(), int(trajectory["year"][0])
    if years.tolist() != list(range(first, first + len(years))):
        problem = f"mid-years {years.tolist()} are not the first of the trajectory, from {first}"
        raise InputError([Fault(name, "", problem, f"Give every mid-year from {first}")])
    if not (np.isfinite(people) & (people > 0)).all():
        problem = "a cell is missing, infinite or not positive"
        raise InputError([Fault(name, "", problem, "Fill it from its source")])
