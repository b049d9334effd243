"""Entries of a Vensim file: left side, expression, unit, limits and sentence of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["equation", "range", "group", "string"]
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
_STRING = re.compile(r":IS:", re.IGNORECASE)
_NO_LETTER = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Entry:
    """One piece of a model file as its author wrote it; of a Vensim file what stands before a ``|``.

    Attributes
    ----------
    kind
        An equation (also a table or data), a subscript range, the heading of a group, or a string variable.
    line
        Where it starts, counted from 1.
    name
        Left-hand name as written, or the group's name.
    subscripts
        Subscripts on the left-hand side, as written.
    exceptions
        Slices left out by ``:EXCEPT:``, as written.
    equation
        The first field, left and right, on one line and without comments.
    expression
        What stands to the right of the sign; for a range, its elements and mapping.
    units, limits, limits_text
        Second field: unit, ``[min, max, step]`` as numbers, and the limits as written.
    sentence
        Third field on one line; for a group, its second.
    group
        Name of the group above it, empty before the first.
    tildes
        How many ``~`` it has; two or three are read.
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
        return f"line {self.line}, {readable(self.name)}" if self.name else f"line {self.line}"

    @property
    def is_readable(self) -> bool:
        """Whether all letters of the equation could be read."""
        return readable(self.equation) == self.equation


def read_entry(fields: list[str], line: int, group: str) -> Entry:
    """Read one entry.

    Parameters
    ----------
    fields
        What stands between its ``~``: the first without comments, the others as written.
    line
        Where it starts.
    group
        Group heading above it.

    Returns
    -------
    Entry
        What cannot be understood is left empty, for the lint to report.
    """
    equation, units, sentence, *_ = [*(_one_line(field) for field in fields), "", ""]
    tildes = len(fields) - 1
    heading = _GROUP.match(equation)
    if heading or re.match(r"\*[*\s]", equation):
        name = heading[1].strip() if heading else equation
        return Entry("group", line, name, equation, sentence=units, tildes=tildes)
    units, limits_text = _units(units)
    found = _LEFT.match(equation)
    sign = found["sign"] if found else "="
    is_text = _STRING.search(equation) and "=" not in equation.split(":", 1)[0]
    kind: EntryKind = "string" if is_text else "range" if sign in (":", "<->") else "equation"
    exceptions = re.findall(r"\[([^\]]*)\]", found["exceptions"] or "") if found else []
    return Entry(
        kind=kind,
        line=line,
        name=found["name"].strip() if found else equation,
        equation=equation,
        subscripts=_names(found["subscripts"]) if found else (),
        exceptions=tuple(_names(inner) for inner in exceptions),
        expression=equation[found.end() - (sign == "(") :].strip() if found else "",
        units=readable(units),
        limits=_limits(limits_text),
        limits_text=limits_text,
        sentence=readable(sentence),
        group=group,
        tildes=tildes,
    )


def _one_line(field: str) -> str:
    return " ".join(re.sub(r"\\\s*\n", " ", field).split())


def readable(field: str) -> str:
    """Text in letters that every program can write; a byte that is no letter becomes a mark."""
    return _NO_LETTER.sub("\ufffd", field)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _units(field: str) -> tuple[str, str]:
    """Divide a unit from its limits, which stand in brackets at its end."""
    if not field.endswith("]"):
        return field, ""
    units, bracket, limits = field.partition("[")
    return units.strip(), bracket + limits


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
