"""Background jobs: results kept as files that identical requests share, one job at a time on a machine.

A result is a file of a folder, named by what decides its numbers, so that any process that serves the
dashboard can show what another worked out. A job that no visitor has asked for in the last seconds, because
they left or asked for another, is cancelled. The lock is one of the operating system: it is free again when
a process dies.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sdcompile.errors import InputError
from sdcompile.scratch import atomic_file

from dudley_sd.results.invariants import BrokenInvariantError

PATIENCE = 10.0
"""Seconds after which a visitor who has not asked again has left."""

VISITORS = 500
"""Visitors of all processes who may wait at once."""

KEPT = 40
"""Results kept on disk, the latest; one of an ensemble takes up to 8 MB."""

WAITING = 8
"""Jobs that wait in one process; more are refused until some are done."""

LOOK_AGAIN = 0.2
"""Seconds between two tries to be the one job of this machine."""

BUSY = "Many people are asking at the moment. This one starts as soon as there is room."
QUEUED = "Waiting for the ensemble of somebody else"
UNEXPECTED = (
    "These runs could not be worked out: something went wrong that nobody expected ({}). The log of the "
    "server says what. Load the page again to try again."
)

Report = Callable[[str, int, int], None]
"""Takes what is being done, and how many runs of how many are done; raises `CancelledJobError` to stop it."""

Work = Callable[[Report, Path], None]
"""Work of a job: writes its result into a file."""

_log = logging.getLogger(__name__)


class CancelledJobError(Exception):
    """No visitor waits for the result any more."""


@dataclass(frozen=True)
class Progress:
    """Progress of a job: what is being done, and how many runs of how many are done.

    ``kind`` is ``done``, ``working`` or ``failed``; then the words say why.
    """

    kind: str
    words: str = ""
    done: int = 0
    total: int = 0


class Jobs:
    """Jobs of this process, and the results in the folder that any process worked out.

    Parameters
    ----------
    folder
        Shared by all processes that serve the dashboard on this machine. A visitor is a file in it: its
        content is the key of the result waited for, its time when it was last asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="jobs")
        self._here: dict[str, Future[None]] = {}
        self._failed: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def look(self, key: str, visitor: str, work: Work) -> Progress:
        """Return how far a job is for a visitor, and start it where nobody has."""
        if self.file(key).exists():
            self.leave(visitor)
            return Progress("done")
        with self._lock:
            oldest = time.monotonic() - PATIENCE
            self._failed = {each: failure for each, failure in self._failed.items() if failure[0] >= oldest}
            if key in self._failed:
                self.leave(visitor)
                return Progress("failed", self._failed[key][1])
            if not self.wait_for(visitor, key):
                return Progress("working", BUSY)
            if key not in self._here:
                if len(self._here) >= WAITING:
                    return Progress("working", BUSY)
                self._here[key] = self._pool.submit(self._run, key, work)
        try:  # it may be another process that works
            return Progress(**json.loads(self._progress_file(key).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress("working", QUEUED if len(self._here) > 1 else "Starting")

    def file(self, key: str) -> Path:
        """Return where a result is, or will be."""
        return self.folder / f"{key}.npz"

    def wait_for(self, visitor: str, key: str) -> bool:
        """Write down what a visitor waits for now; no if they are too many."""
        path = self.folder / "visitors" / visitor
        if not path.exists() and sum(1 for _ in self._waited_for()) >= VISITORS:
            return False
        with suppress(OSError), atomic_file(path) as scratch:
            scratch.write_text(key, "utf-8")
        return True

    def leave(self, visitor: str) -> None:
        """Write down that a visitor waits for nothing any more."""
        with suppress(OSError):
            (self.folder / "visitors" / visitor).unlink(missing_ok=True)

    def is_wanted(self, key: str) -> bool:
        """Whether a visitor of any process has asked for a result in the last seconds."""
        return key in self._waited_for()

    def _waited_for(self) -> Iterator[str]:
        """Yield what each visitor who is still there waits for; remove the files of others."""
        for path in (self.folder / "visitors").glob("[0-9a-f]*"):
            with suppress(OSError):
                if abs(time.time() - path.stat().st_mtime) <= PATIENCE:  # clocks are set back, too
                    yield path.read_text("utf-8")
                else:
                    path.unlink()

    def _run(self, key: str, work: Work) -> None:
        def report(words: str, done: int, total: int) -> None:
            if not self.is_wanted(key):
                raise CancelledJobError
            with suppress(OSError), atomic_file(self._progress_file(key)) as scratch:
                scratch.write_text(json.dumps(asdict(Progress("working", words, done, total))), "utf-8")

        lock = FileLock(self.folder / "one_at_a_time.lock")
        try:
            with lock.acquire(poll_interval=LOOK_AGAIN, cancel_check=lambda: not self.is_wanted(key)):
                if not self.file(key).exists():
                    work(report, self.file(key))
                    self._remove_old()
        except (CancelledJobError, Timeout):
            pass
        except (InputError, BrokenInvariantError) as error:
            self._fail(key, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is: who waits must hear of it
            _log.exception("A background job failed")
            self._fail(key, UNEXPECTED.format(type(error).__name__))
        finally:
            with suppress(OSError):
                self._progress_file(key).unlink(missing_ok=True)
            with self._lock:
                self._here.pop(key, None)

    def _fail(self, key: str, words: str) -> None:
        """Keep why a job failed, for all who still wait."""
        with self._lock:
            self._failed[key] = time.monotonic(), words

    def _progress_file(self, key: str) -> Path:
        return self.folder / f"{key}.progress"

    def _remove_old(self) -> None:
        """Remove all results but the latest."""
        results = sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in results[KEPT:]:
            path.unlink(missing_ok=True)
