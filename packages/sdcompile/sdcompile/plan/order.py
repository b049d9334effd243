"""Order of equations; a loop without a stock in it is an error that names the whole loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sdcompile.arrays import Flags
from sdcompile.equations.expressions import Along, Axis, Fixed, move, move_index, positions_of
from sdcompile.equations.graph import Equations, Kind, Piece, Variable, covered, references
from sdcompile.errors import InputError


@dataclass(frozen=True, eq=False)
class Task:
    """One equation to work out: ``starting`` if it gives an initial value."""

    variable: Variable
    piece: Piece
    starting: bool = False


def order_steps(equations: Equations) -> list[Task]:
    """Order the auxiliaries so that each comes after what it reads at the same time."""

    def tasks() -> list[Task]:
        variables = [v for v in equations.variables.values() if v.kind is Kind.AUXILIARY]
        return [Task(variable, piece) for variable in variables for piece in variable.pieces]

    return _ordered(equations, tasks, "")


def order_start(equations: Equations) -> list[Task]:
    """Order initial values, and the auxiliaries at the start, in the same way."""

    def tasks() -> list[Task]:
        found: list[Task] = []
        for variable in equations.variables.values():
            pieces = variable.initial or (variable.pieces if variable.kind is Kind.AUXILIARY else [])
            found += [Task(variable, piece, bool(variable.initial)) for piece in pieces]
        return found

    return _ordered(equations, tasks, " at the start")


def _ordered(equations: Equations, tasks: Callable[[], list[Task]], when: str) -> list[Task]:
    """Sort; where whole equations wait for each other, split them into single elements and sort again."""
    while True:
        loop = _Sorter(tasks())
        order = loop.sort()
        if order is not None:
            return order
        if not _split(loop.found):
            raise _loop_error(equations, loop.found, when)


class _Sorter:
    """Depth-first sort of tasks; ``found`` holds the loop when there is one."""

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks
        self.found: list[Task] = []
        self._by_variable: dict[str, list[tuple[Task, Flags]]] = {}
        for task in tasks:
            entry = (task, covered(task.piece, task.variable.shape))
            self._by_variable.setdefault(task.variable.key, []).append(entry)

    def before(self, task: Task) -> list[Task]:
        """List the tasks that give what a task reads."""
        result: dict[Task, None] = {}
        for reference in references(task.piece):
            for source, flags in self._by_variable.get(reference.variable, ()):
                if flags[np.ix_(*positions_of(reference.index))].any():
                    result[source] = None
        return list(result)

    def sort(self) -> list[Task] | None:
        order: list[Task] = []
        state: dict[Task, bool] = {}  # False while its sources are being visited
        for root in self.tasks:
            path = [] if root in state else [(root, iter(self.before(root)))]
            if path:
                state[root] = False
            while path:
                task, sources = path[-1]
                source = next(sources, None)
                if source is None:
                    path.pop()
                    state[task] = True
                    order.append(task)
                elif source not in state:
                    state[source] = False
                    path.append((source, iter(self.before(source))))
                elif not state[source]:
                    visited = [entry[0] for entry in path]
                    self.found = visited[visited.index(source) :]
                    return None
        return order


def _split(loop: list[Task]) -> bool:
    """Split every equation of a loop that covers several elements; say whether there was one."""
    several = [task for task in loop if task.piece.axes]
    for task in several:
        pieces = task.variable.initial if task.starting else task.variable.pieces
        place = pieces.index(task.piece)
        pieces[place : place + 1] = list(_elements(task.piece))
    return bool(several)


def _elements(piece: Piece) -> Iterator[Piece]:
    for steps in np.ndindex(*piece.shape):
        if piece.mask is not None and not piece.mask[steps]:
            continue
        moves: dict[Axis, Fixed | Along] = {
            axis: Fixed(step) for axis, step in zip(piece.axes, steps, strict=True)
        }
        yield Piece((), move_index(piece.index, moves), move(piece.expression, moves))


def _loop_error(equations: Equations, loop: list[Task], when: str) -> InputError:
    names = [_named(task) for task in reversed(loop)]
    path = " -> ".join([*names, names[0]])
    problem = f"it is part of a loop without a stock{when}: {path}"
    return equations.refuse(
        names[0], problem, "Put a stock, SMOOTH or DELAY in the loop, or an initial value"
    )


def _named(task: Task) -> str:
    places = [part.position for part in task.piece.index if isinstance(part, Fixed)]
    if not places or task.variable.hidden or len(places) != len(task.variable.labels):
        return task.variable.name
    elements = [labels[place] for labels, place in zip(task.variable.labels, places, strict=True)]
    return f"{task.variable.name}[{', '.join(elements)}]"
