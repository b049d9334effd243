"""Equations as nested loops over elements, one number at a time, in a language that a subclass knows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

from sdcompile.equations.expressions import (
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
    free_axes,
    move,
    walk,
)
from sdcompile.equations.graph import Kind, Piece, Variable
from sdcompile.functions.registry import CONDITIONS, OPERATIONS
from sdcompile.plan.data import Data
from sdcompile.plan.order import Task
from sdcompile.plan.program import Phase, Program, Region

COMPARE = {each.name: each.infix for each in OPERATIONS.values() if each.infix and each.condition}
INFIX = {each.name: each.infix for each in OPERATIONS.values() if each.infix and not each.condition}


@dataclass(frozen=True)
class Code:
    """A piece of text, whether its value differs between runs, and whether it is true-or-false."""

    text: str
    varying: bool = False
    condition: bool = False


@dataclass
class Names:
    """The integer tables and rows of totals a text refers to, and fresh names."""

    lists: dict[tuple[int, ...], str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def table(self, values: tuple[int, ...]) -> str:
        """Name a list of integers; the same list keeps its name."""
        return self.lists.setdefault(values, f"I{len(self.lists)}")

    def fresh(self, prefix: str) -> str:
        """Return a name not used before."""
        self.count += 1
        return f"{prefix}{self.count}"


class LoopWriter(ABC):
    """Writes tasks as loops; the text of loops and operations comes from a subclass."""

    nan: str
    infinity: str

    def __init__(self, program: Program, data: Data) -> None:
        self.program = program
        self.data = data
        self.names = Names()
        self.variables = program.equations.variables

    # What a language has to say.

    @abstractmethod
    def _loop(self, name: str, size: int) -> str:
        """Open a loop."""

    @abstractmethod
    def _declare(self, name: str, value: str, varying: bool) -> str:
        """Declare a number."""

    @abstractmethod
    def _keep(self, name: str, code: Code) -> str:
        """Name a value that does not change."""

    @abstractmethod
    def _row(self, name: str, totals: list[Code]) -> str:
        """Put totals in a row, to be read by their place in it."""

    @abstractmethod
    def _operation(self, name: str, arguments: list[Code]) -> str:
        """Write an operation on numbers."""

    @abstractmethod
    def _condition(self, name: str, arguments: list[Code]) -> str:
        """Write a comparison or a joining of conditions."""

    @abstractmethod
    def _lookup(self, places: str, method: int, argument: Code) -> str:
        """Write the reading of a table."""

    @abstractmethod
    def _number_of(self, code: Code) -> str:
        """Turn a condition into 1 or 0."""

    @abstractmethod
    def _spread(self, text: str) -> str:
        """Turn a number that all runs share into one for each run."""

    # Loops.

    def task(self, task: Task, phase: Phase) -> list[str]:
        """Write one equation."""
        variable, piece = task.variable, task.piece
        loops = {axis: self.names.fresh("i") for axis in piece.axes}
        levels: list[list[str]] = [[] for _ in range(len(piece.axes) + 1)]
        code = self.value(piece.expression, loops, levels)
        varying = variable.key in self.program.varying
        text = self._spread(code.text) if varying and not code.varying else code.text
        body = self._guarded(piece, loops, self._store(variable, piece, loops, text, phase))
        lines = list(levels[0])
        for depth, axis in enumerate(piece.axes):
            lines.append(self._loop(loops[axis], axis.size))
            lines += levels[depth + 1]
        named = f"// {variable.name}".replace("\\", "/")
        return [named, *lines, *body, *["}"] * len(piece.axes)]

    def _guarded(self, piece: Piece, loops: dict[Axis, str], body: list[str]) -> list[str]:
        if piece.mask is None:
            return body
        flags = tuple(int(flag) for flag in piece.mask.ravel())
        terms, stride = [], 1
        for axis in reversed(piece.axes):
            terms.append(f"{loops[axis]}*{stride}")
            stride *= axis.size
        return [f"if ({self.names.table(flags)}[{'+'.join(terms) or '0'}]) {{", *body, "}"]

    def _store(
        self, variable: Variable, piece: Piece, loops: dict[Axis, str], text: str, phase: Phase
    ) -> list[str]:
        slot = self.program.slots[variable.key]
        target = f"{self.array(slot.region, phase)}[{self.flat(variable, piece.index, loops, slot.offset)}]"
        if variable.kind is not Kind.PIPE:
            return [f"{target} = {text};"]
        element = self.flat(variable, piece.index, loops, 0)
        queue = f"queue[{slot.pipe}+({element})*{variable.length}"
        if phase is Phase.START:
            step = self.names.fresh("q")
            fill = [self._loop(step, variable.length), f"{queue}+{step}] = {target};", "}"]
            return [f"{target} = {text};", *fill]
        here, after = f"step%{variable.length}", f"(step+1)%{variable.length}"
        return [f"{queue}+{here}] = {text};", f"{target} = {queue}+{after}];"]

    def array(self, region: Region, phase: Phase) -> str:
        """Name the array that a phase writes: the next value of a stock goes beside the present one."""
        if phase is Phase.UPDATE:
            return {Region.STOCK: "next", Region.TRACK: "after"}[region]
        return region.value

    def flat(self, variable: Variable, index: Index, loops: dict[Axis, str], offset: int) -> str:
        """Write the place of an element in its region."""
        terms, stride = [], 1
        for part, extent in zip(reversed(index), reversed(variable.shape), strict=True):
            if isinstance(part, Fixed):
                offset += part.position * stride
            else:
                first, step = part.positions[0], _even_step(part.positions)
                if step is None:
                    terms.append(_times(f"{self.names.table(part.positions)}[{loops[part.axis]}]", stride))
                else:
                    offset += first * stride
                    if step:
                        terms.append(_times(loops[part.axis], stride * step))
            stride *= extent
        if offset or not terms:
            terms.append(str(offset))
        return "+".join(terms)

    # Values.

    def value(self, node: Expression, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        """Write an expression as a number; reductions in it become statements at the level they need."""
        code = self._code(node, loops, levels)
        return Code(self._number_of(code), code.varying) if code.condition else code

    def test(self, node: Expression, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        """Write an expression as a condition: any number but zero is true."""
        code = self._code(node, loops, levels)
        if code.condition:
            return code
        return Code(self._condition("ne", [code, Code("0.0")]), code.varying, True)

    def _code(self, node: Expression, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        if isinstance(node, Number):
            return Code(self.literal(node.value))
        if isinstance(node, CurrentTime):
            return Code("time")
        if isinstance(node, StepLength):
            return Code("time_step")
        if isinstance(node, Reference):
            return self._reference(node, loops)
        if isinstance(node, Position):
            return Code(f"{self.names.table(node.values)}[{loops[node.axis]}]")
        if isinstance(node, Lookup):
            return self._reading(node, loops, levels)
        if isinstance(node, Reduction):
            return self._reduction(node, loops, levels)
        return self._call(node, loops, levels)

    def literal(self, value: float) -> str:
        """Write a number so that it reads back the same."""
        if value != value:
            return self.nan
        if value in (float("inf"), float("-inf")):
            return self.infinity if value > 0 else f"(-{self.infinity})"
        return f"({value!r})" if value < 0 else repr(value)

    def _reference(self, node: Reference, loops: dict[Axis, str]) -> Code:
        variable, slot = self.variables[node.variable], self.program.slots[node.variable]
        place = self.flat(variable, node.index, loops, slot.offset)
        return Code(f"{slot.region.value}[{place}]", node.variable in self.program.varying)

    def _reading(self, node: Lookup, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        argument = self.value(node.argument, loops, levels)
        table, places = self.program.equations.tables[node.table], self.data.tables[node.table]
        shape = Variable("", "", labels=tuple(("",) * extent for extent in table.shape))
        element = self.flat(shape, node.index, loops, 0)
        if element.isdigit():
            first, points = places.places[int(element)]
            where = f"{first}, {points}"
        else:
            firsts = self.names.table(tuple(first for first, _ in places.places))
            counts = self.names.table(tuple(points for _, points in places.places))
            where = f"{firsts}[{element}], {counts}[{element}]"
        return Code(self._lookup(where, places.method, argument), argument.varying)

    def _reduction(self, node: Reduction, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        level = _level(node, loops, len(levels))
        inner = {axis: self.names.fresh("r") for axis in node.axes}
        across = list(loops)[level - 1] if level == len(levels) - 1 and level > 0 else None
        if across is None or not _gains_from_rows(node, across):
            lines, totals = self._added(node, [node.argument], loops | inner)
            levels[level].extend(lines)
            return totals[0]
        arguments = [move(node.argument, {across: Fixed(step)}) for step in range(across.size)]
        lines, totals = self._added(node, arguments, loops | inner)
        row = self.names.fresh("s")
        self.names.rows[row] = across.size
        levels[level - 1].extend([*lines, self._row(row, totals)])
        return Code(f"{row}[{loops[across]}]", totals[0].varying)

    def _added(
        self, node: Reduction, arguments: list[Expression], loops: dict[Axis, str]
    ) -> tuple[list[str], list[Code]]:
        """Write the loops of a reduction over several arguments at once: none waits for another."""
        start = {"sum": 0.0, "prod": 1.0, "vmin": float("inf"), "vmax": float("-inf")}[node.kind]
        operation = {"sum": "add", "prod": "multiply", "vmin": "min", "vmax": "max"}[node.kind]
        head: list[str] = []
        body: list[str] = []
        totals: list[Code] = []
        for each in arguments:
            argument = self.value(each, loops, [body])
            total = Code(self.names.fresh("t"), argument.varying)
            head.append(self._declare(total.text, self.literal(start), argument.varying))
            body.append(f"{total.text} = {self._operation(operation, [total, argument])};")
            totals.append(total)
        opened = [self._loop(loops[axis], axis.size) for axis in node.axes]
        return [*head, *opened, *body, *["}"] * len(node.axes)], totals

    def _call(self, node: Call, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        """Write an operation; what does not depend on the inner loops is worked out before them."""
        level = _level(node, loops, len(levels))
        code = self._operated(node, loops, levels[: level + 1])
        if code.condition or level == len(levels) - 1:
            return code
        name = self.names.fresh("h")
        levels[level].append(self._keep(name, code))
        return Code(name, code.varying)

    def _operated(self, node: Call, loops: dict[Axis, str], levels: list[list[str]]) -> Code:
        name = node.operation
        if name in ("and", "or", "not"):
            tests = [self.test(argument, loops, levels) for argument in node.arguments]
            return Code(self._condition(name, tests), any(test.varying for test in tests), True)
        if name == "select":
            first = self.test(node.arguments[0], loops, levels)
            arguments = [first, *[self.value(a, loops, levels) for a in node.arguments[1:]]]
        else:
            arguments = [self.value(argument, loops, levels) for argument in node.arguments]
        varying = any(argument.varying for argument in arguments)
        if name == "power" and node.arguments[1] == Number(2.0):
            return Code(self._operation("square", arguments[:1]), varying)
        if name in CONDITIONS:
            return Code(self._condition(name, arguments), varying, True)
        return Code(self._operation(name, arguments), varying)


MOST_TOTALS = 12
"""So many totals at most are kept in registers at a time."""

FEWEST_TERMS = 8
"""A sum of fewer terms is short enough to be written out by the compiler."""


def _gains_from_rows(node: Reduction, across: Axis) -> bool:
    """Say whether to work out a sum for all elements of an axis at once.

    Each addition waits for the one before it, so that sums side by side take little longer than one. No
    total is added up in another order.
    """
    plain = all(
        isinstance(each, Reference | Number) or (isinstance(each, Call) and each.operation in INFIX)
        for each in walk(node.argument)
    )
    terms = prod(axis.size for axis in node.axes)
    return plain and terms >= FEWEST_TERMS and across.size <= MOST_TOTALS


def _level(node: Expression, loops: dict[Axis, str], levels: int) -> int:
    """Find the outermost loop inside which an expression can stand."""
    if levels == 1:
        return 0
    used = free_axes(node)
    depths = [depth for depth, axis in enumerate(list(loops)[: levels - 1], start=1) if axis in used]
    return max(depths, default=0)


def _even_step(positions: tuple[int, ...]) -> int | None:
    """Return the step of evenly spaced positions; None when they are not even."""
    if len(positions) == 1:
        return 0
    step = positions[1] - positions[0]
    even = all(b - a == step for a, b in pairwise(positions))
    return step if even and step >= 0 else None


def _times(text: str, factor: int) -> str:
    return text if factor == 1 else f"{text}*{factor}"
