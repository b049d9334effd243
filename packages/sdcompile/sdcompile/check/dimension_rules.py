"""Which unit an expression has, operator by operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sdcompile.check.dimension_demands import NAME_THE_NUMBER, Part, Scope, over, plain, same, timed, times
from sdcompile.check.dimension_functions import call, power
from sdcompile.check.units import DIMENSIONLESS, Unit
from sdcompile.functions.registry import STRUCTURES
from sdcompile.read.trees import called, is_number, kind_of, reference, render


def unit_of(node: Any, scope: Scope) -> Unit:
    """Find the unit of an expression.

    Parameters
    ----------
    node
        From PySD's abstract syntax.
    scope
        What it may refer to; takes the problems.

    Returns
    -------
    Unit
        None, which fits anything, for the literal 0 and for what is reported already.
    """
    if is_number(node):
        return DIMENSIONLESS if node and node == node else None
    rule = NODES.get(kind_of(node))
    if rule is None:
        scope.problems.append(
            (f"{kind_of(node).upper()} is not supported", "Rewrite the equation without it")
        )
        return None
    return rule(node, scope)


def parts_of(nodes: Sequence[Any], scope: Scope) -> list[Part]:
    """Find text and unit of several expressions."""
    return [Part(node, render(node), unit_of(node, scope)) for node in nodes]


def _reference(node: Any, scope: Scope) -> Unit:
    name = reference(node).name
    if name == "time":
        return scope.time
    return DIMENSIONLESS if name in scope.labels else scope.units.get(name)


def _arithmetic(node: Any, scope: Scope) -> Unit:
    parts = parts_of(node.arguments, scope)
    first = node.operators[0]
    if first in ("+", "-"):
        return same(f"{render(node)} adds or subtracts unlike things", parts, scope)
    if first == "^":
        return power("^", parts, scope)
    unit = parts[0].unit
    for operator, part in zip(node.operators, parts[1:], strict=False):
        unit = (times if operator == "*" else over)(unit, part.unit)
    return unit


def _logic(node: Any, scope: Scope) -> Unit:
    parts = parts_of(node.arguments, scope)
    if node.operators[0].startswith(":"):
        return plain(node.operators[0], parts, scope)
    same(f"{render(node)} compares unlike things", parts, scope)
    return DIMENSIONLESS


def _call(node: Any, scope: Scope) -> Unit:
    return call(called(node), parts_of(node.arguments, scope), scope)


def _table(node: Any, scope: Scope) -> Unit:
    """Refuse WITH LOOKUP inside an expression: its unit is that of the variable it defines."""
    plain("WITH LOOKUP", parts_of([node.argument], scope), scope)
    problem = "WITH LOOKUP inside an expression has no unit of its own"
    scope.problems.append((problem, "Give the table a variable of its own, with a unit"))
    return None


def _stock(node: Any, scope: Scope) -> Unit:
    gained = Part(None, "rate times time", times(unit_of(node.flow, scope), scope.time))
    initial = Part(None, "the initial value", unit_of(node.initial, scope))
    remedy = f"Make the rate the stock's unit per unit of time. {NAME_THE_NUMBER}"
    return same("INTEG does not fit together", [gained, initial], scope, remedy)


def _delayed(node: Any, scope: Scope) -> Unit:
    """Check SMOOTH and DELAY of any order: what goes in comes out."""
    name = kind_of(node).upper().replace("FIXED", " FIXED")
    waits = [getattr(node, field) for field in ("delay_time", "smooth_time") if hasattr(node, field)]
    # A fixed delay must be a literal, since engines size its buffer once: it counts in the unit of time.
    fixed = kind_of(node) == "DelayFixed" and is_number(node.delay_time)
    timed(name, [] if fixed else parts_of(waits, scope), scope)
    plain(f"the order of {name}", parts_of([getattr(node, "order", 0)], scope), scope)
    nodes = [node.input] if node.initial is node.input else [node.input, node.initial]
    return same(f"input and initial value of {name} differ", parts_of(nodes, scope), scope)


def _sample(node: Any, scope: Scope) -> Unit:
    plain("the condition of SAMPLE IF TRUE", parts_of([node.condition], scope), scope)
    parts = parts_of([node.input, node.initial], scope)
    return same("input and initial value of SAMPLE IF TRUE differ", parts, scope)


_MEMORY: dict[str, Callable[[Any, Scope], Unit]] = {
    "stock": _stock,
    "delayed": _delayed,
    "sample": _sample,
    "initial": lambda node, scope: unit_of(node.initial, scope),
    "game": lambda node, scope: unit_of(node.expression, scope),
}
NODES: dict[str, Callable[[Any, Scope], Unit]] = {
    "Reference": _reference,
    "Arithmetic": _arithmetic,
    "Logic": _logic,
    "Call": _call,
    "InlineLookups": _table,
} | {name: _MEMORY[function.unit] for name, function in STRUCTURES.items() if function.unit}
