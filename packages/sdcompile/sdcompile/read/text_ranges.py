"""Which elements a subscript stands for."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Slice = tuple[str, ...]


@dataclass(frozen=True)
class Ranges:
    """Subscript ranges of a model.

    Attributes
    ----------
    elements
        Elements of each range in order, ranges in file order.
    mappings
        Ranges that a range is mapped to, element by element.
    """

    elements: dict[str, tuple[str, ...]]
    mappings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, label: str) -> tuple[str, ...]:
        """Elements that a range name or an element stands for; empty if it is neither."""
        if label in self.elements:
            return self.elements[label]
        known = any(label in members for members in self.elements.values())
        return (label,) if known else ()

    def mapped(self, one: str, other: str) -> bool:
        """Whether one range may stand for the other, in either direction."""
        return other in self.mappings.get(one, ()) or one in self.mappings.get(other, ())

    def cover(self, labels: Sequence[str]) -> str | None:
        """Range that holds exactly what the labels stand for, or else the largest that holds it all.

        Of two ranges with the same elements, one that is a label itself wins, then the first in the file.
        """
        wanted = {element for label in labels for element in self.of(label)}
        holding = [name for name, members in self.elements.items() if wanted <= set(members)]
        exact = [name for name in holding if len(self.elements[name]) == len(wanted)]
        return min(
            exact or holding,
            key=lambda name: (-len(self.elements[name]), name not in labels),
            default=None,
        )

    def slices(self, labels: Sequence[str]) -> list[Slice]:
        """Every combination of elements that a list of labels stands for, last subscript fastest."""
        return list(itertools.product(*(self.of(label) for label in labels)))


def expand(definitions: dict[str, Sequence[str] | str]) -> dict[str, tuple[str, ...]]:
    """Elements of each range where definitions may name other ranges or copy one.

    Parameters
    ----------
    definitions
        Range name to a list of elements and ranges, or to the name of the range it copies.

    Returns
    -------
    dict
        Range name to elements; a range defined through itself is empty.
    """
    return {name: tuple(dict.fromkeys(_members(name, definitions, ()))) for name in definitions}


def _members(name: str, definitions: dict[str, Sequence[str] | str], above: tuple[str, ...]) -> Iterable[str]:
    if name in above:
        return ()
    if name not in definitions:
        return (name,)
    parts = definitions[name]
    parts = [parts] if isinstance(parts, str) else parts
    return itertools.chain.from_iterable(_members(part, definitions, (*above, name)) for part in parts)
