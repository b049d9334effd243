"""Bars that the engine has to clear, each with what was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine_measure import Measured

MANY = (100_000, 2)


@dataclass(frozen=True)
class Bar:
    """One bar: what it says, what was measured, and how far that may go."""

    what: str
    value: Callable[[Measured], float | None]
    limit: float
    at_least: bool
    unit: str
    models: tuple[str, ...] = ("our model", "bench, 19 ages")

    def met(self, found: Measured) -> bool | None:
        """Say whether a model clears it; None if it could not be measured."""
        value = self.value(found)
        if value is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit


def _lanes_and_threads(found: Measured) -> float:
    return found.scalar / found.many[MANY][0]


BARS = (
    Bar("one run in C, all variables, against PySD", lambda m: m.pysd / m.one, 10_000, True, "x"),
    Bar("a run of 100,000 in C against PySD", lambda m: m.pysd / m.many[MANY][0], 100_000, True, "x"),
    Bar("one run in NumPy, all variables, against PySD", lambda m: m.pysd / m.numpy, 100, True, "x"),
    Bar("lanes and threads against one run at a time on one thread", _lanes_and_threads, 4, True, "x"),
    Bar("one run through Python, 20 outputs, labelled", lambda m: 1000 * m.labelled, 3, False, "ms"),
    Bar("first answer, nothing stored", lambda m: m.cold, 10, False, "s"),
    Bar("first answer of a new process, stored, arrays", lambda m: m.stored_arrays, 0.3, False, "s"),
    Bar("first answer of a new process, stored, labelled", lambda m: m.stored_labelled, 1, False, "s"),
    Bar("memory of 100,000 runs, 20 outputs", lambda m: m.many[MANY][1] / 1024, 1.5, False, "GB"),
    Bar(
        "one run in JavaScript in Node, all variables",
        lambda m: None if m.javascript is None else 1000 * m.javascript,
        4,
        False,
        "ms",
    ),
    Bar(
        "moonshot: time of a run of 20,000 against the prototype's in the same session",
        lambda m: None if m.beside_prototype is None else m.beside_prototype[1] / m.beside_prototype[0],
        0.5,
        False,
        "x",
        ("bench, 19 ages",),
    ),
)


def bars_table(all_found: dict[str, Measured]) -> str:
    """Write the table of bars for the models that were measured."""
    lines = ["## Bars", "", "| bar | wanted | model | measured | |", "|---|---:|---|---:|---|"]
    for bar in BARS:
        for name in bar.models:
            if name in all_found:
                found = all_found[name]
                wanted = f"{'at least' if bar.at_least else 'at most'} {bar.limit:,g} {bar.unit}"
                met = {True: "met", False: "**not met**", None: "not measured"}[bar.met(found)]
                value = bar.value(found)
                shown = (
                    ""
                    if value is None
                    else f"{value:,.4g} {bar.unit}"
                    if value < 1000
                    else f"{value:,.0f} {bar.unit}"
                )
                lines.append(f"| {bar.what} | {wanted} | {name} | {shown} | {met} |")
    return "\n".join(lines)
