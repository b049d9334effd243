"""Which unit each Vensim function gives, and what it demands of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sdcompile.check.dimension_demands import Part, Scope, over, plain, same, timed, times
from sdcompile.check.units import DIMENSIONLESS, Unit, raised, unit_text
from sdcompile.functions.registry import VENSIM_CALLS
from sdcompile.read.trees import is_number

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
