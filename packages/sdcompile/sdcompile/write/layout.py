"""Checked equations to a plan: the program laid out, its numbers gathered, its text in every language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.equations.expressions import Expression, Number, Reference, walk
from sdcompile.equations.graph import Equations, Kind, Variable, saved_steps
from sdcompile.plan.data import gather, lever_defaults, lever_places, own_defaults
from sdcompile.plan.needs import find_reached, leave_out
from sdcompile.plan.plan import Plan, Series
from sdcompile.plan.products import Size
from sdcompile.plan.program import Program, Region, plan
from sdcompile.plan.shared import variable_of
from sdcompile.write.c_text import c_text, series_count
from sdcompile.write.javascript_text import javascript_text
from sdcompile.write.numpy_functions import loaded
from sdcompile.write.numpy_text import NumpyWriter

UNKNOWN = Size(float("inf"), True)


def measure(equations: Equations, shared: list[Expression]) -> dict[Expression, Size]:
    """Find the sizes of expressions that no lever reaches, over all elements and steps.

    What follows from ACTIVE INITIAL has other values at the start and counts as of unknown size.
    """
    restarted = {k for k, v in equations.variables.items() if v.kind is Kind.AUXILIARY and v.initial}
    unknown = find_reached(equations, restarted)
    sizes: dict[Expression, Size] = {}
    variables: dict[Expression, Variable] = {}
    for node in shared:
        if isinstance(node, Number):
            sizes[node] = _size(np.array([node.value]))
        elif any(isinstance(n, Reference) and n.variable in unknown for n in walk(node)):
            sizes[node] = UNKNOWN
        else:
            variable, _ = variable_of(f"measured {len(variables)}", "measured", node)
            variables[node] = variable
    hidden = {variable.key: variable for variable in variables.values()}
    values = _values(replace(equations, variables=equations.variables | hidden), list(hidden.values()))
    return sizes | {node: _size(each) for node, each in zip(variables, values, strict=True)}


def _values(equations: Equations, variables: list[Variable]) -> list[Floats]:
    """Run what all runs share once, and return all values of some variables."""
    if not variables:
        return []
    outputs = [variable.key for variable in variables]
    needed = leave_out(equations, outputs)
    own = {k: replace(v, pieces=[*v.pieces], initial=[*v.initial]) for k, v in needed.variables.items()}
    program = plan(replace(needed, variables=own), [], outputs)  # which splits equations in loops
    data = gather(program)
    run = loaded(NumpyWriter(program, data).text(), equations.source, data.values)
    steps = len(equations.times)
    out = np.empty((steps, sum(variable.size for variable in variables), 1))
    clock = (list(equations.times), list(range(steps)), equations.time_step)
    with np.errstate(all="ignore"):
        run(np.zeros(0), np.zeros((0, 1)), *clock, 1, out, None)
    ends = np.cumsum([variable.size for variable in variables])
    return np.split(out, ends[:-1], axis=1)


def _size(values: Floats) -> Size:
    with np.errstate(all="ignore"):
        decades = np.abs(np.log10(np.abs(values[values != 0.0])))
    far = float(decades.max(initial=0.0))
    return Size(far if np.isfinite(far) else float("inf"), bool((values == 0.0).any()))


def make_plan(equations: Equations, levers: Sequence[tuple[str, int]], outputs: Sequence[str]) -> Plan:
    """Lay out a model; the self-test is filled in where a library is built."""
    watched = plan(equations, list(levers), list(outputs))
    program = plan(equations, list(levers), list(outputs), measure)
    data = gather(program)
    row_of = np.full(len(equations.times), -1, dtype=np.int32)
    row_of[saved_steps(equations)] = np.arange(len(saved_steps(equations)))
    return Plan(
        source=equations.source,
        levers=[_label(equations, key, element) for key, element in levers],
        outputs=_outputs(program),
        series=series_count(program),
        texts={
            "c": c_text(program, data),
            "numpy": NumpyWriter(watched, data).text(),
            "javascript": javascript_text(program, data),
        },
        names={variable.key: variable.name for variable in watched.used},
        notes={variable.key: variable.note for variable in watched.used if variable.note},
        places=data.places,
        sizes={
            "shared": max(1, program.sizes[Region.SHARED]),
            "track": max(1, program.sizes[Region.TRACK]),
            "queue": max(1, program.pipes_shared),
        },
        files=list(equations.files),
        time_step=equations.time_step,
        data=data.values,
        own=own_defaults(program),
        lever_defaults=lever_defaults(program),
        lever_places=np.array(lever_places(program), dtype=np.int32),
        times=np.array(equations.times),
        row_of=row_of,
    )


def _label(equations: Equations, key: str, element: int) -> str:
    variable = equations.variables[key]
    if not variable.dims:
        return variable.name
    places = np.unravel_index(element, variable.shape)
    elements = [labels[int(place)] for labels, place in zip(variable.labels, places, strict=True)]
    return f"{variable.name}[{', '.join(elements)}]"


def _outputs(program: Program) -> list[Series]:
    found: list[Series] = []
    place = 0
    for key in program.outputs:
        v = program.equations.variables[key]
        found.append(Series(key, v.name, v.dims, v.labels, v.units, v.documentation, place, v.gaps))
        place += v.size
    return found
