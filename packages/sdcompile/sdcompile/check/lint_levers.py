"""Whether everything that looks like a lever can be set on a slider."""

from __future__ import annotations

from sdcompile.errors import Fault
from sdcompile.names import same_name
from sdcompile.read.levers import levers
from sdcompile.read.model import Model
from sdcompile.read.parse import ModelText


def lever_faults(text: ModelText, model: Model) -> list[Fault]:
    """Rule 14: a lever without a step, or a step on what is not a plain constant.

    A missing unit is reported for every variable. A constant with one limit, or with none, is no lever.
    """
    pieces = text.by_name(same_name)
    known = levers(model)
    faults = []
    for variable in model.variables.values():
        entry = pieces[same_name(variable.name)][0].entry
        step = variable.limits[2] if variable.limits else None
        if variable.name in known and step is None:
            problem = f"it is a lever with limits {entry.limits_text or variable.limits} but no step"
            faults.append(text.source.fault(entry, problem, "Write [min,max,step]: a slider needs it"))
        elif step is not None and variable.kind != "constant":
            problem = f"it has a step like a lever, but it is {variable.kind}"
            faults.append(text.source.fault(entry, problem, "Make it a plain number, or leave the step out"))
    return faults
