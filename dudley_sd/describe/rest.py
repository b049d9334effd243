"""Feedback that no named loop accounts for: what still goes round once every named loop is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from dudley_sd.describe.catalogue import Catalogue
from dudley_sd.describe.links import shortest


class Round(NamedTuple):
    """A way round, and the variable on it that most other ways pass through.

    Attributes
    ----------
    way
        Keys, without the start repeated.
    through
        Key of the variable.
    shared
        How many of the ways that were left pass through it, this one included.
    """

    way: list[str]
    through: str
    shared: int


def main_rounds(catalogue: Catalogue, closings: Collection[str]) -> list[Round]:
    """Few ways round that stand for all that `rounds_left` finds.

    The shortest is taken, the variable on it that most others share is cut, and so on until nothing is left.
    """
    found: list[Round] = []
    cut = set(closings)
    while rounds := rounds_left(catalogue, cut):
        passed = Counter(key for way in rounds for key in way)
        choice = [key for key in rounds[0] if catalogue.model.variables[key].kind != "stock"]
        through = max(choice or rounds[0], key=lambda key: passed[key])
        found.append(Round(rounds[0], through, passed[through]))
        cut.add(through)
    return found


def rounds_left(catalogue: Catalogue, closings: Collection[str]) -> list[list[str]]:
    """Ways round that pass through no closing link of a named loop.

    Parameters
    ----------
    catalogue
        The model.
    closings
        Keys of the variables that the named loops pass through.

    Returns
    -------
    list of list of str
        For each variable that feeds back on itself by way of more than one sector, the shortest way round, by
        key, without the start repeated; each way once. Subscripts are taken together, so a way may go
        round for no single element.
    """
    found: dict[frozenset[str], list[str]] = {}
    variables = catalogue.model.variables
    for group in _feeding_back(catalogue, closings):
        inside = {key: tuple(t for t in catalogue.onward.get(key, ()) if t in group) for key in group}
        for key in group:
            way = (shortest(inside, key, key) or [])[:-1]
            if len({variables[passed].group for passed in way}) > 1:
                found.setdefault(frozenset(way), way)
    return sorted(found.values(), key=len)


def _feeding_back(catalogue: Catalogue, closings: Collection[str]) -> list[list[str]]:
    """Find groups of variables each of which acts on every other of its group, directly or not."""
    keys = [key for key in catalogue.model.variables if key not in closings]
    place = {key: number for number, key in enumerate(keys)}
    pairs = [
        (place[source], place[target])
        for target in keys
        for source in catalogue.links[target]
        if source in place and source != target
    ]
    if not pairs:
        return []
    sources, targets = np.array(pairs).T
    matrix = csr_matrix((np.ones(len(pairs)), (sources, targets)), shape=(len(keys), len(keys)))
    count, label = connected_components(matrix, directed=True, connection="strong")
    groups = [[keys[number] for number in np.flatnonzero(label == one)] for one in range(count)]
    return [group for group in groups if len(group) > 1]
