"""Cache of the user: whatever can be made again, verified before use, private, whole or not there.

An entry is a folder ``<cache>/<kind>/<key>`` with the files made for it and their SHA-256 sums. It is written
aside, flushed to the disk and renamed. It is used while all sums are right and nobody else can write to it,
else made again. Where the cache cannot be used, a temporary folder of this process takes its place, with one
line of warning.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sdcompile.application import APPLICATION
from sdcompile.digests import file_digest
from sdcompile.errors import warn
from sdcompile.scratch import flush, sweep

_SUMS = "sha256"
_ASIDE = ".building-"
_LOCKS = "locks"
_PATIENCE = 300.0
"""Seconds that a process waits for another that makes the same entry, before it makes it too."""

_WRITABLE_BY_OTHERS = 0o022

_roots: dict[Path, Path] = {}


def cache_folder() -> Path:
    """Return the folder of the cache, which exists, belongs to this user and can be written."""
    wanted, chosen = _wanted()
    if wanted not in _roots:
        try:
            _prepare(wanted, chosen)
            _roots[wanted] = wanted
        except OSError as error:
            _use_temporary(wanted, error)
    return _roots[wanted]


def key_of(*parts: str | bytes) -> str:
    """Turn everything that an entry depends on into its name."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()[:40]


def find(kind: str, key: str) -> Path | None:
    """Return the folder of an entry if it is whole and this user's own; one that is not is removed."""
    folder = cache_folder() / kind / key
    if not os.path.lexists(folder):
        return None
    if _is_whole(folder):
        return folder
    _remove(folder)
    return None


def remember(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Return the folder of an entry, making it if it is not there.

    Parameters
    ----------
    kind, key
        The entry.
    make
        Writes files into the folder it is given; whatever it raises, nothing is stored.

    Raises
    ------
    OSError
        If neither the cache nor a temporary folder can be written to.
    """
    found = find(kind, key)
    if found is not None:
        return found
    with alone(kind, key):
        root = cache_folder()
        try:
            return find(kind, key) or _store(root, kind, key, make)
        except OSError as error:
            wanted, _ = _wanted()
            if root != wanted:
                raise
            _use_temporary(wanted, error)
            return find(kind, key) or _store(cache_folder(), kind, key, make)


@contextmanager
def alone(kind: str, key: str) -> Iterator[None]:
    """Let one process at a time, and one thread of it, make an entry: others wait and find it made.

    What is made is whole whoever makes it, so that nothing but time is lost where there are no locks.
    """
    from filelock import FileLock, Timeout

    folder = cache_folder() / _LOCKS
    lock = FileLock(folder / f"{kind}-{key}.lock", timeout=_PATIENCE)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        lock.acquire()
    except (OSError, NotImplementedError, Timeout):
        pass
    try:
        yield
    finally:
        lock.release()


def discard(kind: str, key: str) -> None:
    """Remove an entry whose content turned out to be of no use."""
    _remove(cache_folder() / kind / key)


def file_sums(folder: Path, files: Sequence[str]) -> list[str]:
    """Sum up the contents of files; one that cannot be read has an empty sum."""
    sums: list[str] = []
    for name in files:
        try:
            sums.append(file_digest(folder / name))
        except OSError:
            sums.append("")
    return sums


def _wanted() -> tuple[Path, bool]:
    """Folder that the cache should have, and whether the user chose it."""
    chosen = os.environ.get(APPLICATION.cache_variable)
    if chosen:
        return Path(chosen).absolute(), True
    import platformdirs

    return Path(platformdirs.user_cache_dir(APPLICATION.distribution, appauthor=False)), False


def _prepare(root: Path, chosen: bool) -> None:
    """Make the folder if it is not there; refuse one that is another user's or cannot be written."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not chosen and _is_mine(root) and root.stat().st_mode & _WRITABLE_BY_OTHERS:
        root.chmod(0o700)
    if not _is_mine(root):
        raise PermissionError("it belongs to another user")
    if os.name == "posix" and root.stat().st_mode & _WRITABLE_BY_OTHERS:
        raise PermissionError("other users may write to it")
    with tempfile.TemporaryFile(dir=root):
        pass


def _use_temporary(wanted: Path, error: OSError) -> None:
    """Keep to a temporary folder from now on, and say so."""
    folder, process = Path(tempfile.mkdtemp(prefix=f"{APPLICATION.distribution}-")), os.getpid()

    def remove() -> None:
        if os.getpid() == process:  # a forked worker that ends leaves it to the others
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    _roots[wanted] = folder
    warn(
        f"the cache {wanted} cannot be used ({error.strerror or error}); a temporary folder takes its place, "
        f"and the next start is slow again. Set {APPLICATION.cache_variable} to a folder of your own"
    )


def _store(root: Path, kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """Make an entry in a folder of its own, then put it in place in one move."""
    shelf = root / kind
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(shelf, _ASIDE)
    fresh = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=shelf))
    try:
        make(fresh)
        files = sorted(path for path in fresh.rglob("*") if path.is_file())
        lines = [f"{file_digest(path)}  {path.relative_to(fresh).as_posix()}\n" for path in files]
        (fresh / _SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
        _settle(fresh)
        return _move(fresh, kind, key)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _settle(fresh: Path) -> None:
    """Close an entry to others and flush it to the disk."""
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_WRITABLE_BY_OTHERS)
        if path.is_file():
            flush(path)


def _move(fresh: Path, kind: str, key: str) -> Path:
    """Put a finished folder in place; give way to a whole one already there."""
    target = fresh.parent / key
    for _ in range(10):
        try:
            fresh.rename(target)
        except OSError:
            found = find(kind, key)
            if found is not None:
                return found
        else:
            return target
    raise OSError(f"{target} cannot be replaced")


def _is_whole(folder: Path) -> bool:
    """Whether every sum is right and nobody else could have written."""
    try:
        lines = (folder / _SUMS).read_bytes().decode("utf-8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        inside = {parent for name in sums for parent in (folder / name).parents if folder in parent.parents}
        paths = (folder, *inside, folder / _SUMS, *(folder / name for name in sums))
        return (
            bool(sums)
            and all(_is_private(path.lstat()) for path in paths)
            and all(digest == file_digest(folder / name) for name, digest in sums.items())
        )
    except (OSError, ValueError):
        return False


def _is_private(found: os.stat_result) -> bool:
    """Whether a file or folder is this user's and nobody else may write to it; a link never is."""
    if stat.S_ISLNK(found.st_mode):
        return False
    return os.name != "posix" or (found.st_uid == os.geteuid() and not found.st_mode & _WRITABLE_BY_OTHERS)


def _is_mine(path: Path) -> bool:
    return os.name != "posix" or path.stat().st_uid == os.geteuid()


def _remove(folder: Path) -> None:
    """Take an entry out of its place in one move, then remove it."""
    aside = folder.with_name(f"{_ASIDE}{uuid.uuid4().hex}")
    try:
        folder.rename(aside)
    except OSError:
        return
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.unlink(missing_ok=True)
