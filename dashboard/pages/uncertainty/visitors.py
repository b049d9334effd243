"""Who waits for which answer, on this machine?

A visitor is a file: its content is the answer wanted, its time when it was last asked for. A page that only
adds to what it shows asks in the background: such work is done when nobody asks for other runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dudley_sd.results.atomic import in_one_go

PATIENCE = 10.0
"""Seconds after which a visitor who has not asked again has left."""

VISITORS = 500
BACKGROUND = "background"


class Visitors:
    """Those who wait, of all processes that share a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, visitor: str, key: str, background: bool) -> bool:
        """Write down what a visitor waits for now; no if they are too many."""
        path = self._folder / visitor
        if not path.exists() and sum(1 for _ in self._wishes()) >= VISITORS:
            return False
        with suppress(OSError), in_one_go(path) as scratch:
            scratch.write_text(f"{key} {BACKGROUND}" if background else key, "utf-8")
        return True

    def leave(self, visitor: str) -> None:
        """Note that a visitor waits for nothing any more."""
        with suppress(OSError):
            (self._folder / visitor).unlink(missing_ok=True)

    def wanted(self, key: str) -> bool:
        """Whether anybody has asked for an answer in the last seconds."""
        return any(name == key for name, _ in self._wishes())

    def gives_way(self, key: str) -> bool:
        """Whether an answer is wanted in the background at most, and somebody waits for another."""
        first = {name for name, background in self._wishes() if not background}
        return bool(first) and key not in first

    def _wishes(self) -> Iterator[tuple[str, bool]]:
        """Yield what each visitor who is still there waits for; remove the files of others."""
        for path in self._folder.glob("[0-9a-f]*"):
            with suppress(OSError):
                if abs(time.time() - path.stat().st_mtime) <= PATIENCE:  # clocks are set back, too
                    key, _, how = path.read_text("utf-8").partition(" ")
                    yield key, how == BACKGROUND
                else:
                    path.unlink()
