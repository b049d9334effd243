"""Which runs stand side by side, what is each called, and what came out of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import xarray as xr

from dashboard.borrowed import base_title
from dashboard.catalogue import catalogue
from dashboard.measured import measures_of
from dashboard.pages.beside import YOUR_PLAN, described
from dashboard.pages.compare.choices import DO_NOTHING, Choices
from dashboard.plan import PROJECTION, Plan
from dashboard.runs import do_nothing, reference_case, with_bands
from dashboard.shown import ABSOLUTE, BY_KEY, DIFFERENCE, Shown, shown
from dudley_sd.errors import InputError
from dudley_sd.results.band import DIFFERENCE as BAND_DIFFERENCE
from dudley_sd.results.band import HIGH, LOW, MEDIAN, band_of
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.do_nothing import do_nothing_levers

MOST = 12
"""Cases that a table and a picture can show and a reader can tell apart."""

LETTERS = "ABCDEFGHIJKL"
THIS_PLAN, REFERENCE_CASE = "plan", "reference_case"


@dataclass(frozen=True)
class Case:
    """One run to compare.

    Attributes
    ----------
    key
        What the address calls it: ``do_nothing``, ``plan``, ``reference_case``, ``pin:Closer to home`` or
        ``state_supreme.as_evidenced.as_now``.
    title, detail
        What readers call it, and what it is made of.
    """

    key: str
    title: str
    detail: str
    plan: Plan

    @property
    def name(self) -> str:
        """Title and detail in one line."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


@dataclass(frozen=True, eq=False)
class Told:
    """A case with its letter, what came out of its single run, and the run with its band."""

    letter: str
    case: Case
    results: xr.Dataset
    banded: xr.Dataset

    @property
    def array(self) -> xr.Dataset:
        """Measures, dims (year)."""
        return self.results.sel(scenario=self.case.plan.scenario)

    def shown(self, measure: str, way: str, reference: Told) -> Shown:
        """One measure over the years as it is shown."""
        scenario = self.case.plan.scenario
        single = shown(self.results, scenario, BY_KEY[measure], way, reference.array[measure])
        band = self._band(measure, single.way, reference)
        if band is None:
            return single
        median, low, high = (band.sel(statistic=each).to_numpy() for each in (MEDIAN, LOW, HIGH))
        return replace(single, values=median, low=low, high=high)

    def _band(self, measure: str, way: str, reference: Told) -> xr.DataArray | None:
        """Return the band of what is shown, dims (statistic, year); None for the single run only."""
        name = measure
        if way == DIFFERENCE and reference.case.plan != self.case.plan:
            if reference.case.plan != do_nothing(self.case.plan):
                return None
            name += BAND_DIFFERENCE
        elif way != ABSOLUTE:
            return None
        band = band_of(self.banded, name)
        return None if band is None else band.isel(scenario=0)


def cases_of(choices: Choices) -> tuple[list[Case], list[str]]:
    """Return do nothing, the plan of the address, the reference case, pinned plans, and all that was ticked.

    What was ticked has the plan's levers on the outside world, as do nothing has: it differs from the plan
    in future and decisions alone.

    Returns
    -------
    tuple
        At most `MOST` cases, no run twice, and notes on what was left out.
    """
    plan, first, nothing = choices.plan, reference_case(choices.plan), do_nothing(choices.plan)
    title = f"Do nothing ({YOUR_PLAN.lower()})" if plan == nothing else "Do nothing"
    detail = described(nothing) + (", the reference case" if nothing == first else "")
    found = [
        Case(DO_NOTHING, title, detail, nothing),
        Case(THIS_PLAN, YOUR_PLAN, described(plan), plan),
        Case(REFERENCE_CASE, "Reference case", described(first), first),
    ]
    found += [Case(f"pin:{pin.name}", pin.name, described(pin.plan, plan), pin.plan) for pin in choices.pins]
    world = do_nothing_levers(plan.levers)
    for future, portfolio, contract in product(choices.futures, choices.portfolios, choices.contracts):
        ticked = Plan(future, portfolio, contract, plan.footprint, plan.projection, world)
        title = catalogue().scenarios[future].title
        key = ".".join((future, portfolio, contract))
        found.append(Case(key, title, described(ticked, plan, with_scenario=False), ticked))
    found, notes = _on_one_base(found)
    unlike: list[Case] = []
    for case in found:
        if case.key.startswith("pin:") or all(case.plan != other.plan for other in unlike):
            unlike.append(case)
    if len(unlike) > MOST:
        notes.append(f"{len(unlike)} were chosen; the first {MOST} are shown. Take some ticks away.")
    return unlike[:MOST], notes


def _on_one_base(cases: Sequence[Case]) -> tuple[list[Case], list[str]]:
    """Put cases of several areas that chose no projection on the one that all of them have, and say so."""
    known = catalogue()
    areas = dict.fromkeys(case.plan.footprint for case in cases if case.plan.projection == PROJECTION)
    common = known.common_projection(areas, PROJECTION)
    if len(areas) < 2 or common == PROJECTION:
        return list(cases), []
    note = f"All areas are on one base: {base_title(areas, PROJECTION)}."
    moved = [
        replace(case, plan=replace(case.plan, projection=common))
        if case.plan.projection == PROJECTION
        else case
        for case in cases
    ]
    return moved, [note]


def tell(cases: Sequence[Case]) -> tuple[list[Told], list[str]]:
    """Run cases; one that cannot be run is left out and noted."""
    told: list[Told] = []
    notes = []
    for case in cases:
        try:
            results, (banded, _) = measures_of(case.plan), with_bands(case.plan)
        except (InputError, BrokenInvariantError) as error:
            notes.append(f"“{case.title}” cannot be run and was left out: {why(error)}.")
            continue
        told.append(Told(LETTERS[len(told)], case, results, banded))
    return told, notes


def why(error: InputError | BrokenInvariantError) -> str:
    """Say what is wrong with a run, in one sentence without its full stop."""
    if isinstance(error, InputError):
        fault = error.faults[0]
        return f"{fault.where} {fault.problem}".strip().rstrip(".")
    return "its result breaks a rule that must always hold"


def reference_of(told: Sequence[Told], key: str) -> Told:
    """Return the case that differences are taken from: the one asked for, or the first."""
    return next((each for each in told if each.case.key == key), told[0])


def same_area(told: Sequence[Told]) -> bool:
    """Whether all are of one area."""
    return len({each.case.plan.footprint for each in told}) == 1


def extrapolated(told: Sequence[Told]) -> set[int]:
    """Years beyond the projection table of any case."""
    return {
        int(year)
        for each in told
        for year in np.asarray(each.results["year"])[each.results["extrapolated"].to_numpy()]
    }
