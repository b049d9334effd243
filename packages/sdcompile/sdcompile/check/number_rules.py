"""Rules for divisions, comparisons and delays, for every value that a lever may take."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

from sdcompile.errors import Fault
from sdcompile.names import same_name, snake_case
from sdcompile.read.model import Model, Variable
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import called, is_number, kind_of, reference, references, render, walk


class Values(NamedTuple):
    """Values of a part of an equation: the numbers in the file and, for a lever, all between its limits."""

    text: str
    numbers: tuple[float, ...]
    limits: tuple[float, float] | None

    @property
    def least(self) -> float:
        """Smallest value it may take."""
        return min(*self.numbers, self.limits[0]) if self.limits else min(self.numbers)

    def may_be(self, value: float) -> bool:
        """Whether it may take a value."""
        return value in self.numbers or (
            self.limits is not None and self.limits[0] <= value <= self.limits[1]
        )


def values_of(node: Any, model: Model) -> Values | None:
    """Values of a literal, a constant or a lever; None for all else, which only a run can tell."""
    if is_number(node):
        return Values(f"{node:g}", (float(node),), None)
    if kind_of(node) != "Reference":
        return None
    name, subscripts = reference(node)
    variable = variable_named(name, model)
    if variable is None or not variable.numbers:
        return None
    low, high, _ = variable.limits or (None, None, None)
    limits = None if low is None or high is None or variable.control else (low, high)
    return Values(variable.name, _picked(variable, subscripts, model), limits)


def variable_named(name: str, model: Model) -> Variable | None:
    """Variable of a name as Vensim compares names."""
    return next((each for each in model.variables.values() if same_name(each.name) == name), None)


def _picked(variable: Variable, subscripts: tuple[str, ...], model: Model) -> tuple[float, ...]:
    """Take the numbers of the elements named; all where a subscript stands for a range of another name."""
    numbers = variable.numbers or ()
    places = itertools.product(*(model.ranges[each] for each in variable.subscripts))
    wanted = [model.ranges.get(each.rstrip("!"), (each,)) for each in subscripts]
    if len(wanted) != len(variable.subscripts):
        return numbers
    picked = [
        number
        for place, number in zip(places, numbers, strict=False)
        if all(element in each for element, each in zip(place, wanted, strict=True))
    ]
    return tuple(picked) or numbers


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


STEPS = 2
"""Time steps that each stage of a delay must last."""

KEEP_IT_IN_A_STOCK = "Write a running value as a stock: INTEG(IF THEN ELSE(condition, change, 0), start)"


def sample_faults(text: ModelText) -> list[Fault]:
    """Rule 2: SAMPLE IF TRUE, whose result depends on which columns are asked for."""
    problem = "SAMPLE IF TRUE depends on SAVEPER and on the columns asked for"
    return [
        text.source.fault(piece.entry, problem, KEEP_IT_IN_A_STOCK)
        for piece in text.definitions
        if any(kind_of(node) == "SampleIfTrue" for node in walk(piece.tree))
    ]


def fixed_delay_faults(text: ModelText, model: Model) -> list[Fault]:
    """Rule 2: DELAY FIXED where it is not a pipeline that feeds a stock.

    The variable must be used by the rate of some stock, directly or through others. Whether the result is
    independent of SAVEPER is for a test to show.
    """
    fed = _used_by_rates(text, model)
    problem = "DELAY FIXED feeds no stock; elsewhere its result depends on SAVEPER"
    remedy = "Use SMOOTH3 or DELAY3, or let the rate of a stock use it"
    return [
        text.source.fault(piece.entry, problem, remedy)
        for piece in text.definitions
        if any(kind_of(node) == "DelayFixed" for node in walk(piece.tree))
        and snake_case(piece.entry.name) not in fed
    ]


def _used_by_rates(text: ModelText, model: Model) -> set[str]:
    """Keys of all variables that the rate of a stock uses, directly or through others."""
    rates = [piece.tree.flow for piece in text.definitions if kind_of(piece.tree) == "Integ"]
    found = (variable_named(same_name(each.name), model) for rate in rates for each in references(rate))
    waiting = [variable.key for variable in found if variable is not None]
    used: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in used:
            used.add(key)
            waiting += model.variables[key].uses
    return used


def short_delay_faults(text: ModelText, model: Model) -> list[Fault]:
    """Rule 3: stages of a delay shorter than two time steps, which PySD merges with only a warning.

    Looked at are delay times that are a number, a constant or a lever, at its lower limit too; a computed
    delay time is not.
    """
    step = model.variables.get(snake_case("TIME STEP"))
    if step is None or not step.numbers:
        return []
    return [
        text.source.fault(piece.entry, *found)
        for piece in text.definitions
        for node in walk(piece.tree)
        if (found := _short(node, step.numbers[0], model))
    ]


def _short(node: Any, step: float, model: Model) -> tuple[str, str] | None:
    """Problem and remedy of one delay."""
    kind = kind_of(node)
    if kind not in ("Smooth", "SmoothN", "Delay", "DelayN", "DelayFixed"):
        return None
    values = values_of(node.smooth_time if hasattr(node, "smooth_time") else node.delay_time, model)
    order = getattr(node, "order", 1)
    if values is None or not is_number(order) or not values.least < STEPS * step * order:
        return None
    name = kind.upper().replace("FIXED", " FIXED")
    problem = f"the time of {name}, {values.text}, may be {values.least:g}"
    problem += f", less than {STEPS} steps of {step:g}"
    problem += f" for each of its {order:g} stages" if order > 1 else ""
    return problem, f"Let it be at least {STEPS * step * order:g}, its lower limit too"
