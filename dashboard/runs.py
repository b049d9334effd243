"""Run plans for the dashboard: the same call as anybody's, each answer kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import xarray as xr

from dashboard.plan import CONTRACT, Plan
from dudley_sd.api import refuse_disagreement, run_areas
from dudley_sd.results.comparison import OFFICIAL_FUTURE
from dudley_sd.results.do_nothing import do_nothing_levers
from dudley_sd.results.together import together
from dudley_sd.runs.areas import Areas, find_areas, make_plans
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

KEPT = 32
"""Results kept in memory; one takes about 1 MB for each scenario and area."""


def run(plan: Plan, scenarios: Sequence[str] = (), footprints: Sequence[str] = ()) -> xr.Dataset:
    """Run a plan in its own scenario and area, or in those given.

    Returns
    -------
    xr.Dataset
        As `dudley_sd.run` returns it: dims (scenario, year, ...); with `footprints`, footprint before them.
    """
    levers = tuple(sorted(plan.levers.items()))
    return _run(
        tuple(scenarios) or (plan.scenario,),
        tuple(footprints) or plan.footprint,
        plan.portfolio,
        plan.contract,
        plan.projection,
        levers,
    )


def reference_case(plan: Plan) -> Plan:
    """Return the reference case: Official Future, do nothing and no lever moved, in the same area."""
    return Plan(OFFICIAL_FUTURE, NO_PORTFOLIO, CONTRACT, plan.footprint, plan.projection)


def do_nothing(plan: Plan) -> Plan:
    """Return do nothing: the plan's own future and outside world, no portfolio, contract as now."""
    return Plan(
        plan.scenario,
        NO_PORTFOLIO,
        CONTRACT,
        plan.footprint,
        plan.projection,
        do_nothing_levers(plan.levers),
    )


@lru_cache(maxsize=KEPT)
def _run(
    scenarios: tuple[str, ...],
    where: str | tuple[str, ...],
    portfolio: str,
    contract: str,
    projection: str,
    levers: tuple[tuple[str, float], ...],
) -> xr.Dataset:
    areas = areas_of((where,) if isinstance(where, str) else where, projection)
    plans = make_plans(areas, list(scenarios), portfolio, dict(levers), contract)
    found = run_areas(areas, plans)
    return found[where] if isinstance(where, str) else together(found)


@lru_cache(maxsize=32)
def areas_of(names: tuple[str, ...], projection: str) -> Areas:
    """Areas whose tables are prepared: that takes most of the time, and only files of inputs change it."""
    areas = find_areas(list(names), projection)
    for plan in make_plans(areas, None, NO_PORTFOLIO).values():
        refuse_disagreement(plan)
    return areas
