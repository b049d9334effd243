"""Equations in NumPy: whole arrays at a time, the runs along the last dimension."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdcompile.equations.expressions import (
    Along,
    Axis,
    Call,
    CurrentTime,
    Expression,
    Fixed,
    Index,
    Lookup,
    Number,
    Position,
    Reduction,
    Reference,
    StepLength,
    is_whole,
)
from sdcompile.equations.graph import Kind, Piece, Variable, references
from sdcompile.functions.registry import OPERATIONS
from sdcompile.plan.data import Data
from sdcompile.plan.order import Task
from sdcompile.plan.program import Phase, Program, Region

_INFIX = {each.name: each.infix for each in OPERATIONS.values() if each.infix and each.name != "divide"}
"""Signs; a division by zero must not stop, so it is a function."""

_REDUCE = {"sum": "sum", "prod": "prod", "vmin": "min", "vmax": "max"}


@dataclass(frozen=True)
class Value:
    """A piece of text, the axes its array really has, and whether it differs between runs.

    Every array has one dimension for each axis in scope (of size one where it lacks the axis) and one for
    runs; ``plain`` says that the text is a Python number and no array.
    """

    text: str
    axes: frozenset[Axis] = frozenset()
    varying: bool = False
    plain: bool = False
    fresh: bool = True


@dataclass
class NumpyWriter:
    """Writes one function, ``run``, that works out a block of runs."""

    program: Program
    data: Data
    constants: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Write the whole module."""
        body = self._body()
        constants = [f"  {name!r}: {text}," for text, name in self.constants.items()]
        arguments = "own, levers, times, row_of, time_step, runs, out, watch"
        head = ["def prepare(data):", " return {", "  'data': data,", *constants, " }"]
        return "\n".join([*head, f"def run({arguments}):", *body, ""])

    def _body(self) -> list[str]:
        lines = [f" {self._make(variable)}" for variable in self.program.used]
        for place, (key, element) in enumerate(self.program.levers):
            lines.append(f" {_name(key)}.reshape(-1, runs)[{element}] = levers[{place}]")
        lines.append(" time = times[0]")
        lines += self._phase(Phase.CONSTANT, " ", "0") + self._phase(Phase.START, " ", "0")
        for variable in self.program.used:
            if variable.kind is Kind.PIPE:
                name = _name(variable.key)
                lines.append(f" {name}_queue = [{name}.copy() for _ in range({variable.length})]")
        lines += [" last = len(times) - 1", " for step in range(last + 1):", "  time = times[step]"]
        lines += self._phase(Phase.STEP, "  ", "step")
        lines += ["  if row_of[step] >= 0:", *self._phase(Phase.REPORT, "   ", "step"), *self._stores()]
        lines.append("  if step == last: break")
        carried = self.program.stocks(False) + self.program.stocks(True)
        lines += [f"  {_name(v.key)}_next = np.empty_like({_name(v.key)})" for v in carried]
        lines += self._phase(Phase.UPDATE, "  ", "step + 1")
        return lines + [f"  {line}" for variable in carried for line in _carry(variable)]

    def _phase(self, phase: Phase, indent: str, when: str) -> list[str]:
        tasks = self._tasks(phase)
        last = {task.variable.key: task for task in tasks}
        lines: list[str] = []
        for task in tasks:
            lines.append(indent + self._task(task, phase))
            if last[task.variable.key] is task and not task.variable.gaps:
                lines.append(f"{indent}if watch: {self._watch(task.variable, phase, when)}")
        return lines

    def _tasks(self, phase: Phase) -> list[Task]:
        return self.program.tasks[phase, False] + self.program.tasks[phase, True]

    def _make(self, variable: Variable) -> str:
        """Make the array of a variable: a view of the data, or room for it."""
        slot, name = self.program.slots[variable.key], _name(variable.key)
        shape = "".join(f"{extent}, " for extent in variable.shape)
        runs = "runs" if variable.key in self.program.varying else "1"
        span = f"[{slot.offset}:{slot.offset + variable.size}].reshape({shape}1)"
        if slot.region is Region.DATA:
            return f"{name} = data{span}"
        if variable.kind is Kind.CONSTANT:
            return f"{name} = np.broadcast_to(own{span}, ({shape}runs)).copy()"
        return f"{name} = np.full(({shape}{runs}), np.nan)"

    def _stores(self) -> list[str]:
        lines, place = ["   row = row_of[step]"], 0
        for key in self.program.outputs:
            variable = self.program.equations.variables[key]
            source = f"{_name(key)}.reshape({variable.size}, -1)"
            lines.append(f"   out[row, {place}:{place + variable.size}] = {source}")
            place += variable.size
        return lines

    def moment(self, variable: Variable) -> str:
        """Write a function that works out one variable, a stock one step on, from values of all others."""
        name = _name(variable.key)
        shape = "".join(f"{extent}, " for extent in variable.shape)
        read = {reference.variable for piece in variable.pieces for reference in references(piece)}
        body = [f" {_name(key)} = np.asarray(values[{key!r}])[..., None]" for key in sorted(read)]
        body.append(f" {name}_next = np.full(({shape}1), np.nan)")
        body += [f" {self._task(Task(variable, piece), Phase.UPDATE)}" for piece in variable.pieces]
        constants = [f"  {found!r}: {text}," for text, found in self.constants.items()]
        head = ["def prepare(data):", " return {", *constants, " }"]
        return "\n".join(
            [*head, "def run(values, time, time_step, runs):", *body, f" return {name}_next[..., 0]", ""]
        )

    # One equation.

    def _task(self, task: Task, phase: Phase) -> str:
        variable, piece = task.variable, task.piece
        value = self._value(piece.expression, list(piece.axes))
        varying = variable.key in self.program.varying
        return self._assign(_written(variable, phase), variable, piece, value, varying)

    def _watch(self, variable: Variable, phase: Phase, when: str) -> str:
        """Show a variable, once all its equations are worked out: until then some elements are missing."""
        return f"watch({variable.key!r}, {_written(variable, phase)}, {when})"

    def _assign(self, name: str, variable: Variable, piece: Piece, value: Value, varying: bool) -> str:
        whole = piece.mask is None and is_whole(piece.index, variable.shape)
        if (
            whole
            and value.fresh
            and not value.plain
            and value.axes == set(piece.axes)
            and value.varying == varying
        ):
            return f"{name} = {value.text}"
        where = "..." if whole else self._target(piece.index)
        if piece.mask is None:
            return f"{name}[{where}] = {value.text}"
        mask = self._constant(f"np.array({piece.mask.tolist()}).reshape({(*piece.shape, 1)})")
        return f"{name}[{where}] = np.where({mask}, {value.text}, {name}[{where}])"

    def _target(self, index: Index) -> str:
        """Index the elements a piece defines, with lists for every dimension so that none moves."""
        along = [part for part in index if isinstance(part, Along)]
        parts: list[str] = []
        for part in index:
            if isinstance(part, Fixed):
                parts.append(str(part.position))
            else:
                shape = [-1 if part is other else 1 for other in along]
                parts.append(self._constant(f"np.array({list(part.positions)}).reshape({shape})"))
        return ", ".join(parts)

    def _constant(self, text: str) -> str:
        return self.constants.setdefault(text, f"C{len(self.constants)}")

    # Expressions.

    def _value(self, node: Expression, scope: list[Axis]) -> Value:
        if isinstance(node, Number):
            return Value(_literal(node.value), plain=True)
        if isinstance(node, CurrentTime | StepLength):
            return Value("time" if isinstance(node, CurrentTime) else "time_step", plain=True)
        if isinstance(node, Position):
            shape = [axis.size if axis is node.axis else 1 for axis in scope]
            text = self._constant(f"np.array({list(map(float, node.values))}).reshape({[*shape, 1]})")
            return Value(text, frozenset([node.axis]), fresh=False)
        if isinstance(node, Reference):
            return self._reference(node, scope)
        if isinstance(node, Lookup):
            return self._lookup(node, scope)
        if isinstance(node, Reduction):
            return self._reduction(node, scope)
        return self._call(node, scope)

    def _reference(self, node: Reference, scope: list[Axis]) -> Value:
        """Take elements, put their dimensions in the order of the scope, and widen to all of it."""
        text = _name(node.variable)
        shape = self.program.equations.variables[node.variable].shape
        slices: list[str] = []
        for dimension, part in enumerate(node.index):
            if isinstance(part, Fixed):
                slices.append(str(part.position))
                continue
            span = _span(part.positions, shape[dimension])
            if span is None:
                positions = self._constant(f"np.array({list(part.positions)})")
                text += f".take({positions}, axis={dimension})"
            slices.append(span or ":")
        axes = [part.axis for part in node.index if isinstance(part, Along)]
        if any(part != ":" for part in slices):
            text += f"[{', '.join(slices)}]"
        ordered = [axis for axis in scope if axis in axes]
        if ordered != axes:
            text += f".transpose({[*[axes.index(axis) for axis in ordered], len(axes)]})"
        wide = [":" if axis in axes else "None" for axis in scope]
        if "None" in wide:
            text += f"[{', '.join(wide)}, :]"
        return Value(text, frozenset(axes), node.variable in self.program.varying, fresh=False)

    def _lookup(self, node: Lookup, scope: list[Axis]) -> Value:
        argument = self._value(node.argument, scope)
        place = self.data.tables[node.table]
        grid = self._constant(f"grid(data, {place.places}, {place.method})")
        shape = self.program.equations.tables[node.table].shape
        elements = self._elements(node.index, shape, scope)
        own = frozenset(part.axis for part in node.index if isinstance(part, Along))
        return Value(f"{grid}.read({elements}, {argument.text})", argument.axes | own, argument.varying)

    def _elements(self, index: Index, shape: tuple[int, ...], scope: list[Axis]) -> str:
        """Write the flat element of a table for each step of the axes in scope."""
        terms, stride = ["0"], 1
        for part, extent in zip(reversed(index), reversed(shape), strict=True):
            if isinstance(part, Fixed):
                terms.append(str(part.position * stride))
            else:
                wide = [axis.size if axis is part.axis else 1 for axis in scope]
                terms.append(f"np.array({[p * stride for p in part.positions]}).reshape({[*wide, 1]})")
            stride *= extent
        return self._constant(f"np.reshape({' + '.join(terms)}, {[*self._extents(index, scope), 1]})")

    def _extents(self, index: Index, scope: list[Axis]) -> list[int]:
        along = {part.axis for part in index if isinstance(part, Along)}
        return [axis.size if axis in along else 1 for axis in scope]

    def _reduction(self, node: Reduction, scope: list[Axis]) -> Value:
        inner = [*scope, *node.axes]
        value = self._value(node.argument, inner)
        text = value.text
        if value.plain or not set(node.axes) <= value.axes:
            sizes = [axis.size if axis in value.axes or axis in node.axes else 1 for axis in inner]
            runs = "runs" if value.varying else "1"
            text = f"np.broadcast_to({text}, ({''.join(f'{size}, ' for size in sizes)}{runs}))"
        dimensions = tuple(range(len(scope), len(inner)))
        reduced = f"({text}).{_REDUCE[node.kind]}(axis={dimensions})"
        return Value(reduced, value.axes - set(node.axes), value.varying)

    def _call(self, node: Call, scope: list[Axis]) -> Value:
        values = [self._value(argument, scope) for argument in node.arguments]
        texts = [value.text for value in values]
        if node.operation in _INFIX:
            text = f"({texts[0]} {_INFIX[node.operation]} {texts[1]})"
        else:
            text = f"{OPERATIONS[node.operation].numpy}({', '.join(texts)})"
        axes = frozenset(axis for value in values for axis in value.axes)
        return Value(text, axes, any(v.varying for v in values), all(v.plain for v in values))


def _written(variable: Variable, phase: Phase) -> str:
    return _name(variable.key) + ("_next" if phase is Phase.UPDATE else "")


def _carry(variable: Variable) -> list[str]:
    """Move a stock or pipe on to its next value."""
    name = _name(variable.key)
    if variable.kind is not Kind.PIPE:
        return [f"{name} = {name}_next"]
    here, after = f"step % {variable.length}", f"(step + 1) % {variable.length}"
    return [f"{name}_queue[{here}] = {name}_next", f"{name} = {name}_queue[{after}]"]


def _name(key: str) -> str:
    """Spell a variable as a Python name, one to one."""
    return "v_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in key)


def _literal(value: float) -> str:
    if value != value:
        return "np.nan"
    if value in (float("inf"), float("-inf")):
        return "np.inf" if value > 0 else "(-np.inf)"
    return f"({value!r})"


def _span(positions: tuple[int, ...], extent: int) -> str | None:
    """Write consecutive positions as a slice; None when they are not consecutive."""
    first, last = positions[0], positions[-1]
    if positions != tuple(range(first, last + 1)):
        return None
    return ":" if (first, last + 1) == (0, extent) else f"{first}:{last + 1}"
