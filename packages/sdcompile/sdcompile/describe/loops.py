"""Loops as claimed, held against the model: linked, of the sign they are called by, cut by their switch."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sdcompile.describe.catalogue import Catalogue
from sdcompile.describe.links import shortest
from sdcompile.describe.reach import way_round
from sdcompile.describe.signs import Sign, Signs, Spot, product, unknown_elements
from sdcompile.errors import Fault
from sdcompile.names import did_you_mean, nearest, plain, snake_case
from sdcompile.read.levers import lever_address


class Loop(BaseModel):
    """One loop or chain.

    Attributes
    ----------
    name, title
        ``R1`` and what it is called.
    kind
        What it is claimed to be.
    switch
        The lever that cuts it, none for a chain.
    closing
        The variable whose equation the switch pins.
    paths
        One or more ways round, each a list of variables, ``Population[Complex]`` for some elements only. A
        loop's last variable acts on its first; variables in between may be left out.
    levers
        Constants to set in the run in which its signs are looked at, where the loop sleeps otherwise.
    switch_pins
        Whether the switch keeps the closing variable from following what is before it on the path; if not,
        the note says what it does.
    note
        What a reader should know, in a sentence or two.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    kind: Literal["reinforcing", "balancing", "chain"]
    switch: str = ""
    closing: str = ""
    paths: tuple[tuple[str, ...], ...] = Field(min_length=1)
    levers: dict[str, float] = {}
    switch_pins: bool = True
    note: str = ""

    @model_validator(mode="after")
    def _closes(self) -> Loop:
        if self.kind != "chain" and not self.closing:
            raise ValueError("a loop needs a closing variable")
        return self


CLAIMED = {"reinforcing": Sign.RISES, "balancing": Sign.FALLS}


@dataclass(frozen=True)
class Step:
    """One link of a path: its ends, its sign, and whether each end is named in the file or was found."""

    source: Spot
    target: Spot
    sign: Sign
    source_named: bool
    target_named: bool


@dataclass(frozen=True)
class Way:
    """One way round a loop, or along a chain, with the sign of the whole."""

    steps: tuple[Step, ...]
    sign: Sign


@dataclass(frozen=True)
class Finding:
    """Finding about a loop: what the model says of it.

    Attributes
    ----------
    loop
        As claimed.
    paths
        As found; empty where a path does not hold together.
    pinned
        Whether the switch at 0 keeps the closing variable still; None where that is not looked at.
    """

    loop: Loop
    paths: tuple[Way, ...]
    pinned: bool | None = None


def find_loops(
    catalogue: Catalogue, signs_in: Callable[[Mapping[str, float]], Signs], loops: Sequence[Loop], file: Path
) -> tuple[list[Finding], list[Fault]]:
    """Hold each loop against the model.

    Parameters
    ----------
    catalogue
        The model.
    signs_in
        Signs of links in the run that has these levers on top.
    loops
        What is claimed.
    file
        Where it is claimed, for the messages.

    Returns
    -------
    tuple
        A finding for each loop; and faults: unknown names, variables that are not linked, a product of signs
        that contradicts the kind, a switch that does not cut, a chain that closes.
    """
    closings = {snake_case(loop.closing) for loop in loops if loop.closing}
    findings, faults = [], []
    for loop in loops:
        check = _Check(catalogue, signs_in(loop.levers), file)
        findings.append(check.loop(loop))
        if loop.kind == "chain":
            check.open(loop, closings)
        faults += check.faults
    return findings, faults


