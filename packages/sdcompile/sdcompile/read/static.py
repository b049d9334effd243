"""Numbers known before the run: control values, orders of delays, constant expressions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.expressions import (
    Call,
    CurrentTime,
    Expression,
    Fixed,
    Number,
    Reference,
    StepLength,
    rebuild,
)
from sdcompile.equations.graph import Equations, Kind, Piece, Variable, assign_elements, covered
from sdcompile.errors import RefusedError
from sdcompile.functions.registry import OPERATIONS
from sdcompile.read.parse import Definition
from sdcompile.read.translate import Model, Translator


@dataclass(frozen=True)
class Static:
    """Works out expressions that rest on constants alone, and freezes the constants they rest on.

    Attributes
    ----------
    start, step
        What Time and TIME STEP are. With them a number that moves during the run is taken as it is at the
        start, as Vensim takes the time of a DELAY FIXED; without them it is refused.
    """

    equations: Equations
    start: float | None = None
    step: float | None = None

    def value(self, expression: Expression, reason: str) -> float:
        """Return the number an expression comes to; ``reason`` says why its constants cannot be levers."""
        return self._value(expression, reason, ())

    def variable(self, key: str, reason: str) -> float:
        """Return the number a variable without subscripts comes to."""
        return self._value(Reference(key, ()), reason, ())

    def _value(self, expression: Expression, reason: str, within: tuple[str, ...]) -> float:
        if isinstance(expression, Number):
            return expression.value
        work_out = OPERATIONS[expression.operation].number if isinstance(expression, Call) else None
        if isinstance(expression, Call) and work_out is not None:
            arguments = [self._value(argument, reason, within) for argument in expression.arguments]
            return float(work_out(*arguments))
        if isinstance(expression, Reference):
            return self._reference(expression, reason, within)
        if isinstance(expression, CurrentTime) and self.start is not None:
            return self.start
        if isinstance(expression, StepLength) and self.step is not None:
            return self.step
        raise RefusedError(f"{reason} changes during the run", "Make it a constant")

    def _reference(self, reference: Reference, reason: str, within: tuple[str, ...]) -> float:
        variable = self.equations.variables[reference.variable]
        if reference.variable in within:
            raise RefusedError(f"{' -> '.join((*within, reference.variable))} is a loop", "Break the loop")
        if variable.kind is Kind.CONSTANT and variable.values is not None:
            places = [part.position for part in reference.index if isinstance(part, Fixed)]
            if len(places) != len(reference.index):
                raise RefusedError(f"{reason} differs between elements", "Write one number for all elements")
            self.equations.frozen[reference.variable] = reason
            return float(variable.values[tuple(places)])
        whole = variable.kind is Kind.AUXILIARY and len(variable.pieces) == 1 and not variable.dims
        if not whole or variable.initial:
            raise RefusedError(
                f"{reason} rests on {variable.name!r}, which is not constant", "Make it a constant"
            )
        return self._value(variable.pieces[0].expression, reason, (*within, reference.variable))


@dataclass(frozen=True)
class Early:
    """Works out a number from the equations it rests on, and freezes the constants among them.

    Attributes
    ----------
    model
        Where constants are frozen.
    elements
        Every equation of the model, by the key of its variable.
    moving
        Whether a number that moves during the run is taken as it is at the start; otherwise it is refused.
    """

    model: Model
    elements: Mapping[str, list[Definition]]
    moving: bool = False

    def value(self, node: Any, what: str) -> float:
        """Return the number that a piece of syntax comes to; ``what`` says what the number is."""
        return self._value(node, what, ())

    def _value(self, node: Any, what: str, within: tuple[str, ...]) -> float:
        if isinstance(node, int | float):
            return float(node)
        names = set(_names(node))
        if not self.moving and "time" in names:
            raise RefusedError(f"{what} changes during the run", "Write a number")
        numbers = {name: self._named(name, what, within) for name in names}
        known: dict[str, Expression] = {name: Number(number) for name, number in numbers.items()}
        scope = Translator(self.model, "", (), {}, locals=known)
        static = Static(self.model.equations, numbers.get("time"), numbers.get("time_step"))
        return static.value(scope.expression(node), what)

    def _named(self, name: str, what: str, within: tuple[str, ...]) -> float:
        """Return what a variable without subscripts is; Time is INITIAL TIME."""
        wanted = "initial_time" if name == "time" else name
        found = self.elements.get(wanted, [])
        if len(found) == 1 and wanted not in within and _is_plain(found[0].tree):
            self.model.equations.frozen[wanted] = what
            return self._value(found[0].tree, what, (*within, wanted))
        raise RefusedError(f"{what} is not a number: it rests on {name!r}", "Write a number")


_OF_TIME = ("step", "ramp", "pulse", "pulse_train", "Xramp", "Xpulse", "Xpulse_train")


def _names(node: Any) -> Iterator[str]:
    """List the variables that syntax reads."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _names(item)
    elif type(node).__name__ == "CallStructure":
        yield from ("time", "time_step") if node.function.reference in _OF_TIME else ()
        yield from _names(node.arguments)
    elif type(node).__name__ == "ReferenceStructure":
        yield node.reference
    elif is_dataclass(node):
        for part in fields(node):
            yield from _names(getattr(node, part.name))


def _is_plain(syntax: Any) -> bool:
    """Say whether a value can be worked out without running the model."""
    plain = ("ReferenceStructure", "ArithmeticStructure", "LogicStructure", "CallStructure")
    return isinstance(syntax, int | float) or type(syntax).__name__ in plain


FOLDED = ("add", "subtract", "multiply", "divide", "power", "negative", "min", "max")
"""Operations that are worked out where they stand between numbers, with the bits of every engine."""


def fold(expression: Expression) -> Expression:
    """Work out arithmetic on numbers; what cannot be worked out stays as it is."""

    def change(node: Expression) -> Expression:
        if not isinstance(node, Call) or node.operation not in FOLDED:
            return node
        work_out = OPERATIONS[node.operation].number
        numbers = [a.value for a in node.arguments if isinstance(a, Number) and math.isfinite(a.value)]
        if work_out is None or len(numbers) != len(node.arguments):
            return node
        try:
            result = work_out(*numbers)
        except (ArithmeticError, ValueError):
            return node
        return Number(result) if math.isfinite(result) else node

    return rebuild(expression, change)


def constant_values(equations: Equations, variable: Variable) -> Floats | None:
    """Return the numbers of a variable all of whose pieces are numbers and that has no gap; else None."""
    values = np.full(variable.shape, np.nan)
    held = np.zeros(variable.shape, dtype=bool)
    for piece in variable.pieces:
        numbers = _numbers(equations, piece)
        if numbers is None:
            return None
        assign_elements(values, piece, numbers)
        held |= covered(piece, variable.shape)
    return values if held.all() else None


def _numbers(equations: Equations, piece: Piece) -> Floats | None:
    """Return the number at each step of a piece's axes, if they are written out."""
    if isinstance(piece.expression, Number):
        return np.full(piece.shape, piece.expression.value)
    if isinstance(piece.expression, Reference):
        source = equations.variables[piece.expression.variable]
        return source.values if source.hidden and source.kind is Kind.CONSTANT else None
    return None
