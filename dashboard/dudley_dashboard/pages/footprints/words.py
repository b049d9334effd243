"""What stands in words beside the pictures of areas?"""

from __future__ import annotations

from dudley_dashboard.caveats import base_title, borrowed
from dudley_dashboard.pages.footprints.choices import Choices
from dudley_dashboard.shown import BY_KEY, unit_of, way_words
from dudley_sd.results.band import SINGLE_RUN


def caution(choices: Choices) -> str:
    """Say what a reader must know before comparing areas; empty where they borrow nothing."""
    words = borrowed(choices.areas, choices.plan.projection)
    if not words:
        return ""
    return (
        f"{words}. Differences between areas come from the ages of their people only: small ones are within "
        "the noise of these ratios, and none says how care there differs."
    )


def base_words(choices: Choices) -> str:
    """Name the projection that all areas are on, for titles."""
    return base_title(choices.areas, choices.plan.projection)


def title_start(choices: Choices, members: int) -> str:
    """Name the measure, of what runs it is and the projection: what every title begins with."""
    return f"{BY_KEY[choices.measure].title}, {of_runs(members)}, {base_words(choices)}"


def of_runs(members: int) -> str:
    """Say of what runs numbers are; 0 members for a single run."""
    return f"median of {members} runs" if members else SINGLE_RUN


def source(members: int) -> str:
    """Say where numbers come from."""
    if not members:
        return "runs of the model at central values, one with your plan and one of do nothing for each area."
    return f"{members} runs of the model with your plan and of do nothing, with the same draws in each area."


def unit_words(choices: Choices, way: str) -> str:
    """Return the unit of a chart, and what was done to the numbers."""
    measure = BY_KEY[choices.measure]
    unit, words = unit_of(measure, way), way_words(measure, way)
    more = f", {words}" if words and words not in unit else ""
    return f"{unit[:1].upper()}{unit[1:]}{more}"
