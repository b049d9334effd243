"""Sentences of the page on people: its headline, what undercuts that, its sources, and what came since."""

from __future__ import annotations

import xarray as xr

from dudley_dashboard.pages.people.data import (
    ALL,
    FIRST,
    LAST,
    LATER,
    OVER_75,
    WORKING_AGE,
    People,
    at,
    growth,
)
from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE
from dudley_sd.text import signed_percent, whole
from dudley_sd.validation.back_test import GROUPS, OUTTURN, PARTS, YEARS
from dudley_sd.validation.outcome import source_title

AGES = {"15 to 64": WORKING_AGE, "75 and over": OVER_75}
SOURCE = "ons_snpp_2014_ccg_table3"
ESTIMATES = "ons_mye_rebased_2021"
MOVES = 50
"""People by which a band must differ from the projection to be worth a sentence."""

POINT = 0.01
"""A change that ONS now gives by so much otherwise, in one age group, bears a headline out no longer."""

NO_COMPARISON = "There is nothing here to hold this against"
ANOTHER = (
    "Explore runs the plan on another projection: “Projection of people”, below the area, has those of ONS, "
    "2014- and 2018-based, and this model's own."
)
NO_ESTIMATES = (
    "The inputs hold ONS mid-year estimates after 2018 for Dudley alone "
    f"(inputs/ons/{OUTTURN}); choose Dudley to see how the projection has fared."
)
WHY = (
    "Why: the projection was published in 2016. Since then the fall in death rates that it assumed has "
    "slowed, and from 2020 Covid-19 took many old people; the comparison cannot tell the two apart. Read "
    "growth at old ages as an upper edge. The estimates themselves were rebased to Census 2021."
)
"""Of old ages, as ``inputs/validation/targets.csv`` documents it."""


def finding(people: People) -> str:
    """Say in a sentence what happens to people of working age and to old people in this run."""
    old, working = (_moves(growth(people.run, ages, FIRST, LAST)) for ages in (OVER_75, WORKING_AGE))
    return (
        f"In this run, from {FIRST} to {LAST}, people of 75 and over {old} and people of 15 to 64 {working}."
    )


def doubt(people: People) -> tuple[str, list[str]]:
    """Set the headline beside what ONS has estimated and projected since.

    Returns
    -------
    tuple
        A heading and its sentences, all numbers worked out here.
    """
    sentences, borne_out = [], True
    for other, source, until in (
        (people.estimated, "ONS estimates of what came", YEARS[-1]),
        (people.later, f"ONS's later projection, {LATER}-based", LAST),
    ):
        if other is None:
            continue
        until = min(until, int(other["year"][-1]))
        parts = []
        for name, ages in AGES.items():
            there, here = (growth(each, ages, FIRST, until) for each in (other, people.run))
            parts.append(f"people of {name} {_moves(there)} (in this run they {_moves(here)})")
            borne_out = borne_out and abs(there - here) < POINT
        sentences.append(f"{source}, {FIRST} to {until}: {'; '.join(parts)}.")
    if not sentences:
        text = f"The inputs hold neither ONS estimates since 2018 nor a later projection of {people.area}."
        return NO_COMPARISON, [text]
    heading = f"What ONS has said since {'bears this out' if borne_out else 'does not bear this out'}"
    return heading, [*sentences, _ratios(people), ANOTHER]


def _moves(change: float) -> str:
    """Say a change: ``grow by 35.8%``, ``fall by 1.5%``, ``stay level``."""
    text = signed_percent(abs(change), 1).lstrip("+")
    return f"{'grow' if change > 0 else 'fall'} by {text}" if text.strip("0.%") else "stay level"


def _ratios(people: People) -> str:
    """Say how many old people there are for each 100 of working age, at the start and end of each series."""
    parts, risen = [], []
    for name, array in (
        ("in this run", people.run),
        (f"{LATER}-based", people.later),
        ("as estimated", people.estimated),
    ):
        if array is None:
            continue
        years = int(array["year"][0]), min(int(array["year"][-1]), LAST)
        start, end = (100 * at(array, OVER_75, year) / at(array, WORKING_AGE, year) for year in years)
        parts.append(f"{name} {start:.1f} in {years[0]} and {end:.1f} in {years[1]}")
        risen.append(end > start)
    holds = "What holds" if all(risen) else "What does not hold"
    return (
        f"{holds} in each of them: more people of 75 and over for each 100 of 15 to 64, {'; '.join(parts)}."
    )


