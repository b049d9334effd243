"""Whether tables written in the model file have points that every engine reads alike."""

from __future__ import annotations

import re
from itertools import pairwise

from sdcompile.errors import Fault
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import kind_of, walk

_NUMBER = r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*"
_POINT = re.compile(rf"\(({_NUMBER}),{_NUMBER}\)")
_POINTS = re.compile(rf"{_POINT.pattern}(?:\s*,\s*{_POINT.pattern})+")


def table_faults(text: ModelText) -> list[Fault]:
    """Rule 11: tables whose x do not rise from point to point.

    The text is read, because PySD puts the points in order where other engines do not. PySD itself refuses a
    table of one point. Beyond its ends a table keeps its first and last value; LOOKUP EXTRAPOLATE is refused
    as an unsupported function. Tables in files are not looked at.
    """
    faults = []
    for piece in text.definitions:
        if not any(kind_of(node) == "Lookups" for node in walk(piece.tree)):
            continue
        for x in _tables(piece.entry.equation):
            falls = next(((one, other) for one, other in pairwise(x) if not one < other), None)
            if falls is not None:
                problem = f"the x of its table do not rise: {falls[1]:g} follows {falls[0]:g}"
                faults.append(text.source.fault(piece.entry, problem, "Put the points in order of x"))
    return faults


def _tables(equation: str) -> list[list[float]]:
    """Find the x of every table in an equation, in the order of the text; the box of its plot is left out."""
    text = re.sub(r"\[[^\]]*\]\s*,?", "", equation)
    return [[float(x) for x in _POINT.findall(found.group())] for found in _POINTS.finditer(text)]
