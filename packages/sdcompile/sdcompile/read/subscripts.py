"""Subscript ranges: their elements, how they map onto each other, and which loop a subscript means."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sdcompile.equations.expressions import Along, Axis, Fixed
from sdcompile.equations.refusal import RefusedError
from sdcompile.names import plain
from sdcompile.read.external import refuse_blank_lines


class Ranges:
    """The subscript ranges of a model, read as PySD reads them.

    Parameters
    ----------
    abstract_ranges
        PySD's ``AbstractSubscriptRange`` objects.
    folder
        The model's folder, for ranges that come from a file.
    """

    def __init__(self, abstract_ranges: Sequence[Any], folder: Path) -> None:
        _check(abstract_ranges, folder)
        from pysd.builders.python.subscripts import SubscriptManager

        self._manager = SubscriptManager(abstract_ranges, folder)
        self._elements = {element for range_ in self._manager.subscripts.values() for element in range_}
        self._spelling = {plain(name): name for name in self._manager.subscripts}
        self._spelling.update({plain(name): name for name in self._elements})

    def elements(self, name: str) -> list[str]:
        """List the elements of a range."""
        return list(self._manager.subscripts[name])

    def is_element(self, name: str) -> bool:
        """Say whether a subscript names one element and not a range."""
        return name in self._elements

    def spelled(self, subscript: str) -> str:
        """Return a subscript as it was declared, whatever case it is written in; keeps a final ``!``."""
        bang = "!" if subscript.endswith("!") else ""
        stem = subscript.rstrip("!").strip()
        if stem in self._elements or stem in self._manager.subscripts:
            return stem + bang
        if plain(stem) not in self._spelling:
            raise RefusedError(f"subscript {stem!r} is not declared", "Declare the range or element")
        return f"{self._spelling[plain(stem)]}{bang}"

    def dimensions(self, pieces: list[list[str]]) -> list[str]:
        """Name the dimensions of a variable from the subscripts of all its equations, as PySD names them."""
        if not pieces[0]:
            return []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names: list[str] = self._manager.make_merge_list(pieces)
        if None in names:
            raise RefusedError(f"no range holds all the elements of {pieces}", "Declare a range that does")
        return names

    def coordinates(self, subscripts: list[str]) -> dict[str, list[str]]:
        """Return PySD's coordinates for a list of subscripts, as its readers of files want them."""
        coordinates: dict[str, list[str]] = self._manager.make_coord_dict(subscripts)
        return coordinates

    def numbers(self, name: str) -> list[int] | None:
        """Give the place in the main range of an element, or of every element of a range; else None."""
        for main, inner in self._manager.subranges.items():
            whole = self.elements(main)
            for candidate in (main, *inner):
                if plain(candidate) == name:
                    return [whole.index(element) + 1 for element in self.elements(candidate)]
        for main in self._manager.subranges:
            for place, element in enumerate(self.elements(main), start=1):
                if plain(element) == name:
                    return [place]
        return None

    def range_named(self, name: str) -> str | None:
        """Return the declared spelling of a range, or None if ``name`` is not a range."""
        spelled = self._spelling.get(name)
        return spelled if spelled in self._manager.subscripts else None

    def index(
        self, subscript: str, labels: Sequence[str], loops: dict[str, Axis], beside: Sequence[str] = ()
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
        beside
            The other subscripts of the reference: a mapping may not land on one of them.
        """
        if subscript in self._elements and subscript not in loops:
            return Fixed(_place(labels, subscript))
        name = subscript.rstrip("!")
        elements = self.elements(name)
        if len(elements) == 1 and subscript not in loops:
            return Fixed(_place(labels, elements[0]))
        axis = loops.get(subscript) or self._mapped(subscript, loops, beside)
        if len(elements) != axis.size:
            raise RefusedError(
                f"range {name!r} has {len(elements)} elements but maps onto {axis.name!r} with {axis.size}",
                "Map ranges of equal length; mapping is by position",
            )
        return Along(axis, tuple(_place(labels, element) for element in elements))

    def loop_of(self, name: str, loops: dict[str, Axis]) -> Axis:
        """Find the loop whose steps are those of a range used as a number: one that is mapped onto it."""
        mapping = self._manager.mapping
        for loop, axis in loops.items():
            pair = name in mapping.get(loop, []) or loop in mapping.get(name, [])
            if pair and axis.size == len(self.elements(name)):
                return axis
        raise RefusedError(
            f"range {name!r} is used as a number but is neither on the left-hand side nor mapped onto it",
            "Add it there",
        )

    def _mapped(self, name: str, loops: dict[str, Axis], beside: Sequence[str]) -> Axis:
        for target in self._manager.mapping.get(name, []):
            if target in loops and target not in beside:
                return loops[target]
        held = ", ".join(loops) or "no ranges"
        raise RefusedError(
            f"subscript {name!r} is neither on the left-hand side ({held}) nor mapped onto it",
            "Use a range of the left-hand side, a mapping, or name the element",
        )


def _check(abstract_ranges: Sequence[Any], folder: Path) -> None:
    """Refuse what PySD would read otherwise than it is written."""
    for one in abstract_ranges:
        if isinstance(one.subscripts, list):
            twice = sorted({name for name in one.subscripts if one.subscripts.count(name) > 1})
            if twice:
                raise ValueError(f"range {one.name!r} names {', '.join(twice)} twice")
        elif isinstance(one.subscripts, dict):
            refuse_blank_lines(folder, one.subscripts["file"])


def _place(labels: Sequence[str], element: str) -> int:
    if element not in labels:
        raise RefusedError(f"element {element!r} lies outside {', '.join(labels)}", "Use an element in it")
    return labels.index(element)
