"""A model file to checked equations: read it, declare, define, and fix the clock."""

from __future__ import annotations

import math
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dudley_sd.engine.builder import Builder, plain
from dudley_sd.engine.external import forget_files
from dudley_sd.engine.graph import Equations, Kind
from dudley_sd.engine.macros import macro_writers
from dudley_sd.engine.refusal import RefusedError
from dudley_sd.engine.static import Static
from dudley_sd.engine.subscripts import Ranges
from dudley_sd.errors import Fault, InputError

_CONTROLS = ("initial_time", "final_time", "time_step", "saveper")
_PRECISION = 1e-5  # PySD's precision, in time steps, when it asks whether a run is over or a time is saved


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
    forget_files()
    sections = _parse(path)
    main = next(section for section in sections if section.name == "__main__")
    equations = Equations(source=path.name)
    try:
        ranges = Ranges(main.subscripts, path.parent)
    except (ValueError, OSError) as error:
        raise InputError([Fault(path.name, "subscripts", str(error), "Correct the ranges")]) from error
    equations.files += [r.subscripts["file"] for r in main.subscripts if isinstance(r.subscripts, dict)]
    model = Builder(equations, ranges, path.parent)
    model.macros = macro_writers([section for section in sections if section is not main])
    replaced = {"saveper": save_every, "time_step": time_step}
    elements = [_replaced(element, replaced.get(plain(element.name))) for element in main.elements]
    _define_all(model, elements)
    _fix_clock(model)
    _fix_pipes(model)
    model.finish()
    return equations


def _parse(path: Path) -> list[Any]:
    """Let PySD parse the file; nothing is written."""
    if not path.is_file():
        raise InputError([Fault(str(path), "", "there is no such file", "Give the path of a model file")])
    if path.suffix.lower() == ".mdl":
        from pysd.translators.vensim.vensim_file import VensimFile as Reader
    else:
        from pysd.translators.xmile.xmile_file import XmileFile as Reader
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = Reader(path)
            file.parse()
            sections: list[Any] = list(file.get_abstract_model().sections)
    except Exception as error:  # PySD's parser raises whatever its grammar meets
        problem = f"PySD cannot read it: {' '.join(str(error).split())[:400]}"
        raise InputError([Fault(path.name, "", problem, "Correct the model file")]) from error
    return sections


def _replaced(element: Any, value: float | None) -> Any:
    if value is not None:
        element.components[0].ast = float(value)
    return element


def _define_all(model: Builder, elements: list[Any]) -> None:
    later: list[Any] = []
    for element in elements:
        model.attempt(element.name, partial(model.declare, element))
    model.finish()
    model.whole_numbers = lambda node: _order(model, node, elements)
    for element in elements:
        if plain(element.name) in model.table_labels:
            model.attempt(element.name, partial(model.define_table, element))
        else:
            later.append(element)
    for element in later:
        model.attempt(element.name, partial(model.define, element))
    model.finish()


def _order(model: Builder, node: Any, elements: list[Any], within: tuple[str, ...] = ()) -> float:
    """Work out the order of a delay, which may name a constant that is not defined yet."""
    if isinstance(node, int | float):
        return float(node)
    name = getattr(node, "reference", None)
    for element in elements:
        key = plain(element.name)
        if key == name and len(element.components) == 1 and key not in within:
            model.equations.frozen[key] = "the order of a delay or smooth"
            return _order(model, element.components[0].ast, elements, (*within, key))
    raise RefusedError("the order of a delay or smooth is not a number", "Write a whole number")


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
    times = [start]
    while times[-1] + step * _PRECISION < end:
        times.append(times[-1] + step)
    equations.times, equations.time_step, equations.save_every = tuple(times), step, controls["saveper"]


def _fix_pipes(model: Builder) -> None:
    """Work out how many steps each DELAY FIXED holds."""
    static = Static(model.equations)
    for variable, expression in model.pipes:

        def work_out(variable: Any = variable, expression: Any = expression) -> None:
            time = static.value(expression, "the time of a DELAY FIXED")
            variable.length = round(max(time / model.equations.time_step, 1.0) + 1e-6)

        model.attempt(variable.name, work_out)


def saved_steps(equations: Equations) -> list[int]:
    """List the steps that PySD saves: those whose time is a multiple of SAVEPER from the start."""
    times = np.array(equations.times)
    close = equations.time_step * _PRECISION
    since = times - times[0]
    saved = (since % equations.save_every < close) | (-since % equations.save_every < close)
    return [int(step) for step in np.flatnonzero(saved)]


def visible(equations: Equations) -> list[str]:
    """List the variables that the modeller wrote."""
    return [key for key, variable in equations.variables.items() if not variable.hidden]


def constants(equations: Equations) -> list[str]:
    """List the variables that can be levers."""
    kept = [key for key in visible(equations) if equations.variables[key].kind is Kind.CONSTANT]
    return [key for key in kept if key not in equations.frozen]
