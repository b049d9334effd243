"""Checked equations of a model file: macros written out, variables defined, and given their clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sdcompile.equations.expressions import Along, Expression, Fixed, Reference
from sdcompile.equations.graph import PRECISION, Equations, Kind, Piece, Variable, references
from sdcompile.errors import InputError, RefusedError
from sdcompile.functions.stateful import Flows, fill_integ
from sdcompile.names import plain
from sdcompile.read.builder import Builder
from sdcompile.read.external import READING, forget_files
from sdcompile.read.parse import Definition, MacroText, ModelText, read_text, resolved_ranges, with_tree
from sdcompile.read.ranges import Ranges
from sdcompile.read.static import Early, Static
from sdcompile.read.xmile_tree import Limited

if TYPE_CHECKING:
    from sdcompile.read.translate import Translator


_CONTROLS = ("initial_time", "final_time", "time_step", "saveper")
MOST_STEPS = 5_000_000
"""Of a run: every time is kept, and more are a slip in the units of a time control."""


def read_equations(path: Path, save_every: float | None = None, time_step: float | None = None) -> Equations:
    """Read a model file and check every equation.

    Parameters
    ----------
    path
        A Vensim ``.mdl`` or an XMILE ``.xmile``, ``.xml`` or ``.stmx`` file.
    save_every, time_step
        Replace SAVEPER and TIME STEP.

    Raises
    ------
    InputError
        Naming every variable that cannot be compiled, and why.
    """
    with READING:
        forget_files()
        return _read_equations(path, save_every, time_step)


def _read_equations(path: Path, save_every: float | None, time_step: float | None) -> Equations:
    text, ranges = _read(path)
    equations = Equations(source=path.name)
    model = Builder(equations, ranges, path.parent, xmile=text.is_xmile)
    equations.files += [
        each.members["file"] for each in text.written_ranges if isinstance(each.members, Mapping)
    ]
    model.macros = macro_writers(text.macros)
    elements = text.by_name()
    for key, value in (("saveper", save_every), ("time_step", time_step)):
        if value is not None and key in elements:
            elements[key] = [with_tree(elements[key][0], float(value))]
    for limit in text.limited:
        model.attempt(limit.stock, partial(limit_outflows, elements, limit))
    model.finish()
    _define_all(model, elements)
    _fix_clock(model)
    _fix_pipes(model)
    model.finish()
    _note_gaps(equations)
    return equations


def _read(path: Path) -> tuple[ModelText, Ranges]:
    """Read text and ranges; their faults are raised under the name of the file alone.

    The ranges are resolved anew: copies are added to them where a variable has one range twice.
    """
    try:
        text = read_text(path)
        if text.faults:
            raise InputError(text.faults)
        return text, resolved_ranges(text, strict=True)
    except InputError as error:
        raise InputError([replace(fault, file=path.name) for fault in error.faults]) from None


def _note_gaps(equations: Equations) -> None:
    """Note for whatever reads elements that have no equation which they are, as they are not numbers."""
    with_gaps = {
        key: variable
        for key, variable in equations.variables.items()
        if variable.gaps and variable.pieces[-1].mask is not None
    }
    for variable in equations.variables.values() if with_gaps else ():
        read = (
            _gaps_read(with_gaps[reference.variable], reference, piece)
            for piece in (*variable.pieces, *variable.initial)
            for reference in references(piece)
            if reference.variable in with_gaps
        )
        variable.note = variable.note or next(filter(None, read), "")


def _gaps_read(variable: Variable, reference: Reference, piece: Piece) -> str:
    """Say which elements without an equation a reference in a piece takes in; nothing where it takes none."""
    mask = variable.pieces[-1].mask
    assert mask is not None, "a variable with gaps ends in a piece for them"
    lists = [_positions(part, piece) for part in reference.index]
    places = np.argwhere(mask[np.ix_(*lists)])
    if not len(places):
        return ""
    element = ", ".join(
        labels[positions[at]] for labels, positions, at in zip(variable.labels, lists, places[0], strict=True)
    )
    more = f" and {len(places) - 1} more of its elements have" if len(places) > 1 else " has"
    return f"{variable.name}[{element}], which it reads,{more} no equation: write it, or read only others"


def _positions(part: Fixed | Along, piece: Piece) -> list[int]:
    """List the elements of a dimension that a reference in a piece takes in, without those of an EXCEPT."""
    if isinstance(part, Fixed):
        return [part.position]
    if piece.mask is None or part.axis not in piece.axes:
        return list(part.positions)
    others = tuple(at for at, axis in enumerate(piece.axes) if axis != part.axis)
    kept = np.any(piece.mask, axis=others, keepdims=True).ravel()
    return [position for position, keep in zip(part.positions, kept, strict=True) if keep]


def _define_all(model: Builder, elements: dict[str, list[Definition]]) -> None:
    for definitions in elements.values():
        model.attempt(definitions[0].entry.name, partial(model.declare, definitions))
    model.finish()
    model.always = Early(model, elements).value
    model.at_start = Early(model, elements, moving=True).value
    for key in sorted(elements, key=lambda key: key not in model.table_labels):
        definitions = elements[key]
        define = model.define_table if key in model.table_labels else model.define
        model.attempt(definitions[0].entry.name, partial(define, definitions))
    model.finish()


def _fix_clock(model: Builder) -> None:
    """Work out the control values, then every time of the run as PySD adds them up."""
    equations = model.equations
    static = Static(equations)
    controls: dict[str, float] = {}
    for key in _CONTROLS:
        if key not in equations.variables:
            remedy = "Define it in the control group"
            raise equations.refuse(key.replace("_", " ").upper(), "it is not defined", remedy)

        def work_out(key: str = key) -> None:
            controls[key] = static.variable(key, key.replace("_", " ").upper())

        model.attempt(equations.variables[key].name, work_out)
    model.finish()
    start, end, step = (controls[key] for key in _CONTROLS[:3])
    if not (math.isfinite(start) and math.isfinite(end) and step > 0 and end >= start):
        problem = f"the run goes from {start:g} to {end:g} in steps of {step:g}"
        raise equations.refuse("TIME STEP", problem, "Set a step above zero and an end after the start")
    count = (end - start) / step
    if count > MOST_STEPS or start + step == start or end - step == end:
        problem = f"the run from {start:g} to {end:g} has {count:.3g} steps of {step:g}"
        remedy = f"At most {MOST_STEPS:,} are run, each long enough to move the time on: lengthen TIME STEP"
        raise equations.refuse("TIME STEP", problem, remedy)
    _check_interval(equations, controls["saveper"], step)
    times = [start]
    while times[-1] + step * PRECISION < end:
        times.append(times[-1] + step)
    equations.times, equations.time_step, equations.save_every = tuple(times), step, controls["saveper"]


def _check_interval(equations: Equations, interval: float, step: float) -> None:
    """Refuse an interval of saving that is not a number of steps: rows between the steps would be missing."""
    steps = interval / step
    if not (math.isfinite(steps) and steps > 0.5 and abs(steps - round(steps)) < PRECISION):
        problem = f"it is {interval:g}, which is not a multiple of TIME STEP ({step:g})"
        raise equations.refuse("SAVEPER", problem, "Set SAVEPER to a multiple of TIME STEP")


def _fix_pipes(model: Builder) -> None:
    """Work out how many steps each DELAY FIXED holds."""
    equations = model.equations
    static = Static(equations, equations.times[0], equations.time_step)
    for variable, expression in model.pipes:

        def work_out(variable: Any = variable, expression: Any = expression) -> None:
            time = static.value(expression, "the time of a DELAY FIXED")
            variable.length = round(max(time / equations.time_step, 1.0) + 1e-6)

        model.attempt(variable.name, work_out)


def limit_outflows(elements: dict[str, list[Definition]], limit: Limited) -> None:
    """Write the limits of one stock into the equations of its flows, in the order in which it names them.

    An outflow of a stock without inflows is the least of what its equation asks for and of what the outflows
    before it leave. A stock with inflows keeps its outflows (see ``stateful.py``).
    """
    missing = [name for name in (*limit.outflows, *limit.inflows) if name not in elements]
    if missing:
        raise RefusedError(f"there is no flow {missing[0]!r}", "Define it or correct its spelling")
    flows = Flows(tuple(map(_reference, limit.outflows)), tuple(map(_reference, limit.inflows)))
    elements[limit.stock] = [
        with_tree(stock, replace(stock.tree, non_negative=flows)) for stock in elements[limit.stock]
    ]
    if limit.inflows:
        return
    from pysd.translators.structures.abstract_expressions import ArithmeticStructure

    left: Any = ArithmeticStructure(["/"], (_reference(limit.stock), _reference("time_step")))
    for name in limit.outflows:
        elements[name] = [
            with_tree(flow, _call("min", flow.tree, _call("max", left, 0))) for flow in elements[name]
        ]
        left = ArithmeticStructure(["-"], (left, _call("max", _reference(name), 0)))


def _reference(name: str) -> Any:
    from pysd.translators.structures.abstract_expressions import ReferenceStructure

    return ReferenceStructure(name)


def _call(name: str, *arguments: Any) -> Any:
    from pysd.translators.structures.abstract_expressions import CallStructure

    return CallStructure(_reference(name), tuple(arguments))


Writer = Callable[["Translator", Any], Expression]


def macro_writers(macros: Sequence[MacroText]) -> dict[str, Writer]:
    """Return, by the name of each macro, what writes out a call of it."""
    return {macro.name: _writer(macro) for macro in macros}


def _writer(macro: MacroText) -> Writer:
    def write(scope: Translator, node: Any) -> Expression:
        parameters = macro.parameters
        if len(parameters) != len(node.arguments):
            raise RefusedError(
                f"macro {macro.name} has {len(parameters)} parameters and is given {len(node.arguments)}",
                "Give one argument for each",
            )
        names = {p: scope.value(a) for p, a in zip(parameters, node.arguments, strict=True)}
        return _body(scope, macro, names)

    return write


def _body(scope: Translator, macro: MacroText, names: dict[str, Expression]) -> Expression:
    """Declare every variable of the macro, then define each; the result bears the macro's name."""
    elements = {plain(each.entry.name): each for each in macro.definitions}
    places = {}
    for key, element in elements.items():
        if element.component.subscripts[0]:
            raise RefusedError(
                f"{element.entry.name!r} in macro {macro.name} has subscripts", "Write it without a macro"
            )
        is_stock = type(element.tree).__name__ == "IntegStructure"
        places[key] = scope.hide(Kind.STOCK if is_stock else Kind.AUXILIARY)
    known = {**names, **{key: place.reference for key, place in places.items()}}
    inside = replace(scope, locals=known)
    for key, element in elements.items():
        syntax, place = element.tree, places[key]
        if place.variable.kind is Kind.STOCK:
            fill_integ(inside, syntax, place)
        else:
            place.variable.pieces.append(place.piece(inside.expression(syntax)))
    if macro.name not in places:
        raise RefusedError(f"macro {macro.name} does not define its result", "Define a variable of its name")
    return places[macro.name].reference
