"""What a unit check demands of the parts of an expression, and how it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sdcompile.check.units import DIMENSIONLESS, Unit, unit_text

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
    """What an equation may refer to, and the problems found in it so far.

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
