"""Series of an indicator over the years: numbers, per head, change, difference, how each is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from dash import html

from dudley_dashboard.parts import Content, small
from dudley_sd.indicators import COMPARED, PEOPLE, Indicator
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.band import HIGH, LOW, MEDIAN, SINGLE, SINGLE_RUN, statistics_of
from dudley_sd.results.comparison import SMALLEST
from dudley_sd.text import (
    NOTHING,
    POINTS,
    difference,
    eight_in_ten_runs,
    in_words,
    judgement,
    number,
    per_thousand,
    signed,
    signed_percent,
)

ABSOLUTE, PER_1000, CHANGE, DIFFERENCE = "absolute", "per_1000", "change", "difference"
WAYS = {
    ABSOLUTE: "Numbers",
    PER_1000: "Per head",
    CHANGE: f"Change since {PROJECTED}",
    DIFFERENCE: "Difference",
}
NO_BREAK, JOINER, ONE_LINE = "\u00a0", "\u2060", 22
"""Ends of 8 in 10 runs stand together where they are no longer than these letters."""


def options(indicators: Mapping[str, Indicator] = COMPARED) -> dict[str, str]:
    """Titles of indicators by key."""
    return {key: row.title for key, row in indicators.items()}


@dataclass(frozen=True, eq=False)
class Series:
    """An indicator over the years, in a way that fits it, worked out run by run.

    Attributes
    ----------
    indicator, way
        What it is, and how: a way that says nothing of an indicator is `ABSOLUTE` here.
    years
        Mid-years.
    runs
        Values [run, year] in the unit of the model, the single run at central values first; not a number
        where there is none.
    start
        Of a change the values that it is measured from, [run, 1].
    signed
        Whether the sign of a value is written: of differences.
    """

    indicator: Indicator
    way: str
    years: list[int]
    runs: np.ndarray
    start: np.ndarray | None = None
    signed: bool = False

    @cached_property
    def statistics(self) -> dict[str, np.ndarray]:
        """Median and ends of 8 in 10 runs by name, and the single run; of a single run that alone."""
        return statistics_of(self.runs)

    @property
    def values(self) -> np.ndarray:
        """The median of each year, or the single run."""
        return self.statistics.get(MEDIAN, self.statistics[SINGLE])

    @property
    def low(self) -> np.ndarray | None:
        """Low ends of 8 in 10 runs; None of a single run."""
        return self.statistics.get(LOW)

    @property
    def high(self) -> np.ndarray | None:
        """High ends of 8 in 10 runs; None of a single run."""
        return self.statistics.get(HIGH)

    @cached_property
    def relative(self) -> np.ndarray:
        """Median change as a share of where it started; not a number where that says nothing."""
        start = np.nan if self.start is None else np.where(self.start > SMALLEST, self.start, np.nan)
        shares = statistics_of(self.runs / start)
        return shares.get(MEDIAN, shares[SINGLE])

    def less(self, other: Series) -> Series:
        """Return how far this is from another, with the same draws."""
        return Series(self.indicator, self.way, self.years, self.runs - other.runs, signed=True)

    def at(self, year: int) -> float:
        """Value in a year."""
        return float(self.values[self.years.index(year)])

    def ends(self, year: int) -> list[float]:
        """Low and high end of 8 in 10 runs in a year; none of a single run, and where there is no number."""
        ends = [float(each[self.years.index(year)]) for each in (self.low, self.high) if each is not None]
        return [each for each in ends if not math.isnan(each)]

    def write(self, value: float) -> str:
        """Write a value as a reader sees it."""
        if math.isnan(value):
            return NOTHING
        if self.way == PER_1000:
            text = per_thousand(value, self.indicator)
            return signed(text) if self.signed else in_words(text, self.indicator)
        if self.way == ABSOLUTE and not self.signed:
            return in_words(number(value, self.indicator), self.indicator)
        return difference(value, self.indicator)

    def text(self, year: int) -> str:
        """Value in a year, as a reader sees it."""
        return self.write(self.at(year))

    def coloured(self, year: int) -> html.Span:
        """Value in a year as `text`, red where it is a deficit or shortage and green where it is over."""
        text = self.text(year)
        return html.Span(text, className=judgement(text) or None)

    def below(self, year: int) -> list[str]:
        """Return what stands below a value: a change in per cent, and the ends of 8 in 10 runs."""
        ends, parts = self.ends(year), []
        if self.start is not None and year != self.years[0]:
            parts.append(signed_percent(float(self.relative[self.years.index(year)])))
        if self.signed and len({self.write(end) for end in ends}) < 2:
            ends = []
        if self.way in (CHANGE, DIFFERENCE) and ends == [0, 0]:
            ends = []  # of the first year, or of a run from itself: no run says otherwise
        if ends:
            parts.append(ends_text(ends[0], ends[1], self.write))
        return [each for each in parts if each != NOTHING]

    def cell(self, year: int) -> Content:
        """Value in a year with what stands below it, for a table."""
        return small(self.coloured(year), *self.below(year))

    def hover(self, years: Iterable[int]) -> list[str]:
        """Values of years with what stands below each, for a picture."""
        return ["<br>".join([self.text(year), *self.below(year)]) for year in years]

    def drawn(self, values: np.ndarray | None = None) -> list[float | None]:
        """Return values, or others of the same indicator, in the unit of the page; None if not known."""
        numbers = self.values if values is None else values
        return [None if math.isnan(value) else value / self.indicator.scale for value in numbers]

    def line(self, name: str, colour: str, dash: str, width: float = 2.5) -> dict[str, Any]:
        """Return the trace of a line with its numbers."""
        return {
            "x": self.years,
            "y": self.drawn(),
            "mode": "lines",
            "name": name,
            "line": {"color": colour, "dash": dash, "width": width},
            "customdata": self.hover(self.years),
            "hovertemplate": "%{customdata}",
        }


def fitting_way(indicator: Indicator, way: str) -> str:
    """Return the way itself, or `ABSOLUTE` for a share, or people, per head."""
    return ABSOLUTE if way == PER_1000 and not has_rate(indicator) else way


def has_rate(indicator: Indicator) -> bool:
    """Whether a number per head says something."""
    return indicator.size and indicator.key != PEOPLE


def people_of_rate(indicator: Indicator) -> int:
    """People that a number per head is given for, so that its digits mean something: GPs are few."""
    return 100_000 if indicator.unit == "WTE" else 1000


def ends_text(low: float, high: float, form: Callable[[float], str]) -> str:
    """`eight_in_ten_runs` for narrow cells: a sign stays with its number, short ends in one line."""
    text = eight_in_ten_runs(low, high, form).replace("−£", f"−{JOINER}£")
    head, ends = text.split(": ", 1)
    return f"{head}: {ends.replace(' ', NO_BREAK) if len(ends) <= ONE_LINE else ends}"


def series_of(
    runs: xr.Dataset, indicator: Indicator, way: str, reference: xr.Dataset | None = None
) -> Series:
    """Return an indicator over the years, worked out run by run.

    Parameters
    ----------
    runs
        From `dudley_dashboard.members.members_of`, dims (member, year); or one scenario of
        `dudley_dashboard.runs.indicators_of`, dims (year).
    way
        One of `WAYS`.
    reference
        What differences are taken from: runs with the same draws.
    """
    used = fitting_way(indicator, way)
    values, start = _by_run(runs, indicator.key), None
    if used == PER_1000:
        values = values / _by_run(runs, PEOPLE) * people_of_rate(indicator)
    elif used == CHANGE:
        start = values[:, :1] if indicator.size else None
        values = values - values[:, :1]
    elif used == DIFFERENCE and reference is not None:
        values = values - _by_run(reference, indicator.key)
    return Series(indicator, used, [int(year) for year in runs["year"].to_numpy()], values, start)


def _by_run(runs: xr.Dataset, key: str) -> np.ndarray:
    return np.atleast_2d(runs[key].transpose(..., "year").to_numpy())


def of_runs(members: int) -> str:
    """Say of what runs numbers are; 0 members for a single run."""
    return f"median of {members} runs" if members else SINGLE_RUN


def unit_of(indicator: Indicator, way: str) -> str:
    """Return the unit of an axis: ``£ million``, ``a year, for each 1,000 people``, ``percentage points``."""
    unit = {"£m": "£ million", "%": "per cent"}.get(indicator.unit, indicator.unit)
    if way == PER_1000:
        return f"{unit}, for each {people_of_rate(indicator):,} people"
    return POINTS if way != ABSOLUTE and indicator.unit == "%" else unit


def way_words(indicator: Indicator, way: str, reference: str = "") -> str:
    """Say in a few words what the numbers are, for captions."""
    used = fitting_way(indicator, way)
    if used == CHANGE:
        return f"change since {PROJECTED}"
    if used == DIFFERENCE:
        return f"difference from {reference}" if reference else "difference"
    return f"for each {people_of_rate(indicator):,} people" if used == PER_1000 else ""


def unit_words(indicator: Indicator, way: str, reference: str = "") -> str:
    """Return the unit of a chart, and what was done to the numbers."""
    unit, words = unit_of(indicator, fitting_way(indicator, way)), way_words(indicator, way, reference)
    return f"{unit[:1].upper()}{unit[1:]}{f'; {words}' if words and words not in unit else ''}"


def long_rows(
    head: dict[str, Any],
    absolute: Series,
    others: Mapping[str, Series | None],
    beyond: Collection[int],
    **tail: Any,
) -> list[dict[str, Any]]:
    """Return a row for each year with an indicator in several ways, in the unit of the page.

    Parameters
    ----------
    head, tail
        Columns before and behind the numbers, the same in every row.
    absolute, others
        The indicator in numbers, column ``value``, and in other ways by column: medians, each with its ends
        in columns of the same name with ``_low`` and ``_high``. ``per_1000`` is empty where there is no rate.
    beyond
        Years beyond the projection.
    """
    indicator = absolute.indicator
    columns = {}
    for name, series in {"value": absolute, **others}.items():
        scale = indicator.scale * (people_of_rate(indicator) / 1000 if name == "per_1000" else 1)
        no_rate = name == "per_1000" and not has_rate(indicator)
        found = {} if series is None or no_rate else series.statistics
        for end, statistic in (("", MEDIAN if MEDIAN in found else SINGLE), ("_low", LOW), ("_high", HIGH)):
            columns[name + end] = found.get(statistic, np.full(len(absolute.years), np.nan)) / scale
    return [
        {
            **head,
            "year": year,
            "extrapolated": year in beyond,
            "indicator": indicator.title,
            "unit": unit_of(indicator, ABSOLUTE),
            **{name: float(values[nth]) for name, values in columns.items()},
            "single_run": float(absolute.statistics[SINGLE][nth]) / indicator.scale,
            "unit_of_change": unit_of(indicator, CHANGE),
            **tail,
        }
        for nth, year in enumerate(absolute.years)
    ]
