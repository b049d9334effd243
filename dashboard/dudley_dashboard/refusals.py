"""Can these levers be run together, in this scenario and area? What each limit alone does not tell."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sdcompile.errors import Fault, InputError

from dudley_dashboard.plan import Plan
from dudley_dashboard.runs import areas_of
from dudley_sd.runs.areas import make_plans


def without_refused(plan: Plan) -> tuple[Plan, tuple[Fault, ...]]:
    """Leave out levers that a run would refuse.

    Returns
    -------
    tuple
        The plan, which can be run, and why levers were left out: one set both as a whole and by element, or
        outside the limits that a smaller or larger area has.
    """
    if not plan.levers:
        return plan, ()
    faults = _refused(plan, tuple(plan.levers.items()))
    if not faults:
        return plan, ()
    named = {fault.where for fault in faults}
    kept = {name: value for name, value in plan.levers.items() if name not in named}
    clean = replace(plan, levers=kept)
    if kept and _refused(clean, tuple(kept.items())):
        clean = replace(plan, levers={})
    return clean, faults


def _refused(plan: Plan, levers: tuple[tuple[str, float], ...]) -> tuple[Fault, ...]:
    key = (plan.scenario, plan.portfolio, plan.contract, plan.footprint, plan.projection)
    return _faults(key, levers)


@lru_cache(maxsize=256)
def _faults(key: tuple[str, str, str, str, str], levers: tuple[tuple[str, float], ...]) -> tuple[Fault, ...]:
    scenario, portfolio, contract, footprint, projection = key
    try:
        make_plans(areas_of((footprint,), projection), [scenario], portfolio, dict(levers), contract)
    except InputError as error:
        return tuple(error.faults)
    return ()
