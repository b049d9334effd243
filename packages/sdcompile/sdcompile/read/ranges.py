"""Subscript ranges: their elements, how they map onto each other, and which loop a subscript means."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdcompile.equations.expressions import Along, Axis, Fixed
from sdcompile.errors import RefusedError
from sdcompile.names import plain
from sdcompile.read.external import range_elements

Slice = tuple[str, ...]
Members = tuple[str, ...] | str | Mapping[str, str]


@dataclass(frozen=True)
class Range:
    """A range as written.

    Attributes
    ----------
    name
        Its name.
    members
        Elements and ranges; the name of the range that it copies; or where a file has its elements.
    mapping
        Ranges that it is mapped to, element by element.
    """

    name: str
    members: Members
    mapping: tuple[str, ...] = ()


class Ranges:
    """The subscript ranges of a model, understood as PySD understands them.

    Parameters
    ----------
    written
        The ranges, in file order.
    folder
        The model's folder, for ranges whose elements are in a file.

    Attributes
    ----------
    elements
        Elements of each range in order, ranges in file order.
    mappings
        Ranges that a range is mapped to.
    """

    def __init__(self, written: Sequence[Range], folder: Path) -> None:
        found = {
            each.name: range_elements(each.members, folder)
            if isinstance(each.members, Mapping)
            else each.members
            for each in written
        }
        self.elements = {name: tuple(dict.fromkeys(_members(name, found, ()))) for name in found}
        self.mappings = {each.name: each.mapping for each in written}
        self._copies = {each.name: each.members for each in written if isinstance(each.members, str)}
        self._known = {element for members in self.elements.values() for element in members}
        self._main = self._subranges()
        self._spelling = {plain(name): name for name in (*self.elements, *sorted(self._known))}

    def is_element(self, name: str) -> bool:
        """Say whether a subscript names one element and not a range."""
        return name in self._known

    def of(self, label: str) -> tuple[str, ...]:
        """Elements that a range name or an element stands for; empty if it is neither."""
        return self.elements.get(label, (label,) if label in self._known else ())

    def slices(self, labels: Sequence[str]) -> list[Slice]:
        """Every combination of elements that a list of labels stands for, last subscript fastest."""
        return list(itertools.product(*(self.of(label) for label in labels)))

    def mapped(self, one: str, other: str) -> bool:
        """Whether one range may stand for the other, in either direction."""
        return other in self.mappings.get(one, ()) or one in self.mappings.get(other, ())

    def spelled(self, subscript: str) -> str:
        """Return a subscript as it was declared, whatever case it is written in; keeps a final ``!``."""
        bang = "!" if subscript.endswith("!") else ""
        stem = subscript.rstrip("!").strip()
        if stem in self._known or stem in self.elements:
            return stem + bang
        if plain(stem) not in self._spelling:
            raise RefusedError(f"subscript {stem!r} is not declared", "Declare the range or element")
        return f"{self._spelling[plain(stem)]}{bang}"

    def coordinates(self, subscripts: Sequence[str]) -> dict[str, list[str]]:
        """Elements of each subscript by its range; an element by the first range of it that is not taken."""
        found: dict[str, list[str]] = {}
        for subscript in subscripts:
            if subscript in self._known:
                taken = {*subscripts, *found}
                free = (n for n, members in self.elements.items() if subscript in members and n not in taken)
                found[next(free, f"?{len(found)}")] = [subscript]
            else:
                found[subscript] = list(self.elements[subscript.removesuffix("!")])
        return found

    def dimensions(self, pieces: Sequence[Sequence[str]]) -> list[str | None]:
        """Name the dimensions of a variable from the subscripts of all its equations.

        Each is a range with just the elements that the equations name, one that they name themselves first;
        or else the first range that holds them all; None where there is none. Where a range would be named
        twice, a copy of it is made.
        """
        for subscripts in pieces:
            ranges = [each for each in subscripts if not self.is_element(each)]
            if len(set(ranges)) != len(ranges):
                raise RefusedError("the left-hand side uses one range twice", "Use a copy of the range")
        named = [self.coordinates(subscripts) for subscripts in pieces]
        columns = list(zip(*(list(coordinates) for coordinates in named), strict=True)) if pieces[0] else []
        dims: list[str | None] = []
        for place, column in enumerate(columns):
            wanted = {each for coordinates in named for each in list(coordinates.values())[place]}
            others = {name for at, names in enumerate(columns) if at != place for name in names}
            dims.append(self._dimension(wanted, column, others))
        return dims

    def _dimension(self, wanted: set[str], named: Iterable[str], others: set[str]) -> str | None:
        exact = [name for name in named if set(self.elements.get(name, ())) == wanted]
        free = {name: set(members) for name, members in self.elements.items() if name not in others}
        exact += [name for name, members in free.items() if members == wanted]
        exact += [name for name, members in free.items() if wanted <= members]
        if exact:
            return exact[0]
        name = next((n for n, members in self.elements.items() if set(members) == wanted), None)
        if name is None:
            return None
        copy = next(f"{name}{k}" for k in itertools.count(1) if f"{name}{k}" not in self.elements)
        self.elements[copy] = self.elements[name]
        return copy

    def numbers(self, name: str) -> list[int] | None:
        """Give the place in the main range of an element, or of every element of a range; else None."""
        for main, parts in self._main.items():
            for candidate in (main, *parts):
                if plain(candidate) == name:
                    return [self.elements[main].index(each) + 1 for each in self.elements[candidate]]
        for main in self._main:
            for place, element in enumerate(self.elements[main], start=1):
                if plain(element) == name:
                    return [place]
        return None

    def _subranges(self) -> dict[str, list[str]]:
        """Find the main ranges and their parts; of equal ranges the first by alphabet is the main one."""
        sets = {name: set(members) for name, members in self.elements.items()}
        found = {}
        for name, members in sets.items():
            others = {other: each for other, each in sets.items() if other != name}
            equal = [other for other, each in others.items() if each == members]
            first = name not in self._copies and all(plain(name) < plain(other) for other in equal)
            if (equal and not first) or any(each > members for each in others.values()):
                continue
            found[name] = [other for other, each in others.items() if each <= members]
        return found

    def range_named(self, name: str) -> str | None:
        """Return the declared spelling of a range, or None if ``name`` is not a range."""
        spelled = self._spelling.get(name)
        return spelled if spelled in self.elements else None

    def index(
        self, subscript: str, labels: Sequence[str], loops: dict[str, Axis], others: Sequence[str] = ()
    ) -> Fixed | Along:
        """Resolve one subscript of a reference.

        Parameters
        ----------
        subscript
            As written, already spelled as declared.
        labels
            Elements of the variable along this dimension.
        loops
            The loops in scope, by the subscript that names them.
        others
            The other subscripts of the reference: a mapping may not land on one of them.
        """
        if subscript in self._known and subscript not in loops:
            return Fixed(_position(labels, subscript))
        name = subscript.rstrip("!")
        elements = self.elements[name]
        if len(elements) == 1 and subscript not in loops:
            return Fixed(_position(labels, elements[0]))
        axis = loops.get(subscript) or self._loop(subscript, loops, others)
        if len(elements) != axis.size:
            raise RefusedError(
                f"range {name!r} has {len(elements)} elements but maps onto {axis.name!r} with {axis.size}",
                "Map ranges of equal length; mapping is by position",
            )
        return Along(axis, tuple(_position(labels, element) for element in elements))

    def loop_of(self, name: str, loops: dict[str, Axis]) -> Axis:
        """Find the loop whose steps are those of a range used as a number: one that is mapped onto it."""
        for loop, axis in loops.items():
            pair = name in self._targets(loop) or loop in self._targets(name)
            if pair and axis.size == len(self.elements[name]):
                return axis
        raise RefusedError(
            f"range {name!r} is used as a number but is neither on the left-hand side nor mapped onto it",
            "Add it there",
        )

    def _loop(self, name: str, loops: dict[str, Axis], others: Sequence[str]) -> Axis:
        for target in self._targets(name):
            if target in loops and target not in others:
                return loops[target]
        known = ", ".join(loops) or "no ranges"
        raise RefusedError(
            f"subscript {name!r} is neither on the left-hand side ({known}) nor mapped onto it",
            "Use a range of the left-hand side, a mapping, or name the element",
        )

    def _targets(self, name: str) -> tuple[str, ...]:
        """Ranges that a range is mapped to; a copy is mapped to its original."""
        copied = self._copies.get(name)
        return (*self.mappings.get(name, ()), *([copied] if copied else []))


def refuse_ranges(written: Sequence[Range]) -> None:
    """Refuse what can be understood in two ways: an element twice, a copy of what is no range."""
    names = {each.name for each in written}
    for each in written:
        members = each.members
        if isinstance(members, tuple) and len(set(members)) != len(members):
            twice = sorted({name for name in members if members.count(name) > 1})
            raise ValueError(f"range {each.name!r} names {', '.join(twice)} twice")
        if isinstance(members, str) and members not in names:
            raise ValueError(f"range {each.name!r} copies {members!r}, which is not declared")


def _listed(members: Members, folder: Path) -> tuple[str, ...] | str:
    return range_elements(members, folder) if isinstance(members, Mapping) else members


def _members(name: str, written: Mapping[str, Sequence[str] | str], above: tuple[str, ...]) -> Iterable[str]:
    """Elements of a range that may name other ranges; one defined through itself is empty."""
    if name in above:
        return ()
    if name not in written:
        return (name,)
    parts = written[name]
    parts = [parts] if isinstance(parts, str) else parts
    return itertools.chain.from_iterable(_members(part, written, (*above, name)) for part in parts)


def _position(labels: Sequence[str], element: str) -> int:
    if element not in labels:
        raise RefusedError(f"element {element!r} lies outside {', '.join(labels)}", "Use an element in it")
    return labels.index(element)
