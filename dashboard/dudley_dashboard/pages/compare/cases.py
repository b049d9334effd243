"""Which runs stand side by side, what is each called, and what came out of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.caveats import base_title
from dudley_dashboard.members import members_of
from dudley_dashboard.pages.beside import YOUR_PLAN, described, portfolio_words
from dudley_dashboard.pages.compare.choices import DO_NOTHING, Choices
from dudley_dashboard.pages.compare.heads import apart
from dudley_dashboard.runs import measures_of
from dudley_dashboard.shown import BY_KEY, Shown, shown
from dudley_sd.request import PROJECTION, Request, world_settings
from dudley_sd.results.broken import BrokenInvariantError

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
        What readers call it where it stands beside the others, and what more sets it apart from them.
    whole
        What it is called and made of where it stands by itself.
    """

    key: str
    title: str
    detail: str
    plan: Request
    whole: str = ""

    @property
    def name(self) -> str:
        """Title and detail in one line."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


@dataclass(frozen=True, eq=False)
class Told:
    """A case with its letter and what came out.

    Attributes
    ----------
    results
        Its single run, from `dudley_dashboard.runs.measures_of`.
    runs
        What its numbers are worked out from: the members of the default ensemble, dims (member, year), see
        `dudley_dashboard.members.members_of`; or the single run again, dims (year).
    """

    letter: str
    case: Case
    results: xr.Dataset
    runs: xr.Dataset

    @property
    def members(self) -> int:
        """How many runs a median is taken of; 0 for a single run."""
        return self.runs.sizes.get("member", 1) - 1

    def shown(self, measure: str, way: str, reference: Told) -> Shown:
        """One measure over the years as it is shown."""
        return shown(self.runs, BY_KEY[measure], way, reference.runs[measure])


def cases_of(choices: Choices) -> tuple[list[Case], list[str]]:
    """Return do nothing, the plan of the address, the reference case, pinned plans, and all that was ticked.

    What was ticked has the plan's levers on the outside world, as do nothing has: it differs from the plan
    in future and decisions alone.

    Returns
    -------
    tuple
        At most `MOST` cases, no run twice, and notes on what was left out.
    """
    plan, first, nothing = choices.plan, choices.plan.reference_case(), choices.plan.do_nothing()
    title = f"Do nothing ({YOUR_PLAN.lower()})" if plan == nothing else "Do nothing"
    found = [
        Case(DO_NOTHING, title, "the reference case" if nothing == first else "", nothing),
        Case(THIS_PLAN, YOUR_PLAN, "", plan),
        Case(REFERENCE_CASE, "Reference case", "", first),
    ]
    found += [Case(f"pin:{pin.name}", pin.name, "", pin.plan) for pin in choices.pins]
    world = world_settings(plan.values)
    for future, portfolio, contract in product(choices.futures, choices.portfolios, choices.contracts):
        ticked = Request(future, portfolio, contract, plan.footprint, plan.projection, world)
        found.append(Case(".".join((future, portfolio, contract)), "", "", ticked))
    found, notes = _on_one_base(found)
    unlike: list[Case] = []
    for case in found:
        if case.key.startswith("pin:") or all(case.plan != other.plan for other in unlike):
            unlike.append(case)
    if len(unlike) > MOST:
        notes.append(f"{len(unlike)} were chosen; the first {MOST} are shown. Take some ticks away.")
    return _named(unlike[:MOST]), notes


def _named(cases: Sequence[Case]) -> list[Case]:
    """Call each case what sets it apart from the others."""
    found = []
    for case, (words, levers) in zip(cases, apart([each.plan for each in cases]), strict=True):
        whole = described(case.plan, cases[0].plan)
        if case.title:
            own = [each for each in words if each not in case.title.lower()]
            detail = sentence(", ".join(each for each in (*own, levers, case.detail) if each))
            found.append(replace(case, detail=detail, whole=f"{case.title}: {whole}"))
        else:
            title = sentence(", ".join(words or [portfolio_words(case.plan.portfolio)]))
            found.append(replace(case, title=title, detail=levers, whole=whole))
    return found


def sentence(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


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


def tell(cases: Sequence[Case], *, drawn: bool = True) -> tuple[list[Told], list[str]]:
    """Run cases, one that cannot be run is left out and noted; without ``drawn`` their single runs alone."""
    told: list[Told] = []
    notes = []
    for case, found in zip(cases, _together(cases) if drawn else [None] * len(cases), strict=True):
        try:
            results = measures_of(case.plan)
            runs = results.isel(scenario=0) if found is None else found or members_of([case.plan])[0]
        except (InputError, BrokenInvariantError) as error:
            notes.append(f"“{case.title}” cannot be run and was left out: {why(error)}.")
            continue
        told.append(Told(LETTERS[len(told)], case, results, runs))
    return told, notes


def _together(cases: Sequence[Case]) -> Sequence[xr.Dataset]:
    """Members of cases, which are run together; empty for each to be run alone where one cannot be run."""
    try:
        return members_of(case.plan for case in cases)
    except (InputError, BrokenInvariantError):
        return [xr.Dataset()] * len(cases)


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
