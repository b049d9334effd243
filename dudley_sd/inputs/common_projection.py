"""Projection that areas are run on together: none is set beside another base."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.projection_choice import PUBLISHED


def common_projection(choice: str, footprints: Iterable[Footprint], inputs: Path) -> str:
    """Decide on which projection areas are run beside each other, so that none is on another base.

    See `dudley_sd.inputs.projections.common_base`.
    No table is read where the choice stands anyway: one that was asked for by another name, or the 2014-based
    where each area has a table of its own that says it is.

    Raises
    ------
    InputError
        As `dudley_sd.inputs.projections.common_base`.
    """
    areas = list(footprints)
    if choice != PUBLISHED or all(_says_published(area, inputs) for area in areas):
        return choice
    from dudley_sd.inputs.projections import common_base

    return common_base(choice, areas, inputs)


def _says_published(footprint: Footprint, inputs: Path) -> bool:
    """Whether the first row of an area's own table says that it is 2014-based."""
    if footprint.population is None or footprint.projected_like:
        return False
    try:
        with (inputs / footprint.population).open(encoding="utf-8-sig", newline="") as file:
            first = next(csv.DictReader(file), {})
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return (first.get("area_code"), first.get("projection")) == (footprint.area_code, f"{PUBLISHED}-based")
