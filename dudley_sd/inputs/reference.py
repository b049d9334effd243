"""Reference trajectory: stocks and flows that reproduce a projection exactly; impossible ones are refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, BAND_WIDTH, FIFTHS, NEEDS
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import (
    AgeFlows,
    FifthFlows,
    at_levels,
    carry_on,
    solve_flows,
    split_by_fifth,
)

Array = npt.NDArray[np.float64]

VARIABLES = {
    "people": ("Person", "people at mid-year"),
    "estimated": ("Dmnl", "before the projection: carried back along an estimate, or the table's own"),
    "extrapolated": ("Dmnl", "beyond the table: the rates of its last year carry on"),
    "births": ("Person/Year", "births"),
    "deaths": ("Person/Year", "deaths"),
    "ageing": ("Person/Year", "people who move up a band"),
    "migration": ("Person/Year", "arrivals less leavers by fifth"),
    "onset": ("Person/Year", "people who go from Well to LongTerm, less those who recover"),
    "progression": ("Person/Year", "people who go from LongTerm to Complex, less those who recover"),
    "ageing_fraction": ("1/Year", "share of the band that moves up a band in a year"),
    "share_of_fifth": ("Dmnl", "share of the band that lives in each fifth"),
    "need_share": ("Dmnl", "share of the band and fifth in each state of need"),
    "share_of_deaths": ("Dmnl", "share of the band's deaths by need and fifth"),
}
"""Unit and plain name of every variable of the trajectory."""


def reference_trajectory(
    population: xr.DataArray,
    assumptions: Assumptions,
    to_year: int = 2033,
    from_year: int = 2014,
    projected_from: int = 2018,
) -> xr.Dataset:
    """Return the reference stocks and the flows that produce them.

    Parameters
    ----------
    population
        Persons at mid-year, dims (year, age); at least `from_year` and the year after.
    assumptions
        Rates and shares that close the table.
    to_year, from_year
        Last and first mid-year of the trajectory. Where the table ends earlier, the rates of its last year
        carry on.
    projected_from
        First mid-year of the projection; those before are history.

    Returns
    -------
    xr.Dataset
        ``people`` (year, age), Person. Person/Year: ``births`` (year); ``deaths``, ``ageing`` (out of the
        band, zero in the last) (year, age); ``migration`` (signed), ``onset``, ``progression`` (year, age,
        fifth). ``ageing_fraction`` (year, age), 1/Year. ``share_of_fifth`` (age, fifth), ``need_share`` and
        ``share_of_deaths`` (age, need, fifth), Dmnl, constant: with them all else is divided, see Notes.
        ``estimated`` (year): before the projection. ``extrapolated`` (year): beyond the table. A flow of year
        y is constant from mid-year y to the next; the row of `to_year` repeats the one before it.

    Raises
    ------
    InputError
        If the years or bands are not there; if a figure cannot follow the one of the year before
        (below); or if the flows are impossible: an ageing fraction outside [0.05, 0.45] (a little
        further in history), negative onset or progression. That is told by people who cannot be the same five
        years later where there are such, else by one fault for each band, with the worst year.

    Notes
    -----
    Of the people and of those who age, ``share_of_fifth`` x ``need_share`` are in each fifth and need; of
    births, the youngest band's ``share_of_fifth``; of migration, ``need_share`` in each need. So divided,
    the flows of y turn the stocks of y into those of y + 1 to 1e-9 persons. Net migration is one signed
    number for each age and fifth; gross moves are many times larger.
    """
    _check_population(population, from_year, to_year)
    last_year = min(int(population["year"][-1]), to_year)
    table = population.sel(year=slice(from_year, last_year))
    name = str(population.attrs.get("file", "population"))
    jumps = jump_faults(table, name)
    refuse(jumps)
    flows = carry_on(solve_flows(table, assumptions), assumptions, to_year - last_year)
    flows = at_levels(flows, assumptions, max(projected_from - from_year, 0))
    fifths = split_by_fifth(flows, assumptions)
    faults = flow_faults(flows, fifths, from_year, projected_from, name)
    if faults:
        raise InputError(cohort_faults(table.sel(year=slice(projected_from, None)), name) or faults)
    trajectory = _dataset(flows, fifths, assumptions, np.arange(from_year, to_year + 1))
    years = trajectory["year"]
    ends = {"estimated": years < projected_from, "extrapolated": years > last_year}
    labelled = {name: array.assign_attrs(_attrs(name)) for name, array in ends.items()}
    return trajectory.assign(labelled).assign_attrs(population.attrs | {"table_ends": last_year})


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
    refuse(faults)


def _dataset(
    flows: AgeFlows, fifths: FifthFlows, assumptions: Assumptions, years: npt.NDArray[np.int_]
) -> xr.Dataset:
    """Label the arrays of a trajectory; the last row of every flow repeats the one before it."""
    rows = {
        "births": flows.births,
        "deaths": flows.deaths,
        "ageing": flows.ageing,
        "migration": fifths.migration,
        "onset": fifths.onset,
        "progression": fifths.progression,
        "ageing_fraction": flows.ageing_fraction,
    }
    arrays = {"people": flows.population}
    arrays |= {name: np.concatenate([row, row[-1:]]) for name, row in rows.items()}
    found = {name: (("year", "age", "fifth")[: array.ndim], array) for name, array in arrays.items()}
    found["share_of_fifth"] = (("age", "fifth"), assumptions.fifth_shares.to_numpy())
    found["need_share"] = (("age", "need", "fifth"), assumptions.need_shares.to_numpy())
    found["share_of_deaths"] = (("age", "need", "fifth"), fifths.share_of_deaths)
    return xr.Dataset(
        {name: (*array, _attrs(name)) for name, array in found.items()},
        coords={"year": years, "age": list(AGE_BANDS), "need": list(NEEDS), "fifth": list(FIFTHS)},
    )


def _attrs(name: str) -> dict[str, str]:
    units, long_name = VARIABLES[name]
    return {"units": units, "long_name": long_name}


REACHED = (
    *((0.86, 1.19), (0.89, 1.14), (0.88, 1.67), (0.49, 2.34), (0.53, 1.99), (0.80, 1.21), (0.70, 1.24)),
    *((0.77, 1.17), (0.80, 1.11), (0.77, 1.11), (0.85, 1.15), (0.87, 1.14), (0.82, 1.09), (0.60, 1.05)),
    *((0.80, 1.05), (0.74, 0.90), (0.57, 0.77)),
)
"""People of 5 to 9, 10 to 14 and so on to 85 to 89, for each one of the band below five years before: least
and most of all 195 CCGs in the ONS 2018-based table. Students come, people retire to the coast and die."""

GROWTH = (0.91, 1.15)
"""People of a band for each one a year before: least and most of the same table."""

ROOM, ROOM_OF_THE_OLD, ROOM_OF_A_YEAR = 1.5, 1.1, 1.2
"""How far beyond the furthest CCG an area may lie; the old hardly move, so that deaths tell."""

OLD = AGE_BANDS.index("70-74")


def jump_faults(population: xr.DataArray, name: str) -> list[Fault]:
    """Return a fault for figures that cannot follow those of the year before; else none.

    It names the first such figure of the age that is furthest out, and says how many there are.

    Parameters
    ----------
    population
        Persons at mid-year, dims (year, age), years without a gap, all above zero.
    name
        The file that they came from.
    """
    people: Array = population.to_numpy()
    years = population["year"].to_numpy()

    def described(row: int, band: int) -> tuple[str, str]:
        where = f"{_area(population)}age {AGE_BANDS[band]}, mid-{years[row + 1]}"
        before = f"{people[row, band]:,.0f} in mid-{years[row]}"
        return where, f"{people[row + 1, band]:,.0f} people after {before}"

    limits = np.array([[GROWTH[0] / ROOM_OF_A_YEAR, GROWTH[1] * ROOM_OF_A_YEAR]])
    return _fault(name, people[1:] / people[:-1], limits, described)


def cohort_faults(population: xr.DataArray, name: str) -> list[Fault]:
    """Return a fault for people who cannot be those of the band below five years before, as `jump_faults`."""
    people: Array = population.to_numpy()
    years = population["year"].to_numpy()
    room = np.where(np.arange(1, len(AGE_BANDS) - 1) < OLD, ROOM, ROOM_OF_THE_OLD)
    least, most = np.array(REACHED).T

    def described(row: int, band: int) -> tuple[str, str]:
        where = f"{_area(population)}age {AGE_BANDS[band + 1]}, mid-{years[row + BAND_WIDTH]}"
        before = f"{people[row, band]:,.0f} of {AGE_BANDS[band]} in mid-{years[row]}"
        return where, f"{people[row + BAND_WIDTH, band + 1]:,.0f} people, who were {before}"

    reached = people[BAND_WIDTH:, 1:-1] / people[:-BAND_WIDTH, :-2]
    return _fault(name, reached, np.stack([least / room, most * room], axis=1), described)


def _area(population: xr.DataArray) -> str:
    area = str(population.attrs.get("area", ""))
    return f"{area}, " if area else ""


def _fault(
    name: str, ratio: Array, limits: Array, described: Callable[[int, int], tuple[str, str]]
) -> list[Fault]:
    """One fault where ratios lie outside their limits, shape (band or 1, 2); else none."""
    beyond = np.maximum(np.log(limits[:, 0] / ratio), np.log(ratio / limits[:, 1]))
    count = int((beyond > 0).sum())
    if not count:
        return []
    band = int(beyond.max(axis=0).argmax())
    row = int((beyond[:, band] > 0).argmax())
    low, high = limits[band if len(limits) > 1 else 0]
    where, problem = described(row, band)
    more = f"; {count - 1} more figures are like this" if count > 1 else ""
    possible = f"{ratio[row, band]:.2f} for each, possible are {low:.2f} to {high:.2f}"
    return [Fault(name, where, f"{problem}: {possible}{more}", REMEDY)]


REMEDY = (
    "Compare this figure and the one before with the table of ONS: a row, column or decimal point has moved, "
    "or the figures are an example. Give the file as ONS publishes it"
)


LOWEST_AGEING_FRACTION = 0.05
HIGHEST_AGEING_FRACTION = 0.45
"""1/Year. A five-year band spread evenly over its ages loses 0.2 a year; at these limits its oldest year of
age holds a quarter, or nine quarters, of its even share. The furthest of 195 CCGs in the 2018-based table are
20 to 24 in Nottingham (0.058) and Harrogate (0.402): further out, the flows cannot belong to the table."""


ROOM_OF_HISTORY = 0.02
"""1/Year, beyond these limits: history carried back along another area's estimates fits less well. The
furthest of 195 CCGs along Dudley's are 35 to 39 in Tower Hamlets (0.041)."""


