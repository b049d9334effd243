"""What is the headline on people, and what undercuts it?"""

from __future__ import annotations

import xarray as xr

from dudley_dashboard.pages.people.data import LATER, OVER_75, WORKING_AGE, People, at, growth, signed
from dudley_sd.validation.back_test import YEARS

POINT = 0.01
"""A change that ONS now gives by so much otherwise, in one age group, bears a headline out no longer."""

NOTHING_BESIDE = "There is nothing here to hold this against"

ANOTHER = (
    "Explore runs the plan on another projection: “Projection of people”, below the area, has those of ONS, "
    "2014- and 2018-based, and this model's own."
)


def finding(people: People) -> str:
    """Say in a sentence what happens to people of working age and to old people in this run."""
    first, last = _span(people)
    old, working = (growth(people.run, ages, first, last) for ages in (OVER_75, WORKING_AGE))
    return (
        f"In this run, from {first} to {last}, people of 75 and over {_moves(old)} and people of 15 to 64 "
        f"{_moves(working)}."
    )


def doubt(people: People) -> tuple[str, list[str]]:
    """Set the headline beside what ONS has estimated and projected since.

    Returns
    -------
    tuple
        A heading and its sentences, all numbers worked out here.
    """
    first, last = _span(people)
    said, apart = [], []
    if people.estimated is not None:
        until = YEARS[-1]
        said.append(
            f"ONS estimates of what came, {first} to {until}: {_beside(people.estimated, people, until)}."
        )
        apart.append(_furthest(people.estimated, people, until))
    if people.later is not None:
        until = min(last, int(people.later["year"][-1]))
        said.append(
            f"ONS's later projection, {LATER}-based, {first} to {until}: "
            f"{_beside(people.later, people, until)}."
        )
        apart.append(_furthest(people.later, people, until))
    if not said:
        return NOTHING_BESIDE, [
            f"The inputs hold neither ONS estimates since 2018 nor a later projection of {people.place}."
        ]
    heading = "What ONS has said since does not bear this out"
    if max(apart) < POINT:
        heading = "What ONS has said since bears this out"
    return heading, [*said, _ratios(people), ANOTHER]


def _span(people: People) -> tuple[int, int]:
    return int(people.run["year"][0]), int(people.run["year"][-1])


def _moves(change: float) -> str:
    """Say a change: ``grow by 35.8%``, ``fall by 1.5%``, ``stay level``."""
    text = signed(abs(change)).lstrip("+")
    if not text.strip("0.%"):
        return "stay level"
    return f"{'grow' if change > 0 else 'fall'} by {text}"


def _beside(other: xr.DataArray, people: People, until: int) -> str:
    """Say how both age groups change in another series, and in the run."""
    first, _ = _span(people)
    parts = []
    for name, ages in (("15 to 64", WORKING_AGE), ("75 and over", OVER_75)):
        there, here = (growth(each, ages, first, until) for each in (other, people.run))
        parts.append(f"people of {name} {_moves(there)} (in this run they {_moves(here)})")
    return "; ".join(parts)


def _furthest(other: xr.DataArray, people: People, until: int) -> float:
    first, _ = _span(people)
    return max(
        abs(growth(other, ages, first, until) - growth(people.run, ages, first, until))
        for ages in (WORKING_AGE, OVER_75)
    )


def _ratios(people: People) -> str:
    """Say how many old people there are for each 100 of working age, at the start and end of each series."""
    series = {"in this run": people.run}
    if people.later is not None:
        series[f"{LATER}-based"] = people.later
    if people.estimated is not None:
        series["as estimated"] = people.estimated
    parts, risen = [], []
    for name, array in series.items():
        years = array["year"].to_numpy()
        first, last = int(years[0]), min(int(years[-1]), _span(people)[1])
        start, end = (100 * at(array, OVER_75, year) / at(array, WORKING_AGE, year) for year in (first, last))
        parts.append(f"{name} {start:.1f} in {first} and {end:.1f} in {last}")
        risen.append(end > start)
    told = "What holds in each of them" if all(risen) else "What does not hold in each of them"
    return f"{told}: more people of 75 and over for each 100 of 15 to 64, {'; '.join(parts)}."
