"""Translation of a right-hand side from PySD's abstract syntax to expressions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Protocol

from sdcompile.equations.expressions import (
    MISSING,
    Axis,
    Call,
    CurrentTime,
    Expression,
    Index,
    Lookup,
    Number,
    Position,
    Reference,
    axes_of,
    call,
)
from sdcompile.equations.graph import ElementView, Equations, Kind, Table
from sdcompile.errors import RefusedError
from sdcompile.functions.registry import (
    ARITHMETIC,
    COMPARISON,
    CONDITIONS,
    REFUSED,
    STRUCTURES,
    VENSIM_CALLS,
    XMILE_CALLS,
)
from sdcompile.functions.scope import ModelScope
from sdcompile.read.ranges import Ranges

XMILE_NAMES = {"dt": "time_step", "starttime": "initial_time", "stoptime": "final_time"}
"""XMILE's own names and what PySD calls each."""


class Model(ModelScope, Protocol):
    """Model around an equation: what it may refer to, and where what it needs is put."""

    equations: Equations
    macros: dict[str, Callable[[Translator, Any], Expression]]
    table_labels: dict[str, tuple[tuple[str, ...], ...]]

    @property
    def tables(self) -> Mapping[str, Table]:
        """Tables read so far."""

    @property
    def ranges(self) -> Ranges:
        """The subscript ranges."""

    def hide(self, owner: str, axes: tuple[Axis, ...], kind: Kind = Kind.AUXILIARY) -> ElementView:
        """Add a variable that a function needs."""

    def inline_table(self, owner: str, lookups: Any) -> str:
        """Add the table of a WITH LOOKUP."""


@dataclass
class Translator:
    """Translates the right-hand side of one equation.

    Attributes
    ----------
    model
        What the rest of the model holds; hidden variables are added to it.
    owner
        The variable being defined, whose name hidden variables carry.
    axes
        The loops of the equation.
    loops
        The loops in scope, by the subscript that names them.
    reducing
        Whether the expression stands inside SUM, PROD, VMIN or VMAX.
    locals
        Names that stand for an expression: the parameters and variables of a macro.
    """

    model: Model
    owner: str
    axes: tuple[Axis, ...]
    loops: dict[str, Axis]
    reducing: bool = False
    locals: dict[str, Expression] = field(default_factory=dict)

    def expression(self, node: Any) -> Expression:
        """Translate any node."""
        if isinstance(node, int | float):
            return _number(node)
        kind = type(node).__name__
        structure = STRUCTURES.get(kind.removesuffix("Structure"))
        handler = _HANDLERS.get(kind) or (structure.build if structure else None)
        if handler is None:
            raise self._unknown(kind)
        return handler(self, node)

    def value(self, node: Any) -> Expression:
        """Translate a node that is needed more than once: anything but a plain value gets a variable."""
        return self.keep(self.expression(node))

    def keep(self, expression: Expression) -> Expression:
        """Give an expression a hidden variable, unless it is plain already."""
        if isinstance(expression, Number | Reference | CurrentTime):
            return expression
        return self.store(expression)

    def store(self, expression: Expression, without: Axis | None = None) -> Reference:
        """Give an expression a hidden variable along all loops of the equation but one."""
        hidden = self.hide(axes=tuple(axis for axis in self.axes if axis is not without))
        hidden.variable.pieces.append(hidden.piece(expression))
        return hidden.reference

    def hide(self, kind: Kind = Kind.AUXILIARY, axes: tuple[Axis, ...] | None = None) -> ElementView:
        """Add a variable that the modeller did not write, along ``axes`` or all of this equation's."""
        if self.reducing:
            raise RefusedError(
                "a function with memory stands inside SUM, PROD, VMIN or VMAX",
                "Give it a variable of its own and combine that",
            )
        return self.model.hide(self.owner, self.axes if axes is None else axes, kind)

    def reducing_over(self, loops: Mapping[str, Axis]) -> Translator:
        """Open loops over elements to combine, in which no function may remember."""
        return replace(self, loops={**self.loops, **loops}, reducing=True)

    def _unknown(self, kind: str) -> RefusedError:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.removesuffix("Structure")).lower()
        return _refused(name)


def _number(value: float) -> Number:
    """Write a number; PySD gives ``:NA:`` as not a number."""
    if value != value:
        return Number(MISSING)
    try:
        finite = math.isfinite(float(value))
    except OverflowError:
        finite = False
    if not finite:
        raise RefusedError("a number of it is too large", "Write a number below 1e308")
    return Number(float(value))


def _arithmetic(scope: Translator, node: Any) -> Expression:
    arguments = [scope.expression(argument) for argument in node.arguments]
    for argument in arguments:
        if isinstance(argument, Call) and argument.operation in CONDITIONS:
            raise RefusedError(
                "a comparison is used as a number, which PySD adds as true-or-false in arrays",
                "Write IF THEN ELSE(comparison, 1, 0)",
            )
    operators = list(node.operators)
    if operators == ["negative"]:
        return call("negative", arguments[0])
    if operators[0] == "^":
        return _power(arguments)
    result = arguments[0]
    for operator, argument in zip(operators, arguments[1:], strict=True):
        result = call(ARITHMETIC[operator], result, argument)
    return result


