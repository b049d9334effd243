"""Which few numbers does a board ask for first, in each scenario?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import xarray as xr

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
from dudley_sd.results.break_even import BALANCE, break_even_words, has_balance
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, fitting
from dudley_sd.results.looks import EXCEL_BETTER, EXCEL_WORSE
from dudley_sd.results.panels import require
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
    signed_whole,
    whole,
)

BODIES = {
    "Commissioner": "Commissioner",
    "MCP": "Practices and community services, or contract holder",
    "Hospital": "Hospital trust",
    "SocialCare": "Council, social care",
}
"""Who holds money, in a reader's words."""

CHANGE = "+0%;-0%;0%"
SIGNED_TENTHS = "+#,##0.0;-#,##0.0;0.0"
SHARE = "0%;-0%;0%"
SMALLEST_GAP = 0.5
MILLIONS = '+"£"#,##0.0"m";-"£"#,##0.0"m";"£"0"m"'
GAP = f'{EXCEL_WORSE}#,##0" short";{EXCEL_BETTER}#,##0" more than needed";"no gap"'
BALANCE_FORMAT = f'{EXCEL_BETTER}"£"#,##0"m surplus";{EXCEL_WORSE}"£"#,##0"m deficit";"£0m"'


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
        return signed_hundreds if self.form is hundreds else signed_whole

    def difference_for_excel(self, apart: xr.DataArray) -> tuple[str, xr.DataArray, str]:
        """Return unit, numbers and Excel's form of a difference: of shares in percentage points, not of 1."""
        if self.difference_form is points:
            return POINTS, 100 * apart, SIGNED_TENTHS
        return self.unit, apart, "+#,##0;-#,##0;0"

    def band_words(self, place: int) -> str:
        """Say where 8 in 10 runs of a scenario lie; empty for a single run, or where nothing is told."""
        if self.band is None or (math.isnan(float(self.values[place])) and not self.in_words):
            return ""
        form = brief_gap if self.form is gap else self.form
        return eight_in_ten_runs(*_ends(self.band, place), form)

    def difference_words(self, place: int) -> str:
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

    def single_words(self, place: int) -> str:
        """Write the single run at central values beside a median; empty where that is all there is."""
        if self.band is None or (math.isnan(float(self.values[place])) and not self.in_words):
            return ""
        return self.form(float(self.band.sel(statistic=SINGLE)[place]))


def _ends(band: xr.DataArray, place: int) -> tuple[float, float]:
    return float(band.sel(statistic=LOW)[place]), float(band.sel(statistic=HIGH)[place])


def headlines(results: xr.Dataset, do_nothing: xr.Dataset | None = None) -> list[Headline]:
    """Return the headline numbers of a result, in the order in which they are told.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    do_nothing
        The same scenarios with nothing decided, if there is such a run.

    Returns
    -------
    list of Headline
        Medians where the result carries a band. People, the oldest among them, A&E, the share of the shift
        that landed, how full the hospital is, posts that stand empty, balance of each body in the last year
        and added up since the start (where known), GPs in post and GP gap; after A&E and after the GP gap
        the same of do nothing. Where both runs know the accumulated balance of the system: the gain on doing
        nothing, and the year from which on there is one.
    """
    require(results)
    other = fitting(results, do_nothing)
    end = _end(results)
    found = [
        *_counted(results, "total_population", "People", "people"),
        *_counted(results, "people_75_and_over", "People aged 75 and over", "people"),
        *_counted(results, "a_and_e_attendances", "A&E attendances", "a year"),
        _headline(results, "landed_share", f"Planned shift landed, {end}", "% of whole", share_or_none, "0%"),
        *_system(results),
        _headline(results, "gp_wte", f"GPs in post, {end}", "WTE", whole, "#,##0"),
        *_gap(results),
    ]
    if other is not None:
        require(other, where="do nothing")
        found[6:6] = _counted(other, "a_and_e_attendances", "A&E attendances", "a year", f", {DO_NOTHING}")
        found += _gap(other, f", {DO_NOTHING}")
        if has_balance(results, other):
            found += _money(results, other)
    return found