def flow_faults(
    flows: AgeFlows, fifths: FifthFlows, first_year: int, projected_from: int, name: str
) -> list[Fault]:
    """Return one fault for each band and kind of impossible flow, naming the worst year.

    Parameters
    ----------
    flows, fifths
        Flows by age and by fifth, same years.
    first_year, projected_from
        Mid-year of the first row, and the first of the projection.
    name
        The file that the population came from.
    """
    fraction = flows.ageing_fraction[:, :-1]
    beyond = np.maximum(LOWEST_AGEING_FRACTION - fraction, fraction - HIGHEST_AGEING_FRACTION)
    beyond[: max(projected_from - first_year, 0)] -= ROOM_OF_HISTORY
    limits = f"outside [{LOWEST_AGEING_FRACTION:.2f}, {HIGHEST_AGEING_FRACTION:.2f}]"
    look = (
        "Compare the people of this and of younger ages, in both mid-years, with the table of ONS. Where "
        "they agree, births and deaths do not suit them: the components that the footprint names, or else "
        "migration_weight in inputs/parameters.csv"
    )
    problem = f"{{:.3f}} of the band would have to move up a band in a year (ageing fraction), {limits}"
    found = _worst(beyond, fraction, problem, look)
    look = "See that need_shares rise with age; then look at relative_risk, age_shift and death_gradient"
    for kind, flow in (("onset", fifths.onset), ("progression", fifths.progression)):
        least = flow.min(axis=2)
        problem = f"{kind} of {{:,.1f}} persons a year in the fifth with least, below zero"
        found += _worst(-least, least, problem, look)
    net_migration = flows.migration.sum(axis=1)
    return [
        Fault(
            name,
            f"age {band}, {first_year + row} to {first_year + row + 1}",
            f"{problem}; net migration of that year {net_migration[row]:,.0f}",
            remedy,
        )
        for band, row, problem, remedy in found
    ]


def _worst(beyond: Array, value: Array, problem: str, remedy: str) -> list[tuple[str, int, str, str]]:
    """Band, row, problem and remedy of the worst year of each band where `beyond` is positive."""
    found = []
    for band, excess, values in zip(AGE_BANDS, beyond.T, value.T, strict=False):
        count = int((excess > 0).sum())
        if count:
            row = int(excess.argmax())
            more = f" (worst of {count} years)" if count > 1 else ""
            found.append((band, row, problem.format(values[row]) + more, remedy))
    return found
