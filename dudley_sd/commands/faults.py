"""Faults of the operating system in words: what, which file, what to do, and the exit code."""

from __future__ import annotations

import errno

BAD_INPUT = 2
FAILED = 1

_ROOM = "Make room on that disk, or write to another one"
_PERMISSION = "Name a file or folder that you may read and write"
_LIMIT = "Raise the limit of this shell or service (ulimit), or ask for less"
_REMEDIES = {
    errno.ENOSPC: (_ROOM, FAILED),
    errno.EDQUOT: (_ROOM, FAILED),
    errno.EFBIG: (_LIMIT, FAILED),
    errno.EMFILE: (_LIMIT, FAILED),
    errno.ENFILE: (_LIMIT, FAILED),
    errno.ENOMEM: (_LIMIT, FAILED),
    errno.EIO: ("Make room on that disk, or try another one", FAILED),
    errno.EACCES: (_PERMISSION, BAD_INPUT),
    errno.EPERM: (_PERMISSION, BAD_INPUT),
    errno.EROFS: ("Name a folder on a disk that can be written", BAD_INPUT),
    errno.ENAMETOOLONG: ("Use shorter names of files and folders", BAD_INPUT),
    errno.EISDIR: ("Name a file, not a folder", BAD_INPUT),
    errno.ENOTDIR: ("Name another path: a part of this one is a file", BAD_INPUT),
    errno.ENOENT: ("Check the path", BAD_INPUT),
    errno.ELOOP: ("Name another path: this one is a circle of links", BAD_INPUT),
}
_OTHER = ("Try again; if it happens again, report it with the command you gave", FAILED)


def system_fault(error: OSError | MemoryError) -> tuple[str, int]:
    """Return the message for a fault of the operating system, and the exit code.

    Returns
    -------
    tuple
        The message; 2 where another path would have helped, 1 where the machine failed.
    """
    if isinstance(error, MemoryError):
        return f"There is not enough memory. {_LIMIT}. No file was left half-written.", FAILED
    remedy, code = _REMEDIES.get(error.errno or 0, _OTHER)
    names = [str(name) for name in (error.filename, error.filename2) if name is not None]
    place = f"{names[0]}: " if names else ""
    problem = error.strerror or str(error) or type(error).__name__
    return f"{place}{problem}. {remedy}. No file was left half-written.", code
