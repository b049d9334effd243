"""Functions of whole vectors and matrices, written with sums over elements: order, rank, reorder, inverse.

``VECTOR SORT ORDER(x[k])`` at place ``i`` is the element with ``i`` others before it; how many elements come
before one is a sum of comparisons. So no back end needs to sort. INVERT MATRIX is written as Gauss-Jordan
steps with the largest pivot of each column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdcompile.equations.expressions import (
    Along,
    Axis,
    Expression,
    Fixed,
    Number,
    Reduction,
    Reference,
    axes_of,
    call,
    free_axes,
    move,
)
from sdcompile.equations.graph import Piece
from sdcompile.errors import RefusedError
from sdcompile.functions.reductions import MISSING, vector_select
from sdcompile.functions.scope import Scope

LARGEST = 16
"""Rows of the largest matrix that is written out."""


def invert_matrix(scope: Scope, node: Any) -> Expression:
    """Invert the matrix of the last two subscripts; a matrix without inverse gives what is not a number."""
    matrix = scope.expression(node.arguments[0])
    axes = axes_of(matrix.index) if isinstance(matrix, Reference) else []
    if len(axes) < 2 or axes[-1].size != axes[-2].size:
        raise RefusedError(
            "INVERT MATRIX is not of a square variable", "Give the matrix a variable of its own"
        )
    if axes[-1].size > LARGEST:
        raise RefusedError(f"INVERT MATRIX has more than {LARGEST} rows", "Invert before the model")
    return _Inverse(scope, axes[-2], axes[-1]).of(matrix)


class _Inverse:
    """Turns the matrix into the identity, row by row, doing the same to an identity beside it."""

    def __init__(self, scope: Scope, row: Axis, column: Axis) -> None:
        self._scope = scope
        self._row, self._column = row, column
        self._inner = Axis(row.name, row.size)

    def of(self, matrix: Expression) -> Expression:
        left = self._scope.store(matrix)
        same = call("eq", self._row.place, self._column.place)
        right = self._scope.store(call("select", same, 1.0, 0.0))
        used: Expression = Number(0.0)
        pivots = []
        for step in range(self._row.size):
            pivot = self._pivot(left, used, step)
            pivots.append(pivot)
            used = self._scope.store(call("add", used, pivot), self._column)
            top = self._scope.store(self._row_of(pivot, left), self._row)
            beside = self._scope.store(self._row_of(pivot, right), self._row)
            corner = self._at(top, step)
            share = self._at(left, step)
            left, right = (
                self._scope.store(_eliminated(old, call("divide", line, corner), pivot, share))
                for old, line in ((left, top), (right, beside))
            )
        return self._in_order(pivots, right)

    def _pivot(self, left: Expression, used: Expression, step: int) -> Expression:
        """Mark the row, of those not used yet, with the largest number in a column; the first of equals."""
        size = call("select", used, -1.0, call("abs", self._at(left, step)))
        sizes = self._scope.store(size, self._column)
        largest = self._scope.store(Reduction("vmax", (self._inner,), self._inside(sizes)), self._column)
        earlier = call("lt", self._inner.place, self._row.place)
        rival = call("and", call("eq", self._inside(sizes), largest), earlier)
        rivals = Reduction("sum", (self._inner,), call("select", rival, 1.0, 0.0))
        first = call("and", call("eq", sizes, largest), call("eq", rivals, 0.0))
        return self._scope.store(call("select", first, 1.0, 0.0), self._column)

    def _row_of(self, pivot: Expression, matrix: Expression) -> Expression:
        product = call("multiply", self._inside(pivot), self._inside(matrix))
        return Reduction("sum", (self._inner,), product)

    def _in_order(self, pivots: list[Expression], right: Expression) -> Expression:
        """Row ``k`` of the inverse is the row that was the pivot of column ``k``."""
        hidden = self._scope.hide()
        axes = tuple(axis for axis in self._scope.axes if axis is not self._row)
        for step, pivot in enumerate(pivots):
            index = tuple(
                Fixed(step) if isinstance(part, Along) and part.axis is self._row else part
                for part in hidden.index
            )
            hidden.variable.pieces.append(Piece(axes, index, self._row_of(pivot, right)))
        return hidden.reference

    def _inside(self, expression: Expression) -> Expression:
        return move(expression, {self._row: self._inner.along})

    def _at(self, matrix: Expression, column: int) -> Expression:
        return move(matrix, {self._column: Fixed(column)})


def _eliminated(old: Expression, line: Expression, pivot: Expression, share: Expression) -> Expression:
    return call("select", pivot, line, call("subtract", old, call("multiply", share, line)))


_ONE_VARIABLE = "Give it a variable of its own, with a range of the left-hand side as its last subscript"


def sort_order(scope: Scope, node: Any) -> Expression:
    """VECTOR SORT ORDER: at each place, which element stands there, counted from 0."""
    upwards, vector = _upwards(scope, node), _vector(scope, node.arguments[0], "VECTOR SORT ORDER")
    axis, before = _before(scope, vector)
    here = axis.place
    wanted = call("select", upwards, here, call("subtract", float(axis.size - 1), here))
    inner = Axis(axis.name, axis.size)
    there = move(before, {axis: inner.along})
    chosen = call("select", call("eq", there, wanted), inner.place, 0.0)
    return call("add", Reduction("sum", (inner,), chosen), call("multiply", 0.0, before))


def rank(scope: Scope, node: Any) -> Expression:
    """VECTOR RANK: the place of each element, counted from 1."""
    upwards, vector = _upwards(scope, node), _vector(scope, node.arguments[0], "VECTOR RANK")
    axis, before = _before(scope, vector)
    return call("select", upwards, call("add", before, 1.0), call("subtract", float(axis.size), before))


def reorder(scope: Scope, node: Any) -> Expression:
    """VECTOR REORDER: at each place, the element that the second vector names, counted from 0."""
    if len(node.arguments) != 2:
        raise RefusedError(f"VECTOR REORDER has {len(node.arguments)} arguments, not 2", "Correct the call")
    vector, order = (_vector(scope, argument, "VECTOR REORDER") for argument in node.arguments)
    if axes_of(vector.index) != axes_of(order.index):
        raise RefusedError("VECTOR REORDER has vectors with different subscripts", "Write the same in both")
    axis = axes_of(vector.index)[-1]
    inner = Axis(axis.name, axis.size)
    chosen = call("eq", inner.place, call("integer", order))
    values = call("select", chosen, move(vector, {axis: inner.along}), 0.0)
    found = Reduction("sum", (inner,), call("select", chosen, 1.0, 0.0))
    return call("select", call("gt", found, 0.0), Reduction("sum", (inner,), values), MISSING)


def _before(scope: Scope, vector: Reference) -> tuple[Axis, Reference]:
    """Count, for each element, those that come before it from smallest to biggest; equals stay in order.

    A vector with a value that is not finite has no order: the count is not a number.
    """
    axis = axes_of(vector.index)[-1]
    inner = Axis(axis.name, axis.size)
    other = move(vector, {axis: inner.along})
    equal = call("and", call("eq", other, vector), call("lt", inner.place, axis.place))
    smaller = call("select", call("or", call("lt", other, vector), equal), 1.0, 0.0)
    finite = call("multiply", 0.0, Reduction("sum", (inner,), other))
    return axis, scope.store(call("add", Reduction("sum", (inner,), smaller), finite))


def _upwards(scope: Scope, node: Any) -> Expression:
    if len(node.arguments) != 2:
        raise RefusedError(
            f"a vector function has {len(node.arguments)} arguments, not 2", "Correct the call"
        )
    direction = scope.expression(node.arguments[1])
    if free_axes(direction):
        raise RefusedError("the direction of a vector function has subscripts", "Give one direction")
    return call("gt", direction, 0.0)


def _vector(scope: Scope, node: Any, function: str) -> Reference:
    vector = scope.expression(node)
    if not isinstance(vector, Reference) or not axes_of(vector.index):
        raise RefusedError(f"{function} is not of a vector", _ONE_VARIABLE)
    return vector


VECTORS: dict[str, Callable[[Scope, Any], Expression]] = {
    "VECTOR SELECT": vector_select,
    "VECTOR SORT ORDER": sort_order,
    "VECTOR RANK": rank,
    "VECTOR REORDER": reorder,
    "INVERT MATRIX": invert_matrix,
}
"""Functions of whole vectors, by their names."""
