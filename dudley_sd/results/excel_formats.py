"""Number formats of workbooks: how Excel writes indicators, with the word and the colour of a sign."""

from __future__ import annotations

from dudley_sd.indicators import indicators, is_share
from dudley_sd.text import Numbered

BETTER, WORSE = "[Color10]", "[Red]"
"""Green and red, as `dudley_sd.results.looks` has them."""

SHARE_CHANGE = "+0%;-0%;0%"
SHARE = "0%;-0%;0%"
SIGNED_TENTHS = "+#,##0.0;-#,##0.0;0.0"
SIGNED_WHOLE = "+#,##0;-#,##0;0"
SIGNED_MILLIONS = '+"£"#,##0.0"m";-"£"#,##0.0"m";"£"0"m"'


def judged(
    indicator: Numbered,
    better: str,
    number: str,
    *,
    after: str = "",
    below: str = "",
    zero: str | None = None,
) -> str:
    """Format of a number whose sign has a word: worse is red, better is green.

    Parameters
    ----------
    indicator, better
        Words of the sign, and which way is better.
    number, after
        Format of the number itself, and what stands between it and the word.
    below
        Word below zero, if not the indicator's own.
    zero
        Format of nothing; that of the number if not given.
    """
    high, low = (WORSE, BETTER) if better == "low" else (BETTER, WORSE)
    words = [f'"{after} {word}"' for word in (indicator.above, below or indicator.below)]
    return f"{high}{number}{words[0]};{low}{number}{words[1]};{number if zero is None else zero}"


def number_format(name: str, unit: str) -> str:
    """How Excel writes a variable: as precisely as its size deserves."""
    row = indicators().get(name)
    if row is not None and row.above:
        money = unit.startswith("Pound")
        number, zero = ('"£"#,##0', '"£"0') if money else ("#,##0.0", "0.0")
        return judged(row, "high" if money else row.better, number, below=row.below_in_full, zero=zero)
    if name.startswith("departure_"):
        return "+#,##0.0;-#,##0.0;0"
    if is_share(name):
        return "0.0%"
    if unit in ("Person", "Person/Year", "Activity", "Activity/Year"):
        return "#,##0"
    if unit in ("Pound", "Pound/Year", "Bed"):
        return "#,##0"
    if unit.startswith(("WTE", "GP")):
        return "#,##0.0"
    return "0.000"


def difference_format(number: str) -> str:
    """How Excel writes a difference, by how the number itself is written."""
    return SIGNED_WHOLE if "#,##0.0" not in number and "%" not in number else SIGNED_TENTHS
