"""Rules for what each variable says of itself, and for constructs that engines read in different ways."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from parsimonious.exceptions import ParsimoniousError

from sdcompile.errors import Fault
from sdcompile.functions.reductions import REDUCTIONS
from sdcompile.functions.registry import MEMORY, STRUCTURES
from sdcompile.names import same_name, snake_case
from sdcompile.read.entries import Entry, Limits
from sdcompile.read.levers import levers
from sdcompile.read.model import CONTROL, Model, Variable, piece_kind
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.source import Source
from sdcompile.read.trees import called, is_number, kind_of, render, walk


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
        faults += _word_faults(text, variable, pieces[0].entry)
        faults += _limits(text, variable, pieces)
    return faults


def _word_faults(text: ModelText, variable: Variable, entry: Entry) -> list[Fault]:
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


_NUMBER = r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*"
_POINT = re.compile(rf"\(({_NUMBER}),{_NUMBER}\)")
_POINTS = re.compile(rf"{_POINT.pattern}(?:\s*,\s*{_POINT.pattern})+")


def table_faults(text: ModelText) -> list[Fault]:
    """Rule 11: tables whose x do not rise from point to point.

    The text is read, because PySD puts the points in order where other engines do not. PySD itself refuses a
    table of one point. Beyond its ends a table keeps its first and last value; LOOKUP EXTRAPOLATE is refused
    as an unsupported function. Tables in files are not looked at.
    """
    faults = []
    for piece in text.definitions:
        if not any(kind_of(node) == "Lookups" for node in walk(piece.tree)):
            continue
        for x in _tables(piece.entry.equation):
            falls = next(((one, other) for one, other in pairwise(x) if not one < other), None)
            if falls is not None:
                problem = f"the x of its table do not rise: {falls[1]:g} follows {falls[0]:g}"
                faults.append(text.source.fault(piece.entry, problem, "Put the points in order of x"))
    return faults


def _tables(equation: str) -> list[list[float]]:
    """Find the x of every table in an equation, in the order of the text; the box of its plot is left out."""
    text = re.sub(r"\[[^\]]*\]\s*,?", "", equation)
    return [[float(x) for x in _POINT.findall(found.group())] for found in _POINTS.finditer(text)]


REMEMBERING = [name for name, function in STRUCTURES.items() if function.group == MEMORY and name != "Integ"]
OWN_VARIABLE = "Give the sum a variable of its own and use that here"


def sum_faults(text: ModelText) -> list[Fault]:
    """Rule 6: more than one SUM, PROD, VMIN or VMAX in an equation, or one inside a delay or INITIAL.

    The initial value of INTEG may hold one. ``Age!`` used as a number is refused as unreadable, because
    PySD's own grammar refuses it.
    """
    faults = []
    for piece in text.definitions:
        names = _over_elements(piece.tree)
        if len(names) > 1:
            problem = f"it has {len(names)} of SUM, PROD, VMIN and VMAX ({', '.join(names)})"
            faults.append(text.source.fault(piece.entry, problem, OWN_VARIABLE))
            continue
        outer = [node for node in walk(piece.tree) if kind_of(node) in REMEMBERING and _over_elements(node)]
        if outer:
            problem = f"{names[0]} stands inside {kind_of(outer[0]).upper()}"
            faults.append(text.source.fault(piece.entry, problem, OWN_VARIABLE))
    return faults


def _over_elements(tree: Any) -> list[str]:
    """Names of the functions over elements in a tree, in reading order.

    A delay without an initial value has its input twice in PySD's syntax, which must not count twice.
    """
    calls = {id(node): called(node) for node in walk(tree) if kind_of(node) == "Call"}
    return [name.upper() for name in calls.values() if name in REDUCTIONS]


def control_faults(text: ModelText, model: Model) -> list[Fault]:
    """Control variables that are missing, and a TIME STEP that is not a power of two."""
    file = str(text.source.path)
    pieces = text.by_name(same_name)
    faults = [
        Fault(
            file,
            name.upper(),
            "the file does not define it",
            f"Add {name.upper()} = number ~ Year ~ sentence |",
        )
        for name in CONTROL
        if name not in pieces
    ]
    step = model.variables.get(snake_case("TIME STEP"))
    if step is None:
        return faults
    value = step.numbers[0] if step.numbers else float("nan")
    if not (value > 0 and math.frexp(value)[0] == 0.5):
        problem = f"TIME STEP is {step.equations[0].partition('=')[2].strip()}, not a power of two"
        remedy = "Use 1, 0.5, 0.25, 0.125 or 0.0625: any other step drifts across year ends"
        faults.append(text.source.fault(pieces["time step"][0].entry, problem, remedy))
    return faults


def trap_faults(text: ModelText) -> list[Fault]:
    """Integer initial values, ambiguous powers, orders that vary, and variables of two kinds."""
    faults = [
        text.source.fault(piece.entry, f"{problem}; equation: {piece.entry.equation}", remedy)
        for piece in text.definitions
        for node in walk(piece.tree)
        for problem, remedy in _node(node)
    ]
    for pieces in text.by_name(same_name).values():
        faults += _kinds(text, pieces)
    return faults + [
        text.source.fault(
            piece.entry,
            f"its right-hand side is a comparison, {render(piece.tree)}: is a line doubled?",
            "Write what it equals once; a comparison belongs inside IF THEN ELSE",
        )
        for piece in text.definitions
        if kind_of(piece.tree) == "Logic"
    ]


def _node(node: Any) -> list[tuple[str, str]]:
    kind = kind_of(node)
    if kind in ("Smooth", "SmoothN", "Delay", "DelayN"):
        return _delay(node, kind)
    if kind == "DelayFixed" and not is_number(node.delay_time):
        problem = f"the delay of DELAY FIXED is {render(node.delay_time)}, not a number"
        return [
            (problem, "Write the delay as a number: engines size its buffer once, before any lever is set")
        ]
    return []


def _delay(node: Any, kind: str) -> list[tuple[str, str]]:
    found = []
    if isinstance(node.initial, int):
        problem = (
            f"the initial value {node.initial} of {kind.upper()} is an integer, so PySD truncates its input"
        )
        found.append((problem, f"Write {node.initial}.0"))
    if not is_number(node.order):
        problem = f"the order of {kind.upper()} is {render(node.order)}, not a number"
        found.append((problem, "Write the order as a number"))
    return found


def _kinds(text: ModelText, pieces: list[Definition]) -> list[Fault]:
    kinds = sorted({piece_kind(piece) for piece in pieces})
    mixed = len(kinds) > 1 and not set(kinds) <= {"auxiliary", "constant"}
    if not mixed:
        return []
    problem = f"its pieces are of different kinds: {' and '.join(kinds)}"
    remedy = "Define all slices in one way, or give each kind a variable of its own"
    return [text.source.fault(pieces[0].entry, problem, remedy)]
