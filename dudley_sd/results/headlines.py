"""Headlines of a result: the few numbers that a board asks for first, in each scenario."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import xarray as xr

from dudley_sd.indicators import Indicator, Selection, indicators
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.band import (
    DIFFERENCE,
    HIGH,
    LOW,
    MEDIAN,
    SINGLE,
    band_of,
    headline_against,
    headline_difference,
    headline_value,
)
from dudley_sd.results.derived import BALANCE, break_even_text, futures_years, has_balance, require
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, fitting
from dudley_sd.results.table import (
    SHARE,
    SHARE_CHANGE,
    SIGNED_MILLIONS,
    SIGNED_TENTHS,
    SIGNED_WHOLE,
    judged,
)
from dudley_sd.text import (
    POINTS,
    Form,
    eight_in_ten_runs,
    hundreds,
    money,
    percent,
    points,
    signed_hundreds,
    signed_millions,
    signed_money,
    signed_percent,
    signed_tens,
    signed_whole,
    tens,
    whole,
)

BODIES = {"Holder": "Contract holder"}
"""Whose money is told by body, in a reader's words: others balance by giving less care."""

SMALLEST_GAP = 0.5


def gap(value: float) -> str:
    """``46 short``, ``7 more than needed`` or ``no gap``."""
    rounded = round(value)
    words = "short" if rounded > 0 else "more than needed"
    return "no gap" if rounded == 0 else f"{whole(abs(rounded))} {words}"


def gap_change(value: float) -> str:
    """``44 smaller`` or ``12 larger``: a difference between two GP gaps."""
    rounded = round(value)
    return f"{whole(abs(rounded))} {'larger' if rounded > 0 else 'smaller'}"


def brief_gap(value: float) -> str:
    """``46 short``, ``7 more`` or ``no gap``: where it is said beside that GPs are counted against need."""
    return gap(value).removesuffix(" than needed")


def balance(millions: float) -> str:
    """``£44m deficit``, ``£7m surplus`` or ``£0m``, from millions of pounds."""
    rounded = round(millions)
    words = "" if rounded == 0 else " surplus" if rounded > 0 else " deficit"
    return f"{money(abs(rounded))}{words}"


@dataclass(frozen=True)
class Headline:
    """One number for each scenario.

    Attributes
    ----------
    title, unit
        What it is, the year included.
    values
        Dims (scenario).
    form
        How it is written.
    number_format
        How Excel writes it.
    aside
        Whether it only explains the one before it, and may stand in brackets after that.
    in_words
        Whether a value that is not a plain number in words is no number in Excel either: ``never behind``.
    band
        Dims (statistic, scenario), see `dudley_sd.results.band.STATISTICS`; None for a single run.
    difference
        Band of the difference from do nothing, dims (statistic, scenario); None where there is none.
    """

    title: str
    unit: str
    values: xr.DataArray
    form: Form
    number_format: str
    aside: bool = False
    in_words: bool = False
    band: xr.DataArray | None = None
    difference: xr.DataArray | None = None

    def judgement(self, value: float) -> Literal["worse", "better", ""]:
        """Whether a value is a shortage or deficit, more than needed or a surplus, or neither."""
        if self.form not in (gap, balance) or round(value) == 0:
            return ""
        return "worse" if (value > 0) == (self.form is gap) else "better"

    @property
    def difference_form(self) -> Form:
        """How a difference is written: with its sign, shares in percentage points."""
        if self.form in (percent, share_or_none):
            return points
        if self.form is balance:
            return signed_money
        signs: dict[Form, Form] = {hundreds: signed_hundreds, tens: signed_tens}
        return signs.get(self.form, signed_whole)

    def difference_for_excel(self, apart: xr.DataArray) -> tuple[str, xr.DataArray, str]:
        """Return unit, numbers and Excel's form of a difference: of shares in percentage points, not of 1."""
        if self.difference_form is points:
            return POINTS, 100 * apart, SIGNED_TENTHS
        return self.unit, apart, SIGNED_WHOLE

    def band_text(self, place: int) -> str:
        """Say where 8 in 10 runs of a scenario lie; empty for a single run, or where nothing is told."""
        if self.band is None or (math.isnan(float(self.values[place])) and not self.in_words):
            return ""
        form = brief_gap if self.form is gap else self.form
        return eight_in_ten_runs(*_ends(self.band, place), form)

    def difference_text(self, place: int) -> str:
        """Say how far the runs of a scenario are from do nothing; empty where that is not known."""
        if self.difference is None or math.isnan(float(self.difference.sel(statistic=MEDIAN)[place])):
            return ""
        form = self.difference_form if self.form is not gap else gap_change
        median, (low, high) = (
            float(self.difference.sel(statistic=MEDIAN)[place]),
            _ends(self.difference, place),
        )
        if self.form is gap:
            more = f" ({eight_in_ten_runs(low, high, form)})" if form(low) != form(high) else ""
            size, _, word = form(median).partition(" ")
            return f"gap {size} GP{'' if size == '1' else 's'} {word} than {DOING_NOTHING}{more}"
        if form(low) == form(median) == form(high):
            return f"{form(median)} against {DOING_NOTHING}"
        return f"{form(median)} against {DOING_NOTHING} (8 in 10 runs: {form(low)} to {form(high)})"

    def single_text(self, place: int) -> str:
        """Write the single run at central values beside a median; empty where that is all there is."""
        if self.band is None or (math.isnan(float(self.values[place])) and not self.in_words):
            return ""
        return self.form(float(self.band.sel(statistic=SINGLE)[place]))


def _ends(band: xr.DataArray, place: int) -> tuple[float, float]:
    return float(band.sel(statistic=LOW)[place]), float(band.sel(statistic=HIGH)[place])


