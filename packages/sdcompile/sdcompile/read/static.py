"""Numbers needed before the program is written: control values, orders of delays, lengths of pipes."""

from __future__ import annotations

from dataclasses import dataclass

from sdcompile.equations.expressions import Call, Expression, Fixed, Now, Number, Reference, StepLength
from sdcompile.equations.graph import Equations, Kind
from sdcompile.equations.refusal import RefusedError
from sdcompile.functions.registry import OPERATIONS


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
        if isinstance(expression, Now) and self.start is not None:
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
