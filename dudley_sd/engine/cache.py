"""What has been worked out before: a folder of the user, safe for many builders at once and for damage."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

_DIGEST = "sha256"


def cache_folder() -> Path:
    """Return the folder for stored plans and libraries; ``DUDLEY_SD_CACHE`` replaces the usual place."""
    chosen = os.environ.get("DUDLEY_SD_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("dudley_sd", appauthor=False)) / "engine"


def key_of(*parts: str | bytes) -> str:
    """Turn everything that an entry depends on into its name."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()[:40]


def find(key: str, name: str) -> Path | None:
    """Return a stored file if it is there and whole; a damaged entry is removed."""
    folder = cache_folder() / key
    file, digest = folder / name, folder / _DIGEST
    try:
        if digest.read_text() == _sum(file):
            return file
    except OSError:
        if not folder.exists():
            return None
    shutil.rmtree(folder, ignore_errors=True)
    return None


def store(key: str, name: str, make: Callable[[Path], None]) -> Path:
    """Make a file in a folder of its own, then put the folder in place in one move.

    Parameters
    ----------
    key, name
        The entry and the file in it.
    make
        Writes the file at the path it is given; whatever it raises, nothing is stored.

    Returns
    -------
    pathlib.Path
        The stored file: ours, or that of another builder who was first.
    """
    root = cache_folder()
    root.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".building-", dir=root))
    try:
        make(fresh / name)
        (fresh / _DIGEST).write_text(_sum(fresh / name))
        return _move(fresh, key, name)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _move(fresh: Path, key: str, name: str) -> Path:
    """Put a finished folder in place; give way to a whole one already there."""
    for _ in range(10):
        try:
            fresh.rename(cache_folder() / key)
        except OSError:
            found = find(key, name)
            if found is not None:
                return found
        else:
            return cache_folder() / key / name
    raise OSError(f"cannot put {key} into {cache_folder()}")


def remember(key: str, name: str, make: Callable[[Path], None]) -> Path:
    """Return a stored file, making it if it is not there."""
    return find(key, name) or store(key, name, make)


def file_sums(folder: Path, files: Sequence[str]) -> list[str]:
    """Sum up the contents of files; one that cannot be read has an empty sum."""
    sums: list[str] = []
    for name in files:
        try:
            sums.append(_sum(folder / name))
        except OSError:
            sums.append("")
    return sums


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
