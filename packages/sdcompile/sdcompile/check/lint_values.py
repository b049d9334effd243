"""Which values a number, a constant or a lever inside an equation may take."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

from sdcompile.names import same_name
from sdcompile.read.model import Model, Variable
from sdcompile.read.trees import is_number, kind_of, reference


class Values(NamedTuple):
    """What a part of an equation may be: the numbers in the file and, for a lever, all between its limits."""

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
