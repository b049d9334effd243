"""Whether sums over a subscript stand where every engine reads them alike."""

from __future__ import annotations

from typing import Any

from sdcompile.errors import Fault
from sdcompile.functions.reductions import REDUCTIONS
from sdcompile.functions.registry import MEMORY, STRUCTURES
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import called, kind_of, walk

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
