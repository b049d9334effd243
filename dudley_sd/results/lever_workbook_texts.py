"""Values as planners type them into the workbook of levers: dates, financial years, money with commas."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

NOTHING = ("", "-", "–", "—", "n/a", "na", "none", "tbc")
"""What people write into a cell that they leave as it is."""

_YEARS = re.compile(r"(?:FY ?)?(\d{4})\s*[/–-]\s*(\d{2}|\d{4})", re.IGNORECASE)
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %Y", "%b %Y")
_NUMBER = re.compile(
    r"(?:£|GBP)?\s*(-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(%|k|m|mn|million|bn|billion)?",
    re.IGNORECASE,
)
_TIMES = {"%": 0.01, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}


def is_blank(value: object) -> bool:
    """Whether nothing stands in a cell, or what people write for nothing."""
    return value is None or (isinstance(value, str) and value.strip().lower() in NOTHING)


def year_of(value: object) -> float | None:
    """Decimal year of a date, as a cell or as text; a financial year begins on 1 April.

    Returns
    -------
    float or None
        1 April 2021 and 2021/22 are 2021.25; None where no date is meant.
    """
    if isinstance(value, date):
        days = calendar.monthrange(value.year, value.month)[1]
        return value.year + (value.month - 1) / 12 + (value.day - 1) / days / 12
    if not isinstance(value, str):
        return None
    text = value.strip()
    years = _YEARS.fullmatch(text)
    if years and (int(years[1]) + 1) % 100 == int(years[2]) % 100:
        return int(years[1]) + 0.25
    for form in _DATES:
        try:
            return year_of(datetime.strptime(text, form))
        except ValueError:
            continue
    return None


def plain_number(text: str) -> float | None:
    """Return the number that a text with commas, or a word such as million, means; None if it is none."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    return float(re.sub(r"[, ]", "", found[1])) * _TIMES.get((found[2] or "").lower(), 1.0)
