"""Numbers given as tables: lookups, time series and arrays of constants, in the model or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sdcompile.arrays import Flags, Floats
from sdcompile.equations.expressions import Axis, Fixed, Index, Number
from sdcompile.equations.graph import METHODS, ElementView, Piece, Table, Variable, gaps_between
from sdcompile.errors import RefusedError
from sdcompile.read.external import Reader
from sdcompile.read.ranges import Ranges

Points = tuple[Floats, Floats]


@dataclass
class Component:
    """One equation of a variable: where it applies, and either numbers or syntax still to translate.

    ``keyword`` says what lies between the points of a series: interpolate, hold backward and so on.
    """

    subscripts: list[str]
    axes: tuple[Axis, ...]
    index: Index
    mask: Flags | None
    loops: dict[str, Axis]
    syntax: Any
    keyword: str | None = None

    @property
    def is_series(self) -> bool:
        """Whether its values are read over time from data."""
        return type(self.syntax).__name__ in ("GetDataStructure", "DataStructure")

    def of(self, variable: Variable) -> ElementView:
        """Return the elements of ``variable`` that this equation defines."""
        return ElementView(variable, self.axes, self.index, self.mask)


@dataclass(frozen=True)
class Files:
    """Files beside a model: the folder, the ranges that label their cells, and the names of those read."""

    folder: Path
    ranges: Ranges
    names: list[str]


def literal(files: Files, name: str, component: Component) -> Floats | None:
    """Return the numbers of an equation that is an array or GET ... CONSTANTS; None for any other."""
    syntax = component.syntax
    shape = tuple(axis.size for axis in component.axes)
    if isinstance(syntax, np.ndarray):
        if syntax.size != int(np.prod(shape, dtype=int)):
            raise RefusedError(
                f"{syntax.size} numbers are given for {shape} elements", "Give one number for each"
            )
        if not np.isfinite(np.asarray(syntax, dtype=float)).all():
            raise RefusedError("a number of it is too large", "Write numbers below 1e308")
        return np.asarray(syntax, dtype=float).reshape(shape)
    if type(syntax).__name__ == "GetConstantsStructure":
        _note_file(files, syntax)
        return _reader(files, name, component).constants(syntax)
    return None


def read(
    files: Files,
    name: str,
    labels: tuple[tuple[str, ...], ...],
    components: list[Component],
) -> Table:
    """Read every equation of a lookup or data variable into one table."""
    shape = tuple(len(elements) for elements in labels)
    points: dict[tuple[int, ...], Points] = {}
    method = "interpolate"
    for component in components:
        x, y, method = _points(files, name, component)
        for steps in np.ndindex(*[axis.size for axis in component.axes]):
            place = dict(zip(component.axes, steps, strict=True))
            target = tuple(
                part.position if isinstance(part, Fixed) else part.positions[place[part.axis]]
                for part in component.index
            )
            values = y[(slice(None), *steps)]
            known = ~np.isnan(values)
            if not known.any():
                raise RefusedError("a series holds no numbers", "Fill the series or leave the element out")
            points[target] = sorted_points(x[known], values[known])
    every = list(np.ndindex(*shape))
    missing = [target for target in every if target not in points]
    if missing:
        element = ", ".join(labels[d][place] for d, place in enumerate(missing[0]))
        raise RefusedError(
            f"{len(missing)} elements have no series; first {element}", "Give each element one"
        )
    return Table(shape, tuple(points[target] for target in every), method)


def cover(components: list[Component], shape: tuple[int, ...]) -> bool:
    """Say whether equations define every element of a variable."""
    pieces = [Piece(c.axes, c.index, Number(0.0), c.mask) for c in components]
    return not gaps_between(pieces, shape).any()


def _points(files: Files, name: str, component: Component) -> tuple[Floats, Floats, str]:
    syntax, keyword = component.syntax, component.keyword
    kind = type(syntax).__name__
    if kind == "LookupsStructure":
        x, y = written_points(syntax)
        if len(np.unique(x)) != len(x):
            raise RefusedError("two points of the lookup have the same x", "Give each point its own x")
        spread = np.ones((1, *[axis.size for axis in component.axes]))
        return x, y.reshape(-1, *[1] * len(component.axes)) * spread, syntax.type
    if kind == "GetLookupsStructure":
        _note_file(files, syntax)
        return *_reader(files, name, component).lookups(syntax), "interpolate"
    if kind == "GetDataStructure":
        _note_file(files, syntax)
        method = (keyword or "interpolate").replace(" ", "_")
        if method not in METHODS:
            raise RefusedError(f"what lies between its data is {keyword!r}", "Write :INTERPOLATE: or :RAW:")
        return *_reader(files, name, component).data(syntax, keyword), method
    raise RefusedError("it waits for data that the model file does not name", "Write GET DIRECT DATA(...)")


def written_points(lookups: Any) -> Points:
    """Return the points of a lookup written in the model."""
    x, y = np.array(lookups.x, float), np.array(lookups.y, float)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise RefusedError("a point of the lookup is too large", "Write numbers below 1e308")
    return sorted_points(x, y)


def sorted_points(x: Floats, y: Floats) -> Points:
    """Put the points of a table in order of x."""
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _reader(files: Files, name: str, component: Component) -> Reader:
    shape = tuple(axis.size for axis in component.axes)
    return Reader(files.folder, name, files.ranges.coordinates(component.subscripts), shape)


def _note_file(files: Files, syntax: Any) -> None:
    if not all(isinstance(value, str) for value in vars(syntax).values()):
        problem = "the file, the sheet and the cells of a GET function are not all texts"
        raise RefusedError(problem, "Write them in single quotes: 'data.csv', ',', 'B2'")
    if syntax.file not in files.names:
        files.names.append(syntax.file)
