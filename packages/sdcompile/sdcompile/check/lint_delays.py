"""Whether delays are of a kind, and long enough, for every engine to compute them alike."""

from __future__ import annotations

from typing import Any

from sdcompile.check.lint_values import values_of, variable_named
from sdcompile.errors import Fault
from sdcompile.names import same_name, snake_case
from sdcompile.read.model import Model
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import is_number, kind_of, references, walk

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
