"""Reach of a change: whether it comes round from some elements of a variable to others."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence

import numpy as np

from sdcompile.arrays import Flags
from sdcompile.describe.signs import Spot, read_keys
from sdcompile.equations.expressions import (
    Along,
    Axis,
    Expression,
    Fixed,
    Index,
    Reduction,
    Reference,
    children,
)
from sdcompile.equations.graph import Equations, Variable, assign_elements


def way_round(equations: Equations, first: Spot, last: Spot, avoid: Collection[str] = ()) -> list[str] | None:
    """Find how a change of one spot reaches another while the model runs.

    Parameters
    ----------
    equations
        The model.
    first, last
        Where the change starts, and where it is looked for; keys are the engine's.
    avoid
        Keys of variables that pass nothing on.

    Returns
    -------
    list of str
        Names of the variables on the way, both ends included; None if the change does not come round. A
        link counts even where a number of the model happens to make it 0.
    """
    variables = equations.variables
    readers = _readers(equations)
    touched: dict[str, Flags] = {first.key: first.mask(variables[first.key])}
    before: dict[str, str] = {}
    wanted = last.mask(variables[last.key])
    waiting = deque([first.key])
    while waiting:
        here = waiting.popleft()
        for key in readers[here]:
            mask = _answering(variables[key], touched)
            if key == last.key and (mask & wanted).any():
                way = _walked(before, [key, here], first.key)
                return [variables[passed].name for passed in way if not variables[passed].hidden]
            if key in touched:
                mask |= touched[key]
            if key in avoid or np.array_equal(mask, touched.get(key, np.zeros_like(mask))):
                continue
            touched[key] = mask
            before.setdefault(key, here)
            waiting.append(key)
    return None


def _readers(equations: Equations) -> dict[str, list[str]]:
    readers: dict[str, list[str]] = defaultdict(list)
    for key, variable in equations.variables.items():
        for read in read_keys(variable):
            readers[read].append(key)
    return readers


def _walked(before: dict[str, str], way: list[str], first: str) -> list[str]:
    """Walk back to the start."""
    while way[-1] != first:
        way.append(before[way[-1]])
    return way[::-1]


def _answering(variable: Variable, touched: dict[str, Flags]) -> Flags:
    """Elements of a variable whose equations read a touched element."""
    mask = np.zeros(variable.shape, dtype=bool)
    for piece in variable.pieces:
        found = np.broadcast_to(_reads(piece.expression, piece.axes, touched), piece.shape)
        mine = np.zeros(variable.shape, dtype=bool)
        assign_elements(mine, piece, found)
        mask |= mine
    return mask


def _reads(node: Expression, scope: Sequence[Axis], touched: dict[str, Flags]) -> Flags:
    """Whether an expression reads a touched element, over the axes in scope."""
    if isinstance(node, Reference):
        mask = touched.get(node.variable)
        return _NO if mask is None else np.asarray(mask[_elements(node.index, scope)])
    if isinstance(node, Reduction):
        inner = [*scope, *node.axes]
        found = _reads(node.argument, inner, touched)
        wide = np.broadcast_to(found, np.broadcast_shapes(found.shape, (1,) * len(inner)))
        return np.asarray(wide.any(axis=tuple(range(len(scope), len(inner)))))
    found = _NO
    for child in children(node):
        found = found | _reads(child, scope, touched)
    return found


def _along(axis: Axis, positions: Sequence[int], scope: Sequence[Axis]) -> np.ndarray:
    return np.reshape(np.array(positions), [-1 if other is axis else 1 for other in scope])


def _elements(index: Index, scope: Sequence[Axis]) -> tuple[np.ndarray | int, ...]:
    """Index of the elements that the steps of the axes in scope stand for."""
    found: list[np.ndarray | int] = []
    for part in index:
        if isinstance(part, Fixed):
            found.append(part.position)
        elif isinstance(part, Along):
            found.append(_along(part.axis, part.positions, scope))
    return tuple(found)


_NO = np.asarray(False)
