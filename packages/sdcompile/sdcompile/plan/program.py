"""Loop program: which equations run when, what differs between runs, and where each value is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sdcompile.equations.expressions import Lookup, walk
from sdcompile.equations.graph import Equations, Kind, Variable
from sdcompile.plan.needs import Needs, find_moving, find_reached, leave_out, moves
from sdcompile.plan.order import Task, order_start, order_steps
from sdcompile.plan.products import Measure
from sdcompile.plan.rewriting import inline, unroll_sparse
from sdcompile.plan.shared import share_parts


class Region(Enum):
    """Region in which a value is kept; the text is its name in generated code."""

    DATA = "data"  # constants and tables: given, the same for every run
    SHARED = "shared"  # worked out once, the same for every run
    TRACK = "track"  # one row a step, the same for every run
    OWN = "own"  # one value a run, fixed during the run: levers and what follows from them
    STOCK = "stock"  # one value a run, carried from step to step
    WORK = "work"  # one value a run, worked out anew each step


class Phase(Enum):
    """Phase of a run in which an equation is worked out."""

    CONSTANT = "constant"  # once, before the start
    START = "start"  # once, at the start: initial values and what they need
    STEP = "step"  # every step: what the next step needs
    REPORT = "report"  # only when a step is saved: what only outputs need
    UPDATE = "update"  # every step but the last: the next value of stocks and pipes


@dataclass
class Slot:
    """Place of a variable: region and first place; ``pipe`` is the first place of its queue."""

    region: Region
    offset: int
    pipe: int = -1


@dataclass
class Program:
    """A model ready to be written in any language.

    Attributes
    ----------
    levers
        Each lever: the constant and the flat element, in the order of lever values.
    outputs
        Keys of the variables to store.
    varying
        Keys of variables that differ between runs.
    tasks
        For each phase, the equations of all runs together and those of each run, in order.
    slots
        Where each variable is kept.
    sizes
        Number of places in each region.
    pipes_shared, pipes_own
        Places in the queues of DELAY FIXED.
    """

    equations: Equations
    levers: list[tuple[str, int]]
    outputs: list[str]
    varying: set[str] = field(default_factory=set)
    tasks: dict[tuple[Phase, bool], list[Task]] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    sizes: dict[Region, int] = field(default_factory=dict)
    pipes_shared: int = 0
    pipes_own: int = 0

    @property
    def used(self) -> list[Variable]:
        """Variables that have a place, in order of the model."""
        return [self.equations.variables[key] for key in self.slots]

    def stocks(self, varying: bool) -> list[Variable]:
        """Stocks and pipes, shared by all runs or each run's own."""
        kinds = (Kind.STOCK, Kind.PIPE)
        return [v for v in self.used if v.kind in kinds and (v.key in self.varying) == varying]


def plan(
    equations: Equations,
    levers: list[tuple[str, int]],
    outputs: list[str],
    measure: Measure | None = None,
) -> Program:
    """Lay out the program for these levers and outputs; what no output needs is left out.

    With ``measure``, which finds the sizes of what all runs share, variables that are read in one place only
    are written out there, and what all runs share is taken out: faster, but not all can be watched.
    """
    if measure is not None:
        varying = find_reached(equations, {key for key, _ in levers})
        needed = leave_out(equations, outputs)
        short = unroll_sparse(needed, {key for key, _ in levers})
        written = inline(short, outputs, varying, find_moving(equations))
        equations = share_parts(written, varying, measure)
    program = Program(equations, levers, outputs)
    steps, start = order_steps(equations), order_start(equations)
    needs = Needs(equations, outputs)
    program.varying = find_reached(equations, {key for key, _ in levers})
    moving = find_moving(equations)
    _sort_tasks(program, steps, start, needs, moving)
    if measure is not None:
        _settle(program, moving)
    _place_rows(program, needs, moving)
    return program


def _sort_tasks(
    program: Program, steps: list[Task], start: list[Task], needs: Needs, moving: set[str]
) -> None:
    program.tasks = {(phase, varying): [] for phase in Phase for varying in (False, True)}

    def add(phase: Phase, task: Task) -> None:
        program.tasks[phase, task.variable.key in program.varying].append(task)

    for task in steps:
        phase = _phase(task.variable.key, needs, moving)
        if phase is not None:
            add(phase, task)
    for task in start:
        key = task.variable.key
        if key in needs.all if task.variable.kind is not Kind.AUXILIARY else key in needs.start & moving:
            add(Phase.START, task)
    for variable in program.equations.variables.values():
        if variable.kind in (Kind.STOCK, Kind.PIPE) and variable.key in needs.all:
            for piece in variable.pieces:
                add(Phase.UPDATE, Task(variable, piece))


def _settle(program: Program, moving: set[str]) -> None:
    """Work out once what never changes though other elements of its variable do."""
    for phase in (Phase.STEP, Phase.REPORT):
        tasks = program.tasks[phase, True]
        still = {t: None for t in tasks if not t.variable.initial and not moves(t.piece, moving)}
        program.tasks[Phase.CONSTANT, True] += still
        program.tasks[phase, True] = [task for task in tasks if task not in still]


def _phase(key: str, needs: Needs, moving: set[str]) -> Phase | None:
    """Say when an auxiliary is worked out; None if it is needed only at the start or not at all."""
    if key not in moving:
        return Phase.CONSTANT if key in needs.all else None
    if key in needs.step:
        return Phase.STEP
    return Phase.REPORT if key in needs.report else None


def _place_rows(program: Program, needs: Needs, moving: set[str]) -> None:
    """Give every needed variable its place."""
    sizes = dict.fromkeys(Region, 0)
    levers = {key for key, _ in program.levers}
    seen = needs.all | set(program.outputs) | levers
    for key, variable in program.equations.variables.items():
        if key not in seen:
            continue
        region = _region(variable, key in program.varying, key in moving)
        slot = Slot(region, sizes[region])
        sizes[region] += variable.size
        if variable.kind is Kind.PIPE and key in program.varying:
            slot.pipe = program.pipes_own
            program.pipes_own += variable.size * variable.length
        elif variable.kind is Kind.PIPE:
            slot.pipe = program.pipes_shared
            program.pipes_shared += variable.size * variable.length
        program.slots[key] = slot
    program.sizes = sizes


def _region(variable: Variable, varying: bool, moving: bool) -> Region:
    if variable.kind is Kind.CONSTANT:
        return Region.OWN if varying else Region.DATA
    fixed = variable.kind is Kind.HELD or not moving
    if not varying:
        return Region.SHARED if fixed else Region.TRACK
    if fixed:
        return Region.OWN
    return Region.WORK if variable.kind is Kind.AUXILIARY else Region.STOCK


def tables_used(program: Program) -> list[str]:
    """List the tables that some equation of the program reads, in a steady order."""
    found = {
        node.table
        for tasks in program.tasks.values()
        for task in tasks
        for node in walk(task.piece.expression)
        if isinstance(node, Lookup)
    }
    return [key for key in program.equations.tables if key in found]
