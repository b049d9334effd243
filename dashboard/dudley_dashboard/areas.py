"""Areas that are ready to be run: each is prepared once per process, in the background if wanted."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from sdcompile.errors import Fault, InputError
from sdcompile.run.model_run import Ready, make_ready

from dudley_dashboard.catalogue import catalogue
from dudley_sd.evaluate import refuse_disagreement
from dudley_sd.inputs.projection_choice import PUBLISHED
from dudley_sd.request import FOOTPRINT, Request
from dudley_sd.runs.model_folder import ModelFolder
from dudley_sd.runs.run import make_run
from dudley_sd.settings.portfolios import NO_PORTFOLIO

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


class AreaKey(NamedTuple):
    """One area, no total, and the projection of its people."""

    area: str
    projection: str


@dataclass(frozen=True, eq=False)
class Prepared:
    """What running an area needs that does not depend on the plan."""

    folder: ModelFolder
    ready: Ready


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

    def prepare(self, places: Sequence[AreaKey]) -> None:
        """Prepare areas in the background, before any that wait already; returns at once."""
        with self._guard:
            wanted = self.waiting(places)
            self._queue = [*wanted, *(place for place in self._queue if place not in wanted)]
            if wanted and (self._worker is None or not self._worker.is_alive()):
                self._worker = threading.Thread(target=self._work, name="prepare areas", daemon=True)
                self._worker.start()

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


def make(place: AreaKey) -> Prepared:
    """Prepare an area: write its tables and compile its model."""
    plan = make_run(Request(portfolio=NO_PORTFOLIO, footprints=place.area, projection=place.projection))
    refuse_disagreement(plan)
    return Prepared(plan.folder, make_ready(plan.folder.path))


AREAS = Store(make, lambda prepared: prepared.folder.path.is_dir())
"""Areas whose model can be run; prepared again where somebody has emptied the cache folder since."""


def area_keys(footprints: Sequence[str], projection: str) -> list[AreaKey]:
    """Areas that must be prepared to show footprints beside each other: the parts of totals, each once."""
    known = catalogue()
    common = known.common_projection(footprints, projection)
    return list(dict.fromkeys(AreaKey(part.id, common) for name in footprints for part in known.parts(name)))


def warm_up(projection: str = PUBLISHED) -> None:
    """Prepare all areas in the background, the area of the model first: call it where a server starts."""
    first = [FOOTPRINT, *(name for name in catalogue().footprints if name != FOOTPRINT)]
    AREAS.prepare([place for name in first for place in area_keys([name], projection)])
