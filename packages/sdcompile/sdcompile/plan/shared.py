"""Shared parts: what is the same for every run is worked out once, also when it is part of an equation.

Of ``(rate[a] * index / norm[a]) * population[a]``, where levers reach ``population`` only, the part in
brackets becomes a hidden variable of its own: no run multiplies or divides what another has multiplied or
divided before. That alone changes no bit; ``products.py`` brings some products into this form first.
"""

from __future__ import annotations

from dataclasses import replace

from sdcompile.equations.expressions import (
    Call,
    Expression,
    Index,
    Lookup,
    Number,
    Reduction,
    Reference,
    StepLength,
    free_axes,
)
from sdcompile.equations.graph import Equations, Piece, Variable
from sdcompile.functions.registry import CONDITIONS
from sdcompile.plan.products import Measure, Products

PART = "shared part"
"""Keys of these variables start with this; no name in a model file has a blank in its key."""

MOST_ELEMENTS = 2_000
"""A part with more elements is left where it is: it has a row a step."""


def share_parts(equations: Equations, varying: set[str], measure: Measure) -> Equations:
    """Return the equations with what all runs share taken out of the equations of each run.

    Parameters
    ----------
    varying
        Variables that differ between runs.
    measure
        Finds the sizes of what all runs share.
    """
    writer = _Writer(Products(equations, varying, measure))
    variables = {}
    for key, variable in equations.variables.items():
        pieces = variable.pieces
        if key in varying:
            pieces = [writer.piece(variable, piece) for piece in pieces]
        variables[key] = replace(variable, pieces=pieces)
    return replace(equations, variables=variables | writer.hidden)


class _Writer:
    def __init__(self, products: Products) -> None:
        self._products = products
        self.hidden: dict[str, Variable] = {}

    def piece(self, owner: Variable, piece: Piece) -> Piece:
        """Rewrite one equation; one that holds for some elements only may be no number at the others."""
        expression = self._products.ordered(owner.key, piece.expression)
        if piece.mask is None:
            expression = self._taken_out(owner, expression)
        return replace(piece, expression=expression)

    def _taken_out(self, owner: Variable, node: Expression) -> Expression:
        if self._products.is_shared(node):
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
        key = f"{PART} {len(self.hidden)}"
        variable, index = variable_of(key, owner.name, node)
        if variable.size > MOST_ELEMENTS:
            return node
        self.hidden[key] = variable
        return Reference(key, index)


def variable_of(key: str, name: str, node: Expression) -> tuple[Variable, Index]:
    """Give a part of an equation a hidden variable, and say how the equation reads it."""
    axes = tuple(free_axes(node))
    index = tuple(axis.along for axis in axes)
    labels = tuple(tuple(str(place) for place in range(axis.size)) for axis in axes)
    dims = tuple(axis.name for axis in axes)
    return Variable(key, name, dims, labels, pieces=[Piece(axes, index, node)], hidden=True), index


def _is_work(node: Expression) -> bool:
    """Say whether a part is a number that takes some working out."""
    if isinstance(node, Call) and node.operation in (*CONDITIONS, "and", "or", "not"):
        return False
    if isinstance(node, Call) and all(isinstance(a, Number | StepLength) for a in node.arguments):
        return False
    return isinstance(node, Call | Lookup | Reduction)
