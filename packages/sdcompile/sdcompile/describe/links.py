"""Links of a model while it runs: which variable acts on which; initial values are no links."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sdcompile.functions.registry import STRUCTURES
from sdcompile.names import same_name, snake_case
from sdcompile.read.parse import ModelText
from sdcompile.read.trees import children, kind_of, reference

Links = Mapping[str, tuple[str, ...]]
"""For each variable, the variables that act on it; by key."""

RUNNING = {name: each.running for name, each in STRUCTURES.items() if each.running is not None}
"""Parts of a function with memory that act on it during the run; its initial value does not."""

CLOCK = "time"


def links(text: ModelText) -> dict[str, tuple[str, ...]]:
    """Links of a model, by key; `CLOCK` stands for Time.

    Parameters
    ----------
    text
        From :func:`sdcompile.read.parse.read_text`.

    Returns
    -------
    dict
        Every variable, with what acts on it in reading order, each once.
    """
    pieces = text.by_name(same_name)
    keys = {name: snake_case(found[0].entry.name) for name, found in pieces.items()} | {CLOCK: CLOCK}
    return {
        keys[name]: tuple(
            dict.fromkeys(keys[used] for piece in found for used in _running(piece.tree) if used in keys)
        )
        for name, found in pieces.items()
    }


def flow_terms(tree: Any, sign: int = 1) -> Iterator[tuple[str, int]]:
    """Names in the rate of a stock, each with +1 if it fills the stock and -1 if it drains it."""
    if kind_of(tree) == "Integ":
        yield from flow_terms(tree.flow, sign)
    elif kind_of(tree) == "Arithmetic" and set(tree.operators) <= {"+", "-", "negative"}:
        operators = ["+", *tree.operators] if len(tree.operators) < len(tree.arguments) else tree.operators
        for operator, part in zip(operators, tree.arguments, strict=True):
            yield from flow_terms(part, sign if operator == "+" else -sign)
    elif kind_of(tree) == "Reference":
        yield reference(tree).name, sign
    else:
        for part in children(tree):
            yield from flow_terms(part, sign)


def added_up(tree: Any) -> list[str]:
    """Names in an equation that does nothing but add variables up; none if it does anything else."""
    if kind_of(tree) == "Reference":
        return [reference(tree).name]
    if kind_of(tree) != "Arithmetic" or set(tree.operators) != {"+"}:
        return []
    parts = [added_up(part) for part in tree.arguments]
    return [name for part in parts for name in part] if all(parts) else []


def turned(forward: Links) -> dict[str, tuple[str, ...]]:
    """Return links the other way round: for each variable, those it acts on."""
    found: dict[str, list[str]] = {key: [] for key in forward}
    for target, sources in forward.items():
        for source in sources:
            found.setdefault(source, []).append(target)
    return {key: tuple(targets) for key, targets in found.items()}


def shortest(onward: Links, first: str, last: str, avoid: Collection[str] = ()) -> list[str] | None:
    """Shortest way along links from one variable to another.

    Parameters
    ----------
    onward
        For each variable, those it acts on.
    first, last
        Where it starts and ends; if they are the same, the shortest way round.
    avoid
        Variables that the way may not pass through.

    Returns
    -------
    list of str
        Both ends included; None if there is no way. Of equally short ways, the first in file order.
    """
    before: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        here = waiting.popleft()
        for following in onward.get(here, ()):
            if following in before or (following in avoid and following != last):
                continue
            before[following] = here
            if following == last:
                return _walked(before, first, last)
            waiting.append(following)
    return None


def _walked(before: Mapping[str, str], first: str, last: str) -> list[str]:
    way = [last]
    while way[-1] != first or len(way) == 1:
        way.append(before[way[-1]])
    return way[::-1]


def moving(forward: Links, sources: Collection[str]) -> set[str]:
    """Variables that change during a run: those that time, data or a stock acts on, directly or not.

    Parameters
    ----------
    forward
        From `links`.
    sources
        Keys of stocks and data.
    """
    onward = turned(forward)
    found: set[str] = set()
    waiting: Sequence[str] = [CLOCK, *sources]
    while waiting:
        found |= set(waiting)
        waiting = [key for here in waiting for key in onward.get(here, ()) if key not in found]
    return found - {CLOCK}


def _running(tree: Any) -> Iterator[str]:
    """Names that act on an equation while it runs, functions that are called included."""
    kind = kind_of(tree)
    if kind == "Reference":
        yield reference(tree).name
    parts = [getattr(tree, part) for part in RUNNING[kind]] if kind in RUNNING else children(tree)
    for part in parts:
        yield from _running(part)
