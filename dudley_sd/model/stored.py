"""What was read from a text before, kept in the user's cache: the parser takes a second for a model file."""

from __future__ import annotations

import hashlib
import os
import uuid
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from dudley_sd.places import cache_folder

Kind = TypeVar("Kind")


def stored(content: bytes, kind: type[Kind]) -> Kind | None:
    """Return what was kept of a text; None if nothing is there or it cannot be read.

    Parameters
    ----------
    content
        The text that was read.
    kind
        The dataclass to return.
    """
    try:
        return TypeAdapter(kind).validate_json(_place(content, kind).read_bytes())
    except (OSError, ValidationError, ValueError):
        return None


def keep(content: bytes, found: object) -> None:
    """Keep what was read of a text, whole or not at all; where that is not possible it is read again."""
    place = _place(content, type(found))
    scratch = place.with_name(f"{place.name}-{os.getpid()}-{uuid.uuid4().hex}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(TypeAdapter(type(found)).dump_json(found))
        scratch.replace(place)
    except OSError:
        scratch.unlink(missing_ok=True)


def _place(content: bytes, kind: type[object]) -> Path:
    digest = hashlib.sha256(_readers())
    digest.update(kind.__qualname__.encode("utf-8") + b"\0" + content)
    return cache_folder() / "read" / f"{digest.hexdigest()[:32]}.json"


@cache
def _readers() -> bytes:
    """Everything that decides how a text is read: this package's own files and the version of PySD."""
    digest = hashlib.sha256(version("pysd").encode("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode("utf-8") + path.read_bytes())
    return digest.digest()
