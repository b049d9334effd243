"""Number and sentence forms: numbers, changes, shares, money, lists and counts as pages and files write them.

A minus is a minus sign, zero has no sign, and what is not a number is a dash.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

NOTHING = "–"
"""What stands where a number cannot be told."""

POINTS = "percentage points"
"""Unit of a difference of shares, in every page and file."""

Form = Callable[[float], str]


class Numbered(BaseModel):
    """What the form of a number depends on.

    Attributes
    ----------
    unit, scale
        Unit for readers, and what a value of the model is divided by to be in it.
    decimals
        How many are shown; -2 rounds to hundreds, as many people as the model can claim to know.
    above, below
        Words of a number above and below zero, where its sign has a meaning.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: str = ""
    scale: float = 1.0
    decimals: int = 0
    above: str = ""
    below: str = ""


def decimal(value: float, decimals: int = 0) -> str:
    """``1,234.5``; with fewer than no decimals rounded to tens or hundreds."""
    if math.isnan(value):
        return NOTHING
    if decimals <= 0:
        return f"{round(round(value, decimals)) + 0:,}".replace("-", "−")
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text if _counts(text) else text.lstrip("−")


def whole(value: float) -> str:
    """``1,234``."""
    return decimal(value)


def hundreds(value: float) -> str:
    """``12,300``: as many people or attendances as the model can claim to know."""
    return decimal(value, -2)


def tens(value: float) -> str:
    """``12,340``."""
    return decimal(value, -1)


def signed(text: str) -> str:
    """``+12`` from ``12``: a number with its sign; what rounds to nothing has none."""
    return text if text.startswith("−") or not _counts(text) else f"+{text}"


def tenths(value: float) -> str:
    """``1,234.5``."""
    return decimal(value, 1)


def signed_whole(value: float) -> str:
    """``+12``."""
    return signed(whole(value))


def signed_hundreds(value: float) -> str:
    """``+12,300``."""
    return signed(hundreds(value))


def signed_tens(value: float) -> str:
    """``−130``."""
    return signed(tens(value))


def percent(share: float, decimals: int = 0) -> str:
    """``27%`` from 0.27."""
    return NOTHING if math.isnan(share) else f"{decimal(100 * share, decimals)}%"


def percent_of_some(share: float) -> str:
    """As `percent`, but what is more than nothing is not called 0%."""
    return "under 1%" if 0 < share < 0.005 else percent(share)


def signed_percent(share: float, decimals: int = 0) -> str:
    """``+27%`` from 0.27."""
    return signed(percent(share, decimals))


def points(share: float) -> str:
    """``+3 points`` from 0.03: percentage points."""
    return f"{signed_whole(100 * share)} points"


def money(millions: float, decimals: int = 0) -> str:
    """``£44m`` or ``−£44m``, from millions of pounds; nothing is ``£0m``."""
    text = decimal(abs(millions), decimals)
    return f"{'−' if millions < 0 else ''}£{text}m" if _counts(text) else "£0m"


def signed_money(millions: float) -> str:
    """``+£12m``."""
    return signed(money(millions))


def signed_millions(millions: float) -> str:
    """``+£12.3m``."""
    return signed(money(millions, 1))


def in_100_runs(share: float, members: int) -> str:
    """``37 in 100 runs``; ``none of the 1,000 runs``, ``all 1,000 runs`` only where it is so."""
    count = round(share * members)
    if count == 0:
        return f"none of the {members:,} runs"
    if count == members:
        return f"all {members:,} runs"
    hundred = round(100 * share)
    if hundred in (0, 100):
        return "fewer than 1 in 100 runs" if hundred == 0 else "more than 99 in 100 runs"
    return f"{hundred} in 100 runs"


def eight_in_ten_runs(low: float, high: float, form: Form) -> str:
    """``8 in 10 runs: from 59 more to 15 too few``, from the ends of a band and how a value is written."""
    if form(low) == form(high):
        return f"8 in 10 runs: {form(low)}"
    return f"8 in 10 runs: from {form(low)} to {form(high)}"


def low_to_high(low: float, high: float, form: Form) -> str:
    """``4% to 9%``, or ``4%`` where both ends are written alike."""
    return form(low) if form(low) == form(high) else f"{form(low)} to {form(high)}"


def joined(names: Iterable[str]) -> str:
    """List names as a sentence does: ``A, B and C``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def plural(count: int, noun: str) -> str:
    """``1 area`` or ``12 areas``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: float, indicator: Numbered) -> str:
    """``1,234``, ``12.3%`` or ``−£45m``: a value of the model in the form of its indicator."""
    scaled = value / indicator.scale
    text = decimal(scaled, indicator.decimals)
    if math.isnan(value):
        return text
    if indicator.unit == "£m":
        return f"−£{text[1:]}m" if text.startswith("−") else f"£{text}m"
    return f"{text}%" if indicator.unit == "%" else text


def is_nothing(value: float, indicator: Numbered) -> bool:
    """Whether a value rounds to nothing as `number` writes it."""
    return not _counts(number(value, indicator))


def difference(value: float, indicator: Numbered) -> str:
    """As `number`, with its sign; shares in percentage points: ``+1.2 points``."""
    text = number(value, indicator)
    if text == NOTHING:
        return text
    return signed(f"{text[:-1]} points" if indicator.unit == "%" else text)


def per_thousand(value: float, indicator: Numbered) -> str:
    """``119``, ``0.31`` or ``−£1.05m``: three figures for each 1,000 people."""
    if math.isnan(value):
        return NOTHING
    scaled = value / indicator.scale
    text = decimal(abs(scaled), 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2)
    sign = "−" if scaled < 0 and _counts(text) else ""
    return f"{sign}£{text}m" if indicator.unit == "£m" else f"{sign}{text}"


def per_head(per_thousand_people: float, indicator: Numbered) -> str:
    """`per_thousand` in words; of GPs, who are few, for each 100,000 people: ``31 short per 100,000``."""
    if indicator.unit != "WTE" or math.isnan(per_thousand_people):
        return in_words(per_thousand(per_thousand_people, indicator), indicator)
    return f"{in_words(per_thousand(100 * per_thousand_people, indicator), indicator)} per 100,000"


def in_words(text: str, indicator: Numbered) -> str:
    """``£44m deficit`` from ``−£44m``: a number of `number` or `per_thousand` with the word of its sign."""
    if not indicator.above or not _counts(text):
        return text
    return f"{text[1:]} {indicator.below}" if text.startswith("−") else f"{text} {indicator.above}"


def judgement(text: str) -> Literal["worse", "better", ""]:
    """Whether what `in_words` wrote is a deficit or shortage, a surplus or more than needed, or neither."""
    if text.endswith((" short", " deficit")):
        return "worse"
    return "better" if text.endswith((" more", " surplus")) else ""


def _counts(text: str) -> bool:
    """Whether a written number is more than nothing."""
    return any(digit in "123456789" for digit in text)