def year_sentence(people: People, year: int) -> str:
    """Say how many people there are in a year, and how many more or fewer than at the start."""
    parts = [f"Mid-{year}: {whole(at(people.run, ALL, year))} people"]
    for name, ages in AGES.items():
        change = signed_percent(growth(people.run, ages, FIRST, year), 1)
        since = "" if year == FIRST else f" ({change} since {FIRST})"
        parts.append(f"{name} {whole(at(people.run, ages, year))}{since}")
    return "; ".join(parts) + "."


def departure(people: People) -> str:
    """Say how far the run departs from the projection under it, and why."""
    gaps = people.run - people.projection
    largest = float(abs(gaps).max())
    if largest < MOVES:
        return (
            f"Your plan stays within {largest:.0f} people of the projection in every band and year: outline "
            "and bars are all but the same."
        )
    series = gaps.to_series().abs()
    year, age = series.index[int(series.to_numpy().argmax())]
    total, gap = at(gaps, ALL, LAST), float(gaps.sel(year=year, age=age))
    return (
        f"The bars are your plan, the outline is the projection that it starts from. Better or worse "
        f"health moves deaths, and so people: by {LAST} there are {whole(abs(total))} "
        f"{_more(total)} than projected; furthest apart are those of {age} in {year}, "
        f"{whole(abs(gap))} {_more(gap)}."
    )


def _more(value: float) -> str:
    return "more" if value > 0 else "fewer"


def source_line(people: People, trends: bool = False) -> str:
    """Say where the people of the page are from; of trends, with those that came and were projected since."""
    sources = [SOURCE]
    if trends and people.estimated is not None:
        sources.append(ESTIMATES)
    other = people.later if trends and people.later is not None else people.other
    if other is not None:
        sources.append(str(other.attrs.get("source", SOURCE)))
    title = "; ".join(map(source_title, sources))
    if people.indicative:
        return f"{people.indicative}. Dudley's rates: {title}."
    beyond = ", ".join(map(str, people.beyond))
    tail = f" {beyond}: beyond the table, its last rates carried on." if beyond else ""
    return f"{title}; run of the model: {people.scenario}, {people.portfolio}.{tail}"


def estimates_source() -> str:
    """Say where the mid-year estimates are from."""
    return f"{source_title(ESTIMATES)}, beside {source_title(SOURCE)}."


def outturn_sentences(people: People) -> list[str]:
    """Say how the projection has fared against the estimates since."""
    if people.estimated is None:
        return [NO_ESTIMATES]
    last = YEARS[-1]
    gaps = {
        name: at(people.projection, ages, last) - at(people.estimated, ages, last)
        for name, ages in GROUPS.items()
    }
    most, least = (choose(PARTS, key=gaps.__getitem__) for choose in (max, min))
    total, over_75 = gaps["All ages"], gaps["75 and over"]
    return [
        f"By mid-{last} the projection had {whole(abs(total))} {_more(total)} people in "
        f"all than ONS has estimated since. Most too many: {most} ({whole(gaps[most])}); most too few: "
        f"{least} ({whole(-gaps[least])}). Of 75 and over it had {whole(abs(over_75))} "
        f"{'too many' if over_75 > 0 else 'too few'} "
        f"({signed_percent(over_75 / at(people.estimated, OVER_75, last), 1)}).",
        WHY,
    ]


def base_sentences(people: People, is_dudley: bool) -> list[str]:
    """Say what turns on the base, and how this area differs between the two that are compared."""
    sentences = [TURNS_ON_THE_BASE] if is_dudley else []
    if people.other is None:
        return sentences
    last = min(int(people.other["year"][-1]), 2032)

    def change(array: xr.DataArray, ages: tuple[int, int]) -> str:
        value = at(array, ages, last) - at(array, ages, FIRST)
        return f"{'+' if value >= 0 else '−'}{whole(abs(value))}"

    parts = [
        f"{name} {change(people.projection, ages)} here, "
        f"{change(people.other, ages)} in the {people.other_title}"
        for name, ages in AGES.items()
    ]
    return [*sentences, f"{people.area}, {FIRST} to {last}: {'; '.join(parts)}."]
