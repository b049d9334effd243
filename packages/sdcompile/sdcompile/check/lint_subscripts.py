"""Whether every reference names an existing variable and each of its slices."""

from __future__ import annotations

from collections.abc import Collection

from sdcompile.errors import Fault
from sdcompile.names import nearest, same_name
from sdcompile.read.model import Model, Variable
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.trees import Reference, kind_of, reference, walk


def mapping_faults(text: ModelText) -> list[Fault]:
    """Find mappings that PySD reads otherwise than written: it goes by position only."""
    ranges = text.ranges
    faults: list[Fault] = []
    for entry in text.source.entries:
        targets = ranges.mappings.get(entry.name, ()) if entry.kind == "range" else ()
        if targets and ":" in entry.expression.split("->", 1)[1]:
            problem = "its mapping lists elements, which PySD ignores: it maps by position"
            faults.append(text.source.fault(entry, problem, "Map to a range of the same length, in order"))
        for target in targets:
            sizes = len(ranges.of(entry.name)), len(ranges.of(target))
            if sizes[0] != sizes[1]:
                problem = f"it has {sizes[0]} elements but is mapped to {target}, which has {sizes[1]}"
                faults.append(text.source.fault(entry, problem, "Map ranges of the same length"))
    return faults


def reference_faults(text: ModelText, model: Model) -> list[Fault]:
    """Find references to nothing, to slices that do not exist, or without all their subscripts."""
    by_name = {same_name(variable.name): variable for variable in model.variables.values()}
    labels = set(text.ranges.elements)
    labels |= {element for members in text.ranges.elements.values() for element in members}
    others = {"time"} | {same_name(label) for label in labels}
    faults: list[Fault] = []
    for piece in text.definitions:
        for found in _variables(piece, by_name.keys()):
            variable = by_name.get(found.name)
            if variable is not None:
                problems = _slices(text, piece, found, variable)
                faults += [text.source.fault(piece.entry, *each) for each in problems]
            elif found.name not in others:
                close = nearest(found.name, (each.name for each in by_name.values()))
                remedy = f"Did you mean {' or '.join(close)}" if close else "Define it or correct the name"
                problem = f"it uses {found.name!r}, which no equation defines"
                faults.append(text.source.fault(piece.entry, problem, remedy))
    return faults


def _variables(piece: Definition, known: Collection[str]) -> list[Reference]:
    """List the references of a piece but for the names of functions; a table that is called counts."""
    nodes = list(walk(piece.tree))
    called = {id(node.function) for node in nodes if kind_of(node) == "Call"}
    found = [(node, reference(node)) for node in nodes if kind_of(node) == "Reference"]
    return [each for node, each in found if each.name in known or id(node) not in called]


def _slices(
    text: ModelText, piece: Definition, found: Reference, variable: Variable
) -> list[tuple[str, str]]:
    """Problems and remedies of the subscripts of one reference."""
    whole = f"{variable.name}[{','.join(variable.subscripts)}]" if variable.subscripts else variable.name
    if len(found.subscripts) != len(variable.subscripts):
        written = f"[{','.join(found.subscripts)}]" if found.subscripts else "no subscript"
        problem = f"it uses {variable.name} with {written}, but that is {whole}"
        return [(problem, f"Name every slice: write {whole}, an element of it, or sum over it with !")]
    problems = []
    for label, dimension in zip(found.subscripts, variable.subscripts, strict=True):
        plain = label.rstrip("!")
        members = text.ranges.of(plain)
        if not members:
            problems.append(
                (f"subscript {plain} of {variable.name} is not declared", "Declare or correct it")
            )
        elif not set(members) <= set(text.ranges.of(dimension)):
            problem = f"it uses {variable.name}[{plain}], but {whole} has no such slice"
            problems.append((problem, f"Use {dimension} or a part of it"))
        elif plain in text.ranges.elements and plain == label and not _bound(text, piece, plain):
            left = f"[{','.join(piece.entry.subscripts)}]" if piece.entry.subscripts else "no subscript"
            problem = f"{plain} of {variable.name} stands on the right, but the left side has {left}"
            problems.append(
                (problem, f"Sum over it ({plain}!), name one element, or map {plain} to the left side")
            )
    return problems


def _bound(text: ModelText, piece: Definition, label: str) -> bool:
    left = piece.entry.subscripts
    return label in left or any(text.ranges.mapped(label, each) for each in left)
