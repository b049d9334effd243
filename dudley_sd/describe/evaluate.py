"""What an equation comes to for given values of the variables in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sdcompile.arrays import Floats
from sdcompile.equations.expressions import (
    Along,
    Axis,
    Call,
    Expression,
    Fixed,
    Index,
    Lookup,
    Now,
    Number,
    Position,
    Reduction,
    Reference,
)
from sdcompile.equations.graph import METHODS, Equations, Table, Variable, place
from sdcompile.functions.registry import ELEMENTARY
from sdcompile.write.numpy_functions import Grid, modulo, quantum, xidz

from dudley_sd.describe.states import Values

OPERATIONS: dict[str, Callable[..., Floats]] = {
    **{name: getattr(np, name) for name in ELEMENTARY if hasattr(np, name)},
    "ln": np.log,
    "integer": np.trunc,
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.float_power,
    "min": np.minimum,
    "max": np.maximum,
    "remainder": np.mod,
    "quantum": quantum,
    "modulo": modulo,
    "xidz": xidz,
    "negative": np.negative,
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "gt": np.greater,
    "le": np.less_equal,
    "ge": np.greater_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "select": np.where,
}
REDUCTIONS: dict[str, Callable[..., Floats]] = {
    "sum": np.sum,
    "prod": np.prod,
    "vmin": np.min,
    "vmax": np.max,
}


@dataclass(frozen=True)
class Evaluator:
    """Works out equations at one moment.

    Attributes
    ----------
    equations
        The model.
    values
        Value of every variable that the equations read.
    time
        The moment.
    """

    equations: Equations
    values: Values
    time: float

    def variable(self, variable: Variable) -> Floats:
        """Work out a variable from its equations: a stock is worked out one step later."""
        target = np.full(variable.shape, np.nan)
        with np.errstate(all="ignore"):
            for piece in variable.pieces:
                found = self._value(piece.expression, piece.axes)
                place(target, piece, np.broadcast_to(found, piece.shape))
        return target

    def _value(self, node: Expression, scope: Sequence[Axis]) -> Floats:
        """Value over the axes in scope; a dimension is of size one where nothing differs along it."""
        match node:
            case Number():
                return np.asarray(node.value)
            case Now():
                return np.asarray(self.time)
            case Position():
                return _along(node.axis, node.values, scope).astype(float)
            case Reference():
                return np.asarray(self.values[node.variable][elements_of(node.index, scope)])
            case Lookup():
                return self._lookup(node, scope)
            case Reduction():
                return self._reduction(node, scope)
            case Call():
                arguments = [self._value(argument, scope) for argument in node.arguments]
                return np.asarray(OPERATIONS[node.operation](*arguments))
        return np.asarray(self.equations.time_step)

    def _lookup(self, node: Lookup, scope: Sequence[Axis]) -> Floats:
        table = self.equations.tables[node.table]
        flat = np.arange(int(np.prod(table.shape, dtype=int))).reshape(table.shape)
        elements = np.asarray(flat[elements_of(node.index, scope)])
        return np.asarray(_grid(table).read(elements, self._value(node.argument, scope)))

    def _reduction(self, node: Reduction, scope: Sequence[Axis]) -> Floats:
        inner = [*scope, *node.axes]
        found = self._value(node.argument, inner)
        sizes = [*(1 for _ in scope), *(axis.size for axis in node.axes)]
        wide = np.broadcast_to(found, np.broadcast_shapes(found.shape, tuple(sizes)))
        return REDUCTIONS[node.kind](wide, axis=tuple(range(len(scope), len(inner))))


def _along(axis: Axis, positions: Sequence[int], scope: Sequence[Axis]) -> np.ndarray:
    return np.reshape(np.array(positions), [-1 if other is axis else 1 for other in scope])


def elements_of(index: Index, scope: Sequence[Axis]) -> tuple[np.ndarray | int, ...]:
    """Index of the elements that the steps of the axes in scope stand for."""
    found: list[np.ndarray | int] = []
    for part in index:
        if isinstance(part, Fixed):
            found.append(part.position)
        elif isinstance(part, Along):
            found.append(_along(part.axis, part.positions, scope))
    return tuple(found)


def _grid(table: Table) -> Grid:
    points = []
    for x, y in table.points:
        with np.errstate(all="ignore"):
            points.append((x, y, np.diff(y) / np.diff(x)))
    return Grid(tuple(points), METHODS[table.method])
