"""Equations rewritten for speed: sums without their zeros, single uses written out.

Models combine with tables of weights that are mostly zero (who belongs to which group, what moves where):
``SUM(x[a!] * weight[a!])`` and ``PROD(1 - effect[a!] * weight[a!])``. Which weights are zero is part of the
layout of the data: other zeros make other code. A variable read in one place only is worked out there and
never stored: fewer bytes to move.
"""

from __future__ import annotations

import math
from collections import Counter
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
    Reduction,
    Reference,
    axes_of,
    call,
    children,
    free_axes,
    is_whole,
    move,
    move_index,
    positions_of,
    rebuild,
)
from sdcompile.equations.graph import Equations, Kind, Piece, Variable, references

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
            if not around <= {*free_axes(node), *node.axes}:
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
        sizes = [len(p.positions) for p in factor.index if not isinstance(p, Fixed)]
        flags: Flags = values[np.ix_(*positions_of(factor.index))].reshape(sizes) != 0.0
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
    return set(axes_of(reference.index))


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
    return piece.mask is None and is_whole(piece.index, variable.shape)


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
