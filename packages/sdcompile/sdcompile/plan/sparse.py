"""Sums and products with many weights of zero are written out, term by term, without the zeros.

Models combine with tables of weights that are mostly zero (who belongs to which group, what moves where):
``SUM(x[a!] * weight[a!])`` and ``PROD(1 - effect[a!] * weight[a!])``. Which weights are zero is part of the
layout of the data: other zeros make other code.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sdcompile.arrays import Flags
from sdcompile.equations.expressions import (
    Along,
    Axis,
    Call,
    Expression,
    Fixed,
    Lookup,
    Number,
    Position,
    Reduction,
    Reference,
    call,
    children,
    move,
    move_index,
    rebuild,
    walk,
)
from sdcompile.equations.graph import Equations, Kind, Piece, Variable

DENSE = 0.6
"""A table with a larger share of weights that count is added up in a loop."""

MOST_TERMS = 600
"""More terms than this make a text too long."""

MOST_PIECES = 400
"""So many equations at most may one equation become."""


def unroll_sparse(equations: Equations, levers: set[str]) -> Equations:
    """Return the equations with sparse sums written out.

    Parameters
    ----------
    levers
        Constants that differ between runs: their zeros are not known.
    """
    writer = _Writer(equations, levers)
    variables = {}
    for key, variable in equations.variables.items():
        pieces = [new for piece in variable.pieces for new in writer.pieces(variable, piece)]
        initial = [new for piece in variable.initial for new in writer.pieces(variable, piece)]
        variables[key] = replace(variable, pieces=pieces, initial=initial)
    return replace(equations, variables=variables)


class _Writer:
    def __init__(self, equations: Equations, levers: set[str]) -> None:
        self._variables = equations.variables
        self._levers = levers

    def pieces(self, variable: Variable, piece: Piece) -> Iterator[Piece]:
        """Split a piece along the outer axes of its sparse weights, then write out the sums."""
        weights = list(self._weights(piece))
        if not weights or piece.mask is not None or variable.kind is Kind.PIPE:
            yield piece
            return
        names = {reference.variable for reference in weights}
        along = {axis for reference in weights for axis in _axes(reference)}
        split = [axis for axis in piece.axes if axis in along]
        kept = tuple(axis for axis in piece.axes if axis not in along)
        if math.prod(axis.size for axis in split) > MOST_PIECES:
            yield piece
            return
        for steps in np.ndindex(*[axis.size for axis in split]):
            moves: dict[Axis, Fixed | Along] = {a: Fixed(s) for a, s in zip(split, steps, strict=True)}
            expression = rebuild(move(piece.expression, moves), lambda node: self._written(node, names))
            yield Piece(kept, move_index(piece.index, moves), expression)

    def _weights(self, piece: Piece) -> Iterator[Reference]:
        """Find the sparsest constant weights of each sum that is worth writing out."""
        for node, around in _sums(piece.expression, set(piece.axes)):
            if not around <= _used(node):
                continue  # a loop that the sum does not depend on: it is better worked out once
            fit = [
                factor
                for factor in self._constants(node)
                if _axes(factor) & set(node.axes) and _axes(factor) <= set(piece.axes) | set(node.axes)
            ]
            shares = [(float(self._nonzero(factor).mean()), factor) for factor in fit]
            shares = [(s, f) for s, f in shares if s <= DENSE and self._nonzero(f).sum() <= MOST_TERMS]
            if shares:
                yield min(shares, key=lambda entry: entry[0])[1]

    def _constants(self, node: Reduction) -> list[Reference]:
        """List the factors of a sum that are constants and no levers."""
        return [
            factor
            for factor in _weighted(node)
            if isinstance(factor, Reference)
            and factor.variable not in self._levers
            and self._variables[factor.variable].kind is Kind.CONSTANT
        ]

    def _nonzero(self, factor: Reference) -> Flags:
        """Mark the steps of the weights' axes, in the order of their index, that are not zero."""
        values = self._variables[factor.variable].values
        assert values is not None
        lists = [[p.position] if isinstance(p, Fixed) else list(p.positions) for p in factor.index]
        sizes = [len(p.positions) for p in factor.index if not isinstance(p, Fixed)]
        flags: Flags = values[np.ix_(*lists)].reshape(sizes) != 0.0
        return flags

    def _written(self, node: Expression, names: set[str]) -> Expression:
        """Write out a sum weighted by one of ``names``, which now runs along the sum's own axes only."""
        if not isinstance(node, Reduction):
            return node
        own = set(node.axes)
        fit = [f for f in self._constants(node) if f.variable in names and _axes(f) and _axes(f) <= own]
        if not fit:
            return node
        axes = [part.axis for part in fit[0].index if isinstance(part, Along)]
        rest = tuple(axis for axis in node.axes if axis not in axes)
        total: Expression | None = None
        for steps in np.argwhere(self._nonzero(fit[0])):
            moves: dict[Axis, Fixed | Along] = {
                axis: Fixed(int(step)) for axis, step in zip(axes, steps, strict=True)
            }
            term = move(node.argument, moves)
            inner = Reduction(node.kind, rest, term) if rest else term
            joined = "add" if node.kind == "sum" else "multiply"
            total = inner if total is None else call(joined, total, inner)
        if total is None:
            return Number(0.0 if node.kind == "sum" else 1.0)
        return total


def _sums(node: Expression, around: set[Axis]) -> Iterator[tuple[Reduction, set[Axis]]]:
    """Visit every sum with the axes of the loops it stands in."""
    inner = around
    if isinstance(node, Reduction):
        yield node, around
        inner = around | set(node.axes)
    for child in children(node):
        yield from _sums(child, inner)


def _axes(reference: Reference) -> set[Axis]:
    return {part.axis for part in reference.index if isinstance(part, Along)}


def _used(node: Expression) -> set[Axis]:
    """Collect the axes that an expression depends on."""
    found: set[Axis] = set()
    for inner in walk(node):
        if isinstance(inner, Reference | Lookup):
            found |= {part.axis for part in inner.index if isinstance(part, Along)}
        elif isinstance(inner, Position):
            found.add(inner.axis)
    return found


def _weighted(node: Reduction) -> list[Expression]:
    """List the factors that leave a term out when they are zero."""
    argument = node.argument
    if node.kind == "sum":
        return _factors(argument)
    if node.kind != "prod" or not isinstance(argument, Call) or argument.operation != "subtract":
        return []
    if argument.arguments[0] == Number(1.0):
        return _factors(argument.arguments[1])
    return []


def _factors(node: Expression) -> list[Expression]:
    if isinstance(node, Call) and node.operation == "multiply":
        return [factor for argument in node.arguments for factor in _factors(argument)]
    return [node]
