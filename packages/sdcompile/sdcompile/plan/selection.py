"""Levers and outputs of a plan, found by the names that a user writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from sdcompile.equations.graph import Equations, Kind, Variable, constants, visible
from sdcompile.errors import Fault, InputError, RefusedError
from sdcompile.names import nearest, plain

_LABEL = re.compile(r"^(?P<name>[^\[\]]+?)\s*(?:\[(?P<elements>[^\[\]]*)\])?$")


def find_levers(equations: Equations, labels: Sequence[str]) -> list[tuple[str, int]]:
    """Find the constants, or single elements of constants, that are to be set for each run.

    A subscripted constant without an element means all its elements, in order.
    """
    faults: list[Fault] = []
    found: list[tuple[str, int]] = []
    for label in labels:
        try:
            found += _lever(equations, label)
        except RefusedError as wrong:
            faults.append(Fault("levers", repr(label), wrong.problem, wrong.remedy))
    twice = sorted({f"{key}, element {element}" for key, element in found if found.count((key, element)) > 1})
    faults += [Fault("levers", name, "it is given twice", "Give each lever once") for name in twice]
    if faults:
        raise InputError(faults)
    return found


def find_outputs(equations: Equations, names: Sequence[str] | None) -> list[str]:
    """Find the variables to store; None means every variable of the model."""
    known = visible(equations)
    if names is None:
        return known
    faults: list[Fault] = []
    for name in names:
        if plain(name) in known:
            continue
        problem = "there is no such variable in the model"
        if plain(name) in equations.tables:
            problem = "it is a lookup, which has no value of its own"
        faults.append(Fault("outputs", repr(name), problem, suggestion(name, known)))
    if faults:
        raise InputError(faults)
    return list(dict.fromkeys(plain(name) for name in names))


def suggestion(name: str, known: Iterable[str]) -> str:
    """Suggest the name that was probably meant."""
    close = nearest(name, known, n=1)
    return f"Did you mean {plain(close[0])!r}?" if close else "Use a name of the model"


def _lever(equations: Equations, label: str) -> list[tuple[str, int]]:
    match = _LABEL.match(label.strip())
    if match is None:
        raise RefusedError("it is not a name with elements in brackets", "Write coverage or coverage[MDT]")
    key = plain(match["name"])
    variable = equations.variables.get(key)
    if variable is None or variable.hidden:
        raise RefusedError("there is no such variable in the model", suggestion(key, constants(equations)))
    if variable.kind is not Kind.CONSTANT:
        raise RefusedError("it is computed in the model, so it cannot be set", "Choose a constant")
    if key in equations.frozen:
        raise RefusedError(
            f"it fixes {equations.frozen[key]}, which is the same for every run", "Edit the model"
        )
    if match["elements"] is None:
        return [(key, element) for element in range(variable.size)]
    return [(key, _element(variable, match["elements"]))]


def _element(variable: Variable, text: str) -> int:
    wanted = [plain(part) for part in text.split(",")]
    if len(wanted) != len(variable.labels):
        shown = f"[{', '.join(variable.dims)}]" if variable.dims else "no subscripts"
        raise RefusedError(f"{variable.name} has {shown}", "Name one element of each")
    places: list[int] = []
    for name, labels in zip(wanted, variable.labels, strict=True):
        known = [plain(label) for label in labels]
        if name not in known:
            raise RefusedError(f"{name!r} is not one of {', '.join(labels)}", suggestion(name, labels))
        places.append(known.index(name))
    return int(np.ravel_multi_index(places, variable.shape))
