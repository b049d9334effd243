"""STEP, RAMP and the pulses, written out as comparisons with the current time.

The pulses follow Vensim's pages fn_pulse and fn_pulse_train, not PySD; XMILE's fall in the nearest step.
"""

from __future__ import annotations

from sdcompile.equations.expressions import CurrentTime, Expression, Number, StepLength, call
from sdcompile.errors import RefusedError

CLOSE = 1e-6
"""What Vensim and PySD take for nothing when they compare times."""

HAIR = 1e-9
"""Share of a step by which a pulse of one step is wider."""


def step(height: Expression, start: Expression) -> Expression:
    """Nothing before ``start``, then ``height``; half a time step of grace."""
    return call("multiply", height, _flag(call("gt", _middle(), start)))


def ramp(slope: Expression, start: Expression, finish: Expression | None = None) -> Expression:
    """Nothing before ``start``, then rising by ``slope`` a unit of time until ``finish``."""
    begun = _flag(call("gt", call("add", CurrentTime(), CLOSE), start))
    end = CurrentTime() if finish is None else call("min", finish, CurrentTime())
    return call("multiply", call("multiply", begun, slope), call("subtract", end, start))


def pulse(start: Expression, width: Expression) -> Expression:
    """One from the step nearest to ``start`` for ``width``, otherwise nothing; no width means one step."""
    one_step = call("select", call("eq", width, 0.0), _one_step(), width)
    return _flag(_once(start, one_step))


def pulse_of(start: Expression, magnitude: Expression) -> Expression:
    """XMILE's PULSE: ``magnitude`` handed over in the one step nearest to ``start``."""
    return call("select", _once(start, _one_step()), call("divide", magnitude, StepLength()), 0.0)


def pulse_train(start: Expression, every: Expression, width: Expression, end: Expression) -> Expression:
    """One for ``width``, at least a step, out of each ``every``, from ``start`` to ``end``."""
    running = call("le", CurrentTime(), call("add", end, CLOSE))
    on = _train(start, every, call("max", width, _one_step()))
    return _flag(call("and", running, on))


def pulse_train_of(start: Expression, every: Expression, magnitude: Expression) -> Expression:
    """XMILE's repeated PULSE: ``magnitude`` handed over in one step out of each ``every``."""
    height = call("divide", magnitude, StepLength())
    return call("select", _train(start, every, _one_step()), height, 0.0)


def time_value(relative_to: Expression, offset: Expression, measure: Expression) -> Expression:
    """GET TIME VALUE of the simulation's own time, in its own unit."""
    if relative_to != Number(0.0) or measure != Number(0.0):
        raise RefusedError(
            "GET TIME VALUE reads a calendar or the clock on the wall", "Write GET TIME VALUE(0, offset, 0)"
        )
    return call("add", CurrentTime(), offset)


def _train(start: Expression, every: Expression, width: Expression) -> Expression:
    """Say whether a pulse of a train is on; without a time between them there is one."""
    since = call("remainder", call("subtract", _middle(), start), every)
    into = call("select", call("eq", since, 0.0), every, since)  # a pulse is not on where it starts exactly
    repeated = call("and", call("gt", _middle(), start), call("lt", into, width))
    single = _once(start, width)
    return call(
        "or", call("and", call("eq", every, 0.0), single), call("and", call("ne", every, 0.0), repeated)
    )


def _once(start: Expression, width: Expression) -> Expression:
    begun = call("gt", _middle(), start)
    return call("and", begun, call("lt", _middle(), call("add", start, width)))


def _one_step() -> Expression:
    """Width of one step: a hair more, so that a pulse that starts half-way between two steps is not lost."""
    return call("multiply", StepLength(), 1.0 + HAIR)


def _middle() -> Expression:
    """Half a step from now: Vensim compares this with the ends of a pulse, not to trip over rounding."""
    return call("add", CurrentTime(), call("divide", StepLength(), 2.0))


def _flag(condition: Expression) -> Expression:
    return call("select", condition, 1.0, 0.0)
