"""Visitors of this machine and the answer that each waits for.

A visitor is a file: its content is the answer wanted, its time when it was last asked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sdcompile.scratch import atomic_file

PATIENCE = 10.0
"""Seconds after which a visitor who has not asked again has left."""

VISITORS = 500


class Visitors:
    """Those who wait, of all processes that share a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, visitor: str, key: str) -> bool:
        """Write down what a visitor waits for now; no if they are too many."""
        path = self._folder / visitor
        if not path.exists() and sum(1 for _ in self._wishes()) >= VISITORS:
            return False
        with suppress(OSError), atomic_file(path) as scratch:
            scratch.write_text(key, "utf-8")
        return True

    def leave(self, visitor: str) -> None:
        """Note that a visitor waits for nothing any more."""
        with suppress(OSError):
            (self._folder / visitor).unlink(missing_ok=True)

    def wanted(self, key: str) -> bool:
        """Whether anybody has asked for an answer in the last seconds."""
        return key in self._wishes()

    def _wishes(self) -> Iterator[str]:
        """Yield what each visitor who is still there waits for; remove the files of others."""
        for path in self._folder.glob("[0-9a-f]*"):
            with suppress(OSError):
                if abs(time.time() - path.stat().st_mtime) <= PATIENCE:  # clocks are set back, too
                    yield path.read_text("utf-8")
                else:
                    path.unlink()
