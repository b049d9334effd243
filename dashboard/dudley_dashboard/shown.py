"""In which ways can a measure be shown, and how is it written then?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from dash import html

from dudley_sd.results.band import HIGH, LOW, MEDIAN, SINGLE, statistics_of
from dudley_sd.results.comparison import SMALLEST, START
from dudley_sd.results.measures import MEASURES, PEOPLE, Measure
from dudley_sd.text import (
    NOTHING,
    POINTS,
    difference,
    eight_in_ten_runs,
    in_words,
    judgement,
    number,
    per_thousand,
    signed_percent,
)

ABSOLUTE, PER_1000, CHANGE, DIFFERENCE = "absolute", "per_1000", "change", "difference"
WAYS = {
    ABSOLUTE: "Numbers",
    PER_1000: "Per head",
    CHANGE: f"Change since {START}",
    DIFFERENCE: "Difference",
}
NO_BREAK, JOINER, ONE_LINE = "\u00a0", "\u2060", 22
"""Ends of 8 in 10 runs stand together where they are no longer than these letters."""

BY_KEY = {measure.key: measure for measure in MEASURES}
OPTIONS = [{"value": measure.key, "label": measure.title} for measure in MEASURES]


@dataclass(frozen=True, eq=False)
class Shown:
    """A measure of one run over the years, as it is shown.

    Attributes
    ----------
    measure, way
        What is shown, and how: a way that says nothing of a measure is `ABSOLUTE` here.
    years
        Mid-years.
    values
        One for each year, in the unit of the model; not a number where it cannot be told.
    low, high
        Ends of 8 in 10 runs, where the values are medians; None where they are of the single run.
    single
        The single run at central values, which the values are where there is no more.
    relative
        Change since the first year as a share of that; not a number where that says nothing.
    """

    measure: Measure
    way: str
    years: list[int]
    values: np.ndarray
    low: np.ndarray | None
    high: np.ndarray | None
    single: np.ndarray
    relative: np.ndarray

    def at(self, year: int) -> float:
        """Value in a year."""
        return float(self.values[self.years.index(year)])

    def text(self, year: int) -> str:
        """Value in a year, as a reader sees it."""
        return text_of(self.at(year), self.measure, self.way)

    def coloured(self, year: int) -> html.Span:
        """Value in a year as `text`, red where it is a deficit or shortage and green where it is over."""
        text = self.text(year)
        return html.Span(text, className=judgement(text) or None)

    def with_ends(self) -> dict[str, np.ndarray]:
        """Values and the ends of 8 in 10 runs, by what stands behind the name of a column of each."""
        none = np.full(len(self.years), np.nan)
        low, high = (none if each is None else each for each in (self.low, self.high))
        return {"": self.values, "_low": low, "_high": high}

    def ends(self, year: int) -> list[float]:
        """Low and high end of 8 in 10 runs in a year; none of a single run, and where nothing can be told."""
        place = self.years.index(year)
        ends = [float(each[place]) for each in (self.low, self.high) if each is not None]
        return [each for each in ends if not math.isnan(each)]

    def below(self, year: int) -> list[str]:
        """Say what stands below a value: a change in per cent, and the ends of 8 in 10 runs."""
        return [each for each in (self._aside(year), self._spread(year)) if each]

    def _spread(self, year: int) -> str:
        ends = self.ends(year)
        if not ends or (self.way in (CHANGE, DIFFERENCE) and ends == [0, 0]):
            return ""  # of the first year, or of a case from itself: no run says otherwise
        low, high = ends
        return ends_words(low, high, lambda value: text_of(value, self.measure, self.way))

    def _aside(self, year: int) -> str:
        if self.way != CHANGE or year == self.years[0]:
            return ""
        told = signed_percent(float(self.relative[self.years.index(year)]))
        return "" if told == NOTHING else told


def fitting_way(measure: Measure, way: str) -> str:
    """Return the way itself, or `ABSOLUTE` for a share, or people, per head."""
    return ABSOLUTE if way == PER_1000 and not has_rate(measure) else way


def has_rate(measure: Measure) -> bool:
    """Whether a number per head says something."""
    return measure.size and measure.key != PEOPLE


def people_of_rate(measure: Measure) -> int:
    """People that a number per head is given for, so that its digits mean something: GPs are few."""
    return 100_000 if measure.unit == "WTE" else 1000


def ends_words(low: float, high: float, form: Callable[[float], str]) -> str:
    """`eight_in_ten_runs` for narrow cells: a sign stays with its number, short ends in one line."""
    said = eight_in_ten_runs(low, high, form).replace("−£", f"−{JOINER}£")
    head, ends = said.split(": ", 1)
    return f"{head}: {ends.replace(' ', NO_BREAK) if len(ends) <= ONE_LINE else ends}"


def shown(runs: xr.Dataset, measure: Measure, way: str, reference: xr.DataArray | None = None) -> Shown:
    """Return a measure as it is shown: worked out run by run, the median and 8 in 10 runs last.

    Parameters
    ----------
    runs
        From `dudley_dashboard.members.members_of`, dims (member, year); or one scenario of
        `dudley_dashboard.runs.measures_of`, dims (year).
    reference
        The measure of what differences are taken from; runs with the same draws.
    """
    used = fitting_way(measure, way)
    values = by_run(runs, measure, used, reference)
    relative = np.full(values.shape, np.nan)
    if used == CHANGE and measure.size:
        start = _by_run(runs[measure.key])[:, :1]
        relative = values / np.where(start > SMALLEST, start, np.nan)
    return summed_up(values, relative, measure, used, [int(year) for year in runs["year"].to_numpy()])


def summed_up(
    values: np.ndarray, relative: np.ndarray, measure: Measure, way: str, years: list[int]
) -> Shown:
    """Take the median and 8 in 10 runs of what was worked out run by run, [run, year]; see `Shown`."""
    of, share = statistics_of(values), statistics_of(relative)
    first = MEDIAN if MEDIAN in of else SINGLE
    return Shown(measure, way, years, of[first], of.get(LOW), of.get(HIGH), of[SINGLE], share[first])


def by_run(runs: xr.Dataset, measure: Measure, way: str, reference: xr.DataArray | None = None) -> np.ndarray:
    """Return a measure in a way that fits it, [run, year]; see `shown`."""
    values = _by_run(runs[measure.key])
    if way == PER_1000:
        values = values / _by_run(runs[PEOPLE]) * people_of_rate(measure)
    elif way == CHANGE:
        values = values - values[:, :1]
    elif way == DIFFERENCE and reference is not None:
        values = values - _by_run(reference)
    return values


def _by_run(array: xr.DataArray) -> np.ndarray:
    return np.atleast_2d(array.transpose(..., "year").to_numpy())


def text_of(value: float, measure: Measure, way: str) -> str:
    """Write a value of the model as it is shown in a way."""
    if math.isnan(value):
        return NOTHING
    if way in (ABSOLUTE, PER_1000):
        return in_words((number if way == ABSOLUTE else per_thousand)(value, measure), measure)
    return difference(value, measure)


def unit_of(measure: Measure, way: str) -> str:
    """Return the unit of an axis: ``£ million``, ``a year, for each 1,000 people``, ``percentage points``."""
    unit = {"£m": "£ million", "%": "per cent"}.get(measure.unit, measure.unit)
    if way == PER_1000:
        return f"{unit}, for each {people_of_rate(measure):,} people"
    if way == ABSOLUTE:
        return unit
    return POINTS if measure.unit == "%" else unit


def way_words(measure: Measure, way: str, reference: str = "") -> str:
    """Say in a few words what the numbers are, for captions."""
    used = fitting_way(measure, way)
    if used == CHANGE:
        return f"change since {START}"
    if used == DIFFERENCE:
        return f"difference from {reference}" if reference else "difference"
    return f"for each {people_of_rate(measure):,} people" if used == PER_1000 else ""
