"""SHA-256 of files and folders, worked out again only where a file has changed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
"""Folder of this package's code."""

LIBRARIES = ("numpy", "pandas", "pysd", "scipy", "xarray")

Signature = tuple[int, int, int, int]

SETTLED = 2.0
"""Seconds since its last change after which a file's signature is relied on: clocks of disks are coarse."""

_KNOWN: dict[str, tuple[Signature, str]] = {}


def file_digest(path: Path | str) -> str:
    """SHA-256 of a file's content, in hexadecimal digits.

    Parameters
    ----------
    path
        The file. It is read again whenever its inode, size, time of change or time of writing is another, or
        lies less than two seconds back.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    name = os.fspath(path)
    about = Path(name).stat()
    signature = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    known = _KNOWN.get(name)
    if known is not None and known[0] == signature:
        return known[1]
    digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
    if time.time() - max(about.st_mtime, about.st_ctime) > SETTLED:
        _KNOWN[name] = (signature, digest)
    return digest


def folder_digests(folder: Path | str, endings: tuple[str, ...] = ("",)) -> dict[str, str]:
    """SHA-256 of every file of a folder and the folders in it, by path relative to it, in order of path.

    Parameters
    ----------
    folder
        Where to look.
    endings
        Endings of the files that count, such as ``(".csv", ".toml")``; all files when not given.
    """
    root = os.fspath(folder)
    found = {path: file_digest(f"{root}/{path}") for path in _files(root, "", endings)}
    return dict(sorted(found.items()))


def _files(root: str, under: str, endings: tuple[str, ...]) -> Iterator[str]:
    with os.scandir(f"{root}/{under}") as entries:
        for entry in entries:
            path = f"{under}{entry.name}"
            if entry.is_dir():
                yield from _files(root, f"{path}/", endings)
            elif entry.name.endswith(endings):
                yield path


@cache
def code_digest(*folders: Path) -> str:
    """SHA-256 of the Python code in folders and of the versions of the libraries that numbers go through."""
    digest = hashlib.sha256()
    for folder in folders:
        for path, found in folder_digests(folder, (".py",)).items():
            digest.update(f"{path} {found}\n".encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()