class _Check:
    """Collects faults while looking."""

    def __init__(self, catalogue: Catalogue, signs: Signs, file: Path) -> None:
        self.catalogue, self.signs, self.file = catalogue, signs, file
        self.faults: list[Fault] = []

    def loop(self, loop: Loop) -> Finding:
        """Look at all paths of a loop and at its switch."""
        paths = [path for path in (self._path(loop, names) for names in loop.paths) if path is not None]
        for path in paths:
            self._claimed(loop, path)
        pinned = self._pinned(loop, paths) if loop.switch and loop.switch_pins else None
        return Finding(loop, tuple(paths), pinned)

    def open(self, loop: Loop, closings: set[str]) -> None:
        """Refuse a chain whose end leads back to its start other than through a link that a switch cuts."""
        cut = {plain(self._name(key)) for key in closings if key in self.catalogue.model.variables}
        for names in loop.paths:
            first, last = self._spot(names[0]), self._spot(names[-1])
            if not {first.key, last.key} <= self.catalogue.model.variables.keys():
                continue
            equations = self.signs.run.equations
            way = way_round(equations, self._engine(last), self._engine(first), cut)
            if way is not None:
                problem = f"it is called a chain but its end leads back to its start: {' → '.join(way)}"
                self._fault(loop, problem, "Call it a loop, with its closing variable")

    def _path(self, loop: Loop, names: Sequence[str]) -> Way | None:
        spots = [self._spot(name) for name in names]
        wrong = [fault for spot in spots for fault in self._unknown(loop, spot)]
        self.faults += wrong
        if wrong:
            return None
        ends = [*spots, spots[0]] if loop.kind != "chain" else spots
        steps: list[Step] = []
        for source, target in itertools.pairwise(ends):
            others = {spot.key for spot in spots} - {source.key, target.key}
            way = shortest(self.catalogue.onward, source.key, target.key, others)
            if way is None:
                problem = f"{source.name} does not act on {target.name}, directly or through others"
                self._fault(loop, problem, "Correct the path, or the equations")
                return None
            between = [Spot(self._name(key), key) for key in way[1:-1]]
            steps += self._steps([source, *between, target])
        return Way(tuple(steps), product(step.sign for step in steps))

    def _steps(self, spots: Sequence[Spot]) -> list[Step]:
        last = len(spots) - 2
        return [
            Step(source, target, self._sign(source, target), place == 0, place == last)
            for place, (source, target) in enumerate(itertools.pairwise(spots))
        ]

    def _sign(self, source: Spot, target: Spot) -> Sign:
        return self.signs.link(self._engine(source), self._engine(target))

    def _claimed(self, loop: Loop, path: Way) -> None:
        claimed = CLAIMED.get(loop.kind)
        if claimed is not None and path.sign in CLAIMED.values() and path.sign is not claimed:
            signs = " ".join(step.sign.value for step in path.steps)
            problem = f"it is called {loop.kind} but its signs are {signs}"
            self._fault(loop, problem, "Call it what it is, or correct an equation")

    def _pinned(self, loop: Loop, paths: Sequence[Way]) -> bool | None:
        """Whether what comes before the closing variable does not move it while the switch is 0."""
        switch, closing = self._spot(loop.switch), self._spot(loop.closing)
        wrong = [*self._unknown(loop, switch), *self._unknown(loop, closing)]
        self.faults += wrong
        if wrong:
            return None
        if switch.key not in self.catalogue.links[closing.key]:
            problem = f"{loop.switch} does not act on {loop.closing}"
            self._fault(loop, problem, "Name the variable whose equation holds the switch")
            return False
        shape = self.signs.run.values[0][plain(switch.name)].shape
        cut = Signs(self.signs.run, {plain(switch.name): np.zeros(shape)})
        into = [step for path in paths for step in path.steps if step.target.key == closing.key]
        if paths and not into:
            self._fault(loop, f"no path passes through {loop.closing}", "Name a closing variable on the path")
        still = all(
            cut.link(self._engine(step.source), self._engine(step.target)) is Sign.STILL for step in into
        )
        if not still:
            problem = f"with {loop.switch} at 0, {loop.closing} still follows what is before it on the path"
            self._fault(loop, problem, "Let the switch multiply all of the link")
        return still and bool(into)

    def _spot(self, text: str) -> Spot:
        name, element = lever_address(text)
        parts = tuple(part.strip() for part in element.split(",")) if element else ()
        return Spot(text, snake_case(name), parts)

    def _engine(self, spot: Spot) -> Spot:
        """Return the spot as the engine knows it."""
        return Spot(spot.name, plain(self._name(spot.key)), spot.elements)

    def _name(self, key: str) -> str:
        return self.catalogue.model.variables[key].name

    def _unknown(self, loop: Loop, spot: Spot) -> list[Fault]:
        variables: Mapping[str, object] = self.catalogue.model.variables
        if spot.key not in variables:
            names = [variable.name for variable in self.catalogue.model.variables.values()]
            remedy = did_you_mean(nearest(spot.name.partition("[")[0], names), "Use a name of the model file")
            return [Fault(str(self.file), loop.name, f"there is no variable {spot.name!r}", remedy)]
        engine = self._engine(spot)
        found = unknown_elements(engine, self.signs.run.equations.variables[engine.key])
        problem = f"{spot.name} names {', '.join(found)}, which is no element of it"
        return [Fault(str(self.file), loop.name, problem, "Use an element of its ranges")] if found else []

    def _fault(self, loop: Loop, problem: str, remedy: str) -> None:
        self.faults.append(Fault(str(self.file), loop.name, problem, remedy))
