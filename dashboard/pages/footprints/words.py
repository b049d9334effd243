"""What stands in words beside the pictures of areas?"""

from __future__ import annotations

from dashboard.pages.footprints.choices import Choices
from dashboard.shown import BY_KEY, unit_of, way_words

SOURCE = "runs of the model at central values, one with your plan and one of do nothing for each area."
CAUTION = (
    "Differences between areas come from the ages of their people only: where an area is indicative, its use "
    "of care at each age, staff, beds and money are Dudley's, scaled to its people. They say nothing of how "
    "care there differs."
)
"""What a reader must know before comparing areas."""


def unit_words(choices: Choices, way: str) -> str:
    """Return the unit of a chart, and what was done to the numbers."""
    measure = BY_KEY[choices.measure]
    unit, words = unit_of(measure, way), way_words(measure, way)
    more = f", {words}" if words and words not in unit else ""
    return f"{unit[:1].upper()}{unit[1:]}{more}"
