"""INVERT MATRIX, written as Gauss-Jordan steps with the largest pivot of each column."""

from __future__ import annotations

from typing import Any

from sdcompile.equations.expressions import (
    Along,
    Axis,
    Expression,
    Fixed,
    Number,
    Position,
    Reduction,
    Reference,
    call,
    move,
)
from sdcompile.equations.graph import Piece
from sdcompile.equations.refusal import RefusedError
from sdcompile.functions.scope import Scope

LARGEST = 16
"""Rows of the largest matrix that is written out."""


def invert_matrix(scope: Scope, node: Any) -> Expression:
    """Invert the matrix of the last two subscripts; a matrix without inverse gives what is not a number."""
    matrix = scope.expression(node.arguments[0])
    axes = [p.axis for p in matrix.index if isinstance(p, Along)] if isinstance(matrix, Reference) else []
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
        left = self._keep(matrix)
        same = call("eq", _place(self._row), _place(self._column))
        right = self._keep(call("select", same, 1.0, 0.0))
        used: Expression = Number(0.0)
        pivots = []
        for step in range(self._row.size):
            pivot = self._pivot(left, used, step)
            pivots.append(pivot)
            used = self._keep(call("add", used, pivot), self._column)
            top = self._keep(self._row_of(pivot, left), self._row)
            beside = self._keep(self._row_of(pivot, right), self._row)
            corner = self._at(top, step)
            share = self._at(left, step)
            left, right = (
                self._keep(_eliminated(old, call("divide", line, corner), pivot, share))
                for old, line in ((left, top), (right, beside))
            )
        return self._in_order(pivots, right)

    def _pivot(self, left: Expression, used: Expression, step: int) -> Expression:
        """Mark the row, of those not used yet, with the largest number in a column; the first of equals."""
        size = call("select", used, -1.0, call("abs", self._at(left, step)))
        sizes = self._keep(size, self._column)
        largest = self._keep(Reduction("vmax", (self._inner,), self._inside(sizes)), self._column)
        earlier = call("lt", _place(self._inner), _place(self._row))
        rival = call("and", call("eq", self._inside(sizes), largest), earlier)
        rivals = Reduction("sum", (self._inner,), call("select", rival, 1.0, 0.0))
        first = call("and", call("eq", sizes, largest), call("eq", rivals, 0.0))
        return self._keep(call("select", first, 1.0, 0.0), self._column)

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
        return move(expression, {self._row: Along(self._inner, tuple(range(self._inner.size)))})

    def _at(self, matrix: Expression, column: int) -> Expression:
        return move(matrix, {self._column: Fixed(column)})

    def _keep(self, expression: Expression, without: Axis | None = None) -> Expression:
        """Give a value a hidden variable with the equation's dimensions but one."""
        scope = self._scope
        hidden = scope.hide(axes=tuple(axis for axis in scope.axes if axis is not without))
        hidden.variable.pieces.append(hidden.piece(expression))
        return hidden.reference


def _eliminated(old: Expression, line: Expression, pivot: Expression, share: Expression) -> Expression:
    return call("select", pivot, line, call("subtract", old, call("multiply", share, line)))


def _place(axis: Axis) -> Position:
    return Position(axis, tuple(range(axis.size)))
