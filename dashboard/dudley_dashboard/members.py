"""Members of the default ensemble of requests, and runs whose medians and differences come from them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Condition, Thread

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.runs import COMPILED, ONE_AT_A_TIME, AreaKey, areas_of, indicators_of
from dudley_dashboard.series import Series, series_of
from dudley_sd.ensembles.default_ensemble import default_members
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.request import Request
from dudley_sd.results.invariants import BrokenInvariantError
from dudley_sd.runs.areas import make_runs
from dudley_sd.simulation import RESULTS

KEPT = 640
"""Plans that `dudley_sd.simulation.RESULTS` has room for; one takes 283,136 bytes, all of them 181 MB."""

PATIENCE = 0.4
"""Seconds that a reader's request waits for members that are nearly there."""

WANTED = 10.0
"""Seconds after which members that nobody has asked for again are not drawn any more."""

_REFUSED: dict[Request, None] = {}
"""Plans that have no members: whoever asks for them is told why."""

_QUEUE: dict[Request, float] = {}
"""Plans to draw, the next one first, with the time at which each was last asked for."""

_CHANGED = Condition()
_WORKERS: list[Thread] = []

_log = logging.getLogger(__name__)


def members_of(plans: Iterable[Request]) -> list[xr.Dataset]:
    """Return the indicators of every member of plans, kept for a while.

    Plans that differ in their scenario alone are run together.

    Returns
    -------
    list of xr.Dataset
        For each plan one variable for each of `dudley_sd.indicators.COMPARED` by its key, dims (member,
        year from 2018), in the unit of the model. The first member is the single run at central values; the
        others have the same draws in every plan, so that their differences are no noise.

    Raises
    ------
    InputError, BrokenInvariantError
        As `dudley_sd.run`.
    """
    requests = list(plans)
    found = _kept(requests)
    together: dict[Request, dict[str, None]] = {}
    for plan in requests:
        if plan not in found:
            together.setdefault(replace(plan, scenarios=()), {})[plan.scenario] = None
    for request, scenarios in together.items():
        found |= _run(replace(request, scenarios=tuple(scenarios)))
    return [found[plan] for plan in requests]


def in_cache(plans: Iterable[Request]) -> bool:
    """Whether nobody has to wait for the members of plans."""
    wanted = set(plans)
    return len(_kept(wanted)) == len(wanted)


def soon(plans: Iterable[Request], patience: float = PATIENCE) -> bool:
    """Whether the members of plans are there; else they are drawn in the background, before any that wait.

    Nobody waits longer than ``patience`` seconds here, and not at all for a compiler: whoever asks asks
    again. A plan that has no members is not waited for: `members_of` says why. Of more than `KEPT` plans
    not all are ever there.
    """
    wanted = list(dict.fromkeys(plans))
    with _CHANGED:
        _kept(wanted)
        now = time.monotonic()
        missing = {plan: now for plan in wanted if not _settled(plan)}
        if missing:
            waiting = {plan: since for plan, since in _QUEUE.items() if plan not in missing}
            _QUEUE.clear()
            _QUEUE.update(missing | waiting)
            if not _WORKERS:
                _WORKERS.append(Thread(target=_work, name="draw members", daemon=True))
                _WORKERS[0].start()
            _CHANGED.notify_all()
            if not COMPILED.waiting([_area_key(plan) for plan in wanted]):
                _CHANGED.wait_for(lambda: all(_settled(key) for key in missing), patience)
        return all(_settled(key) for key in wanted)


def _kept(requests: Iterable[Request]) -> dict[Request, xr.Dataset]:
    """Return the members that are in memory; they are forgotten last."""
    found = {request: RESULTS.find(("members", request)) for request in dict.fromkeys(requests)}
    return {request: members for request, members in found.items() if members is not None}


def _settled(request: Request) -> bool:
    return request in _REFUSED or bool(_kept([request]))


def _work() -> None:
    """Draw what waits, first that of areas that are compiled; the others are compiled meanwhile."""
    while True:
        with _CHANGED:
            oldest = time.monotonic() - WANTED
            for plan in [plan for plan, since in _QUEUE.items() if since < oldest or _settled(plan)]:
                del _QUEUE[plan]
            if not _QUEUE:
                _WORKERS.clear()
                return
            places = {plan: _area_key(plan) for plan in _QUEUE}
            COMPILED.prepare(list(dict.fromkeys(places.values())))
            compiled = [plan for plan, place in places.items() if not COMPILED.waiting([place])]
            if not compiled:
                _CHANGED.wait(PATIENCE)
                continue
            plan = compiled[0]
        refused = _is_refused(plan)
        with _CHANGED:
            _QUEUE.pop(plan, None)
            if refused:
                while len(_REFUSED) >= KEPT:
                    del _REFUSED[next(iter(_REFUSED))]
                _REFUSED[plan] = None
            _CHANGED.notify_all()


