"""What should a reader of Explore keep in mind? Counted and compared each time, never written down."""

from __future__ import annotations

from typing import Any

from dudley_dashboard.borrowed import borrowed
from dudley_dashboard.catalogue import catalogue
from dudley_sd.inputs.counted_numbers import count_assumptions
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import PUBLISHED
from dudley_sd.inputs.projections import read_projection
from dudley_sd.places import inputs_folder
from dudley_sd.validation.back_test import OUTTURN, YEARS, of_group


def caveats(footprint: str, projection: str = PUBLISHED) -> dict[str, Any]:
    """Return ``numbers``, how many the model has; ``assumptions`` among them; two sentences.

    ``borrowed`` says what the area takes from another, and is empty where it takes nothing. ``estimates`` is
    empty where estimates do not undercut the published projection, where the inputs hold none of the area,
    and where runs start from another projection.
    """
    common = catalogue().common_projection([footprint], projection)
    assumed, numbers = count_assumptions(inputs_folder())
    return {
        "numbers": numbers,
        "assumptions": assumed,
        "borrowed": borrowed([footprint], projection),
        "estimates": undercut(footprint) if common == PUBLISHED else "",
    }


def undercut(footprint: str) -> str:
    """Say by how much ONS has since estimated fewer people of 75 and over than its projection had."""
    area = catalogue().footprints[footprint]
    path = inputs_folder() / "ons" / OUTTURN
    text = path.read_text(encoding="utf-8")
    code = next((each for each in _codes(area) if f"\n{each}," in text), None)
    if code is None or not isinstance(area, Footprint):
        return ""
    last = YEARS[-1]
    both = (read_projection(PUBLISHED, area, inputs_folder()), read_population(path, code, alone=True))
    projected, estimated = (float(of_group(people, "75 and over").sel(year=last)) for people in both)
    if estimated >= projected:
        return ""
    return (
        f"For {last} the projection had {projected / estimated - 1:.1%} more people of 75+ than ONS has "
        "estimated since"
    )


def _codes(area: object) -> tuple[str, ...]:
    return area.codes if isinstance(area, Footprint) else ()
