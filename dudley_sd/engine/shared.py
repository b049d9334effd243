"""What is the same for every run is worked out once for all of them, also when it is part of an equation.

``population[a] * rate[a] * index / norm[a]``, where levers reach ``population`` only, becomes
``(rate[a] * index / norm[a]) * population[a]``, and the part in brackets a hidden variable of its own: no run
multiplies or divides what another has multiplied or divided before. The order of a product changes, and with
it the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dudley_sd.engine.expressions import (
    Along,
    Axis,
    Call,
    Expression,
    Lookup,
    Number,
    Position,
    Reduction,
    Reference,
    StepLength,
    call,
    rebuild,
    walk,
)
from dudley_sd.engine.functions import CONDITIONS
from dudley_sd.engine.graph import Equations, Piece, Variable

PART = "shared part"
"""Keys of these variables start with this; no name in a model file has a blank in its key."""

MOST_ELEMENTS = 2_000
"""A part with more elements is left where it is: it has a row a step."""


def share_parts(equations: Equations, varying: set[str]) -> Equations:
    """Return the equations with what all runs share taken out of the equations of each run.

    Parameters
    ----------
    varying
        Variables that differ between runs.
    """
    writer = _Writer(equations, varying)
    variables = {}
    for key, variable in equations.variables.items():
        pieces = variable.pieces
        if key in varying:
            pieces = [writer.piece(variable, piece) for piece in pieces]
        variables[key] = replace(variable, pieces=pieces)
    return replace(equations, variables=variables | writer.hidden)


class _Writer:
    def __init__(self, equations: Equations, varying: set[str]) -> None:
        self._equations = equations
        self._varying = varying
        self.hidden: dict[str, Variable] = {}

    def piece(self, owner: Variable, piece: Piece) -> Piece:
        """Rewrite one equation; one that holds for some elements only may be no number at the others."""
        expression = rebuild(piece.expression, self._ordered)
        if piece.mask is None:
            expression = self._taken_out(owner, expression)
        return replace(piece, expression=expression)

    def _is_shared(self, node: Expression) -> bool:
        return not any(isinstance(n, Reference) and n.variable in self._varying for n in walk(node))

    def _ordered(self, node: Expression) -> Expression:
        """Bring the shared factors of a product together."""
        if not isinstance(node, Call) or node.operation not in ("multiply", "divide"):
            return node
        factors = list(_factors(node, above=True))
        shared = [factor for factor in factors if self._is_shared(factor[0])]
        own = [factor for factor in factors if not self._is_shared(factor[0])]
        if len(shared) < 2 or not own or not shared[0][1] or not own[0][1]:
            return node
        return call("multiply", _product(shared), _product(own))

    def _taken_out(self, owner: Variable, node: Expression) -> Expression:
        if self._is_shared(node):
            return self._hidden(owner, node) if _is_work(node) else node
        if isinstance(node, Call) and node.operation == "select":
            test, *branches = node.arguments  # a branch not taken may be no number
            return Call("select", (self._taken_out(owner, test), *branches))
        if isinstance(node, Call):
            return Call(node.operation, tuple(self._taken_out(owner, a) for a in node.arguments))
        if isinstance(node, Lookup | Reduction):
            return replace(node, argument=self._taken_out(owner, node.argument))
        return node

    def _hidden(self, owner: Variable, node: Expression) -> Expression:
        axes = tuple(dict.fromkeys(_free(node)))
        index = tuple(Along(axis, tuple(range(axis.size))) for axis in axes)
        labels = tuple(tuple(str(place) for place in range(axis.size)) for axis in axes)
        key = f"{PART} {len(self.hidden)}"
        variable = Variable(key, owner.name, tuple(axis.name for axis in axes), labels, hidden=True)
        if variable.size > MOST_ELEMENTS:
            return node
        variable.pieces = [Piece(axes, index, node)]
        self.hidden[key] = variable
        return Reference(key, index)


def _factors(node: Expression, above: bool) -> Iterator[tuple[Expression, bool]]:
    """List the factors of a product in order, each with whether it stands above the line."""
    if isinstance(node, Call) and node.operation == "multiply":
        for argument in node.arguments:
            yield from _factors(argument, above)
    elif isinstance(node, Call) and node.operation == "divide" and above:
        yield from _factors(node.arguments[0], above)
        yield node.arguments[1], False
    else:
        yield node, above


def _product(factors: list[tuple[Expression, bool]]) -> Expression:
    """Multiply and divide in order; the first factor stands above the line."""
    product = factors[0][0]
    for factor, above in factors[1:]:
        product = call("multiply" if above else "divide", product, factor)
    return product


def _is_work(node: Expression) -> bool:
    """Say whether a part is a number that takes some working out."""
    if isinstance(node, Call) and node.operation in (*CONDITIONS, "and", "or", "not"):
        return False
    if isinstance(node, Call) and all(isinstance(a, Number | StepLength) for a in node.arguments):
        return False
    return isinstance(node, Call | Lookup | Reduction)


def _free(node: Expression) -> Iterator[Axis]:
    """Visit the axes of the loops around a part that it depends on."""
    bound = {axis for n in walk(node) if isinstance(n, Reduction) for axis in n.axes}
    for inner in walk(node):
        if isinstance(inner, Reference | Lookup):
            axes = [part.axis for part in inner.index if isinstance(part, Along)]
        elif isinstance(inner, Position):
            axes = [inner.axis]
        else:
            continue
        yield from (axis for axis in axes if axis not in bound)
