"""Which few numbers does a board ask for first, in each scenario?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr

from dudley_sd.results.panels import growth, require

Form = Callable[[float], str]

CHANGE = "+0%;-0%;0%"
SHARE = "0%;-0%;0%"
GAP = '#,##0" short";#,##0" over";"none"'


def whole(value: float) -> str:
    """``1,234``; minus is a minus sign, and there is no minus zero."""
    return f"{round(value) + 0:,}".replace("-", "−")


def hundreds(value: float) -> str:
    """``12,300``: as many people or attendances as the model can claim to know."""
    return whole(round(value, -2))


def percent(value: float) -> str:
    """``27%`` from 0.27."""
    return f"{whole(100 * value)}%"


def signed_percent(value: float) -> str:
    """``+27%`` from 0.27; a change that rounds to nothing has no sign."""
    text = percent(value)
    return text if text in ("0%",) or text.startswith("−") else f"+{text}"


def gap(value: float) -> str:
    """``46 short``, ``7 over`` or ``0``."""
    rounded = round(value)
    return "none" if rounded == 0 else f"{whole(abs(rounded))} {'short' if rounded > 0 else 'over'}"


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
    """

    title: str
    unit: str
    values: xr.DataArray
    form: Form
    number_format: str
    aside: bool = False


def headlines(results: xr.Dataset) -> list[Headline]:
    """Return the headline numbers of a result, in the order in which they are told.

    Returns
    -------
    list of Headline
        People, the oldest among them, A&E, the share of the shift that lands, GPs in post and GPs missing.
    """
    require(results)
    first, last = (int(year) for year in results["year"].to_numpy()[[0, -1]])
    end = f"{last}*" if bool(results["extrapolated"].isel(year=-1)) else str(last)
    at_end = results.isel(year=-1, drop=True)
    planned = at_end["community_contacts_needed"] > 0
    landed = (1 - at_end["unlanded_share"]).where(planned)
    change = (signed_percent, CHANGE)
    since = f"{end} against {first}"
    total, old, emergency = (
        results[name] for name in ("total_population", "people_75_and_over", "a_and_e_attendances")
    )
    return [
        Headline(f"People, {end}", "people", total.isel(year=-1), hundreds, "#,##0"),
        Headline(f"People, {since}", "change", growth(total), *change, aside=True),
        Headline(f"People aged 75 and over, {end}", "people", old.isel(year=-1), hundreds, "#,##0"),
        Headline(f"People aged 75 and over, {since}", "change", growth(old), *change, aside=True),
        Headline(f"A&E attendances, {end}", "a year", emergency.isel(year=-1), hundreds, "#,##0"),
        Headline(f"A&E attendances, {since}", "change", growth(emergency), *change, aside=True),
        Headline(f"Planned shift that lands, {end}", "% of whole", landed, _share_or_none, "0%"),
        Headline(f"GPs in post, {end}", "WTE", at_end["gp_wte"], whole, "#,##0"),
        Headline(f"GP gap, {end}", "WTE", at_end["gp_gap"], gap, GAP),
        Headline(
            f"GP gap of those needed, {end}", "% of whole", at_end["gp_gap_share"], percent, SHARE, True
        ),
    ]


def _share_or_none(value: float) -> str:
    return "none planned" if math.isnan(value) else percent(value)
