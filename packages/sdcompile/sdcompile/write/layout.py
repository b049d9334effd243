"""Checked equations to a plan: lay out the program, gather its numbers, write it in every language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdcompile.equations.graph import Equations, saved_steps
from sdcompile.plan.data import gather, lever_defaults, lever_places, own_defaults
from sdcompile.plan.plan import Plan, Reference, Series
from sdcompile.plan.program import Program, Region, plan
from sdcompile.write.c_text import c_text, series_count
from sdcompile.write.javascript_text import javascript_text
from sdcompile.write.numpy_text import NumpyWriter
from sdcompile.write.sizes import measure


def make_plan(equations: Equations, levers: Sequence[tuple[str, int]], outputs: Sequence[str]) -> Plan:
    """Lay out a model; the self-test is filled in by whoever can run it."""
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
        test=Reference(np.zeros((len(levers), 0)), np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0)),
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
