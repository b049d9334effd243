"""STEP, RAMP and the pulses, written out as comparisons with the current time the way PySD computes them."""

from __future__ import annotations

from collections.abc import Callable

from dudley_sd.engine.expressions import Expression, Now, Number, StepLength, call
from dudley_sd.engine.refusal import RefusedError

CLOSE = 1e-6
"""What Vensim and PySD take for nothing when they compare times."""


def step(height: Expression, start: Expression) -> Expression:
    """Nothing before ``start``, then ``height``; half a time step of grace."""
    soon = call("add", Now(), call("divide", StepLength(), 2.0))
    return call("multiply", height, _flag(call("gt", soon, start)))


def ramp(slope: Expression, start: Expression, finish: Expression | None = None) -> Expression:
    """Nothing before ``start``, then rising by ``slope`` a unit of time until ``finish``."""
    begun = _flag(call("gt", call("add", Now(), CLOSE), start))
    end = Now() if finish is None else call("min", finish, Now())
    return call("multiply", call("multiply", begun, slope), call("subtract", end, start))


def pulse(start: Expression, width: Expression) -> Expression:
    """One from ``start`` for ``width``, otherwise nothing."""
    return call("select", _once(start, width), 1.0, 0.0)


def pulse_of(start: Expression, magnitude: Expression) -> Expression:
    """XMILE's PULSE: ``magnitude`` handed over in the one step at ``start``."""
    return call("select", _once(start, _half_step()), call("divide", magnitude, StepLength()), 0.0)


def pulse_train(start: Expression, every: Expression, width: Expression, end: Expression) -> Expression:
    """One for ``width`` out of each ``every``, from ``start`` until ``end``."""
    running = call("and", call("le", start, Now()), call("lt", Now(), end))
    return _train(running, start, every, width, Number(1.0))


def pulse_train_of(start: Expression, every: Expression, magnitude: Expression) -> Expression:
    """XMILE's repeated PULSE: ``magnitude`` handed over in one step out of each ``every``."""
    running = call("le", start, Now())
    return _train(running, start, every, _half_step(), call("divide", magnitude, StepLength()))


def time_value(relative_to: Expression, offset: Expression, measure: Expression) -> Expression:
    """GET TIME VALUE of the simulation's own time, in its own unit."""
    if relative_to != Number(0.0) or measure != Number(0.0):
        raise RefusedError(
            "GET TIME VALUE reads a calendar or the clock on the wall", "Write GET TIME VALUE(0, offset, 0)"
        )
    return call("add", Now(), offset)


def _train(
    running: Expression, start: Expression, every: Expression, width: Expression, height: Expression
) -> Expression:
    into = call("remainder", call("add", call("subtract", Now(), start), CLOSE), every)
    repeated = call("and", running, call("lt", into, width))
    single = _once(start, width)
    on = call(
        "or", call("and", call("eq", every, 0.0), single), call("and", call("ne", every, 0.0), repeated)
    )
    return call("select", on, height, 0.0)


def _once(start: Expression, width: Expression) -> Expression:
    begun = call("le", call("subtract", start, CLOSE), Now())
    return call("and", begun, call("lt", Now(), call("add", start, width)))


def _half_step() -> Expression:
    return call("multiply", 0.5, StepLength())


def _flag(condition: Expression) -> Expression:
    return call("select", condition, 1.0, 0.0)


FUNCTIONS: dict[str, tuple[Callable[..., Expression], int, int]] = {
    "step": (step, 2, 2),
    "ramp": (ramp, 3, 3),
    "Xramp": (ramp, 2, 2),
    "pulse": (pulse, 2, 2),
    "Xpulse": (pulse_of, 2, 2),
    "pulse_train": (pulse_train, 4, 4),
    "Xpulse_train": (pulse_train_of, 3, 3),
    "get_time_value": (time_value, 3, 3),
}
"""By the name PySD gives each: how to write it, and the least and most arguments."""
