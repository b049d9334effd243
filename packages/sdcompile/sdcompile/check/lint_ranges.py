"""Whether subscript ranges are written so that every element has one name and one family."""

from __future__ import annotations

import re

from sdcompile.errors import Fault
from sdcompile.read.entries import Entry
from sdcompile.read.parse import ModelText

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
