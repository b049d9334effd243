"""Points in figures that may part thousands, as German and other programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_MAY_PART = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
PARTED = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}")
_DECIMAL = re.compile(r"[+-]?(\d{4,}(\.\d*)?|0\d*\.\d+|\d*\.(\d{0,2}|\d{4,}))([eE][+-]?\d+)?")

THOUSANDS = "thousand persons"
"""Unit in which a point is decimal: no age of an area has thousands of thousands of people."""

PROBLEM = (
    "{} may be a decimal or thousands: wherever figures have a point, three digits follow it, and none has "
    "four before it"
)
REMEDY = (
    "Save the file with one decimal place and without separators of thousands (in Excel: Format Cells, "
    "Number), or as XLSX with figures, not text"
)
REMEDY_OF_AMBIGUOUS = (
    f"Add --unit thousands if they are thousands with three decimals; else {REMEDY[0].lower()}{REMEDY[1:]}"
)


def thousands_may_be_parted(cells: Iterable[Any], unit: str | None = None) -> str | None:
    """Return the first text such as ``16.000`` where no other shows which it is; else None.

    One figure with another number of digits after its point, or with four before it, shows that points are
    decimal: 1065.500 stands beside 16.000 in files with three decimals, as Z1 has them. A figure with two
    points parts thousands. The unit `THOUSANDS` settles it too: points are decimal.
    """
    if unit == THOUSANDS:
        return None
    first = None
    for cell in cells:
        if not isinstance(cell, str):
            continue
        text = cell.strip()
        if PARTED.fullmatch(text):
            return text
        if _DECIMAL.fullmatch(text):
            return None
        if first is None and _MAY_PART.fullmatch(text):
            first = text
    return first