def _is_refused(plan: Request) -> bool:
    """Draw the members of a plan; whatever else fails is tried again when the plan is asked for again."""
    try:
        members_of([plan])
    except (InputError, BrokenInvariantError):
        return True  # raised again to whoever asks for the members
    except Exception:  # noqa: BLE001 - this thread must go on with the others
        _log.exception("The runs of a plan could not be drawn")
    return False


def _area_key(plan: Request) -> AreaKey:
    return AreaKey(plan.footprint, plan.projection)


def _run(request: Request) -> dict[Request, xr.Dataset]:
    """Run a request and keep the members of each of its scenarios."""
    COMPILED.get(_area_key(request))
    with ONE_AT_A_TIME:
        each = [replace(request, scenarios=(scenario,)) for scenario in request.scenarios]
        made = _kept(each)
        if len(made) == len(each):  # somebody else asked for them a moment before
            return made
        areas = areas_of(request.footprints, request.projection)
        runs = default_members(areas.footprints, make_runs(areas, request))[request.footprint]
        whole = xr.Dataset({indicator.key: indicator.of(runs) for indicator in COMPARED.values()})
        whole = whole.reset_coords(drop=True).sel(year=slice(PROJECTED, None))
        made = {plan: whole.sel(scenario=plan.scenario, drop=True).copy(deep=True) for plan in each}
        for plan, members in made.items():
            RESULTS.keep(("members", plan), members, members.nbytes)
    return made


@dataclass(frozen=True, eq=False)
class Run:
    """What came out of a request.

    Attributes
    ----------
    request
        What was run.
    single
        Its single run, from `dudley_dashboard.runs.indicators_of`.
    runs
        What its numbers are worked out from: the members of the default ensemble, dims (member, year), see
        `members_of`; or the single run again, dims (year).
    """

    request: Request
    single: xr.Dataset
    runs: xr.Dataset

    @property
    def members(self) -> int:
        """How many runs a median is taken of; 0 for a single run."""
        return self.runs.sizes.get("member", 1) - 1

    @property
    def indicative(self) -> str:
        """Why its numbers are no more than indicative; empty where the figures are the area's own."""
        return str(self.single.attrs.get("indicative", ""))

    @property
    def beyond(self) -> frozenset[int]:
        """Years beyond the projection table."""
        years = self.single["year"].to_numpy()[self.single["extrapolated"].to_numpy()]
        return frozenset(int(year) for year in years)

    def series(self, indicator: str, way: str, reference: Run | None = None) -> Series:
        """One indicator over the years; see `series_of`."""
        return series_of(self.runs, COMPARED[indicator], way, None if reference is None else reference.runs)


def run_all(requests: Sequence[Request], *, medians: bool = True) -> list[Run | str]:
    """Run requests together, with the members of the default ensemble where medians are wanted.

    Returns
    -------
    list
        For each request its run; or why it cannot be run, a sentence without its full stop.
    """
    if not medians:
        return [_run_one(request, medians=False) for request in requests]
    try:
        members = members_of(requests)
        return [
            Run(request, indicators_of(request), runs)
            for request, runs in zip(requests, members, strict=True)
        ]
    except (InputError, BrokenInvariantError):
        return [_run_one(request, medians=True) for request in requests]


def _run_one(request: Request, *, medians: bool) -> Run | str:
    try:
        single = indicators_of(request)
        return Run(request, single, members_of([request])[0] if medians else single.isel(scenario=0))
    except (InputError, BrokenInvariantError) as error:
        return why(error)


def why(error: InputError | BrokenInvariantError) -> str:
    """Say what is wrong with a run, in one sentence without its full stop."""
    if isinstance(error, BrokenInvariantError):
        return "its result breaks a rule that must always hold"
    return f"{error.faults[0].where} {error.faults[0].problem}".strip().rstrip(".")


def years_beyond(runs: Iterable[Run]) -> frozenset[int]:
    """Years beyond the projection table of any run."""
    return frozenset().union(*(run.beyond for run in runs))
