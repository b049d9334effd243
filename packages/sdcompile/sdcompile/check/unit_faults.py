"""Faults of units: equations whose two sides, or whose parts, do not fit together."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdcompile.check.unit_rules import Part, Scope, parts_of, plain, same, unit_of
from sdcompile.check.units import Unit, parse_unit, variants
from sdcompile.errors import Fault
from sdcompile.names import same_name
from sdcompile.read.model import CONTROL, piece_kind
from sdcompile.read.parse import Definition, ModelText, read_text
from sdcompile.read.trees import is_number, kind_of

GIVEN = ("GetConstants", "GetData", "GetLookups", "Data", "Lookups")


def dimension_faults(path: Path | str) -> list[Fault]:
    """Dimensional faults of a model file.

    Parameters
    ----------
    path
        An ``.mdl`` file.

    Returns
    -------
    list of Fault
        Each shows both sides in units and the equation; empty if all equations hold together. Equations
        that cannot be read are left to :func:`sdcompile.check.lint.model_faults`.

    Raises
    ------
    InputError
        If the file cannot be opened or is not UTF-8.
    """
    return unit_faults(read_text(path))


def unit_faults(text: ModelText) -> list[Fault]:
    """Dimensional faults of equations that are read already."""
    faults: list[Fault] = []
    units = _declared(text, faults)
    names = [name for unit in units.values() if unit is not None for name in unit]
    faults += _variant_faults(text, names, units)
    tables = [name for name, pieces in text.by_name(same_name).items() if piece_kind(pieces[0]) == "table"]
    elements = text.ranges.elements
    labels = {label.lower().replace("_", " ") for pair in elements.items() for label in (pair[0], *pair[1])}
    scope = Scope(units, frozenset(tables), frozenset(labels - units.keys()), units.get("time step"))
    faults += _control_faults(text, units)
    for name, pieces in text.by_name(same_name).items():
        for piece in pieces:
            faults += _piece_faults(text, piece, units[name], scope)
    return faults


def _declared(text: ModelText, faults: list[Fault]) -> dict[str, Unit]:
    """Read the unit of each variable; None where it is missing or unreadable, so that it faults once."""
    units: dict[str, Unit] = {}
    for name, pieces in text.by_name(same_name).items():
        units[name] = None
        for entry in (piece.entry for piece in pieces if piece.entry.units):
            try:
                unit = parse_unit(entry.units)
            except ValueError as error:
                problem = f"its unit {entry.units!r} cannot be read ({error})"
                faults.append(text.source.fault(entry, problem, "Write it like Person/Year or 1/(Bed*Day)"))
                continue
            if units[name] not in (None, unit):
                problem = f"its unit {entry.units!r} is not the unit of the piece above"
                faults.append(text.source.fault(entry, problem, "Give every piece the same unit"))
            else:
                units[name] = unit
    return units


def _variant_faults(text: ModelText, names: list[str], units: dict[str, Unit]) -> list[Fault]:
    """Two spellings of what is meant to be one unit."""
    faults: list[Fault] = []
    for group in variants(names):
        counts = {name: names.count(name) for name in group}
        usual = max(counts, key=lambda name: counts[name])
        for odd in (name for name in group if name != usual):
            pieces = text.by_name(same_name)
            user = next(each for each, unit in units.items() if unit is not None and odd in unit)
            problem = f"its unit is written with {odd}, but other variables have {usual}: two different units"
            faults.append(text.source.fault(pieces[user][0].entry, problem, f"Write {usual} throughout"))
    return faults


def _control_faults(text: ModelText, units: dict[str, Unit]) -> list[Fault]:
    pieces = text.by_name(same_name)
    wrong = [
        name
        for name in CONTROL
        if units.get(name) is not None and units.get("time step") not in (None, units[name])
    ]
    problem = "its unit is not the unit of TIME STEP"
    return [text.source.fault(pieces[name][0].entry, problem, "Give all four one unit") for name in wrong]


def _piece_faults(text: ModelText, piece: Definition, declared: Unit, scope: Scope) -> list[Fault]:
    """Problems inside the equation, then both sides against each other."""
    if is_number(piece.tree) or isinstance(piece.tree, np.ndarray) or kind_of(piece.tree) in GIVEN:
        return []
    scope.problems.clear()
    if kind_of(piece.tree) == "InlineLookups":
        plain("WITH LOOKUP", parts_of([piece.tree.argument], scope), scope)
        found = None
    else:
        found = unit_of(piece.tree, scope)
    parts = [Part(None, f"left side {piece.entry.name}", declared), Part(None, "right side", found)]
    remedy = f"Correct the unit of {piece.entry.name} or its equation"
    same("the two sides differ", parts, scope, remedy)
    return [
        text.source.fault(piece.entry, f"{problem}; equation: {piece.entry.equation}", remedy)
        for problem, remedy in scope.problems
    ]
