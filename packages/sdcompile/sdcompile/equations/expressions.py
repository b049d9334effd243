"""Expressions: the right-hand side of an equation, its subscripts resolved to positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

MISSING = -(2.0**109)
"""What Vensim's ``:NA:`` is: a number, so that it equals itself."""


@dataclass(frozen=True, eq=False)
class Axis:
    """One loop over the elements of a subscript range; an axis is the same only as itself."""

    name: str
    size: int

    @property
    def along(self) -> Along:
        """An index that takes every element in turn."""
        return Along(self, tuple(range(self.size)))

    @property
    def place(self) -> Position:
        """The number of the element at hand, from 0."""
        return Position(self, tuple(range(self.size)))


@dataclass(frozen=True)
class Fixed:
    """An index that names one element."""

    position: int


@dataclass(frozen=True)
class Along:
    """An index that follows a loop: step ``k`` of ``axis`` means position ``positions[k]``."""

    axis: Axis
    positions: tuple[int, ...]


Index: TypeAlias = tuple[Fixed | Along, ...]


@dataclass(frozen=True)
class Number:
    """A number written in the model."""

    value: float


@dataclass(frozen=True)
class CurrentTime:
    """The current time."""


@dataclass(frozen=True)
class StepLength:
    """TIME STEP."""


@dataclass(frozen=True)
class Position:
    """A subscript range used as a number: the place of each element in its main range."""

    axis: Axis
    values: tuple[int, ...]


@dataclass(frozen=True)
class Reference:
    """The value of a variable at some elements."""

    variable: str
    index: Index


@dataclass(frozen=True)
class Lookup:
    """A table read at a point."""

    table: str
    index: Index
    argument: Expression


@dataclass(frozen=True)
class Reduction:
    """A sum, product, least or greatest over axes; ``kind`` is ``sum``, ``prod``, ``vmin`` or ``vmax``."""

    kind: str
    axes: tuple[Axis, ...]
    argument: Expression


@dataclass(frozen=True)
class Call:
    """An operation of ``functions.OPERATIONS`` on its arguments."""

    operation: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Number | CurrentTime | StepLength | Position | Reference | Lookup | Reduction | Call


def call(operation: str, *arguments: Expression | float) -> Call:
    """Write an operation; plain numbers are wrapped."""
    return Call(operation, tuple(Number(float(a)) if isinstance(a, int | float) else a for a in arguments))


def children(expression: Expression) -> tuple[Expression, ...]:
    """List the expressions directly inside one expression."""
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, Lookup | Reduction):
        return (expression.argument,)
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Visit an expression and everything inside it, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def axes_of(index: Index) -> list[Axis]:
    """List the loops that an index follows, in order."""
    return [part.axis for part in index if isinstance(part, Along)]


def positions_of(index: Index) -> list[list[int]]:
    """List, for each dimension, the elements that an index takes in."""
    return [[part.position] if isinstance(part, Fixed) else list(part.positions) for part in index]


def is_whole(index: Index, shape: tuple[int, ...]) -> bool:
    """Say whether an index takes every element of every dimension in order."""
    return all(
        isinstance(part, Along) and part.positions == tuple(range(extent))
        for part, extent in zip(index, shape, strict=True)
    )


def free_axes(expression: Expression) -> list[Axis]:
    """List the loops around an expression on which it depends, each once."""
    found: dict[Axis, None] = {}
    for node in walk(expression):
        if isinstance(node, Reference | Lookup):
            found |= dict.fromkeys(axes_of(node.index))
        elif isinstance(node, Position):
            found[node.axis] = None
    bound = {axis for node in walk(expression) if isinstance(node, Reduction) for axis in node.axes}
    return [axis for axis in found if axis not in bound]


def rebuild(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Apply ``change`` to every node, innermost first."""
    if isinstance(expression, Call):
        inner = tuple(rebuild(argument, change) for argument in expression.arguments)
        return change(Call(expression.operation, inner))
    if isinstance(expression, Lookup | Reduction):
        return change(replace(expression, argument=rebuild(expression.argument, change)))
    return change(expression)


def move_index(index: Index, moves: dict[Axis, Fixed | Along]) -> Index:
    """Carry an index from one set of loops to another.

    Parameters
    ----------
    index
        Positions along the old loops.
    moves
        For each old axis, where its steps lie in the new loops: ``Fixed(k)`` is step ``k`` alone,
        ``Along(axis, steps)`` means new step ``j`` is old step ``steps[j]``. Axes not named stay.
    """
    moved: list[Fixed | Along] = []
    for part in index:
        move = moves.get(part.axis) if isinstance(part, Along) else None
        if move is None or isinstance(part, Fixed):
            moved.append(part)
        elif isinstance(move, Fixed):
            moved.append(Fixed(part.positions[move.position]))
        else:
            moved.append(Along(move.axis, tuple(part.positions[step] for step in move.positions)))
    return tuple(moved)


def move(expression: Expression, moves: dict[Axis, Fixed | Along]) -> Expression:
    """Carry a whole expression from one set of loops to another (see ``move_index``)."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Reference | Lookup):
            return replace(node, index=move_index(node.index, moves))
        if isinstance(node, Position):
            (part,) = move_index((Along(node.axis, node.values),), moves)
            return Number(part.position) if isinstance(part, Fixed) else Position(part.axis, part.positions)
        return node

    return rebuild(expression, change)
