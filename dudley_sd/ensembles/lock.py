"""Lock of a store: only one process at a time works on it, as another would remove what it is writing."""

from __future__ import annotations

import errno
import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdcompile.errors import Fault, InputError

NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
"""What file systems without hard links say."""

GONE = "ZX"
"""States in which Linux keeps a process that works no more."""


@contextmanager
def only_one(store: Path) -> Iterator[None]:
    """Hold a store for this process; the file beside it names host and process.

    The lock of a process of this host that is gone (a kill -9, a loss of power) is taken over, and so is one
    that is empty, as no process leaves it: it is written aside and put in place whole. Whether one of
    another host is at work cannot be seen from here: its lock is refused, with what to do.

    Raises
    ------
    InputError
        If another process holds the store, or the lock cannot be written.
    """
    path = store.with_name(f".{store.name}.lock")
    mine = json.dumps(
        {"host": socket.gethostname(), "process": os.getpid(), "started": _started(os.getpid())}
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _take(path, mine):
            _remove_stale(path, store)
            if not _take(path, mine):
                raise InputError([_held(path, store, "another process")])
    except OSError as error:
        problem = f"the store cannot be held for this process alone ({error.strerror or error})"
        remedy = "Name a place that you may write to and that has room"
        raise InputError([Fault(str(store), "", problem, remedy)]) from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _take(path: Path, mine: str) -> bool:
    """Put the lock in place, whole, if there is none; nobody else can do so at the same time."""
    aside = path.with_name(f"{path.name}-{uuid.uuid4().hex}")
    try:
        aside.write_text(mine, encoding="utf-8")
        _name(aside, path)
    except FileExistsError:
        return False
    finally:
        aside.unlink(missing_ok=True)
    return True


def _name(aside: Path, path: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    if os.name == "nt":
        aside.rename(path)  # which on Windows replaces nothing
        return
    try:
        os.link(aside, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        with path.open("x", encoding="utf-8") as file:
            file.write(aside.read_text(encoding="utf-8"))


def _remove_stale(path: Path, store: Path) -> None:
    """Remove the lock of a process that is gone; refuse one that may be at work."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    if not text:  # left by an earlier version, or a system that stopped before it was on the disk
        path.unlink(missing_ok=True)
        return
    try:
        holder = json.loads(text)
        host, process, started = str(holder["host"]), int(holder["process"]), str(holder["started"])
    except (ValueError, KeyError, TypeError):
        raise InputError([_held(path, store, "a process that its lock does not name")]) from None
    if host != socket.gethostname() or _is_alive(process, started):
        raise InputError([_held(path, store, f"process {process} on {host}")])
    aside = path.with_name(f"{path.name}-{uuid.uuid4().hex}")
    path.rename(aside)  # only one of several processes can do so
    if aside.read_text(encoding="utf-8") != text:
        aside.rename(path)  # another was quicker: this is its lock
        raise InputError([_held(path, store, "another process")])
    aside.unlink()


def _held(path: Path, store: Path, whose: str) -> Fault:
    remedy = f"Wait for it, or stop it; if it is gone, remove {path} and go on with --resume"
    return Fault(str(store), "", f"{whose} is at work on it", remedy)


def _is_alive(process: int, started: str) -> bool:
    """Whether a process of this host is still the one that took the lock."""
    if os.name != "posix":
        return True  # not seen without stopping it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _started(process) == started


def _started(process: int) -> str:
    """When a process started, as Linux counts, so that a later one with its number is not taken for it."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if words[0] in GONE else words[19]
