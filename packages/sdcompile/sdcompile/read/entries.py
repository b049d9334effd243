"""What one entry of the model file says: left side, expression, unit, limits and sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

EntryKind = Literal["equation", "range", "group"]
Limits = tuple[float | None, float | None, float | None]

_GROUP = re.compile(r"\*{3,}\s*\.?([^*]*?)\s*\*{3,}", re.DOTALL)

_LEFT = re.compile(
    r"""\s*(?P<name>"(?:\\"|[^"])*"|[^\[\]=:<(]+?)\s*
        (?:\[(?P<subscripts>[^\]]*)\]\s*)?
        (?P<exceptions>:EXCEPT:(?:\s*,?\s*\[[^\]]*\])+\s*)?
        (?P<keyword>:[A-Za-z ]+:(?=\s*:=|\s*$)\s*)?
        (?P<sign>:=|==|=|<->|:|\(|$)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

_UNITS = re.compile(r"(?P<units>[^\[]*)(?P<limits>\[.*)?", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One piece of the file up to its ``|``.

    Attributes
    ----------
    kind
        An equation (also a table or data), a subscript range, or the heading of a group.
    line
        Where it starts, counted from 1.
    name
        Left-hand name as written, or the group's name.
    subscripts
        Subscripts on the left-hand side, as written.
    exceptions
        Slices left out by ``:EXCEPT:``, as written.
    equation
        The first field, left and right, on one line.
    expression
        What stands to the right of the sign; for a range, its elements and mapping.
    units, limits, limits_text
        Second field: unit, ``[min, max, step]`` as numbers, and the limits as written.
    sentence
        Third field on one line; for a group, its second.
    group
        Name of the group above it, empty before the first.
    tildes
        How many ``~`` it has; PySD reads two or three and drops anything else.
    """

    kind: EntryKind
    line: int
    name: str
    equation: str
    subscripts: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, ...], ...] = ()
    expression: str = ""
    units: str = ""
    limits: Limits | None = None
    limits_text: str = ""
    sentence: str = ""
    group: str = ""
    tildes: int = 0

    @property
    def where(self) -> str:
        """The place as a fault names it."""
        return f"line {self.line}, {self.name}"


def read_entry(raw: list[str], line: int, group: str) -> Entry:
    """Read one entry.

    Parameters
    ----------
    raw
        What stands between its ``~``, as written.
    line
        Where it starts.
    group
        Group heading above it.

    Returns
    -------
    Entry
        What cannot be understood is left empty, for the lint to report.
    """
    fields = [*(_one_line(field) for field in raw), "", ""]
    tildes = len(raw) - 1
    heading = _GROUP.match(fields[0])
    if heading:
        name = heading.group(1).strip()
        return Entry("group", line, name, fields[0], sentence=fields[1], tildes=tildes)
    units, limits, limits_text = _units(fields[1])
    left = _left(fields[0])
    return Entry(
        kind=left.kind,
        line=line,
        name=left.name,
        equation=fields[0],
        subscripts=left.subscripts,
        exceptions=left.exceptions,
        expression=left.expression,
        units=units,
        limits=limits,
        limits_text=limits_text,
        sentence=fields[2],
        group=group,
        tildes=tildes,
    )


class _Left(NamedTuple):
    kind: EntryKind
    name: str
    subscripts: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, ...], ...] = ()
    expression: str = ""


def _left(equation: str) -> _Left:
    found = _LEFT.match(equation)
    if found is None:
        return _Left("equation", equation)
    sign = found["sign"]
    exceptions = re.findall(r"\[([^\]]*)\]", found["exceptions"] or "")
    return _Left(
        "range" if sign in (":", "<->") else "equation",
        found["name"].strip(),
        _names(found["subscripts"]),
        tuple(_names(inner) for inner in exceptions),
        equation[found.end() - (sign == "(") :].strip(),
    )


def _one_line(field: str) -> str:
    return " ".join(re.sub(r"\\\s*\n", " ", field).split())


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _units(field: str) -> tuple[str, Limits | None, str]:
    found = _UNITS.match(field)
    text = found["limits"] or "" if found else ""
    units = found["units"].strip() if found else ""
    return units, _limits(text), text


def _limits(text: str) -> Limits | None:
    """``[0, 1, 0.05]`` as numbers, ``?`` and absent parts as None; None when it cannot be read."""
    parts = text.strip().removeprefix("[").removesuffix("]").split(",") if text else []
    if not 1 <= len(parts) <= 3:
        return None
    try:
        low, high, step = (_limit(part) for part in [*parts, "", ""][:3])
    except ValueError:
        return None
    return low, high, step


def _limit(part: str) -> float | None:
    return None if part.strip() in ("?", "") else float(part)
