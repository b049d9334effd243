"""Which values may not move by a last digit: those that a function looks at which jumps.

INTEGER of 107.99999999999999 is 107 and of 108 is 108; so it is with MODULO, QUANTUM, comparisons and
whatever is written with them (SAMPLE IF TRUE, VECTOR SORT ORDER, ALLOCATE BY PRIORITY, PULSE), and with
exponents, which may be whole for a negative number. SQRT, LN, ARCSIN and ARCCOS are no numbers on one side of
their edge. MIN, MAX, ABS and lookups with lines between their points are continuous.

ZIDZ and XIDZ jump where the divisor passes 1e-6. A divisor that is a product of levers and shared numbers
can be just that, so it and the products that it is made of stay as written. A sum, a stock or a lookup would
have to come within 1e-22 of 1e-6, and nothing leads a model there: zero, where divisors do vanish, stays zero
in any order. Nor is a division by a difference that comes to nothing but rounding looked after: its sign and
size mean nothing in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sdcompile.equations.expressions import Call, Expression, Lookup, Reference, children, walk
from sdcompile.equations.graph import Equations, Kind, Variable
from sdcompile.functions.registry import OPERATIONS


def find_exact(equations: Equations) -> set[str]:
    """Find every variable whose value reaches a function that jumps, by any chain of equations and stocks.

    Of what reaches the divisor of a ZIDZ or XIDZ, only the divisor and the products that it is made of.
    """
    looked_at: set[str] = set()
    divisors: set[str] = set()
    for _, piece in equations.pieces():
        for node in walk(piece.expression):
            found = divisors if isinstance(node, Call) and node.operation == "xidz" else looked_at
            for place, argument in enumerate(children(node)):
                if jumps(equations, node, place):
                    found.update(_read(argument))
    return _followed(equations, looked_at, _sources) | _followed(equations, divisors, _factors)


def jumps(equations: Equations, node: Expression, place: int) -> bool:
    """Say whether a node jumps when its argument at ``place`` moves by a last digit."""
    if isinstance(node, Call):
        return place in OPERATIONS[node.operation].jumps
    if not isinstance(node, Lookup):
        return False
    table = equations.tables[node.table]
    lines = table.method in ("interpolate", "extrapolate")
    return not lines or any((np.diff(x) <= 0.0).any() for x, _ in table.points)


def _followed(
    equations: Equations, seeds: set[str], sources: Callable[[Variable], Iterator[str]]
) -> set[str]:
    """Follow variables back to what they are made of."""
    found, queue = set(seeds), list(seeds)
    while queue:
        fresh = set(sources(equations.variables[queue.pop()])) - found
        found |= fresh
        queue += fresh
    return found


def _sources(variable: Variable) -> Iterator[str]:
    for piece in (*variable.pieces, *variable.initial):
        yield from _read(piece.expression)


def _factors(variable: Variable) -> Iterator[str]:
    """Visit what an auxiliary is a product of."""
    if variable.kind is Kind.AUXILIARY:
        for piece in (*variable.pieces, *variable.initial):
            yield from _factors_in(piece.expression)


def _factors_in(node: Expression) -> Iterator[str]:
    if isinstance(node, Reference):
        yield node.variable
    elif isinstance(node, Call) and node.operation in ("multiply", "divide", "negative", "abs"):
        for argument in node.arguments:
            yield from _factors_in(argument)


def _read(expression: Expression) -> Iterator[str]:
    return (node.variable for node in walk(expression) if isinstance(node, Reference))
