"""Which few numbers does a board ask for first, in each scenario?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr

from dudley_sd.results.break_even import accumulated_gain, break_even_words, break_even_year, has_balance
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING, fitting
from dudley_sd.results.panels import growth, require

Form = Callable[[float], str]

BODIES = {
    "Commissioner": "Commissioner",
    "MCP": "Practices and community services, or contract holder",
    "Hospital": "Hospital trust",
    "SocialCare": "Council, social care",
}
"""Who holds money, in a reader's words."""

CHANGE = "+0%;-0%;0%"
SHARE = "0%;-0%;0%"
SMALLEST_GAP = 0.5
MILLIONS = '+"£"#,##0.0,,"m";-"£"#,##0.0,,"m";"£"0"m"'
GAP = '#,##0" short";#,##0" over";"no gap"'


def whole(value: float) -> str:
    """``1,234``; minus is a minus sign, and there is no minus zero."""
    return f"{round(value) + 0:,}".replace("-", "−")


def hundreds(value: float) -> str:
    """``12,300``: as many people or attendances as the model can claim to know."""
    return whole(round(value, -2))


def signed_hundreds(value: float) -> str:
    """``+12,300``; what rounds to nothing has no sign."""
    return _signed(hundreds(value))


def signed_whole(value: float) -> str:
    """``+12``; what rounds to nothing has no sign."""
    return _signed(whole(value))


def percent(value: float) -> str:
    """``27%`` from 0.27."""
    return f"{whole(100 * value)}%"


def share_words(value: float) -> str:
    """As `percent`, but what is more than nothing is not called 0%."""
    return "under 1%" if 0 < value < 0.005 else percent(value)


def signed_percent(value: float) -> str:
    """``+27%`` from 0.27; a change that rounds to nothing has no sign."""
    return _signed(percent(value))


def _signed(text: str) -> str:
    return text if text in ("0", "0%") or text.startswith("−") else f"+{text}"


def signed_millions(value: float) -> str:
    """``+£12.3m`` from 12,300,000; what rounds to nothing has no sign."""
    millions = round(value / 1e6, 1)
    return "£0m" if millions == 0 else f"{'+' if millions > 0 else '−'}£{abs(millions):,.1f}m"


def gap(value: float) -> str:
    """``46 short``, ``7 over`` or ``no gap``."""
    rounded = round(value)
    return "no gap" if rounded == 0 else f"{whole(abs(rounded))} {'short' if rounded > 0 else 'over'}"


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
    """

    title: str
    unit: str
    values: xr.DataArray
    form: Form
    number_format: str
    aside: bool = False
    in_words: bool = False


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
        People, the oldest among them, A&E, the share of the shift that lands, how full the hospital is, posts
        that stand empty, the commissioner's yearly balance (where known), GPs in post and the GP gap;
        after A&E and after the GP gap the same of do nothing. Where both runs know the accumulated balance
        of the system: the gain on doing nothing, and the year from which on there is one.
    """
    require(results)
    other = fitting(results, do_nothing)
    end = _end(results)
    at_end = results.isel(year=-1, drop=True)
    planned = at_end["community_contacts_needed"] > 0
    landed = (1 - at_end["unlanded_share"]).where(planned)
    found = [
        *_counted(results, "total_population", "People", "people"),
        *_counted(results, "people_75_and_over", "People aged 75 and over", "people"),
        *_counted(results, "a_and_e_attendances", "A&E attendances", "a year"),
        Headline(f"Planned shift that lands, {end}", "% of whole", landed, _share_or_none, "0%"),
        *_system(results),
        Headline(f"GPs in post, {end}", "WTE", at_end["gp_wte"], whole, "#,##0"),
        *_gap(results),
    ]
    if other is not None:
        require(other, where="do nothing")
        found[6:6] = _counted(other, "a_and_e_attendances", "A&E attendances", "a year", f", {DO_NOTHING}")
        found += _gap(other, f", {DO_NOTHING}")
        if has_balance(results, other):
            found += _money(results, other)
    return found


def _system(results: xr.Dataset) -> list[Headline]:
    """Beds, posts and money at the end, those that the result has."""
    end, last = _end(results), results.isel(year=-1, drop=True)
    found = []
    if "occupancy" in last:
        title = f"Beds needed for each 100 there are, {end}"
        found.append(Headline(title, "beds", 100 * last["occupancy"], whole, "0"))
    if "overall_vacancy_rate" in last:
        title = f"Posts that stand empty, {end}"
        found.append(Headline(title, "% of whole", last["overall_vacancy_rate"], percent, "0%"))
    if "balance" in last:
        for body, words in BODIES.items():
            total = last["balance"].sel(body=body, drop=True) / 1e6
            title = f"{words}: money over or short, added up to {end}"
            found.append(Headline(title, "£ million", total, signed_whole, "+#,##0;-#,##0;0"))
    return found


def _counted(results: xr.Dataset, name: str, words: str, unit: str, run: str = "") -> list[Headline]:
    """How many at the end and, beside it, the change since the start."""
    first, end = int(results["year"][0]), _end(results)
    array = results[name]
    return [
        Headline(f"{words}, {end}{run}", unit, array.isel(year=-1, drop=True), hundreds, "#,##0"),
        Headline(
            f"{words}, {end} against {first}{run}", "change", growth(array), signed_percent, CHANGE, True
        ),
    ]


def _gap(results: xr.Dataset, run: str = "") -> list[Headline]:
    """Return the gap in GPs and as a share; less than half a GP is none, as the words for it say."""
    end, last = _end(results), results.isel(year=-1, drop=True)
    there = abs(last["gp_gap"]) >= SMALLEST_GAP
    missing, share = (last[name].where(there, 0.0) for name in ("gp_gap", "gp_gap_share"))
    return [
        Headline(f"GP gap, {end}{run}", "WTE", missing, gap, GAP),
        Headline(f"GP gap of those needed, {end}{run}", "% of whole", share, percent, SHARE, True),
    ]


def _money(results: xr.Dataset, do_nothing: xr.Dataset) -> list[Headline]:
    """How much the system has gained on doing nothing by the end, and since when."""
    gain = accumulated_gain(results, do_nothing)
    first, last = int(results["year"][0]), int(results["year"][-1])
    title = f"System balance added up to {_end(results)}, against {DOING_NOTHING}"
    return [
        Headline(title, "pounds", gain.isel(year=-1, drop=True), signed_millions, MILLIONS),
        Headline(
            f"Breaks even with {DOING_NOTHING}",
            "year",
            break_even_year(gain),
            lambda year: break_even_words(year, first, last),
            "0",
            in_words=True,
        ),
    ]


def _end(results: xr.Dataset) -> str:
    last = int(results["year"][-1])
    return f"{last}*" if bool(results["extrapolated"].isel(year=-1)) else str(last)


def _share_or_none(value: float) -> str:
    return "none planned" if math.isnan(value) else percent(value)
