"""Whether divisions and comparisons hold for every value that a lever may take."""

from __future__ import annotations

from typing import Any

from sdcompile.check.lint_values import Values, values_of, variable_named
from sdcompile.errors import Fault
from sdcompile.names import same_name
from sdcompile.read.model import Model
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import called, is_number, kind_of, reference, render, walk

ROUNDING = ("integer", "modulo", "quantum")
GIVEN = ("constant", "external")


def division_faults(text: ModelText, model: Model) -> list[Fault]:
    """Rule 8: a division by a constant or lever that may be 0, or by ``1 - lever`` where that may be 0.

    A divisor that is computed in any other way is not looked at: only a run tells whether it reaches 0. Both
    branches of IF THEN ELSE are computed, so a division guarded by one counts too.
    """
    faults = []
    for piece in text.definitions:
        for divisor in _divisors(piece.tree):
            found = _zero(divisor, model)
            if found is not None:
                values, value = found
                limits = f", limits {values.limits[0]:g} to {values.limits[1]:g}" if values.limits else ""
                problem = (
                    f"it divides by {render(divisor)}, which is 0 where {values.text} is {value:g}{limits}"
                )
                remedy = "Write ZIDZ or XIDZ, or keep it away from 0 by its limits"
                faults.append(text.source.fault(piece.entry, problem, remedy))
    return faults


def _divisors(tree: Any) -> list[Any]:
    """All that stands behind a ``/``."""
    return [
        node.arguments[place + 1]
        for node in walk(tree)
        if kind_of(node) == "Arithmetic" and len(node.arguments) > 1
        for place, operator in enumerate(node.operators)
        if operator == "/"
    ]


def _zero(divisor: Any, model: Model) -> tuple[Values, float] | None:
    """Find the constant or lever that makes a divisor 0, and at which value; None if there is none."""
    value = 0.0
    if kind_of(divisor) == "Arithmetic" and divisor.operators == ["-"]:
        first, second = divisor.arguments
        if is_number(first):
            divisor, value = second, float(first)
        elif is_number(second):
            divisor, value = first, float(second)
    values = values_of(divisor, model)
    return (values, value) if values is not None and values.may_be(value) else None


def exactness_faults(text: ModelText, model: Model) -> list[Fault]:
    """Rule 9: INTEGER, MODULO, QUANTUM, ``=`` or ``<>`` on numbers that the model computes, Time among them.

    Numbers that are given and never rounded may be compared: literals, plain constants, levers such as a
    switch, constants from a file, and elements as numbers. A right-hand side that is nothing but a comparison
    is reported as a doubled line.
    """
    labels = {same_name(name) for pair in model.ranges.items() for name in (pair[0], *pair[1])}
    faults = []
    for piece in text.definitions:
        for node in walk(piece.tree) if kind_of(piece.tree) != "Logic" else ():
            what, parts = _exact(node)
            computed = [part for part in parts if not _given(part, labels, model)]
            if computed:
                found = _inexact(what, node, computed)
                faults.append(text.source.fault(piece.entry, *found))
    return faults


def _exact(node: Any) -> tuple[str, list[Any]]:
    """Tell a comparison or a rounding function and what it is applied to; nothing for any other node."""
    if kind_of(node) == "Logic" and set(node.operators) & {"=", "<>"}:
        return next(operator for operator in node.operators if operator in ("=", "<>")), list(node.arguments)
    if kind_of(node) == "Call" and called(node) in ROUNDING:
        return called(node).upper(), list(node.arguments)
    return "", []


def _given(node: Any, labels: set[str], model: Model) -> bool:
    if is_number(node):
        return True
    if kind_of(node) != "Reference":
        return False
    name = reference(node).name
    variable = variable_named(name, model)
    return name in labels if variable is None else variable.kind in GIVEN


def _inexact(what: str, node: Any, computed: list[Any]) -> tuple[str, str]:
    """Problem and remedy of one comparison."""
    if any(kind_of(part) == "Reference" and reference(part).name == "time" for part in computed):
        problem = f"{render(node)} asks {what} of Time, which steps may miss"
        return problem, "Use STEP, PULSE or RAMP, or compare by < or >="
    problem = (
        f"{render(node)} asks {what} of {render(computed[0])}, which is computed and may be off by a rounding"
    )
    return problem, "Compare by < or >=, or let a constant say it"
