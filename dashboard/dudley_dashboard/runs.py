"""Runs for the dashboard: what anybody's run of a request gives, on areas that are prepared once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.run.model_run import make_ready

from dudley_dashboard.catalogue import catalogue
from dudley_sd import simulation
from dudley_sd.ensembles.default_ensemble import compile_members
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.projection_choice import PUBLISHED
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.request import FOOTPRINT, Request
from dudley_sd.results.assemble import together
from dudley_sd.results.band import with_band
from dudley_sd.results.derived import banded_variables
from dudley_sd.runs.areas import Areas, find_areas, make_runs
from dudley_sd.runs.run import Run, make_run
from dudley_sd.settings.portfolios import NO_PORTFOLIO
from dudley_sd.simulation import refuse_disagreement

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


class AreaKey(NamedTuple):
    """One area, no total, and the projection of its people."""

    area: str
    projection: str


class Store(Generic[Made]):
    """What is made of areas in this process; threads share it, and none makes what another is making."""

    def __init__(
        self, make: Callable[[AreaKey], Made], stands: Callable[[Made], bool] = lambda _: True
    ) -> None:
        self._make = make
        self._stands = stands
        self._found: dict[AreaKey, Made] = {}
        self._refused: dict[AreaKey, InputError] = {}
        self._failed: set[AreaKey] = set()
        self._locks: dict[AreaKey, threading.Lock] = {}
        self._queue: list[AreaKey] = []
        self._worker: threading.Thread | None = None
        self._guard = threading.Lock()

    def get(self, place: AreaKey) -> Made:
        """Return an area, prepared now if it was not.

        Raises
        ------
        InputError
            Any fault of its input files, each time that it is asked for; or that something unexpected went
            wrong, which is logged and tried again when somebody asks again.
        """
        with self._guard:
            lock = self._locks.setdefault(place, threading.Lock())
        with lock:
            if place in self._refused:
                raise InputError(self._refused[place].faults)  # an exception belongs to one who asks
            if place not in self._found or not self._stands(self._found[place]):
                self._found[place] = self._prepared(place)
            return self._found[place]

    def _prepared(self, place: AreaKey) -> Made:
        try:
            found = self._make(place)
        except InputError as error:
            self._refused[place] = error
            raise
        except Exception as error:
            _log.exception("The area %s could not be prepared", place.area)
            self._failed.add(place)
            problem = "could not be prepared; the log of the server says why"
            raise InputError([Fault("areas", place.area, problem, "Load the page again")]) from error
        self._failed.discard(place)
        return found

    def waiting(self, places: Sequence[AreaKey]) -> list[AreaKey]:
        """Those that are neither prepared, nor known to be impossible, nor failed when they were tried."""
        known = (self._found, self._refused, self._failed)
        return [place for place in places if not any(place in each for each in known)]

    def prepare(self, places: Sequence[AreaKey]) -> list[AreaKey]:
        """Prepare areas in the background, before any that wait already; return those that are waited for."""
        with self._guard:
            wanted = self.waiting(places)
            self._queue = [*wanted, *(place for place in self._queue if place not in wanted)]
            if wanted and (self._worker is None or not self._worker.is_alive()):
                self._worker = threading.Thread(target=self._work, name="prepare areas", daemon=True)
                self._worker.start()
        return wanted

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._queue:
                    self._worker = None
                    return
                place = self._queue.pop(0)
            try:
                self.get(place)
            except InputError:
                continue  # `get` keeps it and raises it to whoever asks for the area


def make(place: AreaKey) -> Path:
    """Prepare an area: write its tables and compile its model."""
    plan = make_run(Request(portfolio=NO_PORTFOLIO, footprints=place.area, projection=place.projection))
    refuse_disagreement(plan)
    make_ready(plan.folder.path)
    return plan.folder.path


AREAS = Store(make, Path.is_dir)
"""Folders of areas whose model can be run; made again where somebody has emptied the cache since."""


def area_keys(footprints: Sequence[str], projection: str) -> list[AreaKey]:
    """Areas that must be prepared to show footprints beside each other: the parts of totals, each once."""
    known = catalogue()
    common = known.common_projection(footprints, projection)
    return list(dict.fromkeys(AreaKey(part.id, common) for name in footprints for part in known.parts(name)))


def warm_up(projection: str = PUBLISHED) -> None:
    """Prepare all areas in the background, the area of the model first: call it where a server starts."""
    first = [FOOTPRINT, *(name for name in catalogue().footprints if name != FOOTPRINT)]
    AREAS.prepare([place for name in first for place in area_keys([name], projection)])


@cache
def outputs() -> tuple[str, ...]:
    """Return what is run for: indicators, and what those with a band are worked out from."""
    return tuple(dict.fromkeys([*COMPARED.variables, *banded_variables()]))


ATTRIBUTES = ("footprint", "footprint_name", "indicative", "parts", "portfolio_title", "contract_title")
"""Attributes of results that the indicators of a run keep."""

ONE_AT_A_TIME = Lock()
"""Two ensembles at once would each take twice as long, and all others would wait."""


def run(request: Request, several: bool = False) -> xr.Dataset:
    """Run a request; an answer is kept for a while.

    Returns
    -------
    xr.Dataset
        As `dudley_sd.run` returns it: dims (scenario, year, ...); with `several`, footprint before them.
    """
    found = simulation.run(request, areas=areas_of(request.footprints, request.projection))
    return together(found) if several else found[request.footprint]


def indicators_of(request: Request) -> xr.Dataset:
    """Run a request and keep the indicators that are compared.

    Returns
    -------
    xr.Dataset
        One variable for each of `dudley_sd.indicators.COMPARED` by its key, dims (scenario, year from 2018),
        in the unit of the model. ``extrapolated`` (year) and ``scenario_title`` (scenario) are coordinates;
        ``footprint_name``, ``portfolio_title``, ``contract_title`` and, where they are so, ``indicative``
        and ``parts`` are attributes. The numbers are those of `dudley_sd.run`.

    Raises
    ------
    InputError
        As `dudley_sd.run`.
    BrokenInvariantError
        If an indicator, or what it is made of, cannot be true.
    """
    common = catalogue().common_projection([request.footprint], request.projection)
    request = replace(request, projection=common)
    found: xr.Dataset | None = simulation.RESULTS.find(("indicators", request))
    if found is None:
        found = _indicators(request)
        simulation.RESULTS.keep(("indicators", request), found, found.nbytes)
    return found


def _indicators(request: Request) -> xr.Dataset:
    for part in catalogue().parts(request.footprint):
        AREAS.get(AreaKey(part.id, request.projection))
    areas = areas_of(request.footprints, request.projection)
    results = simulation.run(request, outputs(), areas=areas)[request.footprint]
    results = results.sel(year=slice(PROJECTED, None))
    kept = xr.Dataset(
        {
            indicator.key: indicator.of(results).assign_attrs(results[indicator.variable].attrs)
            for indicator in COMPARED.values()
        },
        attrs={key: results.attrs[key] for key in ATTRIBUTES if key in results.attrs},
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
    found = simulation.found_bands(request, areas)
    if found is None:  # whoever asks for bands of areas that are compiled does not wait for a compiler
        COMPILED.get(AreaKey(request.footprint, request.projection))
        with ONE_AT_A_TIME:
            found = simulation.bands(request, areas=areas)
    name, nothing = request.footprint, request.do_nothing()
    return with_band(run(request), found.run[name]), with_band(run(nothing), found.do_nothing[name])


def ready(request: Request) -> bool:
    """Whether the bands of a request can be worked out now; else what they need is compiled meanwhile."""
    return not COMPILED.prepare([AreaKey(request.footprint, request.projection)])


def _compile(place: AreaKey) -> bool:
    areas = areas_of((place.area,), place.projection)
    compile_members(areas.footprints, _nothing(areas))
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
        simulation.refuse_disagreement(each)
    return areas


def _nothing(areas: Areas) -> dict[str, Run]:
    return make_runs(areas, Request(portfolio=NO_PORTFOLIO))
