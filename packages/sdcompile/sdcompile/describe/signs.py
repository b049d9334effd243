"""Signs of links: which way a variable moves when one that acts on it is raised, all else held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from sdcompile.arrays import Flags, Floats
from sdcompile.describe.states import States
from sdcompile.equations.graph import Kind, Variable, references

RAISED = 1e-3
"""Share by which a variable is raised and lowered."""

NOTICED = 1e-9
"""Change, as a share of the target's size, below which it is rounding."""


class Sign(Enum):
    """Sign of a link: how a variable answers."""

    RISES = "+"
    FALLS = "−"
    STILL = "0"
    MIXED = "±"

    def times(self, other: Sign) -> Sign:
        """Sign of two links in a row."""
        for special in (Sign.STILL, Sign.MIXED):
            if special in (self, other):
                return special
        return Sign.RISES if self is other else Sign.FALLS

    def parallel(self, other: Sign) -> Sign:
        """Sign of two ways at once."""
        if Sign.STILL in (self, other):
            return other if self is Sign.STILL else self
        return self if self is other else Sign.MIXED


def of_changes(changes: Floats, size: float) -> Sign:
    """Sign of changes that answer a rise; those that are rounding or not a number say nothing."""
    noticed = changes[np.isfinite(changes) & (np.abs(changes) > NOTICED * size)]
    if not len(noticed):
        return Sign.STILL
    if (noticed > 0).all():
        return Sign.RISES
    return Sign.FALLS if (noticed < 0).all() else Sign.MIXED


@dataclass(frozen=True)
class Spot:
    """A variable, or only some of its elements: ``Population[Complex]`` is Complex of every age."""

    name: str
    key: str
    elements: tuple[str, ...] = ()

    def mask(self, variable: Variable) -> Flags:
        """Mark the elements that are meant."""
        chosen = np.ones(variable.shape, dtype=bool)
        for dimension, labels in enumerate(variable.labels):
            wanted = [label in self.elements for label in labels]
            if any(wanted):
                shape = [-1 if place == dimension else 1 for place in range(len(variable.shape))]
                chosen &= np.reshape(np.array(wanted), shape)
        return chosen


def unknown_elements(spot: Spot, variable: Variable) -> list[str]:
    """Elements that a spot names and its variable does not have."""
    known = {label for labels in variable.labels for label in labels}
    return [element for element in spot.elements if element not in known]


@dataclass
class Signs:
    """Signs of links of a model in one run, looked at in every saved year.

    Attributes
    ----------
    run
        The run.
    changed
        Values of constants to use instead of those of the run, by the engine's key.
    """

    run: States
    changed: Mapping[str, Floats] = field(default_factory=dict)
    _found: dict[tuple[Spot, Spot], Sign] = field(default_factory=dict)

    def link(self, source: Spot, target: Spot) -> Sign:
        """Sign of a direct link, by way of the hidden stages of a delay if it has any.

        Parameters
        ----------
        source, target
            Variables by the engine's key. All elements of the source are raised together.

        Returns
        -------
        Sign
            ``STILL`` if the target answers in no year; ``MIXED`` if some of its elements rise and others
            fall, or if it rises in some years and falls in others.
        """
        if (source, target) not in self._found:
            self._found[source, target] = self._ways(source, target, frozenset())
        return self._found[source, target]

    def _ways(self, source: Spot, target: Spot, passed: frozenset[str]) -> Sign:
        variables = self.run.equations.variables
        read = read_keys(variables[target.key]) - {target.key}
        sign = self._direct(source, target) if source.key in read else Sign.STILL
        for key in read:
            hidden = variables[key]
            if hidden.hidden and hidden.kind is not Kind.CONSTANT and key not in passed:
                before = self._ways(source, Spot(key, key), passed | {target.key})
                if before is not Sign.STILL:
                    sign = sign.parallel(before.times(self._direct(Spot(key, key), target)))
        return sign

    def _direct(self, source: Spot, target: Spot) -> Sign:
        variables = self.run.equations.variables
        raised, answering = source.mask(variables[source.key]), target.mask(variables[target.key])
        signs = Sign.STILL
        for time, found in zip(self.run.times, self.run.values, strict=True):
            values = {**found, **self.changed}
            before = self.run.moments.value(target.key, values, time)
            size = float(np.nanmax(np.abs(before), initial=0.0)) or 1.0
            for step in (RAISED, -RAISED):
                moved = {**values, source.key: _moved(values[source.key], raised, step)}
                with np.errstate(invalid="ignore"):
                    after = self.run.moments.value(target.key, moved, time)
                    changes = (after - before)[answering] * np.sign(step)
                signs = signs.parallel(of_changes(changes, size * RAISED))
        return signs


def _moved(values: Floats, raised: Flags, step: float) -> Floats:
    """Raise or lower values by a share; a zero is raised by that share of the largest, never lowered."""
    scale = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    size = np.where(values != 0, np.abs(values), scale if step > 0 else 0.0)
    return np.where(raised, values + step * size, values)


def read_keys(variable: Variable) -> set[str]:
    """Keys that a variable's equations read while the model runs."""
    return {reference.variable for piece in variable.pieces for reference in references(piece)}


def product(signs: Iterable[Sign]) -> Sign:
    """Sign of links one after another."""
    whole = Sign.RISES
    for sign in signs:
        whole = whole.times(sign)
    return whole
