"""Rules for ranges, mappings and subscripts of references."""

from __future__ import annotations

import re
from collections.abc import Collection

from sdcompile.errors import Fault
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.entries import Entry
from sdcompile.read.model import Model, Variable
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.trees import Reference, kind_of, reference, walk

_NUMERIC = re.compile(r"\(\s*[^()-]*?(\d+)\s*-\s*[^()-]*?(\d+)\s*\)")


def leading_zero_faults(text: ModelText) -> list[Fault]:
    """Rule 5: numeric ranges such as (A01-A10), whose elements PySD names A1 to A10."""
    faults = []
    for entry in _ranges(text):
        for found in _NUMERIC.finditer(entry.expression):
            padded = [number for number in found.groups() if len(number) > 1 and number.startswith("0")]
            if padded:
                problem = f"its numeric range {found.group()} has a leading zero, which PySD drops: "
                problem += f"{padded[0]} becomes {int(padded[0])}"
                remedy = "Write the numbers without leading zeros"
                faults.append(text.source.fault(entry, problem, remedy))
    return faults


def repeated_element_faults(text: ModelText) -> list[Fault]:
    """Rule 5: an element listed twice in one range."""
    faults = []
    for entry in _ranges(text):
        names = [name.strip() for name in entry.expression.split("->")[0].split(",")]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            problem = f"it lists {twice[0]} twice"
            faults.append(text.source.fault(entry, problem, "Give every element a name of its own"))
    return faults


def family_faults(text: ModelText) -> list[Fault]:
    """Rule 5: ranges that share elements without one range, and one only, that holds all of them.

    A second range with all the elements of a family must be written as a copy, ``Age copy <-> Age``.
    """
    elements = text.ranges.elements
    entries = {entry.name: entry for entry in _ranges(text)}
    faults = []
    for family in _families(elements):
        whole = {element for name in family for element in elements[name]}
        largest = max(family, key=lambda name: len(elements[name]))
        if len(elements[largest]) < len(whole):
            faults.append(_rootless(text, entries, family, largest))
            continue
        for name in family:
            same = len(elements[name]) == len(whole) and name != largest
            if same and "<->" not in entries[name].equation:
                problem = f"it lists all the elements of {largest} again: one family has one root range"
                faults.append(text.source.fault(entries[name], problem, f"Write {name} <-> {largest}"))
    return faults


def _rootless(text: ModelText, entries: dict[str, Entry], family: list[str], largest: str) -> Fault:
    """Name the first range that the largest of its family does not hold."""
    elements = text.ranges.elements
    other = next(name for name in family if not set(elements[name]) <= set(elements[largest]))
    alone = next(element for element in elements[other] if element not in elements[largest])
    problem = f"it is tied to {largest} by shared elements, but no range holds {alone} and all of {largest}"
    remedy = "Give unrelated ranges elements of their own names, or declare one range with all elements"
    return text.source.fault(entries[other], problem, remedy)


def _families(elements: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Ranges in groups that share elements, directly or through others; names in file order."""
    families: list[tuple[list[str], set[str]]] = []
    for name, members in elements.items():
        tied = [family for family in families if family[1] & set(members)]
        names = [each for family in tied for each in family[0]]
        held = set(members).union(*(family[1] for family in tied))
        families = [family for family in families if family not in tied] + [([*names, name], held)]
    order = list(elements)
    return [sorted(names, key=order.index) for names, _ in families]


def _ranges(text: ModelText) -> list[Entry]:
    """Entries that PySD reads as ranges."""
    known = text.ranges.elements
    return [entry for entry in text.source.entries if entry.kind == "range" and entry.name in known]


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
                remedy = did_you_mean(close, "Define it or correct the name")
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
