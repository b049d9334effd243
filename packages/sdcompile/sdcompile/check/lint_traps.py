"""Whether the file uses constructs that PySD accepts and then computes otherwise than written."""

from __future__ import annotations

import math
from typing import Any

from sdcompile.errors import Fault
from sdcompile.names import same_name, snake_case
from sdcompile.read.model import CONTROL, Model, piece_kind
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.trees import is_number, kind_of, render, walk


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
