"""Which links make up each loop, and which way does each act?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

from sdcompile.names import snake_case
from sdcompile.read.levers import lever_address

from dudley_dashboard.pages.how_it_works.knowledge import knowledge
from dudley_sd.describe.catalogue import Catalogue
from dudley_sd.describe.links import shortest
from dudley_sd.describe.loops import find_loops
from dudley_sd.describe.loops_file import Loop, Loops, read_loops
from dudley_sd.describe.pages import LOOPS, signs_in_runs
from dudley_sd.places import inputs_folder, models_folder


@dataclass(frozen=True)
class Link:
    """One variable acts on the next.

    Attributes
    ----------
    source, target
        As the path names them, ``Population[Complex]``.
    source_key, target_key
        The variables.
    sign
        Empty where it has not been worked out yet.
    """

    source: str
    target: str
    source_key: str
    target_key: str
    sign: str = ""


Ways = tuple[tuple[Link, ...], ...]


@cache
def loops_file() -> Loops:
    """Read what loops the model claims to have."""
    return read_loops(models_folder() / LOOPS)


def ordered() -> list[Loop]:
    """Loops as a reader looks for them: R1 to R6, B1 to B3, others, and chains last."""
    return sorted(loops_file().loop, key=_rank)


def find_loop(name: str) -> Loop | None:
    """Return the loop of a name, however it is written in capitals."""
    return next((loop for loop in loops_file().loop if loop.name.lower() == name.lower()), None)


def ways_of(loop: Loop, signs: dict[str, Any] | None = None) -> Ways:
    """Return every way round a loop, link by link, with the signs that were worked out."""
    if signs is not None:
        known = signs.get(loop.name, {"ways": []})
        return tuple(tuple(Link(**link) for link in way) for way in known["ways"])
    return tuple(_way(knowledge().catalogue, loop, path) for path in loop.paths)


def loop_signs() -> dict[str, Any]:
    """Work out the sign of every link, by running the model: takes seconds.

    Returns
    -------
    dict
        By name of the loop: ``ways``, each a list of links as `Link` takes them; ``signs``, of each way as
        a whole; ``pinned``, whether its switch cuts it.

    Raises
    ------
    InputError
        Any fault of the input files.
    """
    catalogue, loops = knowledge().catalogue, loops_file()
    runs = signs_in_runs(catalogue.model, loops, inputs_folder())
    findings, _ = find_loops(catalogue, runs, loops.loop, models_folder() / LOOPS)
    return {
        finding.loop.name: {
            "ways": [
                [
                    {
                        "source": step.source.name,
                        "target": step.target.name,
                        "source_key": step.source.key,
                        "target_key": step.target.key,
                        "sign": step.sign.value,
                    }
                    for step in way.steps
                ]
                for way in finding.paths
            ],
            "signs": [way.sign.value for way in finding.paths],
            "pinned": finding.pinned,
        }
        for finding in findings
    }


@cache
def loops_through() -> dict[str, tuple[str, ...]]:
    """For each variable that is on a loop or chain, the names of those."""
    found: dict[str, dict[str, None]] = {}
    for loop in ordered():
        for way in ways_of(loop):
            for link in way:
                for key in (link.source_key, link.target_key):
                    found.setdefault(key, {})[loop.name] = None
    return {key: tuple(names) for key, names in found.items()}


def _way(catalogue: Catalogue, loop: Loop, path: tuple[str, ...]) -> tuple[Link, ...]:
    """Walk a path, filling in the variables that the file leaves out."""
    ends = path if loop.kind == "chain" else (*path, path[0])
    named = {_key(name) for name in path}
    links: list[Link] = []
    for one, other in itertools.pairwise(ends):
        avoid = named - {_key(one), _key(other)}
        way = shortest(catalogue.onward, _key(one), _key(other), avoid) or [_key(one), _key(other)]
        names = [one, *(catalogue.model.variables[key].name for key in way[1:-1]), other]
        links += [
            Link(first, second, here, there)
            for (first, second), (here, there) in zip(
                itertools.pairwise(names), itertools.pairwise(way), strict=True
            )
        ]
    return tuple(links)


def _key(name: str) -> str:
    return snake_case(lever_address(name)[0])


def _rank(loop: Loop) -> tuple[int, str]:
    """R and B with a number first, then other loops, then chains."""
    numbered = len(loop.name) == 2 and loop.name[1].isdigit()
    group = {"R": 0, "B": 1}.get(loop.name[0], 2) if numbered else 2
    return (3 if loop.kind == "chain" else group, loop.name)
