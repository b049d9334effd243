"""Functions of a whole vector, written with sums over its elements: order, rank, reorder.

``VECTOR SORT ORDER(x[k])`` at place ``i`` is the element with ``i`` others before it; how many elements come
before one is a sum of comparisons. So no back end needs to sort.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdcompile.equations.expressions import (
    Along,
    Axis,
    Expression,
    Fixed,
    Position,
    Reduction,
    Reference,
    call,
    move,
    walk,
)
from sdcompile.equations.refusal import RefusedError
from sdcompile.functions.matrices import invert_matrix
from sdcompile.functions.reductions import MISSING, vector_select
from sdcompile.functions.scope import Scope

_ONE_VARIABLE = "Give it a variable of its own, with a range of the left-hand side as its last subscript"


def sort_order(scope: Scope, node: Any) -> Expression:
    """VECTOR SORT ORDER: at each place, which element stands there, counted from 0."""
    upwards, vector = _upwards(scope, node), _vector(scope, node.arguments[0], "VECTOR SORT ORDER")
    axis, before = _before(scope, vector)
    here = _place(axis)
    wanted = call("select", upwards, here, call("subtract", float(axis.size - 1), here))
    inner = Axis(axis.name, axis.size)
    there = move(before, {axis: _along(inner)})
    chosen = call("select", call("eq", there, wanted), _place(inner), 0.0)
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
    if _axes(vector) != _axes(order):
        raise RefusedError("VECTOR REORDER has vectors with different subscripts", "Write the same in both")
    axis = _axes(vector)[-1]
    inner = Axis(axis.name, axis.size)
    chosen = call("eq", _place(inner), call("integer", order))
    values = call("select", chosen, move(vector, {axis: _along(inner)}), 0.0)
    found = Reduction("sum", (inner,), call("select", chosen, 1.0, 0.0))
    return call("select", call("gt", found, 0.0), Reduction("sum", (inner,), values), MISSING)


def _before(scope: Scope, vector: Reference) -> tuple[Axis, Reference]:
    """Count, for each element, those that come before it from smallest to biggest; equals stay in order.

    A vector with a value that is not finite has no order: the count is not a number.
    """
    axis = _axes(vector)[-1]
    inner = Axis(axis.name, axis.size)
    other = move(vector, {axis: _along(inner)})
    equal = call("and", call("eq", other, vector), call("lt", _place(inner), _place(axis)))
    smaller = call("select", call("or", call("lt", other, vector), equal), 1.0, 0.0)
    hidden = scope.hide()
    finite = call("multiply", 0.0, Reduction("sum", (inner,), other))
    hidden.variable.pieces.append(hidden.piece(call("add", Reduction("sum", (inner,), smaller), finite)))
    return axis, hidden.reference


def _upwards(scope: Scope, node: Any) -> Expression:
    if len(node.arguments) != 2:
        raise RefusedError(
            f"a vector function has {len(node.arguments)} arguments, not 2", "Correct the call"
        )
    direction = scope.expression(node.arguments[1])
    if any(isinstance(part, Along) for n in walk(direction) for part in getattr(n, "index", ())):
        raise RefusedError("the direction of a vector function has subscripts", "Give one direction")
    return call("gt", direction, 0.0)


def _vector(scope: Scope, node: Any, function: str) -> Reference:
    vector = scope.expression(node)
    if not isinstance(vector, Reference) or not _axes(vector):
        raise RefusedError(f"{function} is not of a vector", _ONE_VARIABLE)
    return vector


def _axes(vector: Reference) -> list[Axis]:
    return [part.axis for part in vector.index if isinstance(part, Along)]


def _place(axis: Axis) -> Position:
    return Position(axis, tuple(range(axis.size)))


def _along(axis: Axis) -> Fixed | Along:
    return Along(axis, tuple(range(axis.size)))


VECTORS: dict[str, Callable[[Scope, Any], Expression]] = {
    "VECTOR SELECT": vector_select,
    "VECTOR SORT ORDER": sort_order,
    "VECTOR RANK": rank,
    "VECTOR REORDER": reorder,
    "INVERT MATRIX": invert_matrix,
}
"""Functions of whole vectors, by their names."""
