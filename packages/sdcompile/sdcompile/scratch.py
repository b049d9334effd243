"""Folders to write in aside, so that nobody finds half a file; those of killed writers are swept away."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ABANDONED = 3600
"""Seconds after which a folder left aside is taken for that of a process that was killed."""

_ASIDE = ".dudley_sd-writing-"


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Lend a hidden folder inside another, on the same disk; it is removed at the end, whatever happens.

    A fault of the operating system in the block names the file as the user will know it.
    """
    sweep(folder, _ASIDE)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_ASIDE, ignore_cleanup_errors=True) as scratch:
        try:
            yield Path(scratch)
        except OSError as error:
            named = Path(str(error.filename or scratch))
            if Path(scratch) in (named, *named.parents):
                error.filename = str(folder if named == Path(scratch) else folder / named.name)
            raise


def sweep(folder: Path, prefix: str) -> None:
    """Remove folders with a prefix that killed writers left behind."""
    for path in folder.glob(f"{prefix}*"):
        try:
            age = time.time() - path.lstat().st_mtime
        except OSError:
            continue
        if age > ABANDONED and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def flush(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
