"""Operations and bytes that one run of a model takes, counted in the loop program.

What is counted is what differs between runs; what all runs share is worked out once. An equation over ten
elements counts ten times, one inside SUM over five elements fifty times. Each equation counts once for every
step it runs in.

- An operation is an addition, subtraction, multiplication, division, comparison, choice, function such as
  EXP, or the reading of a table, which is several but hard to say more of.
- Bytes are eight for every value of a run that an equation reads and for every one that it writes. A compiler
  keeps some of them in registers, so this is what is asked of the caches at most. Numbers that all runs share
  are read once for all lanes and are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from sdcompile.equations.expressions import Call, Expression, Lookup, Reduction, Reference, children
from sdcompile.equations.graph import saved_steps
from sdcompile.plan.order import Task
from sdcompile.plan.program import Phase, Program, plan
from sdcompile.plan.selection import find_levers, find_outputs
from sdcompile.read.equations import read_equations
from sdcompile.write.layout import measure

WORD = 8


@dataclass(frozen=True)
class Work:
    """What one run takes: arithmetic operations, values read and values written."""

    operations: int = 0
    reads: int = 0
    writes: int = 0

    @property
    def bytes(self) -> int:
        """Bytes read and written."""
        return WORD * (self.reads + self.writes)

    def __add__(self, other: Work) -> Work:
        return Work(self.operations + other.operations, self.reads + other.reads, self.writes + other.writes)

    def times(self, count: int) -> Work:
        """Return the same, done ``count`` times."""
        return Work(self.operations * count, self.reads * count, self.writes * count)


def work_of_a_run(path: Path, levers: list[str], outputs: list[str]) -> Work:
    """Count what one run of a model takes with these levers and outputs."""
    equations = read_equations(path)
    keys = find_outputs(equations, outputs)
    program = plan(equations, list(find_levers(equations, levers)), list(keys), measure)
    steps, saved = len(equations.times), len(saved_steps(equations))
    often = {
        Phase.CONSTANT: 1,
        Phase.START: 1,
        Phase.STEP: steps,
        Phase.REPORT: saved,
        Phase.UPDATE: steps - 1,
    }
    total = Work()
    for phase, count in often.items():
        for task in program.tasks[phase, True]:
            total += _task(program, task).times(count)
    return total


def _task(program: Program, task: Task) -> Work:
    piece = task.piece
    places = int(np.sum(piece.mask)) if piece.mask is not None else prod(piece.shape)
    return (_expression(piece.expression, program.varying.__contains__) + Work(writes=1)).times(places)


def _expression(node: Expression, varies: Callable[[str], bool]) -> Work:
    """Count one expression; a part that is the same for all runs counts nothing."""
    if not _differs(node, varies):
        return Work()
    if isinstance(node, Reference):
        return Work(reads=1)
    inside = Work()
    for child in children(node):
        inside += _expression(child, varies)
    if isinstance(node, Reduction):
        return (inside + Work(operations=1)).times(prod(axis.size for axis in node.axes))
    return inside + Work(operations=1 if isinstance(node, Call | Lookup) else 0)


def _differs(node: Expression, varies: Callable[[str], bool]) -> bool:
    if isinstance(node, Reference):
        return varies(node.variable)
    return any(_differs(child, varies) for child in children(node))
