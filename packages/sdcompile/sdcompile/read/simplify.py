"""What is already a number before anything runs: constant expressions and constant variables."""

from __future__ import annotations

import math

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.expressions import Call, Expression, Number, Reference, rebuild
from sdcompile.equations.graph import Equations, Kind, Piece, Variable, covered, place
from sdcompile.functions.registry import OPERATIONS

FOLDED = ("add", "subtract", "multiply", "divide", "power", "negative", "min", "max")
"""Operations that are worked out where they stand between numbers, with the bits of every engine."""


def fold(expression: Expression) -> Expression:
    """Work out arithmetic on numbers; what cannot be worked out stays as it is."""

    def change(node: Expression) -> Expression:
        if not isinstance(node, Call) or node.operation not in FOLDED:
            return node
        work_out = OPERATIONS[node.operation].number
        numbers = [a.value for a in node.arguments if isinstance(a, Number) and math.isfinite(a.value)]
        if work_out is None or len(numbers) != len(node.arguments):
            return node
        try:
            result = work_out(*numbers)
        except (ArithmeticError, ValueError):
            return node
        return Number(result) if math.isfinite(result) else node

    return rebuild(expression, change)


def constant_values(equations: Equations, variable: Variable) -> Floats | None:
    """Return the numbers of a variable all of whose pieces are numbers and that has no gap; else None."""
    values = np.full(variable.shape, np.nan)
    held = np.zeros(variable.shape, dtype=bool)
    for piece in variable.pieces:
        numbers = _numbers(equations, piece)
        if numbers is None:
            return None
        place(values, piece, numbers)
        held |= covered(piece, variable.shape)
    return values if held.all() else None


def _numbers(equations: Equations, piece: Piece) -> Floats | None:
    """Return the number at each step of a piece's axes, if they are written out."""
    if isinstance(piece.expression, Number):
        return np.full(piece.shape, piece.expression.value)
    if isinstance(piece.expression, Reference):
        source = equations.variables[piece.expression.variable]
        return source.values if source.hidden and source.kind is Kind.CONSTANT else None
    return None
