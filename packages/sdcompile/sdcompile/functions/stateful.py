"""Functions that remember: each becomes hidden stocks whose next value is written out as PySD computes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdcompile.equations.expressions import Expression, Number, StepLength, call
from sdcompile.equations.graph import ElementView, Kind
from sdcompile.errors import RefusedError
from sdcompile.functions.scope import Scope


@dataclass(frozen=True)
class Flows:
    """The flows of a non-negative stock, as PySD's references."""

    outflows: tuple[Any, ...]
    inflows: tuple[Any, ...]


def next_value(stock: Expression, rate: Expression) -> Expression:
    """One Euler step."""
    return call("add", stock, call("multiply", rate, StepLength()))


def integ(scope: Scope, node: Any) -> Expression:
    """INTEG among other kinds of equation of one variable."""
    hidden = scope.hide(Kind.STOCK)
    fill_integ(scope, node, hidden)
    return hidden.reference


def fill_integ(scope: Scope, node: Any, stock: ElementView) -> None:
    """Write the equations of a stock."""
    following = next_value(stock.reference, scope.expression(node.flow))
    if node.non_negative is not False and not isinstance(node.non_negative, Flows):
        raise RefusedError("INTEG has 3 arguments, not 2", "Write INTEG(rate, initial value)")
    if node.non_negative:
        following = _not_below_nothing(scope, node.non_negative, stock, following)
    stock.variable.pieces.append(stock.piece(following))
    stock.variable.initial.append(stock.piece(scope.expression(node.initial)))


def _not_below_nothing(scope: Scope, limits: Flows, stock: ElementView, following: Expression) -> Expression:
    """Hold a non-negative stock at nothing.

    Without inflows its outflows are limited already and only rounding is cut off. With inflows XMILE does not
    say whether they can flow on within the step, so that a stock that runs short is not a number.
    """
    if not limits.inflows:
        return call("max", following, 0.0)
    stock.variable.note = _SHORT
    asked: Expression = Number(0.0)
    for kind, sign in ((limits.outflows, 1.0), (limits.inflows, -1.0)):
        for flow in kind:
            asked = call("add", asked, call("max", call("multiply", scope.expression(flow), sign), 0.0))
    short = call("gt", call("multiply", asked, StepLength()), stock.reference)
    return call("select", short, call("divide", 0.0, 0.0), call("max", following, 0.0))


_SHORT = (
    "The outflows of a non-negative stock ask for more than it holds and it has inflows: write its outflows "
    "with MIN, as much as it can give"
)


def _stages(scope: Scope, order: Any, note: str = "") -> tuple[list[ElementView], int]:
    count = scope.model.whole_number(order, "the order of a delay or smooth")
    stages = [scope.hide(Kind.STOCK) for _ in range(count)]
    for stage in stages:
        stage.variable.note = note
    return stages, count


def _input_and_initial(scope: Scope, node: Any) -> tuple[Expression, Expression]:
    if node.initial is node.input:
        both = scope.value(node.input)
        return both, both
    return scope.expression(node.input), scope.value(node.initial)


def smooth(scope: Scope, node: Any) -> Expression:
    """SMOOTH, SMOOTH3, SMOOTH N and their forms with an initial value."""
    stages, order = _stages(scope, node.order)
    target, initial = _input_and_initial(scope, node)
    time = scope.value(node.smooth_time)
    for stage in stages:
        gap = call("subtract", target, stage.reference)
        rate = call("divide", call("multiply", gap, float(order)), time)
        stage.variable.pieces.append(stage.piece(next_value(stage.reference, rate)))
        stage.variable.initial.append(stage.piece(initial))
        target = stage.reference
    return target


_TOO_SHORT = "a delay needs a time of at least its order times TIME STEP"


def _delay_initial(initial: Expression, time: Expression, order: int) -> Expression:
    """Start each stage full; not a number when the delay is too short, where PySD lowers the order."""
    least = call("multiply", float(order), StepLength())
    return call("select", call("le", least, time), call("multiply", initial, time), Number(float("nan")))


