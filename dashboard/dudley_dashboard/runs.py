"""Run plans for the dashboard: the same call as anybody's, each answer kept for a while."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import xarray as xr

from dudley_dashboard.areas import Place, Store
from dudley_sd.api import refuse_disagreement, run_areas
from dudley_sd.ensembles.band import compile_members, default_bands
from dudley_sd.request import Request
from dudley_sd.results.band import with_band
from dudley_sd.results.together import together
from dudley_sd.runs.areas import Areas, find_areas, make_plans
from dudley_sd.runs.plan import Plan
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

KEPT = 32
"""Results kept in memory; one takes about 1 MB for each scenario and area."""

BANDS_KEPT = 128
"""Bands kept in memory; one takes about 0.2 MB."""

ONE_AT_A_TIME = Lock()
"""Two ensembles at once would each take twice as long, and all others would wait."""

_BANDS: dict[Request, tuple[xr.Dataset, xr.Dataset]] = {}


@lru_cache(maxsize=KEPT)
def run(request: Request, several: bool = False) -> xr.Dataset:
    """Run a request; an answer is kept for a while.

    Returns
    -------
    xr.Dataset
        As `dudley_sd.run` returns it: dims (scenario, year, ...); with `several`, footprint before them.
    """
    areas = areas_of(request.footprints, request.projection)
    found = run_areas(areas, plans_of(areas, request))
    return together(found) if several else found[request.footprint]


def plans_of(areas: Areas, request: Request) -> dict[str, Plan]:
    """Plan a request for every area that must be run."""
    return make_plans(areas, request.scenarios, request.portfolio, request.values, request.contract)


def with_bands(plan: Request) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the run of a plan and that of do nothing, each with its band of the default ensemble.

    Returns
    -------
    tuple
        As `run` returns them, with the variables of `dudley_sd.results.band.bands_of`: what every file of the
        command line shows too. Where the plan is do nothing, both are the same.
    """
    run_band, nothing_band = _BANDS.get(plan) or _new_bands(plan)
    return with_band(run(plan), run_band), with_band(run(plan.do_nothing()), nothing_band)


def _new_bands(request: Request) -> tuple[xr.Dataset, xr.Dataset]:
    """Make and keep bands; whoever asks for bands of areas that are compiled does not wait for a compiler."""
    COMPILED.get(Place(request.footprint, request.projection))
    with ONE_AT_A_TIME:
        if request not in _BANDS:
            found = _bands(request)
            while len(_BANDS) >= BANDS_KEPT:
                del _BANDS[next(iter(_BANDS))]
            _BANDS[request] = found
        return _BANDS[request]


def ready(plan: Request) -> bool:
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


def _bands(request: Request) -> tuple[xr.Dataset, xr.Dataset]:
    nothing = request.do_nothing()
    areas = areas_of(request.footprints, request.projection)
    others = None if nothing == request else plans_of(areas, nothing)
    found = default_bands(areas.asked, plans_of(areas, request), others)
    return found.run[request.footprint], found.do_nothing[request.footprint]


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
