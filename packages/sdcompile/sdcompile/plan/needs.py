"""Needs of outputs: what they are worked out from, what a lever reaches, what changes during a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sdcompile.equations.expressions import CurrentTime, walk
from sdcompile.equations.graph import Equations, Kind, Piece, references


def leave_out(equations: Equations, outputs: list[str]) -> Equations:
    """Leave out every variable that no output needs."""
    needs = Needs(equations, outputs)
    seen = needs.all | set(outputs)
    kept = {k: v for k, v in equations.variables.items() if k in seen or v.kind is Kind.CONSTANT}
    return replace(equations, variables=kept)


class Needs:
    """Needs of outputs: variables needed at each step, only for reports, and at the start."""

    def __init__(self, equations: Equations, outputs: list[str]) -> None:
        self._variables = equations.variables
        self.start: set[str] = set()
        self.step: set[str] = set()
        self.report: set[str] = set()
        self._follow(outputs, self.report)
        self._close_stocks()
        self.report -= self.step

    @property
    def all(self) -> set[str]:
        """Whatever is needed at any time."""
        return self.step | self.report | self.start

    def _close_stocks(self) -> None:
        """Whatever stock is needed anywhere has to be carried along, and started."""
        carried: set[str] = set()
        while True:
            fresh = [k for k in self._variables if k in self.all - carried and self._has_memory(k)]
            if not fresh:
                return
            carried.update(fresh)
            for key in fresh:
                self._follow(
                    [r.variable for p in self._variables[key].pieces for r in references(p)], self.step
                )
            for key in sorted(carried | self.step):
                self._begin(key)

    def _has_memory(self, key: str) -> bool:
        return self._variables[key].kind in (Kind.STOCK, Kind.PIPE, Kind.HELD)

    def _begin(self, key: str) -> None:
        """Follow what the initial value of a stock needs."""
        if self._has_memory(key):
            pieces = self._variables[key].initial
            self._follow([r.variable for p in pieces for r in references(p)], self.start, starting=True)

    def _follow(self, keys: Iterable[str], found: set[str], starting: bool = False) -> None:
        queue = list(keys)
        while queue:
            key = queue.pop()
            if key in found:
                continue
            found.add(key)
            variable = self._variables[key]
            pieces = variable.pieces if variable.kind is Kind.AUXILIARY else []
            if starting:
                pieces = variable.initial or pieces
            queue += [reference.variable for piece in pieces for reference in references(piece)]


def find_moving(equations: Equations) -> set[str]:
    """Find every variable that can change after the start of a run."""
    seeds = {key for key, v in equations.variables.items() if v.kind in (Kind.STOCK, Kind.PIPE)}
    seeds |= {key for key, v in equations.variables.items() if v.kind is Kind.HELD or v.initial}
    seeds |= {variable.key for variable, piece in equations.pieces() if moves(piece, set())}
    return find_reached(equations, seeds)


def find_reached(equations: Equations, seeds: set[str]) -> set[str]:
    """Find every variable whose value follows from one of ``seeds``, by any chain of equations and stocks."""
    readers: dict[str, set[str]] = {}
    for variable, piece in equations.pieces():
        for reference in references(piece):
            readers.setdefault(reference.variable, set()).add(variable.key)
    reached, queue = set(seeds), list(seeds)
    while queue:
        fresh = readers.get(queue.pop(), set()) - reached
        reached |= fresh
        queue += fresh
    return reached


def moves(piece: Piece, moving: set[str]) -> bool:
    """Say whether what a piece gives can change after the start of a run."""
    if any(isinstance(node, CurrentTime) for node in walk(piece.expression)):
        return True
    return any(reference.variable in moving for reference in references(piece))
