"""Atomic writing: files made aside and moved into place together; what killed writers left is swept away."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sdcompile.application import APPLICATION
from sdcompile.errors import Fault, InputError

ABANDONED = 3600
"""Seconds after which a folder left aside is taken for that of a process that was killed."""


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Lend a hidden folder inside another, on the same disk; it is removed at the end, whatever happens.

    A fault of the operating system in the block names the file as the user will know it.
    """
    aside = f".{APPLICATION.name}-writing-"
    sweep(folder, aside)
    with tempfile.TemporaryDirectory(dir=folder, prefix=aside, ignore_cleanup_errors=True) as scratch:
        try:
            yield Path(scratch)
        except OSError as error:
            named = Path(str(error.filename or scratch))
            if Path(scratch) in (named, *named.parents):
                error.filename = str(folder if named == Path(scratch) else folder / named.name)
            raise


@contextmanager
def atomic_file(path: Path | str) -> Iterator[Path]:
    """Lend a temporary path in the same folder, and move it into place only when all went well.

    Parameters
    ----------
    path
        Where the file shall be in the end; its folder is made if it is not there.

    Yields
    ------
    Path
        Where to write. If the block fails, it is removed, and what was at ``path`` before stays as it was.

    Examples
    --------
    >>> with atomic_file("out/table.csv") as scratch:  # doctest: +SKIP
    ...     table.to_csv(scratch)
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(path.parent) as folder:
        scratch = folder / path.name
        yield scratch
        scratch.replace(path)


@contextmanager
def atomic_files(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Lend a temporary path for each of several files, and move all of them into place or none.

    Parameters
    ----------
    paths
        Where the files shall be in the end; their folders are made, and removed again if the block fails.

    Raises
    ------
    InputError
        If a file cannot be moved; everything is as it was.
    """
    fresh: list[Path] = []
    try:
        with ExitStack() as stack:
            hidden = {}
            for folder in dict.fromkeys(path.parent for path in paths):
                fresh += [each for each in (folder, *folder.absolute().parents) if not each.exists()]
                folder.mkdir(parents=True, exist_ok=True)
                hidden[folder] = stack.enter_context(scratch_folder(folder))
            made = [hidden[path.parent] / path.name for path in paths]
            yield made
            _move(list(zip(made, paths, strict=True)))
    except BaseException:
        for folder in sorted(set(fresh), key=lambda each: len(each.parts), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _move(pairs: Sequence[tuple[Path, Path]]) -> None:
    """Move files into place; when one cannot be moved, put back what was there."""
    moved: list[tuple[Path, Path]] = []
    try:
        for scratch, target in pairs:
            before = scratch.parent / f"{scratch.name}.before"
            if target.exists():
                target.replace(before)
            moved.append((target, before))
            scratch.replace(target)
    except OSError as error:
        for target, before in moved:
            target.unlink(missing_ok=True)
            if before.exists():
                before.replace(target)
        remedy = "Close the file in other programs and try again"
        problem = f"cannot be written: {error}"
        raise InputError([Fault(str(pairs[0][1].parent), "", problem, remedy)]) from error


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
