"""What many tests need is made by the first worker that needs it, and read by the others."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

Made = TypeVar("Made")


def once(path: Path, make: Callable[[], Made]) -> Made:
    """Return what was made and kept in a file of the test session; the first to ask makes it."""
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            path.write_bytes(pickle.dumps(make()))
    made: Made = pickle.loads(path.read_bytes())
    return made
