"""Variables of a model while they are being defined, one at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sdcompile.arrays import Flags
from sdcompile.equations.expressions import (
    Along,
    Axis,
    CurrentTime,
    Expression,
    Fixed,
    Lookup,
    Number,
)
from sdcompile.equations.graph import (
    ElementView,
    Equations,
    Kind,
    Piece,
    Table,
    Variable,
    covered,
    everywhere,
    gaps_between,
)
from sdcompile.errors import Fault, InputError, RefusedError
from sdcompile.functions.stateful import fill_integ
from sdcompile.names import plain
from sdcompile.read import tables
from sdcompile.read.parse import Definition
from sdcompile.read.ranges import Ranges
from sdcompile.read.static import constant_values, fold
from sdcompile.read.tables import Component, Files
from sdcompile.read.translate import Translator


@dataclass
class Builder:
    """Collects the variables and tables of a model.

    Attributes
    ----------
    equations
        What has been built so far.
    ranges
        The subscript ranges.
    folder
        The model's folder.
    macros
        How to write a call of each macro of the model.
    xmile
        Whether the words are XMILE's: DT, and an array without subscripts means the element at hand.
    pipes
        Pipes whose length is still an expression.
    at_start, always
        Read from syntax a number that fixes the program: as it is at the start, or refused if it moves.
    """

    equations: Equations
    ranges: Ranges
    folder: Path
    macros: dict[str, Callable[[Translator, Any], Expression]] = field(default_factory=dict)
    xmile: bool = False
    pipes: list[tuple[Variable, Expression]] = field(default_factory=list)
    table_labels: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    at_start: Callable[[Any, str], float] = field(init=False)
    always: Callable[[Any, str], float] = field(init=False)

    @property
    def variables(self) -> dict[str, Variable]:
        """The variables so far."""
        return self.equations.variables

    @property
    def tables(self) -> dict[str, Table]:
        """The tables so far."""
        return self.equations.tables

    @property
    def files(self) -> Files:
        """Files beside the model."""
        return Files(self.folder, self.ranges, self.equations.files)

    def hide(self, owner: str, axes: tuple[Axis, ...], kind: Kind = Kind.AUXILIARY) -> ElementView:
        """Add a variable that a function needs."""
        key = f"_{len(self.variables)}"
        labels = tuple(tuple(str(place) for place in range(axis.size)) for axis in axes)
        dims = tuple(axis.name for axis in axes)
        variable = Variable(key, owner, dims, labels, kind, hidden=True)
        self.variables[key] = variable
        return everywhere(variable, axes)

    def inline_table(self, owner: str, lookups: Any) -> str:
        """Add the table of a WITH LOOKUP."""
        key = f"{owner} (table {len(self.tables)})"
        self.tables[key] = Table((), (tables.written_points(lookups),), lookups.type)
        return key

    def whole_number(self, node: Any, what: str) -> int:
        """Return a number that fixes the program, such as the order of a delay."""
        value = self.at_start(node, what)
        if value != int(value) or value < 1:
            raise RefusedError(f"{what} is {value:g}, not a whole number from 1", "Write a whole number")
        return int(value)

    def attempt(self, name: str, action: Callable[[], None]) -> None:
        """Do something for one variable, and note the fault if it is refused."""
        try:
            action()
        except RefusedError as refused:
            where = f"variable {name}"
            self.faults.append(Fault(self.equations.source, where, refused.problem, refused.remedy))

    def finish(self) -> None:
        """Raise every fault noted so far, if any."""
        if self.faults:
            raise InputError(self.faults)

    def declare(self, definitions: list[Definition]) -> None:
        """Give a variable or table its name and dimensions, so that equations can refer to it."""
        lists = [[self.ranges.spelled(s) for s in each.component.subscripts[0]] for each in definitions]
        if len({len(subscripts) for subscripts in lists}) != 1:
            raise RefusedError("its equations have different numbers of subscripts", "Write the same in each")
        dims = [name for name in self.ranges.dimensions(lists) if name is not None]
        if len(dims) != len(lists[0]):
            raise RefusedError(f"no range holds all the elements of {lists}", "Declare a range that does")
        labels = tuple(self.ranges.elements[name] for name in dims)
        entries = [each.entry for each in definitions]
        name, key = entries[0].name, plain(entries[0].name)
        if definitions[0].kind == "AbstractLookup":
            self.table_labels[key] = labels
            return
        units = next((entry.units for entry in entries if entry.units), "")
        sentence = next((entry.sentence for entry in entries if entry.sentence), "")
        self.variables[key] = Variable(key, name, tuple(dims), labels, units=units, documentation=sentence)

    def define_table(self, definitions: list[Definition]) -> None:
        """Read the points of a lookup variable."""
        name = definitions[0].entry.name
        labels = self.table_labels[plain(name)]
        components = self._components(definitions, labels)
        self.tables[plain(name)] = tables.read(self.files, name, labels, components)

    def define(self, definitions: list[Definition]) -> None:
        """Translate every equation of a variable."""
        variable = self.variables[plain(definitions[0].entry.name)]
        components = self._components(definitions, variable.labels)
        if all(component.is_series for component in components) and tables.cover(components, variable.shape):
            self._define_data(variable, components)
        elif {type(component.syntax).__name__ for component in components} == {"IntegStructure"}:
            self._define_stock(variable, components)
        else:
            self._define_values(variable, components)

    def _components(
        self, definitions: list[Definition], labels: tuple[tuple[str, ...], ...]
    ) -> list[Component]:
        """Resolve the left-hand sides; two equations for one element are refused."""
        components = [self._component(each.component, labels) for each in definitions]
        shape = tuple(len(elements) for elements in labels)
        owner = np.full(shape, -1)
        for place, component in enumerate(components):
            mine = covered(Piece(component.axes, component.index, Number(0.0), component.mask), shape)
            twice = mine & (owner >= 0)
            if twice.any():
                where = tuple(int(index[0]) for index in np.nonzero(twice)) if shape else ()
                element = ", ".join(labels[dim][index] for dim, index in enumerate(where))
                lines = (definitions[int(owner[where])].entry.line, definitions[place].entry.line)
                at = f", on lines {lines[0]} and {lines[1]}" if lines[0] != lines[1] else ""
                what = f"element {element} is" if element else "it is"
                raise RefusedError(f"{what} defined twice{at}", "Keep one definition")
            owner[mine] = place
        return components

    def _component(self, component: Any, labels: tuple[tuple[str, ...], ...]) -> Component:
        subscripts = [self.ranges.spelled(s) for s in component.subscripts[0]]
        loops: dict[str, Axis] = {}
        index: list[Fixed | Along] = []
        for subscript, elements in zip(subscripts, labels, strict=True):
            if self.ranges.is_element(subscript):
                index.append(Fixed(elements.index(subscript)))
                continue
            members = self.ranges.elements[subscript]
            loops[subscript] = Axis(subscript, len(members))
            index.append(Along(loops[subscript], tuple(elements.index(member) for member in members)))
        if len(loops) != sum(isinstance(part, Along) for part in index):
            raise RefusedError("the left-hand side uses one range twice", "Use a copy of the range")
        axes = tuple(loops.values())
        mask = self._mask(subscripts, component.subscripts[1], axes)
        keyword = getattr(component, "keyword", None)
        return Component(subscripts, axes, tuple(index), mask, loops, component.ast, keyword)

    def _mask(
        self, subscripts: list[str], exceptions: list[list[str]], axes: tuple[Axis, ...]
    ) -> Flags | None:
        """Turn :EXCEPT: into the steps of the loops that stay."""
        if not exceptions:
            return None
        mask = np.ones([axis.size for axis in axes], dtype=bool)
        for exception in exceptions:
            away: list[list[int]] = []
            for subscript, without in zip(subscripts, exception, strict=True):
                out = self._members(self.ranges.spelled(without))
                members = self._members(subscript)
                steps = [step for step, member in enumerate(members) if member in out]
                if not self.ranges.is_element(subscript):
                    away.append(steps)
                elif not steps:
                    break
            else:
                mask[np.ix_(*away)] = False
        return mask

    def _members(self, subscript: str) -> list[str]:
        return [subscript] if self.ranges.is_element(subscript) else list(self.ranges.elements[subscript])

    def _define_data(self, variable: Variable, components: list[Component]) -> None:
        self.tables[variable.key] = tables.read(self.files, variable.name, variable.labels, components)
        axes = tuple(Axis(name, len(e)) for name, e in zip(variable.dims, variable.labels, strict=True))
        whole = everywhere(variable, axes)
        variable.pieces.append(whole.piece(Lookup(variable.key, whole.index, CurrentTime())))

    def _define_stock(self, variable: Variable, components: list[Component]) -> None:
        variable.kind = Kind.STOCK
        for component in components:
            fill_integ(self._scope(variable, component), component.syntax, component.of(variable))
        variable.pieces = self._settle(variable, variable.pieces)
        variable.initial = self._settle(variable, variable.initial)

    def _define_values(self, variable: Variable, components: list[Component]) -> None:
        pieces: list[Piece] = []
        for component in components:
            values = tables.literal(self.files, variable.name, component)
            if component.is_series:
                expression: Expression = self._series(variable, component)
            elif values is None:
                expression = fold(self._scope(variable, component).expression(component.syntax))
            else:
                hidden = self.hide(variable.name, component.axes, Kind.CONSTANT)
                hidden.variable.values = values
                expression = hidden.reference
            pieces.append(component.of(variable).piece(expression))
        variable.pieces = self._settle(variable, pieces)
        whole = constant_values(self.equations, variable)
        if whole is not None and not variable.gaps:
            variable.kind, variable.values, variable.pieces = Kind.CONSTANT, whole, []

    def _series(self, variable: Variable, component: Component) -> Lookup:
        """Read the data of one equation among others into a table of its own."""
        key = f"{variable.name} (table {len(self.tables)})"
        axes = component.axes
        labels = tuple(tuple(str(step) for step in range(axis.size)) for axis in axes)
        index = tuple(axis.along for axis in axes)
        alone = replace(component, index=index)
        self.tables[key] = tables.read(self.files, variable.name, labels, [alone])
        return Lookup(key, index, CurrentTime())

    def _settle(self, variable: Variable, pieces: list[Piece]) -> list[Piece]:
        """Add an equation for elements without one: they are not a number, as in PySD."""
        gaps = gaps_between(pieces, variable.shape)
        if not gaps.any():
            return pieces
        variable.gaps = True
        axes = tuple(Axis(name, len(e)) for name, e in zip(variable.dims, variable.labels, strict=True))
        place = everywhere(variable, axes)
        return [*pieces, Piece(axes, place.index, Number(math.nan), gaps)]

    def _scope(self, variable: Variable, component: Component) -> Translator:
        return Translator(self, variable.name, component.axes, component.loops)
