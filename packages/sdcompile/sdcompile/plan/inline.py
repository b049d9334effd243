"""Fewer bytes to move: a variable read in one place only is worked out there and never stored."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from sdcompile.equations.expressions import (
    Along,
    Axis,
    Call,
    Expression,
    Fixed,
    Lookup,
    Reduction,
    Reference,
    children,
    move,
)
from sdcompile.equations.graph import Equations, Kind, Piece, Variable, references


def inline(equations: Equations, outputs: list[str], varying: set[str], moving: set[str]) -> Equations:
    """Return the equations with single uses written out where they are read.

    Parameters
    ----------
    outputs
        Variables that are stored in any case.
    varying, moving
        Variables that differ between runs, and that change during a run: only those that do both gain,
        because the others are worked out once and read many times.
    """
    uses = Counter(r.variable for _, piece in equations.pieces() for r in references(piece))
    chosen = {
        key
        for key in varying & moving - set(outputs)
        if uses[key] == 1 and _is_simple(equations.variables[key])
    }
    fits = {
        reference.variable
        for _, piece in equations.pieces()
        for reference, steps in _uses(piece.expression, math.prod(piece.shape))
        if reference.variable in chosen and steps <= equations.variables[reference.variable].size
    }
    return _Rewriter(equations, fits).result()


def _is_simple(variable: Variable) -> bool:
    """Say whether one equation gives every element of an auxiliary, in order."""
    if variable.kind is not Kind.AUXILIARY or variable.initial or len(variable.pieces) != 1:
        return False
    piece = variable.pieces[0]
    whole = all(
        isinstance(part, Along) and part.positions == tuple(range(extent))
        for part, extent in zip(piece.index, variable.shape, strict=True)
    )
    return piece.mask is None and whole


def _uses(expression: Expression, steps: int) -> Iterator[tuple[Reference, int]]:
    """Visit every reference with the number of times it is read."""
    if isinstance(expression, Reference):
        yield expression, steps
    inner = steps
    if isinstance(expression, Reduction):
        inner *= math.prod(axis.size for axis in expression.axes)
    for child in children(expression):
        yield from _uses(child, inner)


class _Rewriter:
    """Writes chosen variables out; each is rewritten itself before it is put in its place."""

    def __init__(self, equations: Equations, chosen: set[str]) -> None:
        self._equations = equations
        self._chosen = chosen

    def result(self) -> Equations:
        kept = {}
        for key, variable in self._equations.variables.items():
            if key not in self._chosen:
                pieces = [self._piece(piece) for piece in variable.pieces]
                initial = [self._piece(piece) for piece in variable.initial]
                kept[key] = replace(variable, pieces=pieces, initial=initial)
        return replace(self._equations, variables=kept)

    def _piece(self, piece: Piece) -> Piece:
        return replace(piece, expression=self._written(piece.expression))

    def _written(self, node: Expression) -> Expression:
        if isinstance(node, Reference) and node.variable in self._chosen:
            piece = self._equations.variables[node.variable].pieces[0]
            moves: dict[Axis, Fixed | Along] = {}
            for part, place in zip(piece.index, node.index, strict=True):
                if isinstance(part, Along):
                    moves[part.axis] = place
            return self._written(move(piece.expression, moves))
        if isinstance(node, Call):
            return Call(node.operation, tuple(self._written(argument) for argument in node.arguments))
        if isinstance(node, Lookup | Reduction):
            return replace(node, argument=self._written(node.argument))
        return node
