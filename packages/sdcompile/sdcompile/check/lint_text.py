"""Whether every variable says what it is: unit, one sentence, group and sensible limits."""

from __future__ import annotations

import re
from collections import Counter

from parsimonious.exceptions import ParsimoniousError

from sdcompile.errors import Fault
from sdcompile.names import same_name
from sdcompile.read.entries import Entry, Limits
from sdcompile.read.model import Model, Variable
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.source import Source


def source_faults(text: ModelText) -> list[Fault]:
    """Macros, strings and letters that not every engine reads, and equations that PySD would drop."""
    source, file = text.source, str(text.source.path)
    remedy = "Write its equations out in the model"
    faults = [
        Fault(file, f"line {macro.line}", "a macro starts here; macros are not supported", remedy)
        for macro in source.macros.values()
    ]
    strings = [entry for entry in source.entries if entry.kind == "string"]
    faults += [source.fault(entry, "it is a text; texts are not supported", "Delete it") for entry in strings]
    if source.undecoded >= 0:
        problem = f"the file is not UTF-8: byte {source.undecoded} cannot be read"
        faults.append(Fault(file, "", problem, "Save the file as UTF-8"))
    return faults or (dropped_faults(source) if not text.faults else [])


def dropped_faults(source: Source) -> list[Fault]:
    """Entries that PySD, which divides the file by its own rules, would drop without a word."""
    from pysd.translators.vensim.vensim_file import VensimFile

    file = VensimFile(source.path, encoding="UTF-8")
    try:
        file.parse(parse_all=False)
        file.sections[0].parse(parse_all=False)
    except (ParsimoniousError, ValueError) as error:
        problem = f"PySD cannot divide the file into equations ({type(error).__name__})"
        return [Fault(str(source.path), "", problem, "Look for a missing ~ or |")]
    kept = Counter(_bare(element.equation) for element in file.sections[0].elements)
    faults = []
    for entry in source.entries:
        kept[_bare(entry.equation)] -= 1
        if entry.kind != "group" and kept[_bare(entry.equation)] < 0:
            remedy = "Compare it, and what stands above it, with an equation that is read"
            faults.append(source.fault(entry, "PySD drops it without a word", remedy))
    return faults


def _bare(equation: str) -> str:
    return re.sub(r"[\s\\]+|\{[^}]*\}", "", equation)


def text_faults(text: ModelText, model: Model) -> list[Fault]:
    """Missing or malformed units, sentences, groups and limits."""
    by_name = text.by_name(same_name)
    faults: list[Fault] = []
    for variable in model.variables.values():
        pieces = by_name[same_name(variable.name)]
        faults += _words(text, variable, pieces[0].entry)
        faults += _limits(text, variable, pieces)
    return faults


def _words(text: ModelText, variable: Variable, entry: Entry) -> list[Fault]:
    fault = text.source.fault
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


def _limits(text: ModelText, variable: Variable, pieces: list[Definition]) -> list[Fault]:
    fault = text.source.fault
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
