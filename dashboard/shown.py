"""In which ways can a measure be shown, and how is it written then?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from dash import html

from dudley_sd.results.comparison import START
from dudley_sd.results.comparison_words import (
    NOTHING,
    difference,
    in_words,
    judgement,
    number,
    per_thousand,
    relative,
)
from dudley_sd.results.measures import MEASURES, PEOPLE, Measure

ABSOLUTE, PER_1000, CHANGE, DIFFERENCE = "absolute", "per_1000", "change", "difference"
WAYS = {
    ABSOLUTE: "Numbers",
    PER_1000: "Per head",
    CHANGE: f"Change since {START}",
    DIFFERENCE: "Difference",
}
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
    start
        The measure itself in the first year, for relative changes.
    low, high
        Ends of 8 in 10 runs, where the values are medians; None where they are of the single run.
    """

    measure: Measure
    way: str
    years: list[int]
    values: np.ndarray
    start: float
    low: np.ndarray | None = None
    high: np.ndarray | None = None

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

    def spread(self, year: int) -> str:
        """Write the ends of 8 in 10 runs in a year, where the value is a median."""
        if self.low is None or self.high is None or math.isnan(self.at(year)):
            return ""
        place = self.years.index(year)
        ends = [text_of(float(each[place]), self.measure, self.way) for each in (self.low, self.high)]
        return f"8 in 10 runs: {ends[0]}" if ends[0] == ends[1] else f"8 in 10 runs: {ends[0]} to {ends[1]}"

    def aside(self, year: int) -> str:
        """Change since the first year in per cent, where changes are shown and it can be told."""
        if self.way != CHANGE or not self.measure.size or self.start <= 0 or year == self.years[0]:
            return ""
        told = relative(self.at(year) / self.start)
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


def shown(
    results: xr.Dataset, scenario: str, measure: Measure, way: str, reference: xr.DataArray | None = None
) -> Shown:
    """Return a measure of one run as it is shown.

    Parameters
    ----------
    results
        From `dashboard.measured.measures_of`.
    reference
        Values of the run that differences are taken from, dims (year).
    """
    array = results[measure.key].sel(scenario=scenario)
    used = fitting_way(measure, way)
    start = float(array.isel(year=0))
    values = array
    if used == PER_1000:
        values = array / results[PEOPLE].sel(scenario=scenario) * people_of_rate(measure)
    elif used == CHANGE:
        values = array - start
    elif used == DIFFERENCE and reference is not None:
        values = array - reference
    return Shown(measure, used, [int(year) for year in array["year"]], values.to_numpy(), start)


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
    return "percentage points" if measure.unit == "%" else unit


def way_words(measure: Measure, way: str, reference: str = "") -> str:
    """Say in a few words what the numbers are, for captions."""
    used = fitting_way(measure, way)
    if used == CHANGE:
        return f"change since {START}"
    if used == DIFFERENCE:
        return f"difference from {reference}" if reference else "difference"
    return f"for each {people_of_rate(measure):,} people" if used == PER_1000 else ""
