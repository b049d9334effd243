"""Shape of a variable: the ranges that its equations cover together, and the numbers they give."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sdcompile.errors import Fault
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.ranges import Ranges, Slice
from sdcompile.read.trees import is_number

NAMED = 4


class Shape(NamedTuple):
    """Dimensions of a variable, its numbers if it is a constant, and what is wrong with its pieces."""

    subscripts: tuple[str, ...]
    numbers: tuple[float, ...] | None
    faults: list[Fault]


def shape_of(text: ModelText, pieces: list[Definition]) -> Shape:
    """Dimensions that the pieces of one variable make together.

    Parameters
    ----------
    equations
        Where the ranges come from.
    pieces
        All pieces of the variable, in file order.

    Returns
    -------
    Shape
        Each dimension is the range that the pieces cover exactly, or else the family they belong to.
    """
    ranges = text.ranges
    first = pieces[0].entry
    faults = _label_faults(text, pieces)
    if faults:
        return Shape((), None, faults)
    labels = list(zip(*(piece.entry.subscripts for piece in pieces), strict=True))
    dims = ranges.dimensions([piece.entry.subscripts for piece in pieces])
    if None in dims:
        number = dims.index(None)
        problem = f"no range holds {' and '.join(dict.fromkeys(labels[number]))} together"
        return Shape((), None, [text.source.fault(first, problem, "Declare one range with all of them")])
    subscripts = tuple(name for name in dims if name is not None)
    defined: dict[Slice, float] = {}
    for piece in pieces:
        slices = _defined(ranges, piece)
        faults += _repeated(text, piece, [place for place in slices if place in defined])
        numbers = _numbers(text, piece, len(ranges.slices(piece.entry.subscripts)), faults)
        values = dict(zip(ranges.slices(piece.entry.subscripts), numbers, strict=True))
        defined |= {place: values[place] for place in slices}
    whole = ranges.slices(subscripts)
    faults += _missing(text, pieces[0], subscripts, [place for place in whole if place not in defined])
    return Shape(subscripts, tuple(defined.get(place, float("nan")) for place in whole), faults)


def _label_faults(text: ModelText, pieces: list[Definition]) -> list[Fault]:
    fault = text.source.fault
    faults = [
        fault(
            piece.entry, f"its subscript {label} is neither a range nor an element", "Declare or correct it"
        )
        for piece in pieces
        for label in piece.entry.subscripts
        if not text.ranges.of(label)
    ]
    faults += [
        fault(
            piece.entry,
            f"it has {label} twice among its subscripts",
            f"Copy the range: {label} copy <-> {label}",
        )
        for piece in pieces
        for label in dict.fromkeys(piece.entry.subscripts)
        if label in text.ranges.elements and piece.entry.subscripts.count(label) > 1
    ]
    counts = {len(piece.entry.subscripts) for piece in pieces}
    if len(counts) > 1:
        problem = f"its pieces have {' and '.join(str(count) for count in sorted(counts))} subscripts"
        faults.append(fault(pieces[0].entry, problem, "Give every piece the same number"))
    return faults


def _defined(ranges: Ranges, piece: Definition) -> list[Slice]:
    left_out = {place for labels in piece.entry.exceptions for place in ranges.slices(labels)}
    return [place for place in ranges.slices(piece.entry.subscripts) if place not in left_out]


def _numbers(text: ModelText, piece: Definition, count: int, faults: list[Fault]) -> list[float]:
    """Values of a piece in order of its slices; NaN where it is not made of numbers."""
    tree: Any = piece.tree
    if is_number(tree):
        return [float(tree)] * count
    if not isinstance(tree, np.ndarray):
        return [float("nan")] * count
    values = [float(value) for value in tree.ravel()]
    if len(values) == count:
        return values
    problem = f"{len(values)} numbers are given for {count} elements of [{','.join(piece.entry.subscripts)}]"
    faults.append(text.source.fault(piece.entry, problem, "Give one number per element"))
    return [float("nan")] * count


def _repeated(text: ModelText, piece: Definition, places: list[Slice]) -> list[Fault]:
    if not places:
        return []
    what = f"{piece.entry.name}{_listed(places)}"
    problem = f"{what} is defined again: an equation above has it already"
    return [text.source.fault(piece.entry, problem, "Delete or narrow one of the two equations")]


def _missing(
    text: ModelText, piece: Definition, subscripts: tuple[str, ...], places: list[Slice]
) -> list[Fault]:
    if not places:
        return []
    problem = (
        f"only some slices of [{','.join(subscripts)}] are defined; {piece.entry.name} has no equation for "
        f"{_listed(places)}"
    )
    remedy = "Write an equation for the other slices, or declare a subrange for those it has"
    return [text.source.fault(piece.entry, problem, remedy)]


def _listed(places: list[Slice]) -> str:
    if places == [()]:
        return ""
    shown = ", ".join(f"[{','.join(place)}]" for place in places[:NAMED])
    return shown + (f" and {len(places) - NAMED} more" if len(places) > NAMED else "")
