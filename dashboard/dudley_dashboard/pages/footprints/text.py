"""Sentences of the page: titles and sources of charts, and what must be known before areas are compared."""

from __future__ import annotations

from collections.abc import Sequence

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.caveats import base_title, borrowed
from dudley_dashboard.names import is_indicative, world_text
from dudley_dashboard.pages.footprints.data import Area, FootprintsQuery, parts_of
from dudley_dashboard.series import ABSOLUTE, PER_1000, fitting_way, of_runs
from dudley_sd.indicators import COMPARED

OF_A_TOTAL = (
    "People, care, staff, beds and money are those of its areas added up; shares are worked out again from "
    "the sums, never averaged. Each area is run for itself."
)
MEDIANS = (
    " Each run adds its areas up, and the median is taken last: medians of areas need not add up to that of "
    "the whole."
)


def caution(query: FootprintsQuery) -> str:
    """Say what a reader must know before comparing areas; empty where they borrow nothing."""
    words = borrowed(query.areas, query.request.projection)
    if not words:
        return ""
    return (
        f"{words}. Differences between areas come from the ages of their people only: small ones are within "
        "the noise of these ratios, and none says how care there differs."
    )


def notes_on(query: FootprintsQuery, areas: Sequence[Area], on_scale: Sequence[Area]) -> list[str]:
    """Say what is not as a reader may expect it."""
    measure, notes = COMPARED[query.measure], []
    if query.request == query.request.do_nothing():
        notes.append("Nothing is put in place in your plan: it is one line with doing nothing.")
    if query.show == PER_1000 and fitting_way(measure, PER_1000) == ABSOLUTE:
        notes.append(f"“{measure.title}” says nothing per head and is shown as it is.")
    if len(on_scale) < len(areas):
        notes.append("A total is larger than each of its areas: it stands below, not on their scale.")
    return [*notes, world] if (world := world_text(query.request)) else notes


def base_text(query: FootprintsQuery) -> str:
    """Name the projection that all areas are on, for titles."""
    return base_title(query.areas, query.request.projection)


def title_start(query: FootprintsQuery, members: int) -> str:
    """Name the measure, of what runs it is and the projection: what every title begins with."""
    return f"{COMPARED[query.measure].title}, {of_runs(members)}, {base_text(query)}"


def source(members: int) -> str:
    """Say where numbers come from."""
    if not members:
        return "runs of the model at central values, one with your plan and one of do nothing for each area."
    return f"{members} runs of the model with your plan and of do nothing, with the same draws in each area."


def reasons(area: Area) -> list[str]:
    """Say why an area is marked as a sum or as indicative."""
    texts = [OF_A_TOTAL] if area.parts else []
    return [*texts, f"Indicative: {area.indicative}.".replace("..", ".")] if area.indicative else texts


def label(key: str) -> str:
    """Name of an area with what must stand beside it, where it is chosen."""
    marks = ["the sum of its areas"] if parts_of(key) else []
    marks += ["indicative"] if is_indicative(key) else []
    name = catalogue().footprints[key].name
    return f"{name} ({', '.join(marks)})" if marks else name