def _headline(
    results: xr.Dataset,
    key: str,
    title: str,
    unit: str,
    form: Form,
    number_format: str,
    *,
    aside: bool = False,
    of: Callable[[xr.DataArray], xr.DataArray] = lambda array: array,
) -> Headline:
    """Tell an indicator at the end: its median or single run, its band and that of its difference.

    ``of`` takes the element and scale that are told.
    """

    def last(array: xr.DataArray | None) -> xr.DataArray | None:
        return None if array is None else of(array.isel(year=-1, drop=True))

    values = of(headline_value(results, key).isel(year=-1, drop=True))
    band, difference = last(band_of(results, key)), last(band_of(results, key + DIFFERENCE))
    if aside:
        difference = None
    return Headline(title, unit, values, form, number_format, aside=aside, band=band, difference=difference)


def _system(results: xr.Dataset) -> list[Headline]:
    """Beds, posts and money at the end, those that the result has."""
    first, end = int(results["year"][0]), _end(results)
    found = []
    if "occupancy" in results:
        title = f"Beds needed for each 100 there are, {end}"
        found.append(_headline(results, "occupancy", title, "beds", whole, "0", of=lambda each: 100 * each))
    if "overall_vacancy_rate" in results:
        title = f"Posts that stand empty, {end}"
        found.append(_headline(results, "overall_vacancy_rate", title, "% of whole", percent, "0%"))
    for key, words in (
        ("margin", f"balance in the year {end}"),
        ("balance", f"balance added up, {first} to {end}"),
    ):
        if key in results:
            found += [
                _headline(
                    results, key, f"{name}: {words}", "£ million", balance, BALANCE_FORMAT, of=_millions(body)
                )
                for body, name in BODIES.items()
                if bool((results[key].sel(body=body) != 0).any())
            ]
    return found


def _millions(body: str) -> Callable[[xr.DataArray], xr.DataArray]:
    return lambda array: array.sel(body=body, drop=True) / 1e6


def _counted(results: xr.Dataset, name: str, words: str, unit: str, run: str = "") -> list[Headline]:
    """How many at the end and, beside it, the change since the start."""
    first, end = int(results["year"][0]), _end(results)
    title = f"{words}, {end} against {first}{run}"
    return [
        _headline(results, name, f"{words}, {end}{run}", unit, hundreds, "#,##0"),
        _headline(results, f"{name}_since_start", title, "change", signed_percent, CHANGE, aside=True),
    ]


def _gap(results: xr.Dataset, run: str = "") -> list[Headline]:
    """Return the gap in GPs and as a share; less than half a GP is none, as the words for it say."""
    end = _end(results)
    title, share = f"GP gap, {end}{run}", f"GP gap of those needed, {end}{run}"
    return [
        _headline(
            results,
            "gp_gap",
            title,
            "WTE",
            gap,
            GAP,
            of=lambda each: each.where(abs(each) >= SMALLEST_GAP, 0.0),
        ),
        _headline(results, "gp_gap_share", share, "% of whole", _size, SHARE, aside=True),
    ]


def _money(results: xr.Dataset, do_nothing: xr.Dataset) -> list[Headline]:
    """How much the system has gained on doing nothing by the end, and since when."""
    first, last = int(results["year"][0]), int(results["year"][-1])
    title = f"System balance added up to {_end(results)}, against {DOING_NOTHING}"
    gain = headline_difference(results, do_nothing, BALANCE).isel(year=-1, drop=True)
    band = band_of(results, BALANCE + DIFFERENCE)
    return [
        Headline(
            title,
            "£ million",
            gain / 1e6,
            lambda millions: signed_millions(1e6 * millions),
            MILLIONS,
            band=None if band is None else band.isel(year=-1, drop=True) / 1e6,
        ),
        Headline(
            f"Breaks even with {DOING_NOTHING}",
            "year",
            headline_against(results, do_nothing, "break_even_year"),
            lambda year: break_even_words(year, first, last),
            "0",
            in_words=True,
            band=band_of(results, "break_even_year"),
        ),
    ]


def _end(results: xr.Dataset) -> str:
    last = int(results["year"][-1])
    return f"{last}*" if bool(results["extrapolated"].isel(year=-1)) else str(last)


def _size(share: float) -> str:
    """``6%`` of a share whose sign stands in words before it."""
    return percent(abs(share))


def share_or_none(value: float) -> str:
    """``27%`` of a planned shift; ``none planned`` where there is none."""
    return "none planned" if math.isnan(value) else percent(value)
