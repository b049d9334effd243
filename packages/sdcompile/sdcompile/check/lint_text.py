"""Whether every variable says what it is: unit, one sentence, group and sensible limits."""

from __future__ import annotations

from sdcompile.errors import Fault
from sdcompile.names import same_name
from sdcompile.read.definitions import Equations, Piece
from sdcompile.read.entries import Entry, Limits
from sdcompile.read.model import Model, Variable, pieces_by_name


def macro_faults(equations: Equations) -> list[Fault]:
    """Macros, which no engine reads."""
    file = str(equations.source.path)
    remedy = "Write its equations out in the model"
    return [
        Fault(file, f"line {line}", "a macro starts here; macros are not supported", remedy)
        for line in equations.source.macros
    ]


def text_faults(equations: Equations, model: Model) -> list[Fault]:
    """Missing or malformed units, sentences, groups and limits."""
    by_name = pieces_by_name(equations)
    faults: list[Fault] = []
    for variable in model.variables.values():
        pieces = by_name[same_name(variable.name)]
        faults += _words(equations, variable, pieces[0].entry)
        faults += _limits(equations, variable, pieces)
    return faults


def _words(equations: Equations, variable: Variable, entry: Entry) -> list[Fault]:
    fault = equations.source.fault
    faults = []
    if not variable.units:
        faults.append(fault(entry, "it has no unit", "Write its unit after the first ~, Dmnl if it has none"))
    if not variable.sentence:
        remedy = "Write one sentence after the second ~ that a clinician can follow"
        faults.append(fault(entry, "no sentence says what it is", remedy))
    elif not variable.sentence.endswith("."):
        problem = f"its sentence does not end with a full stop: {variable.sentence[-40:]!r}"
        faults.append(fault(entry, problem, "Finish the sentence"))
    if not variable.group:
        problem = "it stands before the first group heading"
        faults.append(
            fault(entry, problem, "Move it below the heading of its sector (**** .Group name ****~ |)")
        )
    return faults


def _limits(equations: Equations, variable: Variable, pieces: list[Piece]) -> list[Fault]:
    fault = equations.source.fault
    faults = []
    for entry in (piece.entry for piece in pieces if piece.entry.limits_text):
        if entry.limits is not None and entry.limits != variable.limits:
            problem = f"its limits {entry.limits_text} are not those of the piece above"
            faults.append(fault(entry, problem, "Give every piece the same limits"))
    if variable.limits is not None:
        faults += [fault(pieces[0].entry, *found) for found in _range(variable, variable.limits)]
    return faults


def _range(variable: Variable, limits: Limits) -> list[tuple[str, str]]:
    """Problems and remedies of limits that can be read."""
    low, high, step = limits
    below, above = float("-inf") if low is None else low, float("inf") if high is None else high
    if below >= above:
        return [(f"its lower limit {below:g} is not below its upper limit {above:g}", "Swap or correct them")]
    found = []
    if step is not None and not 0 < step <= above - below:
        found.append(
            (f"its step {step:g} does not fit between {below:g} and {above:g}", "Give a smaller step")
        )
    outside = [value for value in variable.numbers or () if not below <= value <= above]
    if outside:
        problem = f"its value {outside[0]:g} {variable.units} is outside its limits {below:g} to {above:g}"
        found.append((problem, "Correct the value or widen the limits"))
    return found
