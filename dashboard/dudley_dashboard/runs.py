"""Runs for the dashboard: what anybody's run of a request gives, on areas that are prepared once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from threading import Lock

import xarray as xr

from dudley_dashboard.areas import AREAS, AreaKey, Store
from dudley_dashboard.catalogue import catalogue
from dudley_sd import evaluate
from dudley_sd.ensembles.band import compile_members
from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request
from dudley_sd.results.band import with_band
from dudley_sd.results.derived import banded_variables
from dudley_sd.results.together import together
from dudley_sd.runs.areas import Areas, find_areas, make_runs
from dudley_sd.runs.run import Run
from dudley_sd.settings.portfolios import NO_PORTFOLIO

KEPT = 512
"""Answers kept in memory; one takes about 10 kB."""


@cache
def outputs() -> tuple[str, ...]:
    """Return what is run for: indicators, and what those with a band are worked out from."""
    return tuple(dict.fromkeys([*COMPARED.variables, *banded_variables()]))


TOLD = ("footprint", "footprint_name", "indicative", "parts", "portfolio_title", "contract_title")

ONE_AT_A_TIME = Lock()
"""Two ensembles at once would each take twice as long, and all others would wait."""


def run(request: Request, several: bool = False) -> xr.Dataset:
    """Run a request; an answer is kept for a while.

    Returns
    -------
    xr.Dataset
        As `dudley_sd.run` returns it: dims (scenario, year, ...); with `several`, footprint before them.
    """
    found = evaluate.run(request, areas=areas_of(request.footprints, request.projection))
    return together(found) if several else found[request.footprint]


def measures_of(plan: Request, scenarios: Sequence[str] = ()) -> xr.Dataset:
    """Run a plan in its own scenario, or in those given, and keep the measures.

    Returns
    -------
    xr.Dataset
        One variable for each of `dudley_sd.indicators.COMPARED` by its key, dims (scenario, year), in
        the unit of the model. ``extrapolated`` (year) and ``scenario_title`` (scenario) are coordinates;
        ``footprint_name``, ``portfolio_title``, ``contract_title`` and, where they are so, ``indicative``
        and ``parts`` are attributes. The numbers are those of `dudley_sd.run`.

    Raises
    ------
    InputError
        As `dudley_sd.run`.
    BrokenInvariantError
        If a measure, or what it is made of, cannot be true.
    """
    common = catalogue().common_projection([plan.footprint], plan.projection)
    return _measures(replace(plan, scenarios=tuple(scenarios) or plan.scenarios, projection=common))


@lru_cache(maxsize=KEPT)
def _measures(request: Request) -> xr.Dataset:
    for part in catalogue().parts(request.footprint):
        AREAS.get(AreaKey(part.id, request.projection))
    areas = areas_of(request.footprints, request.projection)
    results = evaluate.run(request, outputs(), areas=areas)[request.footprint]
    kept = xr.Dataset(
        {
            measure.key: measure.of(results).assign_attrs(results[measure.variable].attrs)
            for measure in COMPARED.values()
        },
        attrs={key: results.attrs[key] for key in TOLD if key in results.attrs},
    )
    return kept.reset_coords(drop=True).assign_coords(
        extrapolated=results["extrapolated"], scenario_title=results["scenario_title"]
    )


def with_bands(request: Request) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the run of a request and that of do nothing, each with its band of the default ensemble.

    Returns
    -------
    tuple
        As `run` returns them, with the variables of `dudley_sd.results.band.bands_of`: what every file of the
        command line shows too. Where the request is do nothing, both are the same.
    """
    areas = areas_of(request.footprints, request.projection)
    found = evaluate.found_bands(request, areas)
    if found is None:  # whoever asks for bands of areas that are compiled does not wait for a compiler
        COMPILED.get(AreaKey(request.footprint, request.projection))
        with ONE_AT_A_TIME:
            found = evaluate.bands(request, areas=areas)
    name, nothing = request.footprint, request.do_nothing()
    return with_band(run(request), found.run[name]), with_band(run(nothing), found.do_nothing[name])


def ready(request: Request) -> bool:
    """Whether the bands of a request can be worked out now; else what they need is compiled meanwhile."""
    place = AreaKey(request.footprint, request.projection)
    if not COMPILED.waiting([place]):
        return True
    COMPILED.prepare([place])
    return False


def _compile(place: AreaKey) -> bool:
    areas = areas_of((place.area,), place.projection)
    compile_members(areas.asked, _nothing(areas))
    return True


COMPILED = Store(_compile)
"""Areas, and totals, whose default ensemble is compiled."""


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
    areas = find_areas(names, projection)
    for each in _nothing(areas).values():
        evaluate.refuse_disagreement(each)
    return areas


def _nothing(areas: Areas) -> dict[str, Run]:
    return make_runs(areas, Request(portfolio=NO_PORTFOLIO))