def headlines(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> list[Headline]:
    """Return the headline numbers of a result, in the order of the table of indicators.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    do_nothing
        The same scenarios with nothing decided, if there is such a run.

    Returns
    -------
    list of Headline
        Medians where the result carries a band; indicators that the result has, for each body that holds
        money, some also of do nothing. Where both runs know the accumulated balance of the system: the
        gain on doing nothing, and the year from which on there is one.
    """
    require(results)
    other = fitting(results, do_nothing)
    if other is not None:
        require(other, where="do nothing")
    found = []
    for row in Selection("headline").values():
        if row.variable in results:
            found += _of(results, row)
            if other is not None and "headline_of_do_nothing" in row.display:
                found += _of(other, row, f", {DO_NOTHING}")
    if other is not None and has_balance(results, other):
        found += _money(results, other)
    return found


def _of(results: xr.Dataset, row: Indicator, run: str = "") -> list[Headline]:
    """Return the number of an indicator at the end and what explains it, or that of each body."""
    start, end = PROJECTED, _end(results)
    title, form = row.headline or row.title, form_of(row)
    if "body" in results[row.variable].dims and not row.element:
        return [
            _headline(results, row.key, title.format(body=name, end=end), form, _of_body(body))
            for body, name in BODIES.items()
            if bool((results[row.key].sel(body=body) != 0).any())
        ]
    found = [_headline(results, row.key, f"{title}, {end}{run}", form)]
    if "since_2018" in row.display:
        since = f"{title}, {end} against {start}{run}"
        found.append(_headline(results, f"{row.key}_since_2018", since, CHANGE_FORM, aside=True))
    if row.headline_aside:
        aside = f"{indicators()[row.headline_aside].headline}, {end}{run}"
        found.append(_headline(results, row.headline_aside, aside, SIZE_FORM, aside=True))
    return found


class Written(NamedTuple):
    """How a headline is written: unit, form, Excel's format; what is done before to a value, a difference."""

    unit: str
    form: Form
    number_format: str
    of: Callable[[xr.DataArray], xr.DataArray] = lambda array: array
    of_difference: Callable[[xr.DataArray], xr.DataArray] = lambda array: array


CHANGE_FORM = Written("change", signed_percent, SHARE_CHANGE)
SIZE_FORM = Written("% of whole", lambda share: percent(abs(share)), SHARE)
"""Of a share whose sign stands in words before it."""


def form_of(row: Indicator) -> Written:
    """Return how an indicator is written among the headlines; less than half a GP is no gap."""
    unit = row.headline_unit or {"%": "% of whole", "£m": "£ million"}.get(row.unit, row.unit)
    if row.unit == "£m":
        return Written(unit, balance, judged(row, row.better, '"£"#,##0', after="m", zero='"£0m"'))
    if row.above:
        number_format = judged(row, row.better, "#,##0", below=row.below_in_full, zero='"no gap"')
        return Written(unit, gap, number_format, lambda each: each.where(abs(each) >= SMALLEST_GAP, 0.0))
    if row.headline_unit:
        return Written(unit, whole, "0", *[lambda each: each * (1 / row.scale)] * 2)
    if row.unit == "%":
        return Written(unit, share_or_none if row.needs_shift else percent, "0%")
    form = {-1: tens, -2: hundreds}.get(row.decimals, whole)
    return Written(unit, form, "#,##0")


def _headline(
    results: xr.Dataset,
    key: str,
    title: str,
    written: Written,
    element: Callable[[xr.DataArray], xr.DataArray] = lambda array: array,
    *,
    aside: bool = False,
) -> Headline:
    """Return an indicator at the end: its median or single run, its band and that of its difference."""

    def last(array: xr.DataArray) -> xr.DataArray:
        return element(array.isel(year=-1, drop=True))

    values = written.of(last(headline_value(results, key)))
    band, difference = band_of(results, key), None if aside else band_of(results, key + DIFFERENCE)
    band = None if band is None else written.of(last(band))
    difference = None if difference is None else written.of_difference(last(difference))
    form, number_format = written.form, written.number_format
    return Headline(
        title, written.unit, values, form, number_format, aside=aside, band=band, difference=difference
    )


def _of_body(body: str) -> Callable[[xr.DataArray], xr.DataArray]:
    return lambda array: array.sel(body=body, drop=True)


def _money(results: xr.Dataset, do_nothing: xr.Dataset) -> list[Headline]:
    """How much the system has gained on doing nothing by the end, and since when."""
    first, last = futures_years(results)
    title = f"System balance added up to {_end(results)}, against {DOING_NOTHING}"
    gain = headline_difference(results, do_nothing, BALANCE).isel(year=-1, drop=True)
    band = band_of(results, BALANCE + DIFFERENCE)
    return [
        Headline(
            title,
            "£ million",
            gain,
            signed_millions,
            SIGNED_MILLIONS,
            band=None if band is None else band.isel(year=-1, drop=True),
        ),
        Headline(
            f"Breaks even with {DOING_NOTHING}",
            "year",
            headline_against(results, do_nothing, "break_even_year"),
            lambda year: break_even_text(year, first, last),
            "0",
            in_words=True,
            band=band_of(results, "break_even_year"),
        ),
    ]


def _end(results: xr.Dataset) -> str:
    last = int(results["year"][-1])
    return f"{last}*" if bool(results["extrapolated"].isel(year=-1)) else str(last)


def share_or_none(value: float) -> str:
    """``27%`` of a planned shift; ``none planned`` where there is none."""
    return "none planned" if math.isnan(value) else percent(value)
