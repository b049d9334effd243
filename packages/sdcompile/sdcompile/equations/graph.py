"""Equations of a model, checked: variables, the pieces that define them, and their tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from sdcompile.arrays import Flags, Floats
from sdcompile.equations.expressions import (
    Axis,
    Expression,
    Index,
    Reference,
    axes_of,
    positions_of,
    walk,
)
from sdcompile.errors import Fault, InputError

METHODS = {"interpolate": 0, "extrapolate": 1, "hold_backward": 2, "look_forward": 3, "raw": 4}
"""How a table is read between its points, by the number that generated code uses."""

PRECISION = 1e-5
"""PySD's precision, in time steps, when it asks whether a run is over or a time is saved."""


class Kind(Enum):
    """Kind of a variable: how it gets its value."""

    CONSTANT = "constant"  # numbers written in the model or read from a file
    AUXILIARY = "auxiliary"  # computed from other values at the same time
    STOCK = "stock"  # starts from an initial value; its next value is computed each step
    PIPE = "pipe"  # DELAY FIXED: what went in comes out a fixed number of steps later
    HELD = "held"  # INITIAL: computed once, at the start


@dataclass(frozen=True)
class Piece:
    """One equation: ``target[index] = expression`` for every step of the axes where ``mask`` is true."""

    axes: tuple[Axis, ...]
    index: Index
    expression: Expression
    mask: Flags | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of steps of each axis."""
        return tuple(axis.size for axis in self.axes)


@dataclass
class Variable:
    """One variable of the model, or one that a function such as SMOOTH needs.

    Attributes
    ----------
    key
        Lower case with underscores: how equations refer to it.
    name
        As the modeller wrote it; for a hidden variable, the name of the equation that needs it.
    dims, labels
        Names of the subscript ranges and, for each, its elements in order.
    pieces
        What the value is (auxiliary), will be one step later (stock) or what goes in (pipe).
    initial
        What the value is at the start (stock, pipe, held; auxiliary with ACTIVE INITIAL).
    values
        The numbers of a constant.
    length
        Steps in a pipe.
    gaps
        Whether some elements have no equation and so are not numbers, as in PySD.
    note
        What to check first when the value is not a number.
    """

    key: str
    name: str
    dims: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    kind: Kind = Kind.AUXILIARY
    pieces: list[Piece] = field(default_factory=list)
    initial: list[Piece] = field(default_factory=list)
    values: Floats | None = None
    length: int = 0
    hidden: bool = False
    gaps: bool = False
    note: str = ""
    units: str = ""
    documentation: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of elements along each dimension."""
        return tuple(len(elements) for elements in self.labels)

    @property
    def size(self) -> int:
        """Number of elements in all."""
        return int(np.prod(self.shape, dtype=int))


@dataclass(frozen=True)
class Table:
    """A lookup: for each element of ``shape``, rising x and its y; ``method`` says what lies between."""

    shape: tuple[int, ...]
    points: tuple[tuple[Floats, Floats], ...]
    method: str


@dataclass
class Equations:
    """A whole model, checked.

    Attributes
    ----------
    source
        The model file, for messages.
    frozen
        Constants that fix the shape of the program, each with the reason; they cannot be levers.
    files
        External files the model read, relative to the model's folder.
    """

    source: str
    variables: dict[str, Variable] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    times: tuple[float, ...] = ()
    time_step: float = 1.0
    save_every: float = 1.0

    def pieces(self) -> Iterator[tuple[Variable, Piece]]:
        """Every equation of every variable."""
        for variable in self.variables.values():
            for piece in (*variable.pieces, *variable.initial):
                yield variable, piece

    def refuse(self, variable: str, problem: str, remedy: str) -> InputError:
        """Word one fault of one variable."""
        return InputError([Fault(self.source, f"variable {variable}", problem, remedy)])


def assign_elements(target: npt.NDArray[Any], piece: Piece, values: npt.NDArray[Any]) -> None:
    """Write values, one for each step of a piece's axes, to the elements the piece defines."""
    region = target[_selector(piece)]
    fresh = _by_dimension(piece, values).reshape(region.shape)
    if piece.mask is not None:
        fresh = np.where(_by_dimension(piece, piece.mask).reshape(region.shape), fresh, region)
    target[_selector(piece)] = fresh


def covered(piece: Piece, shape: tuple[int, ...]) -> Flags:
    """Mark the elements of a variable that a piece defines."""
    flags = np.zeros(shape, dtype=bool)
    assign_elements(flags, piece, np.ones(piece.shape, dtype=bool))
    return flags


def gaps_between(pieces: list[Piece], shape: tuple[int, ...]) -> Flags:
    """Mark the elements of a variable that no piece defines."""
    taken = np.zeros(shape, dtype=bool)
    for piece in pieces:
        taken |= covered(piece, shape)
    return ~taken


def _selector(piece: Piece) -> tuple[npt.NDArray[np.intp], ...]:
    return np.ix_(*positions_of(piece.index))


def _by_dimension(piece: Piece, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Turn values over a piece's axes to the order of the target's dimensions."""
    return values.transpose([piece.axes.index(axis) for axis in axes_of(piece.index)])


@dataclass(frozen=True)
class ElementView:
    """Elements of a variable, seen through the loops of one equation."""

    variable: Variable
    axes: tuple[Axis, ...]
    index: Index
    mask: Flags | None = None

    @property
    def reference(self) -> Reference:
        """The value there."""
        return Reference(self.variable.key, self.index)

    def piece(self, expression: Expression) -> Piece:
        """Define the value there."""
        return Piece(self.axes, self.index, expression, self.mask)


def everywhere(variable: Variable, axes: tuple[Axis, ...]) -> ElementView:
    """Take every element of a variable in turn, one loop to a dimension."""
    return ElementView(variable, axes, tuple(axis.along for axis in axes))


def references(piece: Piece) -> Iterator[Reference]:
    """Every value a piece reads."""
    return (node for node in walk(piece.expression) if isinstance(node, Reference))


def saved_steps(equations: Equations) -> list[int]:
    """List the steps that PySD saves: those whose time is a multiple of SAVEPER from the start."""
    times = np.array(equations.times)
    close = equations.time_step * PRECISION
    since = times - times[0]
    saved = (since % equations.save_every < close) | (-since % equations.save_every < close)
    return [int(step) for step in np.flatnonzero(saved)]


def visible(equations: Equations) -> list[str]:
    """List the variables that the modeller wrote."""
    return [key for key, variable in equations.variables.items() if not variable.hidden]


def constants(equations: Equations) -> list[str]:
    """List the variables that can be levers."""
    kept = [key for key in visible(equations) if equations.variables[key].kind is Kind.CONSTANT]
    return [key for key in kept if key not in equations.frozen]
