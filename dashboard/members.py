"""The default ensemble of plans, member by member: medians, differences and regret are worked out from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import xarray as xr

from dashboard.areas import Place
from dashboard.plan import Plan
from dashboard.runs import MEMBERS, ONE_AT_A_TIME, areas_of
from dudley_sd.ensembles.band import default_members
from dudley_sd.results.measures import MEASURES, measured
from dudley_sd.runs.areas import make_plans

KEPT = 160
"""Plans kept in memory; one takes 0.3 MB."""

_Key = tuple[str, str, str, str, str, tuple[tuple[str, float], ...]]
_MEMBERS: dict[_Key, xr.Dataset] = {}


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
    found = {key: _MEMBERS[key] for key, _ in asked if key in _MEMBERS}
    together: dict[_Key, dict[str, Plan]] = {}
    for key, plan in asked:
        if key not in found:
            together.setdefault(("", *key[1:]), {})[plan.scenario] = plan
    for by_scenario in together.values():
        found |= _run(by_scenario)
    return [found[key] for key, _ in asked]


def are_kept(plans: Iterable[Plan]) -> bool:
    """Whether nobody has to wait for the members of plans."""
    return all(_key(plan) in _MEMBERS for plan in plans)


def _key(plan: Plan) -> _Key:
    levers = tuple(sorted(plan.levers.items()))
    return (plan.scenario, plan.portfolio, plan.contract, plan.footprint, plan.projection, levers)


def _run(by_scenario: dict[str, Plan]) -> dict[_Key, xr.Dataset]:
    """Run and keep plans that differ in their scenario alone."""
    plan = next(iter(by_scenario.values()))
    MEMBERS.get(Place(plan.footprint, plan.projection))
    with ONE_AT_A_TIME:
        made = {_key(each): _MEMBERS[_key(each)] for each in by_scenario.values() if _key(each) in _MEMBERS}
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
        while _MEMBERS and len(_MEMBERS) + len(made) > KEPT:
            del _MEMBERS[next(iter(_MEMBERS))]
        _MEMBERS.update(made)
    return made