def delay(scope: Scope, node: Any) -> Expression:
    """DELAY1, DELAY3 and their forms with an initial value."""
    stages, order = _stages(scope, node.order, _TOO_SHORT)
    inflow, initial = _input_and_initial(scope, node)
    time = scope.value(node.delay_time)
    start = _delay_initial(initial, time, order)
    for stage in stages:
        outflow = call("divide", stage.reference, time)
        rate = call("multiply", call("subtract", inflow, outflow), float(order))
        stage.variable.pieces.append(stage.piece(next_value(stage.reference, rate)))
        stage.variable.initial.append(stage.piece(start))
        inflow = outflow
    return inflow


def delay_n(scope: Scope, node: Any) -> Expression:
    """DELAY N: what is on its way keeps the delay time it had when it entered a stage."""
    stages, order = _stages(scope, node.order, _TOO_SHORT)
    inflow, initial = _input_and_initial(scope, node)
    time = scope.value(node.delay_time)
    start = _delay_initial(initial, time, order)
    registers = [scope.hide(Kind.STOCK) for _ in range(order)]
    entering = time
    for stage, register in zip(stages, registers, strict=True):
        register.variable.pieces.append(register.piece(entering))
        register.variable.initial.append(register.piece(time))
        outflow = call("divide", stage.reference, entering)
        rate = call("multiply", call("subtract", inflow, outflow), float(order))
        stage.variable.pieces.append(stage.piece(next_value(stage.reference, rate)))
        stage.variable.initial.append(stage.piece(start))
        inflow, entering = outflow, register.reference
    return call("divide", stages[-1].reference, registers[0].reference)


def delay_fixed(scope: Scope, node: Any) -> Expression:
    """DELAY FIXED: a pipe whose length is fixed before the run."""
    pipe = scope.hide(Kind.PIPE)
    pipe.variable.pieces.append(pipe.piece(scope.expression(node.input)))
    pipe.variable.initial.append(pipe.piece(scope.expression(node.initial)))
    scope.model.pipes.append((pipe.variable, scope.expression(node.delay_time)))
    return pipe.reference


def trend(scope: Scope, node: Any) -> Expression:
    """TREND: the fractional growth of the input over its running average."""
    value, time = scope.value(node.input), scope.value(node.average_time)
    average = scope.hide(Kind.STOCK)
    share = call("add", 1.0, call("multiply", scope.expression(node.initial_trend), time))
    average.variable.initial.append(average.piece(call("divide", value, share)))
    gap = call("subtract", value, average.reference)
    average.variable.pieces.append(average.piece(next_value(average.reference, call("divide", gap, time))))
    return call("xidz", gap, call("multiply", time, call("abs", average.reference)), 0.0)


def forecast(scope: Scope, node: Any) -> Expression:
    """FORECAST: the input carried forward along its trend."""
    value, time = scope.value(node.input), scope.value(node.average_time)
    average = scope.hide(Kind.STOCK)
    share = call("add", 1.0, scope.expression(node.initial_trend))
    average.variable.initial.append(average.piece(call("divide", value, share)))
    gap = call("subtract", value, average.reference)
    average.variable.pieces.append(average.piece(next_value(average.reference, call("divide", gap, time))))
    growth = call("xidz", gap, call("multiply", time, average.reference), 0.0)
    ahead = call("multiply", growth, scope.expression(node.horizon))
    return call("multiply", value, call("add", 1.0, ahead))


def sample_if_true(scope: Scope, node: Any) -> Expression:
    """SAMPLE IF TRUE: the input when the condition holds, else the last one sampled."""
    memory = scope.hide(Kind.STOCK)
    test, value = scope.expression(node.condition), scope.expression(node.input)
    sampled = scope.keep(call("select", test, value, memory.reference))
    memory.variable.pieces.append(memory.piece(sampled))
    memory.variable.initial.append(memory.piece(scope.expression(node.initial)))
    return sampled


def initial(scope: Scope, node: Any) -> Expression:
    """Write INITIAL: the value at the start, kept."""
    hidden = scope.hide(Kind.HELD)
    hidden.variable.initial.append(hidden.piece(scope.expression(node.initial)))
    return hidden.reference


def active_initial(scope: Scope, node: Any) -> Expression:
    """ACTIVE INITIAL: another value at the start."""
    hidden = scope.hide()
    hidden.variable.pieces.append(hidden.piece(scope.expression(node.arguments[0])))
    hidden.variable.initial.append(hidden.piece(scope.expression(node.arguments[1])))
    return hidden.reference


def game(scope: Scope, node: Any) -> Expression:
    """GAME: its argument, as nobody plays."""
    return scope.expression(node.expression)
