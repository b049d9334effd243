"""What came out for each area, with the plan and without, as it is shown?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.members import members_of
from dudley_dashboard.pages.footprints.choices import Choices, parts_of
from dudley_dashboard.runs import measures_of
from dudley_dashboard.shown import (
    ABSOLUTE,
    BY_KEY,
    PER_1000,
    Shown,
    by_run,
    ends_words,
    fitting_way,
    shown,
    summed_up,
)
from dudley_sd.request import Request
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.text import difference, per_thousand

COUNTED = {"£m": "", "WTE": "GPs"}
"""What is counted, where the unit of a measure does not say it or stands in the number."""


@dataclass(frozen=True, eq=False)
class Area:
    """One area.

    Attributes
    ----------
    key, name
        Key in the address, and name without any mark.
    parts
        Areas that it is the sum of; none where it is no total.
    indicative
        Why its numbers are no more than indicative; empty where the figures are the area's own.
    with_plan, nothing
        The measure over the years with the plan, and of do nothing in the same future.
    apart
        How far the plan is from doing nothing over the years, with the same draws, in the same way.
    members
        How many runs medians are taken of; 0 for a single run.
    count
        The measure in numbers with the plan, whatever way is chosen.
    beyond
        Years beyond its projection.
    """

    key: str
    name: str
    parts: tuple[str, ...]
    indicative: str
    with_plan: Shown
    nothing: Shown
    apart: Shown
    members: int
    count: Shown
    beyond: frozenset[int]

    def in_all(self, year: int) -> str:
        """Say how many there are in all, where a number per 1,000 people is shown; or nothing."""
        if self.with_plan.way != PER_1000:
            return ""
        size, _, word = self.count.text(year).partition(" ")
        unit = COUNTED.get(self.count.measure.unit, self.count.measure.unit)
        return " ".join(each for each in (size, unit, word, "in all") if each)

    def apart_words(self, year: int) -> list[str]:
        """Say how far the plan is from doing nothing, with its sign; and where 8 in 10 runs are."""

        def form(value: float) -> str:
            return _signed(value, self.apart)

        middle, ends = form(self.apart.at(year)), self.apart.ends(year)
        if len({form(end) for end in ends}) < 2:
            return [middle]
        low, high = ends
        return [middle, ends_words(low, high, form)]

    @property
    def mark(self) -> str:
        """Return what must stand beside its name."""
        marks = ["sum of its areas"] if self.parts else []
        return ", ".join(marks + (["indicative"] if self.indicative else []))

    @property
    def label(self) -> str:
        """Name with what must stand beside it."""
        return f"{self.name} ({self.mark})" if self.mark else self.name


def _signed(value: float, series: Shown) -> str:
    if series.way != PER_1000:
        return difference(value, series.measure)
    text = per_thousand(value, series.measure)
    return f"+{text}" if value > 0 and text.strip("£m0.") else text


def plans_of(choices: Choices) -> list[Request]:
    """Return all that is run: the plan and doing nothing, in each area and in the parts of totals."""
    keys = [each for key in choices.areas for each in (key, *parts_of(key))]
    plans = [replace(choices.plan_on_one_base, footprints=(key,)) for key in dict.fromkeys(keys)]
    return [each for plan in plans for each in (plan, plan.do_nothing())]


def areas_of(
    choices: Choices, keys: Sequence[str], way: str, *, drawn: bool = True
) -> tuple[list[Area], list[str]]:
    """Run the plan and doing nothing for areas; one that cannot be run is left out and noted.

    Numbers are medians of the default ensemble; without ``drawn`` those of single runs.
    """
    found, notes = [], []
    for key in keys:
        try:
            found.append(_area(choices, key, way, drawn))
        except (InputError, BrokenInvariantError) as error:
            why = error.faults[0].problem if isinstance(error, InputError) else "its result cannot be true"
            name = catalogue().footprints[key].name
            notes.append(f"{name} cannot be run with your plan and was left out: {why}.")
    return found, notes


def _area(choices: Choices, key: str, way: str, drawn: bool) -> Area:
    plan = replace(choices.plan_on_one_base, footprints=(key,))
    measure = BY_KEY[choices.measure]
    results = measures_of(plan)
    if drawn:
        runs, others = members_of([plan, plan.do_nothing()])
    else:
        runs, others = results.isel(scenario=0), measures_of(plan.do_nothing()).isel(scenario=0)
    used = fitting_way(measure, way)
    apart = by_run(runs, measure, used) - by_run(others, measure, used)
    with_plan = shown(runs, measure, way)
    beyond = results["year"].to_numpy()[results["extrapolated"].to_numpy()]
    return Area(
        key,
        catalogue().footprints[key].name,
        parts_of(key),
        str(results.attrs.get("indicative", "")).removeprefix("Indicative: "),
        with_plan,
        shown(others, measure, way),
        summed_up(apart, np.full(apart.shape, np.nan), measure, used, with_plan.years),
        runs.sizes.get("member", 1) - 1,
        shown(runs, measure, ABSOLUTE),
        frozenset(int(year) for year in beyond),
    )


def on_one_scale(choices: Choices) -> bool:
    """Whether a total can stand on the scale of its areas: a rate or a share can, a size cannot."""
    measure = BY_KEY[choices.measure]
    return not measure.size or fitting_way(measure, choices.show) == PER_1000


def comparable(choices: Choices, areas: Sequence[Area]) -> list[Area]:
    """Return areas that can stand on one scale: no totals where numbers are sizes."""
    return [area for area in areas if not area.parts or on_one_scale(choices)]


def any_told(areas: Sequence[Area]) -> bool:
    """Whether the measure says something in any area, with the plan or if nothing is done."""
    return any(
        not np.isnan(series.values).all() for area in areas for series in (area.with_plan, area.nothing)
    )


def same_plan(plan: Request) -> bool:
    """Whether nothing is put in place in a plan, so that it and doing nothing are one line."""
    return plan == plan.do_nothing()


def total_and_parts(choices: Choices, key: str, *, drawn: bool = True) -> tuple[Area, list[Area]]:
    """Return a total and the areas that it is the sum of, in numbers, whatever way is chosen."""
    found, _ = areas_of(choices, [key, *parts_of(key)], ABSOLUTE, drawn=drawn)
    return found[0], found[1:]


def starred(year: int, areas: Sequence[Area]) -> str:
    """Write a year, with an asterisk where it is beyond the projection of any area."""
    return f"{year}*" if any(year in area.beyond for area in areas) else str(year)
