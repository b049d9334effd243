"""ALLOCATE BY PRIORITY, in closed form.

PySD hands out the supply bit by bit: the highest priority first, the next one joins once the one before has
had its share of the distance between them, and all who take part are filled at the same rate relative to
their requests. On a clock that runs at that rate, request ``i`` is filled from ``start[i]`` to
``start[i] + 1``, where ``start`` is the sum of the distances above it. What has been given out by each of
these moments is a sum; the last moment that the supply reaches, and a straight line from there, give the time
on the clock when it runs out.
"""

from __future__ import annotations

from typing import Any

from sdcompile.equations.expressions import (
    Axis,
    Expression,
    Number,
    Reduction,
    Reference,
    axes_of,
    call,
    free_axes,
    move,
)
from sdcompile.errors import RefusedError
from sdcompile.functions.scope import Scope

_NAN = Number(float("nan"))


def allocate_by_priority(scope: Scope, node: Any) -> Expression:
    """Share a supply out over the last subscript of the requests.

    A negative request, a width not above zero or a negative supply gives what is not a number; PySD stops.
    """
    request = scope.expression(node.request)
    axes = axes_of(request.index) if isinstance(request, Reference) else []
    if not axes or axes[-1] not in scope.axes:
        raise RefusedError(
            "the requests of ALLOCATE BY PRIORITY are not a variable with a range of the left-hand side",
            "Give them a variable of their own, with that range as its last subscript",
        )
    width, supply = scope.expression(node.width), scope.expression(node.supply)
    if any(axes[-1] in free_axes(part) for part in (width, supply)):
        raise RefusedError(
            "the width or supply of ALLOCATE BY PRIORITY differs between those who share it",
            "Leave out the last subscript of the requests",
        )
    return _Sharing(scope, axes[-1], request, scope.value(node.priority)).of(width, supply)


class _Sharing:
    """The steps of one allocation, each a hidden variable."""

    def __init__(self, scope: Scope, axis: Axis, request: Expression, priority: Expression) -> None:
        self._scope, self._axis = scope, axis
        self._inner = Axis(axis.name, axis.size)
        self._request, self._priority = request, priority

    def of(self, width: Expression, supply: Expression) -> Expression:
        width, supply = self._one(width), self._one(supply)
        start = self._starts(width)
        total = self._one(self._sum(self._there(self._request)))
        moments = (start, self._many(call("add", start, 1.0)))
        given = [self._many(self._given(start, moment)) for moment in moments]
        reached = [
            self._last(call("select", call("le", by, supply), moment, 0.0))
            for moment, by in zip(moments, given, strict=True)
        ]
        last = self._one(call("max", *reached))
        begun = call("and", call("le", self._there(start), last), self._not_full(start, last))
        rate = self._one(self._sum(call("select", begun, self._there(self._request), 0.0)))
        left = call("subtract", supply, self._one(self._given(start, last)))
        end = self._one(call("add", last, call("xidz", left, rate, 0.0)))
        share = call("multiply", self._request, _filled(call("subtract", end, start)))
        result = call("select", call("le", total, supply), self._request, share)
        least = self._one(Reduction("vmin", (self._inner,), self._there(self._request)))
        allowed = call("and", call("ge", least, 0.0), call("ge", supply, 0.0))
        return call("select", call("and", allowed, call("gt", width, 0.0)), result, _NAN)

    def _starts(self, width: Expression) -> Expression:
        """Work out when each request starts to be filled: the distances between the priorities above it."""
        asked, theirs = call("gt", self._there(self._request), 0.0), self._there(self._priority)
        lower = call("and", asked, call("lt", theirs, self._priority))
        following = Reduction("vmax", (self._inner,), call("select", lower, theirs, float("-inf")))
        equal = call("and", asked, call("eq", theirs, self._priority))
        earlier = call("and", equal, call("lt", self._inner.place, self._axis.place))
        rivals = self._sum(call("select", earlier, 1.0, 0.0))
        counts = call("and", call("gt", self._request, 0.0), call("eq", self._many(rivals), 0.0))
        apart = call("divide", call("subtract", self._priority, self._many(following)), width)
        distance = self._many(call("select", counts, call("min", apart, 1.0), 0.0))
        above = call("gt", theirs, self._priority)
        return self._many(self._sum(call("select", above, self._there(distance), 0.0)))

    def _given(self, start: Expression, moment: Expression) -> Expression:
        """Add up what has been given out by a moment."""
        since = call("subtract", moment, self._there(start))
        return self._sum(call("multiply", self._there(self._request), _filled(since)))

    def _not_full(self, start: Expression, moment: Expression) -> Expression:
        return call("lt", moment, call("add", self._there(start), 1.0))

    def _last(self, moments: Expression) -> Expression:
        return self._one(Reduction("vmax", (self._inner,), self._there(self._many(moments))))

    def _sum(self, argument: Expression) -> Expression:
        return Reduction("sum", (self._inner,), argument)

    def _there(self, expression: Expression) -> Expression:
        """Read a vector at the element of the inner loop."""
        return move(expression, {self._axis: self._inner.along})

    def _many(self, expression: Expression) -> Expression:
        """Give a number of each element a hidden variable."""
        return self._scope.store(expression)

    def _one(self, expression: Expression) -> Expression:
        """Give a number of all elements together a hidden variable."""
        return self._scope.store(expression, without=self._axis)


def _filled(since: Expression) -> Expression:
    return call("max", 0.0, call("min", since, 1.0))
