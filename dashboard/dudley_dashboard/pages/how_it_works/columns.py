"""How far to the right does each box of a row stand: near what it is linked with, clear of the next?"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence

Node = Hashable
SWEEPS = 8


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
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [_mean([place[other] for other in neighbours[node]], place[node]) for node in row]
            apart = [(widths[one] + widths[other]) / 2 for one, other in itertools.pairwise(row)]
            place |= dict(zip(row, kept_apart(wanted, apart), strict=True))
    left = min((place[node] - widths[node] / 2 for row in rows for node in row), default=0.0)
    return {node: x - left for node, x in place.items()}


def kept_apart(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
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


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
