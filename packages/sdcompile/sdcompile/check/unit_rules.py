"""Rules of the unit check: what each operator and function demands of its parts, and which unit it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sdcompile.check.units import DIMENSIONLESS, Unit, raised, unit_text
from sdcompile.functions.registry import STRUCTURES, VENSIM_CALLS
from sdcompile.read.trees import called, is_number, kind_of, reference, render

NAME_THE_NUMBER = (
    "Give both the same unit; a number other than 0 is Dmnl, so name it as a constant with a unit"
)
MAKE_PLAIN = "Divide by a reference value of the same unit, so that it is Dmnl"


class Part(NamedTuple):
    """Part of an expression: as PySD reads it, as text, and its unit."""

    node: Any
    text: str
    unit: Unit


@dataclass
class Scope:
    """Scope of a unit check: what an equation may refer to, and the problems found in it so far.

    Attributes
    ----------
    units
        Declared unit of each variable, by its name as Vensim compares names.
    tables
        Names of the variables that are tables.
    labels
        Names of ranges and elements: as a number, an element's place in its range.
    time
        Unit of time.
    problems
        Problem and remedy, in reading order.
    """

    units: Mapping[str, Unit]
    tables: frozenset[str]
    labels: frozenset[str]
    time: Unit
    problems: list[tuple[str, str]] = field(default_factory=list)


def same(what: str, parts: Sequence[Part], scope: Scope, remedy: str = NAME_THE_NUMBER) -> Unit:
    """Demand one unit of all parts whose unit is known, and give it back."""
    known = [part for part in parts if part.unit is not None]
    for part in known[1:]:
        if part.unit != known[0].unit:
            one = f"{known[0].text} is {unit_text(known[0].unit)}"
            scope.problems.append((f"{what}: {one} but {part.text} is {unit_text(part.unit)}", remedy))
            return None
    return known[0].unit if known else None


def plain(what: str, parts: Sequence[Part], scope: Scope) -> Unit:
    """Demand that every part is dimensionless."""
    for part in parts:
        if part.unit not in (None, DIMENSIONLESS):
            problem = f"{what} needs a Dmnl argument but {part.text} is {unit_text(part.unit)}"
            scope.problems.append((problem, MAKE_PLAIN))
    return DIMENSIONLESS


def timed(what: str, parts: Sequence[Part], scope: Scope) -> Unit:
    """Demand that every part is a time; as a literal number is Dmnl, it must be a named constant."""
    time = unit_text(scope.time)
    for part in parts:
        if part.unit is not None and scope.time is not None and part.unit != scope.time:
            problem = f"{what} needs a time in {time} but {part.text} is {unit_text(part.unit)}"
            remedy = f"Give it the unit of TIME STEP, {time}; name a literal number as a constant"
            scope.problems.append((problem, remedy))
    return DIMENSIONLESS


def times(one: Unit, other: Unit) -> Unit:
    """Multiply two units."""
    return None if one is None or other is None else one * other


def over(one: Unit, other: Unit) -> Unit:
    """Divide two units."""
    return None if one is None or other is None else one / other


Rule = Callable[[str, Sequence[Part], Scope], Unit]


def call(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    """Find the unit of a call to a function or to one of the model's tables.

    Parameters
    ----------
    name
        In lower case, with blanks.
    parts
        Its arguments.
    scope
        Takes the problems; an unknown function is one.

    Returns
    -------
    Unit
        None where a problem makes it unknown.
    """
    if name in scope.tables:
        plain(f"table {name}", parts, scope)
        return scope.units.get(name)
    if name not in FUNCTIONS:
        remedy = "Use a table of this model or a supported function"
        scope.problems.append((f"function {name.upper()} is not supported", remedy))
        return None
    count, rule = FUNCTIONS[name]
    if len(parts) != count:
        problem = f"{name.upper()} takes {count} arguments but is given {len(parts)}"
        scope.problems.append((problem, "Correct the number of arguments"))
        return None
    return rule(name.upper(), parts, scope)


def power(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    """Find the unit of base ^ exponent."""
    base, exponent = parts[:2]
    if base.unit in (None, DIMENSIONLESS):
        plain(f"the exponent of {name}", [exponent], scope)
        return base.unit
    if is_number(exponent.node):
        return raised(base.unit, float(exponent.node))
    problem = f"{base.text} is {unit_text(base.unit)} and its exponent {exponent.text} is not a number"
    scope.problems.append((problem, "Make the base Dmnl, or write the exponent as a number"))
    return None


def _first(_: str, parts: Sequence[Part], __: Scope) -> Unit:
    return parts[0].unit


def _root(_: str, parts: Sequence[Part], __: Scope) -> Unit:
    return raised(parts[0].unit, 0.5)


def _count(_: str, __: Sequence[Part], ___: Scope) -> Unit:
    return DIMENSIONLESS


def _branches(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    plain(f"the condition of {name}", parts[:1], scope)
    return same(f"the branches of {name} differ", parts[1:], scope)


def _step(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    timed(name, parts[1:], scope)
    return parts[0].unit


def _ramp(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    timed(name, parts[1:], scope)
    return times(parts[0].unit, scope.time)


def _quotient(name: str, parts: Sequence[Part], scope: Scope) -> Unit:
    """Check ZIDZ, and XIDZ with what stands in when the divisor is 0."""
    unit = over(parts[0].unit, parts[1].unit)
    found = Part(None, f"{parts[0].text} / {parts[1].text}", unit)
    return same(f"the quotient and the replacement of {name} differ", [found, *parts[2:]], scope)


RULES: dict[str, Rule] = {
    "dimensionless": plain,
    "first": _first,
    "same": same,
    "root": _root,
    "power": power,
    "branches": _branches,
    "step": _step,
    "ramp": _ramp,
    "times": timed,
    "quotient": _quotient,
    "count": _count,
}
FUNCTIONS = {
    key.replace("_", " "): (function.arguments[0], RULES[function.unit])
    for key, function in VENSIM_CALLS.items()
    if function.unit
}


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
