"""What was read from a text before, kept in the user's cache: the parser takes a second for a model file."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from sdcompile.cache import discard, find, key_of, remember

Kind = TypeVar("Kind")
SHELF, FILE = "read", "content.json"


def stored(content: bytes, kind: type[Kind]) -> Kind | None:
    """Return what was kept of a text; None if nothing is there or it cannot be read.

    Parameters
    ----------
    content
        The text that was read.
    kind
        The dataclass to return.
    """
    key = _key(content, kind)
    folder = find(SHELF, key)
    if folder is None:
        return None
    try:
        return TypeAdapter(kind).validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError, ValueError):
        discard(SHELF, key)
        return None


def keep(content: bytes, found: object) -> None:
    """Keep what was read of a text, whole or not at all; where that is not possible it is read again."""
    written = TypeAdapter(type(found)).dump_json(found)

    def write(folder: Path) -> None:
        (folder / FILE).write_bytes(written)

    with suppress(OSError):
        remember(SHELF, _key(content, type(found)), write)


def _key(content: bytes, kind: type[object]) -> str:
    return key_of(_readers(), kind.__qualname__, content)


@cache
def _readers() -> bytes:
    """Everything that decides how a text is read: this package's own files and the version of PySD."""
    digest = hashlib.sha256(version("pysd").encode("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode("utf-8") + path.read_bytes())
    return digest.digest()
