"""Whether the file uses constructs that PySD accepts and then computes otherwise than written."""

from __future__ import annotations

import math
from typing import Any

from sdcompile.errors import Fault
from sdcompile.names import snake_case
from sdcompile.read.definitions import Equations, Piece
from sdcompile.read.model import CONTROL, Model, piece_kind, pieces_by_name
from sdcompile.read.trees import is_number, kind_of, render, walk


def control_faults(equations: Equations, model: Model) -> list[Fault]:
    """Control variables that are missing, and a TIME STEP that is not a power of two."""
    file = str(equations.source.path)
    pieces = pieces_by_name(equations)
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
        faults.append(equations.source.fault(pieces["time step"][0].entry, problem, remedy))
    return faults


def trap_faults(equations: Equations) -> list[Fault]:
    """Integer initial values, ambiguous powers, orders that vary, and variables of two kinds."""
    faults = [
        equations.source.fault(piece.entry, f"{problem}; equation: {piece.entry.equation}", remedy)
        for piece in equations.pieces
        for node in walk(piece.tree)
        for problem, remedy in _node(node)
    ]
    for pieces in pieces_by_name(equations).values():
        faults += _kinds(equations, pieces)
    return faults + [
        equations.source.fault(
            piece.entry,
            f"its right-hand side is a comparison, {render(piece.tree)}: is a line doubled?",
            "Write what it equals once; a comparison belongs inside IF THEN ELSE",
        )
        for piece in equations.pieces
        if kind_of(piece.tree) == "Logic"
    ]


def _node(node: Any) -> list[tuple[str, str]]:
    kind = kind_of(node)
    if kind == "Arithmetic" and node.operators[0] == "^":
        return _power(node)
    if kind in ("Smooth", "SmoothN", "Delay", "DelayN"):
        return _delay(node, kind)
    if kind == "DelayFixed" and not is_number(node.delay_time):
        problem = f"the delay of DELAY FIXED is {render(node.delay_time)}, not a number"
        return [
            (problem, "Write the delay as a number: engines size its buffer once, before any lever is set")
        ]
    return []


def _power(node: Any) -> list[tuple[str, str]]:
    if len(node.arguments) > 2:
        return [(f"{render(node)} chains powers, which engines read differently", "Put one ^ in brackets")]
    base = node.arguments[0]
    if is_number(base) and base < 0:
        problem = f"{render(node)} is read with the minus inside the power: -2^2 becomes 4, not -4"
        return [(problem, "Write -(2^2), or the number itself")]
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


def _kinds(equations: Equations, pieces: list[Piece]) -> list[Fault]:
    kinds = sorted({piece_kind(piece) for piece in pieces})
    mixed = len(kinds) > 1 and not set(kinds) <= {"auxiliary", "constant"}
    if not mixed:
        return []
    problem = f"its pieces are of different kinds: {' and '.join(kinds)}"
    remedy = "Define all slices in one way, or give each kind a variable of its own"
    return [equations.source.fault(pieces[0].entry, problem, remedy)]
