"""Caveats of an area: assumptions, what it borrows from another, and estimates since its projection."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import BASE_YEAR, ccg_people
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.parameters import count_assumptions
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.projections import read_projection
from dudley_sd.text import joined, signed_percent
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


OLD = "75 and over"


def base_title(footprints: Iterable[str], projection: str) -> str:
    """Name the projection that footprints are run on beside each other: ``ONS 2018-based projection``."""
    common = catalogue().common_projection(footprints, projection)
    if common == OWN:
        return "people of mid-2018 carried on at this model's rates"
    return f"ONS {common}-based projection" if common.isdigit() else f"projection of {Path(common).stem}"


def borrowed(footprints: Iterable[str], projection: str) -> str:
    """Say what areas borrow, and how far borrowed growth is from ONS; empty where they borrow nothing."""
    known, names = catalogue(), list(footprints)
    parts = {part.id: part for name in names for part in known.parts(name)}
    common = known.common_projection(names, projection)
    sized = [part for part in parts.values() if part.sized_like]
    if not sized:
        return ""
    who = "Here" if len(sized) == len(parts) else f"In {joined(part.name for part in sized)}"
    whose = joined(dict.fromkeys(known.footprints[str(part.sized_like)].name for part in sized))
    found = (
        f"{who} use of services at each age is that of {whose}, and staff, beds and money are scaled from it"
    )
    apart = [each for part in sized for each in _apart(part)] if common == OWN else []
    if common == OWN:
        found += f". People are carried on at the rates of {whose}"
    if apart:
        found += f"; growth of people of {OLD} since {BASE_YEAR}: {'; '.join(apart)}"
    return found


def _apart(area: Footprint) -> list[str]:
    """Growth of people of 75 and over at borrowed rates and by ONS; none where ONS has none of the area."""
    official = ccg_people(area.codes, inputs_folder())
    if official is None:
        return []
    try:
        own = read_projection(OWN, area, inputs_folder())
    except InputError:
        return []
    last = min(int(own["year"][-1]), int(official["year"][-1]))
    return [f"{area.name} {_growth(own, last)} to {last}, by ONS {_growth(official, last)}"]


def _growth(people: xr.DataArray, last: int) -> str:
    old = of_group(people, OLD)
    return signed_percent(float(old.sel(year=last) / old.sel(year=BASE_YEAR)) - 1)
