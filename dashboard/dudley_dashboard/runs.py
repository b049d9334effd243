"""Run plans for the dashboard: the same call as anybody's, each answer kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import xarray as xr

from dudley_dashboard.areas import Place, Store
from dudley_dashboard.plan import CONTRACT, Plan
from dudley_sd.api import refuse_disagreement, run_areas
from dudley_sd.ensembles.band import compile_members, default_bands
from dudley_sd.results.band import with_band
from dudley_sd.results.comparison import OFFICIAL_FUTURE
from dudley_sd.results.do_nothing import do_nothing_levers
from dudley_sd.results.together import together
from dudley_sd.runs.areas import Areas, find_areas, make_plans
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

KEPT = 32
"""Results kept in memory; one takes about 1 MB for each scenario and area."""

BANDS_KEPT = 128
"""Bands kept in memory; one takes about 0.2 MB."""

ONE_AT_A_TIME = Lock()
"""Two ensembles at once would each take twice as long, and all others would wait."""

_Key = tuple[str, str, str, str, str, tuple[tuple[str, float], ...]]
_BANDS: dict[_Key, tuple[xr.Dataset, xr.Dataset]] = {}


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


def with_bands(plan: Plan) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the run of a plan and that of do nothing, each with its band of the default ensemble.

    Returns
    -------
    tuple
        As `run` returns them, with the variables of `dudley_sd.results.band.bands_of`: what every file of the
        command line shows too. Where the plan is do nothing, both are the same.
    """
    levers = tuple(sorted(plan.levers.items()))
    key = (plan.scenario, plan.footprint, plan.portfolio, plan.contract, plan.projection, levers)
    run_band, nothing_band = _BANDS.get(key) or _new_bands(key)
    return with_band(run(plan), run_band), with_band(run(do_nothing(plan)), nothing_band)


def _new_bands(key: _Key) -> tuple[xr.Dataset, xr.Dataset]:
    """Make and keep bands; whoever asks for bands of areas that are compiled does not wait for a compiler."""
    COMPILED.get(Place(key[1], key[4]))
    with ONE_AT_A_TIME:
        if key not in _BANDS:
            found = _bands(*key)
            while len(_BANDS) >= BANDS_KEPT:
                del _BANDS[next(iter(_BANDS))]
            _BANDS[key] = found
        return _BANDS[key]


def ready(plan: Plan) -> bool:
    """Whether the bands of a plan can be worked out now; else what they need is compiled meanwhile."""
    place = Place(plan.footprint, plan.projection)
    if not COMPILED.waiting([place]):
        return True
    COMPILED.prepare([place])
    return False


def _compile(place: Place) -> bool:
    areas = areas_of((place.area,), place.projection)
    compile_members(areas.asked, make_plans(areas, None, NO_PORTFOLIO))
    return True


COMPILED = Store(_compile)
"""Areas, and totals, whose default ensemble is compiled."""


def _bands(
    scenario: str,
    footprint: str,
    portfolio: str,
    contract: str,
    projection: str,
    levers: tuple[tuple[str, float], ...],
) -> tuple[xr.Dataset, xr.Dataset]:
    plan = Plan(scenario, portfolio, contract, footprint, projection, dict(levers))
    nothing = do_nothing(plan)
    areas = areas_of((footprint,), projection)
    plans, others = (
        make_plans(areas, [each.scenario], each.portfolio, dict(each.levers), each.contract)
        for each in (plan, nothing)
    )
    found = default_bands(areas.asked, plans, None if nothing == plan else others)
    return found.run[footprint], found.do_nothing[footprint]


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


def areas_of(names: tuple[str, ...], projection: str) -> Areas:
    """Areas whose tables are prepared: that takes most of the time, and only files of inputs change it.

    Where somebody has emptied the cache folder since, they are prepared again.
    """
    found = _areas_of(names, projection)
    if not all(folder.path.is_dir() for folder in found.folders.values()):
        _areas_of.cache_clear()
        found = _areas_of(names, projection)
    return found


@lru_cache(maxsize=32)
def _areas_of(names: tuple[str, ...], projection: str) -> Areas:
    areas = find_areas(list(names), projection)
    for plan in make_plans(areas, None, NO_PORTFOLIO).values():
        refuse_disagreement(plan)
    return areas
