"""Layout of boxes in rows: arrows lead down, few cross, and each box stands near what it is linked with."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

Node = Hashable
Pair = tuple[str, str]
SWEEPS, COLUMN_SWEEPS = 12, 8
"""Passes over the rows, down and up: boxes are put in order, then moved near what they are linked with."""


@dataclass
class Layers:
    """Rows of boxes, with a stand-in wherever an arrow passes a row on its way.

    Attributes
    ----------
    rows
        Nodes of each row, left to right; a stand-in is ``(source, target, row)``.
    between
        For each arrow, its stand-ins from source to target.
    neighbours
        What each node and stand-in is linked with in the rows beside its own.
    """

    rows: list[list[Node]]
    between: dict[Pair, list[Node]] = field(default_factory=dict)
    neighbours: dict[Node, list[Node]] = field(default_factory=dict)


def layered(nodes: Sequence[str], arrows: Sequence[Pair]) -> Layers:
    """Put nodes in rows.

    Parameters
    ----------
    nodes
        In the order in which they are read.
    arrows
        Between nodes; loops are allowed: an arrow that would close one leads upwards.
    """
    forward = _without_loops(nodes, arrows)
    row = _rows(nodes, forward)
    layers = Layers([[] for _ in range(max(row.values(), default=0) + 1)])
    for node in nodes:
        layers.rows[row[node]].append(node)
    neighbours = layers.neighbours
    neighbours |= {node: [] for node in nodes}
    for source, target in dict.fromkeys(arrows):
        if source == target:
            continue
        upper, lower = (source, target) if row[source] <= row[target] else (target, source)
        passed: list[Node] = []
        for number in range(row[upper] + 1, row[lower]):
            stand_in = (source, target, number)
            passed.append(stand_in)
            layers.rows[number].append(stand_in)
            neighbours[stand_in] = []
        way = [upper, *passed, lower]
        for one, other in itertools.pairwise(way):
            neighbours[one].append(other)
            neighbours[other].append(one)
        layers.between[source, target] = passed if upper == source else passed[::-1]
    _order(layers.rows, neighbours)
    return layers


def _without_loops(nodes: Sequence[str], arrows: Sequence[Pair]) -> list[Pair]:
    """Return arrows that close no loop, found by walking from each node in turn."""
    onward: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in arrows:
        onward[source].append(target)
    state: dict[str, int] = {}
    kept: list[Pair] = []

    def walk(node: str) -> None:
        state[node] = 1
        for target in onward[node]:
            if state.get(target) == 1:
                continue
            kept.append((node, target))
            if target not in state:
                walk(target)
        state[node] = 2

    for node in nodes:
        if node not in state:
            walk(node)
    return kept


def _rows(nodes: Sequence[str], forward: Sequence[Pair]) -> dict[str, int]:
    """Row of each node: one below the lowest that acts on it."""
    row = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for source, target in forward:
            if row[target] <= row[source]:
                row[target] = row[source] + 1
                moved = True
        if not moved:
            break
    return row


def _order(rows: list[list[Node]], neighbours: Mapping[Node, list[Node]]) -> None:
    for sweep in range(SWEEPS):
        place = {node: _share(number, row) for row in rows for number, node in enumerate(row)}
        down = sweep % 2 == 0
        for number in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            beside = set(rows[number - 1] if down else rows[number + 1])
            mean = {
                node: _mean([place[n] for n in neighbours[node] if n in beside], place[node])
                for node in rows[number]
            }
            rows[number].sort(key=mean.__getitem__)
            place |= {node: _share(at, rows[number]) for at, node in enumerate(rows[number])}


def _share(number: int, row: Sequence[Node]) -> float:
    return (number + 0.5) / len(row)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def across(
    rows: Sequence[Sequence[Node]],
    neighbours: Mapping[Node, Sequence[Node]],
    widths: Mapping[Node, float],
) -> dict[Node, float]:
    """Return the middle of each node, from 0 to the right.

    Parameters
    ----------
    rows
        Nodes of each row in their order, which is kept.
    neighbours
        What each node is linked with in other rows.
    widths
        Room that each needs.
    """
    place: dict[Node, float] = {}
    for row in rows:
        edge = -sum(widths[node] for node in row) / 2
        for node in row:
            place[node] = edge + widths[node] / 2
            edge += widths[node]
    for sweep in range(COLUMN_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([place[other] for other in neighbours[node]], place[node]) for node in row]
            apart = [(widths[one] + widths[other]) / 2 for one, other in itertools.pairwise(row)]
            place |= dict(zip(row, spaced(wanted, apart), strict=True))
    left = min((place[node] - widths[node] / 2 for row in rows for node in row), default=0.0)
    return {node: x - left for node, x in place.items()}


def spaced(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return the places nearest to those wanted that keep the order and these least distances.

    Notes
    -----
    Least squares: with the distances taken off, places may not fall, and neighbours that would are pooled.
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    groups: list[list[float]] = []  # sum and count
    for value, offset in zip(wanted, offsets, strict=True):
        groups.append([value - offset, 1.0])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, count = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += count
    flat = [total / count for total, count in groups for _ in range(int(count))]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]
