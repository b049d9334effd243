"""One right-hand side: PySD's abstract syntax to the engine's expressions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from sdcompile.equations.expressions import (
    MISSING,
    Along,
    Axis,
    Call,
    Expression,
    Index,
    Lookup,
    Now,
    Number,
    Position,
    Reference,
    call,
)
from sdcompile.equations.graph import Kind
from sdcompile.equations.refusal import RefusedError
from sdcompile.functions import timed, vectors
from sdcompile.functions.allocation import allocate_by_priority
from sdcompile.functions.reductions import reduction
from sdcompile.functions.registry import (
    ARITHMETIC,
    COMPARISON,
    CONDITIONS,
    ELEMENTARY,
    REDUCTIONS,
    REFUSED,
)
from sdcompile.functions.stateful import STATEFUL

if TYPE_CHECKING:
    from sdcompile.equations.graph import Place
    from sdcompile.read.builder import Builder

XMILE_NAMES = {"dt": "time_step", "starttime": "initial_time", "stoptime": "final_time"}
"""XMILE's own names and what PySD calls each."""


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

    model: Builder
    owner: str
    axes: tuple[Axis, ...]
    loops: dict[str, Axis]
    reducing: bool = False
    locals: dict[str, Expression] = field(default_factory=dict)

    def expression(self, node: Any) -> Expression:
        """Translate any node."""
        if isinstance(node, int | float):
            return _number(node)
        handler = _HANDLERS.get(type(node).__name__) or STATEFUL.get(type(node).__name__)
        if handler is None:
            raise self._unknown(type(node).__name__)
        return handler(self, node)

    def value(self, node: Any) -> Expression:
        """Translate a node that is needed more than once: anything but a plain value gets a variable."""
        return self.keep(self.expression(node))

    def keep(self, expression: Expression) -> Expression:
        """Give an expression a hidden variable, unless it is plain already."""
        if isinstance(expression, Number | Reference | Now):
            return expression
        hidden = self.hide()
        hidden.variable.pieces.append(hidden.piece(expression))
        return hidden.reference

    def hide(self, kind: Kind = Kind.AUXILIARY, axes: tuple[Axis, ...] | None = None) -> Place:
        """Add a variable that the modeller did not write, along ``axes`` or all of this equation's."""
        if self.reducing:
            raise RefusedError(
                "a function with memory stands inside SUM, PROD, VMIN or VMAX",
                "Give it a variable of its own and combine that",
            )
        return self.model.hide(self.owner, self.axes if axes is None else axes, kind)

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
        return Now()
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
    along = [part.axis for part in index if isinstance(part, Along)]
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
    name = _XMILE_REDUCTIONS.get(name, name)
    if name in REDUCTIONS:
        return reduction(scope, name, node.arguments[0])
    if name in vectors.FUNCTIONS:
        return vectors.FUNCTIONS[name](scope, node)
    if name == "elmcount":
        spelled = scope.model.ranges.range_named(node.arguments[0].reference)
        return Number(float(len(scope.model.ranges.elements[spelled or node.arguments[0].reference])))
    if name == "active_initial":
        hidden = scope.hide()
        hidden.variable.pieces.append(hidden.piece(scope.expression(node.arguments[0])))
        hidden.variable.initial.append(hidden.piece(scope.expression(node.arguments[1])))
        return hidden.reference
    known = {**_FUNCTIONS, **_XMILE} if scope.model.xmile else _FUNCTIONS
    if name not in known:
        raise _refused(name)
    build, least, most = known[name]
    if not least <= len(node.arguments) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise RefusedError(f"{name} has {len(node.arguments)} arguments, not {wanted}", "Correct the call")
    return build(*[scope.expression(argument) for argument in node.arguments])


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
    "GameStructure": lambda scope, node: scope.expression(node.expression),
    "AllocateByPriorityStructure": allocate_by_priority,
}

_XMILE_REDUCTIONS = {"vmin_xmile": "vmin", "vmax_xmile": "vmax"}
"""MIN and MAX of one array."""


def _modulo(a: Expression, b: Expression) -> Expression:
    """MOD, with the sign of the divisor; of a divisor that is not above nothing it is not a number."""
    return call("select", call("gt", b, 0.0), call("remainder", a, b), call("divide", 0.0, 0.0))


def _sign(x: Expression) -> Expression:
    return call("select", call("gt", x, 0.0), 1.0, call("select", call("lt", x, 0.0), -1.0, 0.0))


_XMILE: dict[str, tuple[Callable[..., Expression], int, int]] = {
    "modulo": (_modulo, 2, 2),
    "sign": (_sign, 1, 1),
    "log10": (lambda x: call("divide", call("ln", x), call("ln", 10.0)), 1, 1),
}

_FUNCTIONS: dict[str, tuple[Callable[..., Expression], int, int]] = {
    **{name: (lambda x, n=name: call(n, x), 1, 1) for name in ELEMENTARY},
    **{
        name: (lambda a, b, n=name: call(n, a, b), 2, 2)
        for name in ("min", "max", "power", "quantum", "modulo")
    },
    "pi": (lambda: Number(3.141592653589793), 0, 0),
    "log": (lambda x, base: call("divide", call("ln", x), call("ln", base)), 2, 2),
    "if_then_else": (lambda test, yes, no: call("select", test, yes, no), 3, 3),
    "xidz": (lambda a, b, x: call("xidz", a, b, x), 3, 3),
    "zidz": (lambda a, b: call("xidz", a, b, 0.0), 2, 2),
    **timed.FUNCTIONS,
}
