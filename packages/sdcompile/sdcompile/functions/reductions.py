"""Functions that combine the elements marked with !: SUM, PROD, VMIN, VMAX and VECTOR SELECT."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from sdcompile.equations.expressions import Axis, Expression, Number, Reduction, call
from sdcompile.errors import RefusedError
from sdcompile.functions.scope import Scope

REDUCTIONS = {"sum": "SUM", "prod": "PROD", "vmin": "VMIN", "vmax": "VMAX"}
"""Functions that combine the elements of one subscript or more, by PySD's names."""

MISSING = Number(float("nan"))

_KINDS = {1: "prod", 2: "vmin", 3: "vmax", 5: "prod", 7: "prod", 8: "vmin", 9: "vmax"}
_NEUTRAL = {"sum": 0.0, "prod": 1.0, "vmin": float("inf"), "vmax": float("-inf")}


def reduction(scope: Scope, node: Any) -> Expression:
    """SUM, PROD, VMIN or VMAX; in XMILE of a whole array where it has no subscripts."""
    kind, argument = node.function.reference.removesuffix("_xmile"), node.arguments[0]
    if scope.model.xmile and type(argument).__name__ == "ReferenceStructure" and not argument.subscripts:
        argument = _whole(scope, argument)
    axes, within = _inside(scope, REDUCTIONS[kind], [argument])
    return Reduction(kind, axes, within.expression(argument))


def _whole(scope: Scope, argument: Any) -> Any:
    """Mark every dimension of an array."""
    variable = scope.model.variables.get(argument.reference)
    if variable is None or not variable.dims:
        return argument
    from pysd.translators.structures.abstract_expressions import SubscriptsReferenceStructure

    return replace(argument, subscripts=SubscriptsReferenceStructure(tuple(f"{d}!" for d in variable.dims)))


def vector_select(scope: Scope, node: Any) -> Expression:
    """VECTOR SELECT(selection, values, value if none, what to do, what is an error), as PySD reads it.

    PySD stops the run where the selection is an error; here the result is not a number, which stops it too.
    """
    if len(node.arguments) != 5:
        raise RefusedError(f"VECTOR SELECT has {len(node.arguments)} arguments, not 5", "Correct the call")
    axes, within = _inside(scope, "VECTOR SELECT", node.arguments[:2])
    selection, values = (within.expression(argument) for argument in node.arguments[:2])
    action = scope.model.always(node.arguments[3], "the numerical action of VECTOR SELECT")
    error = scope.model.always(node.arguments[4], "the error action of VECTOR SELECT")
    if action not in range(11) or error not in range(4):
        problem = f"VECTOR SELECT has numerical action {action:g} and error action {error:g}"
        raise RefusedError(problem, "Write whole numbers, 0 to 10 and 0 to 3")
    chosen = call("ne", selection, 0.0)
    if action < 5:
        values = call("multiply", selection, values)
    elif action == 5:
        values = call("power", values, selection)

    kind = _KINDS.get(int(action), "sum")
    count = Reduction("sum", axes, call("select", chosen, 1.0, 0.0))
    result: Expression = Reduction(kind, axes, call("select", chosen, values, _NEUTRAL[kind]))
    if action in (4, 10):
        result = call("divide", result, call("max", count, 1.0))
    none = MISSING if error in (1, 3) else scope.expression(node.arguments[2])
    if error in (2, 3):
        result = call("select", call("gt", count, 1.0), MISSING, result)
    return call("select", call("eq", count, 0.0), none, result)


def element_count(scope: Scope, node: Any) -> Expression:
    """ELMCOUNT: the number of elements of a range."""
    name = node.arguments[0].reference
    return Number(float(len(scope.model.ranges.elements[scope.model.ranges.range_named(name) or name])))


def _inside(scope: Scope, function: str, arguments: list[Any]) -> tuple[tuple[Axis, ...], Scope]:
    """Open a loop for each subscript marked with ! in the arguments."""
    names: list[str] = []
    _marked(arguments, names)
    spelled = [scope.model.ranges.spelled(name) for name in names]
    inner = {name: Axis(name, len(scope.model.ranges.elements[name[:-1]])) for name in spelled}
    if not inner:
        raise RefusedError(f"{function} has no subscript marked with !", "Mark the subscripts to combine")
    return tuple(inner.values()), scope.reducing_over(inner)


def _marked(node: Any, names: list[str]) -> None:
    """Collect the subscripts marked with ! in an argument, in order, not looking inside inner reductions."""
    if isinstance(node, list | tuple):
        for item in node:
            _marked(item, names)
    elif type(node).__name__ == "SubscriptsReferenceStructure":
        names.extend(s for s in node.subscripts if s.endswith("!") and s not in names)
    elif is_dataclass(node) and not _combines(node):
        for part in fields(node):
            _marked(getattr(node, part.name), names)


def _combines(node: Any) -> bool:
    name = getattr(getattr(node, "function", None), "reference", "")
    return name in REDUCTIONS or name == "vector_select"
