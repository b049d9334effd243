"""Areas of the page: which are chosen, and what comes out in each with the plan and with do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.members import Run, run_all
from dudley_dashboard.names import is_indicative, world_text
from dudley_dashboard.page import Key, Query, year_key
from dudley_dashboard.series import ABSOLUTE, CHANGE, PER_1000, Series, fitting_way, of_runs
from dudley_dashboard.settings_for_browser import base_title, borrowed
from dudley_sd.folders import inputs_folder
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.footprints import Total
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.request import Request

WAYS = (PER_1000, ABSOLUTE, CHANGE)
FIRST, LAST = PROJECTED, REVIEW_POINTS[-1]
UNITS = {"£m": "", "WTE": "GPs"}
"""What is counted, where the unit of an indicator does not say it or stands in the number."""


@dataclass(frozen=True)
class FootprintsQuery(Query):
    """What an address asks of the page.

    Attributes
    ----------
    areas
        Keys of areas, in the order offered; totals among them.
    indicator, show, year
        Indicator, one of `WAYS`, and the year of the ranking.
    """

    areas: tuple[str, ...]
    indicator: str
    show: str
    year: int

    @classmethod
    def keys(cls, _request: Request) -> tuple[Key, ...]:
        """Return the keys of the page: every total that is shipped and its areas are shown by default."""
        totals, parts, others, own = offered()
        return (
            Key("areas", "area", (*parts, *totals, *others, *own), (*parts, *totals)),
            Key("indicator", "indicator", COMPARED, "emergency_admissions"),
            Key("show", "way to show numbers", WAYS, PER_1000),
            year_key(LAST, FIRST, LAST),
        )

    @property
    def on_one_scale(self) -> bool:
        """Whether a total can stand on the scale of its areas: a rate or a share can, a size cannot."""
        indicator = COMPARED[self.indicator]
        return not indicator.size or fitting_way(indicator, self.show) == PER_1000

    def requests(self, keys: Sequence[str]) -> list[Request]:
        """Return the plan and do nothing in areas, on the projection that all areas of the page have."""
        common = catalogue().common_projection(self.areas, self.request.projection)
        plans = [replace(self.request, projection=common, footprints=(key,)) for key in keys]
        return [each for plan in plans for each in (plan, plan.do_nothing())]

    def all_requests(self) -> list[Request]:
        """Return all that is run: in each area and in the parts of totals."""
        return self.requests(
            list(dict.fromkeys(each for key in self.areas for each in (key, *parts_of(key))))
        )


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


@dataclass(frozen=True, eq=False)
class Area:
    """One area with the plan, and with do nothing in the same future.

    Attributes
    ----------
    key
        Key in the address.
    run, nothing_run
        What came out.
    with_plan, nothing
        The indicator over the years.
    """

    key: str
    run: Run
    nothing_run: Run
    with_plan: Series
    nothing: Series

    @property
    def name(self) -> str:
        """Name without any mark."""
        return catalogue().footprints[self.key].name

    @property
    def parts(self) -> tuple[str, ...]:
        """Areas that it is the sum of; none where it is no total."""
        return parts_of(self.key)

    @property
    def indicative(self) -> str:
        """Why its numbers are no more than indicative; empty where the figures are the area's own."""
        return self.run.indicative.removeprefix("Indicative: ")

    @property
    def mark(self) -> str:
        """What must stand beside its name."""
        marks = ["sum of its areas"] if self.parts else []
        return ", ".join(marks + (["indicative"] if self.indicative else []))

    @property
    def label(self) -> str:
        """Name with what must stand beside it."""
        return f"{self.name} ({self.mark})" if self.mark else self.name

    @cached_property
    def difference(self) -> Series:
        """How far the plan is from do nothing over the years, with the same draws, in the same way."""
        return self.with_plan.less(self.nothing)

    @cached_property
    def count(self) -> Series:
        """The indicator in numbers with the plan, whatever way is chosen."""
        return self.run.series(self.with_plan.indicator.key, ABSOLUTE)

    def in_all(self, year: int) -> str:
        """Say how many there are in all, where a number per head is shown; or nothing."""
        if self.with_plan.way != PER_1000:
            return ""
        size, _, word = self.count.text(year).partition(" ")
        unit = UNITS.get(self.count.indicator.unit, self.count.indicator.unit)
        return " ".join(each for each in (size, unit, word, "in all") if each)


def areas_of(
    query: FootprintsQuery, keys: Sequence[str], way: str, *, medians: bool = True
) -> tuple[list[Area], list[str]]:
    """Run the plan and do nothing in areas; one that cannot be run is left out and noted."""
    found: list[Area] = []
    notes = []
    runs = run_all(query.requests(keys), medians=medians)
    for key, run, nothing in zip(keys, runs[::2], runs[1::2], strict=True):
        if isinstance(run, str) or isinstance(nothing, str):
            why = run if isinstance(run, str) else nothing
            name = catalogue().footprints[key].name
            notes.append(f"{name} cannot be run with your plan and was left out: {why}.")
        else:
            series = (each.series(query.indicator, way) for each in (run, nothing))
            found.append(Area(key, run, nothing, *series))
    return found, notes


def comparable(query: FootprintsQuery, areas: Sequence[Area]) -> list[Area]:
    """Return areas that can stand on one scale: no totals where numbers are sizes."""
    return [area for area in areas if not area.parts or query.on_one_scale]


def is_empty(area: Area) -> bool:
    """Whether the indicator has no number in an area, with the plan and with do nothing."""
    return all(np.isnan(series.values).all() for series in (area.with_plan, area.nothing))


def total_and_parts(query: FootprintsQuery, key: str, *, medians: bool = True) -> tuple[Area, list[Area]]:
    """Return a total and the areas that it is the sum of, in numbers, whatever way is chosen."""
    found, _ = areas_of(query, [key, *parts_of(key)], ABSOLUTE, medians=medians)
    return found[0], found[1:]


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
    indicator, notes = COMPARED[query.indicator], []
    if query.request == query.request.do_nothing():
        notes.append("Nothing is put in place in your plan: it is one line with doing nothing.")
    if query.show == PER_1000 and fitting_way(indicator, PER_1000) == ABSOLUTE:
        notes.append(f"“{indicator.title}” says nothing per head and is shown as it is.")
    if len(on_scale) < len(areas):
        notes.append("A total is larger than each of its areas: it stands below, not on their scale.")
    return [*notes, world] if (world := world_text(query.request)) else notes


def base_text(query: FootprintsQuery) -> str:
    """Name the projection that all areas are on, for titles."""
    return base_title(query.areas, query.request.projection)


def title_start(query: FootprintsQuery, members: int) -> str:
    """Name the indicator, of what runs it is and the projection: what every title begins with."""
    return f"{COMPARED[query.indicator].title}, {of_runs(members)}, {base_text(query)}"


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
