"""The default ensemble of plans, member by member: medians, differences and regret are worked out from it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from threading import Condition, Thread

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.areas import Place
from dudley_dashboard.plan import Plan
from dudley_dashboard.runs import COMPILED, ONE_AT_A_TIME, areas_of
from dudley_sd.ensembles.band import default_members
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.measures import MEASURES, measured
from dudley_sd.runs.areas import make_plans

KEPT = 640
"""Plans kept in memory, those that were asked for last; one takes 283,136 bytes, all of them 181 MB."""

PATIENCE = 0.4
"""Seconds that a reader's request waits for members that are nearly there."""

WANTED = 10.0
"""Seconds after which members that nobody has asked for again are not drawn any more."""

_Key = tuple[str, str, str, str, str, tuple[tuple[str, float], ...]]
_MEMBERS: dict[_Key, xr.Dataset] = {}
_REFUSED: dict[_Key, None] = {}
"""Plans that have no members: whoever asks for them is told why."""

_QUEUE: dict[_Key, tuple[float, Plan]] = {}
"""Plans to draw, the next one first, with the time at which each was last asked for."""

_CHANGED = Condition()
_WORKERS: list[Thread] = []

_log = logging.getLogger(__name__)


def members_of(plans: Iterable[Plan]) -> list[xr.Dataset]:
    """Return the measures of every member of plans, kept for a while.

    Plans that differ in their scenario alone are run together.

    Returns
    -------
    list of xr.Dataset
        For each plan one variable for each of `dudley_sd.results.measures.MEASURES` by its key, dims (member,
        year), in the unit of the model. The first member is the single run at central values; the others have
        the same draws in every plan, so that their differences are no noise.

    Raises
    ------
    InputError, BrokenInvariantError
        As `dudley_sd.run`.
    """
    asked = [(_key(plan), plan) for plan in plans]
    found = _kept(key for key, _ in asked)
    together: dict[_Key, dict[str, Plan]] = {}
    for key, plan in asked:
        if key not in found:
            together.setdefault(("", *key[1:]), {})[plan.scenario] = plan
    for by_scenario in together.values():
        found |= _run(by_scenario)
    return [found[key] for key, _ in asked]


def are_kept(plans: Iterable[Plan]) -> bool:
    """Whether nobody has to wait for the members of plans."""
    keys = {_key(plan) for plan in plans}
    return len(_kept(keys)) == len(keys)


def soon(plans: Iterable[Plan], patience: float = PATIENCE) -> bool:
    """Whether the members of plans are there; else they are drawn in the background, before any that wait.

    Nobody waits longer than ``patience`` seconds here, and not at all for a compiler: whoever asks asks
    again. A plan that has no members is not waited for: `members_of` says why. Of more than `KEPT` plans
    not all are ever there.
    """
    wanted = {_key(plan): plan for plan in plans}
    with _CHANGED:
        _kept(wanted)
        now = time.monotonic()
        missing = {key: (now, plan) for key, plan in wanted.items() if not _settled(key)}
        if missing:
            waiting = {key: each for key, each in _QUEUE.items() if key not in missing}
            _QUEUE.clear()
            _QUEUE.update(missing | waiting)
            if not _WORKERS:
                _WORKERS.append(Thread(target=_work, name="draw members", daemon=True))
                _WORKERS[0].start()
            _CHANGED.notify_all()
            if not COMPILED.waiting([_place(plan) for plan in wanted.values()]):
                _CHANGED.wait_for(lambda: all(_settled(key) for key in missing), patience)
        return all(_settled(key) for key in wanted)


def _kept(keys: Iterable[_Key]) -> dict[_Key, xr.Dataset]:
    """Return the members that are in memory; they are forgotten last."""
    with _CHANGED:
        found = {key: _MEMBERS.pop(key) for key in dict.fromkeys(keys) if key in _MEMBERS}
        _MEMBERS.update(found)
    return found


def _settled(key: _Key) -> bool:
    return key in _MEMBERS or key in _REFUSED


def _work() -> None:
    """Draw what waits, first that of areas that are compiled; the others are compiled meanwhile."""
    while True:
        with _CHANGED:
            oldest = time.monotonic() - WANTED
            for key in [key for key, (asked, _) in _QUEUE.items() if asked < oldest or _settled(key)]:
                del _QUEUE[key]
            if not _QUEUE:
                _WORKERS.clear()
                return
            places = {key: _place(plan) for key, (_, plan) in _QUEUE.items()}
            COMPILED.prepare(list(dict.fromkeys(places.values())))
            compiled = [key for key, place in places.items() if not COMPILED.waiting([place])]
            if not compiled:
                _CHANGED.wait(PATIENCE)
                continue
            plan = _QUEUE[compiled[0]][1]
        refused = _is_refused(plan)
        with _CHANGED:
            _QUEUE.pop(compiled[0], None)
            if refused:
                while len(_REFUSED) >= KEPT:
                    del _REFUSED[next(iter(_REFUSED))]
                _REFUSED[compiled[0]] = None
            _CHANGED.notify_all()


def _is_refused(plan: Plan) -> bool:
    """Draw the members of a plan; whatever else fails is tried again when the plan is asked for again."""
    try:
        members_of([plan])
    except (InputError, BrokenInvariantError):
        return True  # raised again to whoever asks for the members
    except Exception:  # noqa: BLE001 - this thread must go on with the others
        _log.exception("The runs of a plan could not be drawn")
    return False


def _place(plan: Plan) -> Place:
    return Place(plan.footprint, plan.projection)


def _key(plan: Plan) -> _Key:
    levers = tuple(sorted(plan.levers.items()))
    return (plan.scenario, plan.portfolio, plan.contract, plan.footprint, plan.projection, levers)


def _run(by_scenario: dict[str, Plan]) -> dict[_Key, xr.Dataset]:
    """Run and keep plans that differ in their scenario alone."""
    plan = next(iter(by_scenario.values()))
    COMPILED.get(_place(plan))
    with ONE_AT_A_TIME:
        made = _kept(_key(each) for each in by_scenario.values())
        if len(made) == len(by_scenario):  # somebody else asked for them a moment before
            return made
        areas = areas_of((plan.footprint,), plan.projection)
        plans = make_plans(areas, list(by_scenario), plan.portfolio, dict(plan.levers), plan.contract)
        runs = default_members(areas.asked, plans)[plan.footprint]
        whole = xr.Dataset({measure.key: measured(runs, measure) for measure in MEASURES})
        whole = whole.reset_coords(drop=True)
        made = {
            _key(replace(plan, scenario=scenario)): whole.sel(scenario=scenario, drop=True).copy(deep=True)
            for scenario in by_scenario
        }
        with _CHANGED:
            _MEMBERS.update(made)
            while len(_MEMBERS) > KEPT:
                del _MEMBERS[next(iter(_MEMBERS))]
    return made