def _power(arguments: list[Expression]) -> Expression:
    """Raise to a power; ``-a^b`` and ``a^b^c`` were refused in the text (see ``precedence.py``)."""
    result = arguments[-1]
    for base in reversed(arguments[:-1]):
        result = call("power", base, result)
    return result


def _logic(scope: Translator, node: Any) -> Expression:
    arguments = [scope.expression(argument) for argument in node.arguments]
    operators = [operator.strip(":").lower() for operator in node.operators]
    if operators == ["not"]:
        return call("not", arguments[0])
    joined = [arguments[0]]  # what stands between :OR:, each already joined by :AND:, which comes first
    for operator, argument in zip(operators, arguments[1:], strict=True):
        if operator == "or":
            joined.append(argument)
        else:
            joined[-1] = call(COMPARISON.get(operator, operator), joined[-1], argument)
    return reduce(lambda left, right: call("or", left, right), joined)


def _reference(scope: Translator, node: Any) -> Expression:
    key = node.reference
    subscripts = list(node.subscripts.subscripts) if node.subscripts else []
    if key in scope.locals:
        return scope.locals[key]
    if key.endswith("$"):
        key = key[:-1].rstrip("_")  # in a macro, the model's own
    if scope.model.xmile and key not in scope.model.variables:
        key = XMILE_NAMES.get(key, key)
    if key == "time":
        return CurrentTime()
    if key not in scope.model.variables:
        return _subscript_number(scope, key)
    variable = scope.model.variables[key]
    if not subscripts and scope.model.xmile:
        subscripts = list(variable.dims)
    return Reference(key, _index(scope, variable.name, variable.labels, subscripts))


def _subscript_number(scope: Translator, key: str) -> Expression:
    places = scope.model.ranges.numbers(key)
    if places is None:
        if key in scope.model.tables:
            raise RefusedError(
                f"lookup {key!r} is used without an argument", "Write its argument in brackets"
            )
        raise RefusedError(f"{key!r} is not defined in the model", "Define it or correct its spelling")
    name = scope.model.ranges.range_named(key)
    if name is None or len(places) == 1:
        return Number(float(places[0]))
    if name in scope.loops:
        return Position(scope.loops[name], tuple(places))
    return Position(scope.model.ranges.loop_of(name, scope.loops), tuple(places))


def _index(scope: Translator, name: str, labels: tuple[tuple[str, ...], ...], subscripts: list[str]) -> Index:
    if len(subscripts) != len(labels):
        raise RefusedError(
            f"{name!r} has {len(labels)} subscripts and is used with {len(subscripts)}",
            "Write a subscript for each dimension",
        )
    try:
        spelled = [scope.model.ranges.spelled(subscript) for subscript in subscripts]
        index = tuple(
            scope.model.ranges.index(subscript, elements, scope.loops, spelled)
            for subscript, elements in zip(spelled, labels, strict=True)
        )
    except RefusedError as error:
        raise RefusedError(f"{name}[{', '.join(subscripts)}]: {error.problem}", error.remedy) from error
    along = axes_of(index)
    if len(set(along)) != len(along):
        raise RefusedError(
            f"{name}[{', '.join(subscripts)}] uses one range twice", "Map one of them onto a copy"
        )
    return index


def _call(scope: Translator, node: Any) -> Expression:
    name = node.function.reference
    if name in scope.model.table_labels:
        if name not in scope.model.tables:
            return Number(0.0)  # the table has a fault, which is noted
        subscripts = list(node.function.subscripts.subscripts) if node.function.subscripts else []
        labels = scope.model.table_labels[name]
        return Lookup(name, _index(scope, name, labels, subscripts), scope.expression(node.arguments[0]))
    if name in scope.model.macros:
        return scope.model.macros[name](scope, node)
    function = (XMILE_CALLS if scope.model.xmile else VENSIM_CALLS).get(name)
    if function is None or function.build is None:
        raise _refused(name)
    if function.syntax:
        return function.build(scope, node)
    least, most = function.arguments
    if not least <= len(node.arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise RefusedError(f"{name} has {len(node.arguments)} arguments, not {wanted}", "Correct the call")
    return function.build(*[scope.expression(argument) for argument in node.arguments])


def _refused(name: str) -> RefusedError:
    if name in REFUSED:
        known = REFUSED[name]
        return RefusedError(f"function {known.name} is not supported: {known.reason}", known.remedy)
    shown = name.replace("_", " ").upper()
    return RefusedError(f"function {shown} is not supported", "Rewrite it with supported functions")


def _inline_lookup(scope: Translator, node: Any) -> Expression:
    table = scope.model.inline_table(scope.owner, node.lookups)
    return Lookup(table, (), scope.expression(node.argument))


_HANDLERS: dict[str, Callable[[Translator, Any], Expression]] = {
    "ArithmeticStructure": _arithmetic,
    "LogicStructure": _logic,
    "ReferenceStructure": _reference,
    "CallStructure": _call,
    "InlineLookupsStructure": _inline_lookup,
}
