"""Rules by which the browser adds up the parts of a total, year by year.

It is what `dudley_sd.results.totals` does with labelled results: sums first, then shares from the sums; a
number that is the same everywhere is kept, and of any other nothing is told.
"""

from __future__ import annotations

from typing import Any, Literal

from dudley_sd.indicators import ratios
from dudley_sd.settings.sizes import adds_up

Rule = Literal["sum", "same"] | dict[str, Any]
"""Sum of the parts; theirs where it is the same in all; a ratio of sums, `dudley_sd.ratio.Ratio`."""


def rule_of(key: str, units: str) -> Rule:
    """Return how the total of an output follows from the parts."""
    if adds_up(units):
        return "sum"
    ratio = ratios().get(key)
    return ratio.model_dump(exclude={"times"}) if ratio is not None and ratio.plain else "same"
