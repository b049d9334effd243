"""Which single numbers does a lever stand for? A whole lever is read as all its elements, and written so."""

from __future__ import annotations

from collections.abc import Mapping

from sdcompile.read.levers import Lever


def elements_of(address: str, known: Mapping[str, Lever]) -> list[str]:
    """Return the addresses of all elements of a whole lever; anything else stands for itself."""
    lever = known.get(address)
    return [f"{address}[{each}]" for each in lever.elements] if lever and lever.elements else [address]


def by_element(levers: Mapping[str, float], known: Mapping[str, Lever]) -> dict[str, float]:
    """Return levers with every whole lever as its elements; of two that meet, the later wins."""
    found: dict[str, float] = {}
    for address, value in levers.items():
        found |= dict.fromkeys(elements_of(address, known), value)
    return found


def as_written(levers: Mapping[str, float], known: Mapping[str, Lever]) -> dict[str, float]:
    """Return the shortest levers that `by_element` reads as these: a whole where all its elements agree."""
    wholes = dict.fromkeys(address.partition("[")[0] for address in levers if "[" in address)
    written = dict(levers)
    for whole in wholes:
        elements = elements_of(whole, known)
        values = {levers.get(each) for each in elements}
        if len(values) == 1 and None not in values:
            written = {name: value for name, value in written.items() if name not in elements}
            written[whole] = levers[elements[0]]
    return written
