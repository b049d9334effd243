"""Products: the factors that all runs share are brought together, where that moves nothing but a last digit.

``population[a] * rate[a] * index / norm[a]``, where levers reach ``population`` only, becomes
``(rate[a] * index / norm[a]) * population[a]``. The last digit moves, so the order stays as it is written

- in what a function looks at that jumps, see below;
- where the shared factors are not of ordinary size: if together they can move a number by more than
  ``DECADES`` powers of ten, are not finite or, below the line, zero.

So whatever the runs' own factors are, each number on the way is one that the written order meets too, but for
those powers of ten: neither order overflows or underflows while the numbers of the other lie between 1e-200
and 1e200. A shared factor above the line that is exactly zero makes zero in any order.

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
from dataclasses import dataclass, replace

import numpy as np

from sdcompile.equations.expressions import (
    Call,
    Expression,
    Lookup,
    Reduction,
    Reference,
    call,
    children,
    walk,
)
from sdcompile.equations.graph import Equations, Kind, Variable, references
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
        yield from (reference.variable for reference in references(piece))


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


DECADES = 100.0
"""Together with 1e200 this is well within the range of a double, 1e-307 to 1e308."""


@dataclass(frozen=True)
class Size:
    """Size of a shared value: how far from 1 it goes, in powers of ten, and whether it is ever zero."""

    decades: float
    zero: bool


Factor = tuple[Expression, bool]
"""A shared factor and whether it stands above the line."""

Measure = Callable[[Equations, list[Expression]], dict[Expression, Size]]
"""Finds the sizes of expressions that all runs share, at every step."""


class Products:
    """Brings shared factors together, where that is safe.

    Parameters
    ----------
    varying
        Variables that differ between runs.
    """

    def __init__(self, equations: Equations, varying: set[str], measure: Measure) -> None:
        self._equations = equations
        self._varying = varying
        self._exact = find_exact(equations)
        factors: dict[Expression, None] = {}

        def note(shared: list[Factor]) -> bool:
            factors.update(dict.fromkeys(factor for factor, _ in shared))
            return False

        for key, variable in equations.variables.items():
            if key in varying - self._exact:
                for piece in variable.pieces:
                    self._ordered(piece.expression, note)
        self._sizes = measure(equations, list(factors))

    def ordered(self, key: str, expression: Expression) -> Expression:
        """Rewrite an equation of a variable."""
        return expression if key in self._exact else self._ordered(expression, self._are_ordinary)

    def is_shared(self, node: Expression) -> bool:
        """Say whether an expression is the same for every run."""
        return not any(isinstance(n, Reference) and n.variable in self._varying for n in walk(node))

    def _ordered(self, node: Expression, safe: Callable[[list[Factor]], bool]) -> Expression:
        shared, own = self._split(node)
        if own is not None and len(shared) > 1 and shared[0][1] and safe(shared):
            return call("multiply", _product(shared), self._ordered(own, safe))
        inner = tuple(
            argument if jumps(self._equations, node, place) else self._ordered(argument, safe)
            for place, argument in enumerate(children(node))
        )
        if isinstance(node, Call):
            return Call(node.operation, inner)
        return replace(node, argument=inner[0]) if isinstance(node, Lookup | Reduction) else node

    def _split(self, node: Expression) -> tuple[list[Factor], Expression | None]:
        """Take the shared factors out of a product: a list of them in order, and what is left, as written.

        What stands below the line together with factors of each run is left as it is.
        """
        if self.is_shared(node):
            return [(node, True)], None
        if isinstance(node, Call) and node.operation in ("multiply", "divide"):
            (first, left), second = self._split(node.arguments[0]), node.arguments[1]
            if node.operation == "multiply":
                more, right = self._split(second)
                both = [part for part in (left, right) if part is not None]
                return first + more, call("multiply", *both) if len(both) == 2 else both[0]
            if left is not None and self.is_shared(second):
                return [*first, (second, False)], left
            if left is not None:
                return first, call("divide", left, second)
        return [], node

    def _are_ordinary(self, shared: list[Factor]) -> bool:
        sizes = [(self._sizes[factor], above) for factor, above in shared]
        fit = sum(size.decades for size, _ in sizes) <= DECADES
        return fit and all(above or not size.zero for size, above in sizes)


def _product(factors: list[Factor]) -> Expression:
    """Multiply and divide in order; the first factor stands above the line."""
    product = factors[0][0]
    for factor, above in factors[1:]:
        product = call("multiply" if above else "divide", product, factor)
    return product
