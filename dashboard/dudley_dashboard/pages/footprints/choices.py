"""Which areas and which measure are to be seen? Read from the address, and written back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dudley_dashboard.address import clean_name
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.asked import differing, one_of, some_of
from dudley_dashboard.shown import ABSOLUTE, BY_KEY, CHANGE, PER_1000
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import Total
from dudley_sd.request import Request
from dudley_sd.results.comparison import REVIEW_POINTS, START

WAYS = (PER_1000, ABSOLUTE, CHANGE)
MEASURE = "emergency_admissions"
FIRST, LAST = START, REVIEW_POINTS[-1]
KEYS = ("areas", "measure", "show", "year")
"""Keys of the address that belong to this page."""


@dataclass(frozen=True)
class Choices:
    """What the reader asked to see, checked.

    Attributes
    ----------
    plan
        The plan of the address; its own area is not looked at.
    areas
        Keys of areas, in the order offered; totals among them.
    measure, show, year
        Measure, one of `WAYS`, and the year of the ranking.
    """

    plan: Request
    areas: tuple[str, ...]
    measure: str = MEASURE
    show: str = PER_1000
    year: int = LAST

    @property
    def plan_on_one_base(self) -> Request:
        """The plan on the projection that all areas have."""
        common = catalogue().common_projection(self.areas, self.plan.projection)
        return replace(self.plan, projection=common)

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as keys and values of an address."""
        return differing(self, Choices(self.plan, usual_areas()), ("areas",), ("measure", "show", "year"))


def offered() -> tuple[list[str], list[str], list[str], list[str]]:
    """Return totals, the areas that they are made of, all other areas, and the user's own."""
    shipped = inputs_folder() / "footprints"
    known: dict[bool, list[str]] = {True: [], False: []}
    for key in catalogue().footprints:
        known[(shipped / f"{key}.toml").is_file()].append(key)
    totals = [key for key in known[True] if parts_of(key)]
    parts = [part for key in totals for part in parts_of(key)]
    others = [key for key in known[True] if key not in totals and key not in parts]
    return totals, list(dict.fromkeys(parts)), others, known[False]


def parts_of(key: str) -> tuple[str, ...]:
    """Return the areas that a total is made of; none of an area that is no total."""
    area = catalogue().footprints[key]
    return area.parts if isinstance(area, Total) else ()


def usual_areas() -> tuple[str, ...]:
    """Every total that is shipped, and its areas."""
    totals, parts, *_ = offered()
    return (*parts, *totals)


def read_choices(plan: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Choices, list[str]]:
    """Read the keys of this page; what cannot be true gives a note and the usual.

    Parameters
    ----------
    plan
        The plan of the address.
    rest
        Text from the outside, by key.
    """
    usual = Choices(plan, usual_areas())
    totals, parts, others, own = offered()
    order = (*parts, *totals, *others, *own)
    found: dict[str, Any] = {}
    found["areas"], notes = some_of(rest.get("areas"), order, usual.areas, "area")
    for key, known, what in (("measure", tuple(BY_KEY), "measure"), ("show", WAYS, "way to show numbers")):
        found[key], more = one_of(rest.get(key), known, getattr(usual, key), what)
        notes += more
    year = (rest.get("year") or (str(LAST),))[-1]
    if year.isascii() and year.isdigit() and FIRST <= int(year[:5]) <= LAST:
        found["year"] = int(year[:5])
    else:
        notes.append(f"“{clean_name(year)}” is no year from {FIRST} to {LAST}; {LAST} is shown.")
    return replace(usual, **found), notes
