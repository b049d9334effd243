"""Who waits for which answer, and who works it out?

Answers are files in the user's cache folder, named by what decides their numbers, so that any process that
serves the dashboard can show one that another worked out. An answer that nobody has asked for in the last
seconds, because the visitor left or asked for another, is not worked out to its end. One ensemble at a time
is worked out on a machine; the lock is one of the operating system, so that it is free again when a process
dies.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from zipfile import BadZipFile

from sdcompile.cache import cache_folder
from sdcompile.digests import PACKAGE as COMPILER
from sdcompile.digests import code_digest
from sdcompile.errors import InputError
from sdcompile.scratch import atomic_file

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.pages.uncertainty.answer import Answer, load_answer, save_answer
from dudley_dashboard.pages.uncertainty.asked import Asked
from dudley_dashboard.pages.uncertainty.measures import OUTPUTS
from dudley_dashboard.pages.uncertainty.stored import read_stored, state_of
from dudley_dashboard.pages.uncertainty.visitors import PATIENCE, Visitors
from dudley_dashboard.pages.uncertainty.work import NotWantedError, about, work_out
from dudley_dashboard.view import search_of
from dudley_sd.places import PACKAGE, models_folder
from dudley_sd.results.broken import BrokenInvariantError
from dudley_sd.results.manifest import input_checksums
from dudley_sd.runs.model_folder import MODEL_FILE, area_content

DASHBOARD = Path(__file__).resolve().parents[2]
FORMAT = 5
KEPT = 40
"""Answers kept on disk, the latest; one takes up to 8 MB."""

WAITING = 8
"""Answers that wait in one process; more are refused until some are done."""

BUSY = "Many people are asking at the moment. This one starts as soon as there is room."
UNEXPECTED = (
    "These runs could not be worked out: something went wrong that nobody expected ({}). The log of the "
    "server says what. Load the page again to try again."
)
QUEUED = "Waiting for the ensemble of somebody else"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far the work on an answer is: what is being done, and how many runs of how many are done.

    ``kind`` is ``done``, ``working`` or ``failed``; then the words say why.
    """

    kind: str
    words: str = ""
    done: int = 0
    total: int = 0


class Jobs:
    """The answers that this process works out, and those in the folder that any process did.

    Parameters
    ----------
    folder
        Shared by all processes that serve the dashboard on this machine.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.visitors = Visitors(folder / "visitors")
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="uncertainty")
        self._here: dict[str, Future[None]] = {}
        self._failed: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def look(self, asked: Asked, visitor: str) -> Progress:
        """Say how far the answer for a visitor is, and have it worked out if nobody does.

        Raises
        ------
        InputError
            If the plan or the store asked for cannot be read.
        """
        key = key_of(asked)
        if self.answer_file(key).exists():
            self.visitors.leave(visitor)
            return Progress("done")
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._forget()
            if key in self._failed:
                self.visitors.leave(visitor)
                return Progress("failed", self._failed[key][1])
            if not self.visitors.note(visitor, key):
                return Progress("working", BUSY)
            if key not in self._here:
                if len(self._here) >= WAITING:
                    return Progress("working", BUSY)
                self._here[key] = self._pool.submit(self._work, key, asked)
        return self._told(key)

    def answer_file(self, key: str) -> Path:
        """Where an answer is, or will be."""
        return self.folder / f"{key}.npz"

    def goes_on(self, key: str) -> bool:
        """Whether an answer is still wanted, by any process."""
        return self.visitors.wanted(key)

    def _work(self, key: str, asked: Asked) -> None:
        try:
            with alone(self.folder / "one_at_a_time.lock", lambda: self.goes_on(key)):
                if not self.answer_file(key).exists():
                    save_answer(self._answer(key, asked), self.answer_file(key))
                    self._tidy()
        except NotWantedError:
            pass
        except (InputError, BrokenInvariantError) as error:
            self._fail(key, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is: who waits must be told
            _log.exception("An ensemble could not be worked out")
            self._fail(key, UNEXPECTED.format(type(error).__name__))
        finally:
            with suppress(OSError):
                self._progress_file(key).unlink(missing_ok=True)
            with self._lock:
                self._here.pop(key, None)

    def _answer(self, key: str, asked: Asked) -> Answer:
        def report(words: str, done: int, total: int) -> None:
            if not self.goes_on(key):
                raise NotWantedError
            with suppress(OSError), atomic_file(self._progress_file(key)) as scratch:
                scratch.write_text(json.dumps(asdict(Progress("working", words, done, total))), "utf-8")

        if asked.stored:
            report(f"Reading the stored ensemble {asked.stored}", 0, 0)
            return read_stored(asked.stored, asked.plan.scenario, asked.plan.footprint, about)
        return work_out(asked, report)

    def _fail(self, key: str, words: str) -> None:
        """Keep why an answer could not be worked out, for all who still wait."""
        with self._lock:
            self._failed[key] = time.monotonic(), words

    def _forget(self) -> None:
        """Forget what failed so long ago that all who waited have been told."""
        oldest = time.monotonic() - PATIENCE
        self._failed = {key: each for key, each in self._failed.items() if each[0] >= oldest}

    def _told(self, key: str) -> Progress:
        """Read how far the work is: it may be another process that does it."""
        try:
            return Progress(**json.loads(self._progress_file(key).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress("working", QUEUED if len(self._here) > 1 else "Starting")

    def _progress_file(self, key: str) -> Path:
        return self.folder / f"{key}.progress"

    def _tidy(self) -> None:
        """Remove all answers but the latest."""
        answers = sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in answers[KEPT:]:
            path.unlink(missing_ok=True)


@contextmanager
def alone(path: Path, wanted: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock of this machine; waits for it as long as the answer is wanted."""
    connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        while True:
            try:
                connection.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError:
                if not wanted():
                    raise NotWantedError from None
        yield
    finally:
        connection.close()


def key_of(asked: Asked) -> str:
    """Return the name of an answer: a hash of all that decides its numbers."""
    if asked.stored:
        what = ["stored", *state_of(asked.stored), asked.plan.scenario, asked.plan.footprint]
    else:
        areas = [text for part in catalogue().parts(asked.plan.footprint) for text in area_content(part)]
        what = ["now", search_of(asked.plan), str(asked.members), str(asked.seed), *areas]
    return hashlib.sha256(json.dumps([*_origin(), *what]).encode()).hexdigest()[:32]


def answer_of(asked: Asked) -> Answer:
    """Return an answer that is there; the last few are kept in memory.

    Raises
    ------
    FileNotFoundError
        If it has been removed since, or was damaged: then it is removed, to be worked out again.
    """
    path = all_jobs().answer_file(key_of(asked))
    try:
        return _loaded(str(path))
    except (ValueError, KeyError, EOFError, BadZipFile) as error:
        _log.warning("A kept answer cannot be read and is removed: %s", error)
        path.unlink(missing_ok=True)
        raise FileNotFoundError(path) from None


@cache
def all_jobs() -> Jobs:
    """Return the jobs of this process."""
    return Jobs(cache_folder() / "uncertainty")


@lru_cache(maxsize=4)
def _loaded(path: str) -> Answer:
    return load_answer(Path(path))


@cache
def _origin() -> tuple[str, ...]:
    """Model file, inputs, code and variables, as they were when this process first asked."""
    model = hashlib.sha256((models_folder() / MODEL_FILE).read_bytes()).hexdigest()
    inputs = hashlib.sha256(json.dumps(input_checksums(), sort_keys=True).encode()).hexdigest()
    return str(FORMAT), code_digest(PACKAGE, COMPILER, DASHBOARD), model, inputs, *OUTPUTS
