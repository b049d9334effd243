"""What is in a picture of the model: boxes, arrows between them, and where each stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

LETTERS = 18
"""Letters of a name that fit on a line of a box."""

LINES = 3
BOX_WIDTH, BOX_HEIGHT = 156.0, 62.0


@dataclass(frozen=True)
class Box:
    """A variable or a sector.

    Attributes
    ----------
    key
        What arrows call it.
    lines
        Its name, broken to fit.
    x, y
        Its middle.
    kind
        ``stock``, ``flow``, ``lag``, ``plain`` or ``sector``.
    href, title
        Where it leads to, and what a pointer or a screen reader is told.
    marked
        Whether it is on the loop that is chosen.
    """

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    kind: str
    href: str
    title: str
    marked: bool = False
    width: float = BOX_WIDTH
    height: float = BOX_HEIGHT


@dataclass(frozen=True)
class Arrow:
    """One variable, or one sector, acts on another.

    Attributes
    ----------
    source, target
        Keys of boxes.
    sign
        ``+``, ``−``, ``±``, ``0``, or empty where it is not known or not told.
    thick
        Whether people, staff or money move along it.
    weight
        How many links it stands for.
    marked
        Whether it is on the loop that is chosen.
    through
        Points that it passes between its ends.
    """

    source: str
    target: str
    sign: str = ""
    thick: bool = False
    weight: int = 1
    marked: bool = False
    through: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Picture:
    """Boxes and arrows on a sheet.

    Attributes
    ----------
    name, title
        Id, and what it shows, in a sentence.
    bent
        Whether arrows bend towards the middle: boxes then stand round it.
    """

    name: str
    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    bent: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the browser draws it."""
        return asdict(self)


def broken(name: str, letters: int = LETTERS, lines: int = LINES) -> tuple[str, ...]:
    """Break a name into lines of a box; what is too long ends in dots, and is whole in the title."""
    found = wrap(name, letters, break_long_words=False)
    if len(found) <= lines:
        return tuple(found)
    return (*found[: lines - 1], found[lines - 1][: letters - 1] + "…")
