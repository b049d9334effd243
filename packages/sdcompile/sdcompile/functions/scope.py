"""Scope of a function: the equation that calls it and the model around it, as far as it may look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sdcompile.equations.expressions import Axis, Expression, Reference
from sdcompile.equations.graph import ElementView, Kind, Variable


class RangeScope(Protocol):
    """Subscript ranges, as far as functions look at them."""

    elements: dict[str, tuple[str, ...]]

    def spelled(self, subscript: str) -> str:
        """Return a subscript as it was declared."""

    def range_named(self, name: str) -> str | None:
        """Return the declared spelling of a range, or None if it is no range."""


class ModelScope(Protocol):
    """The model around an equation."""

    xmile: bool
    pipes: list[tuple[Variable, Expression]]

    @property
    def always(self) -> Callable[[Any, str], float]:
        """Read from syntax a number that fixes the program."""

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Variables declared so far."""

    @property
    def ranges(self) -> RangeScope:
        """The subscript ranges."""

    def whole_number(self, node: Any, what: str) -> int:
        """Return a number that fixes the program, such as the order of a delay."""


class Scope(Protocol):
    """The equation in which a function stands: its loops, and what translates its parts."""

    axes: tuple[Axis, ...]
    loops: dict[str, Axis]

    @property
    def model(self) -> ModelScope:
        """The model around it."""

    def expression(self, node: Any) -> Expression:
        """Translate a part of PySD's syntax."""

    def value(self, node: Any) -> Expression:
        """Translate a part that is needed more than once."""

    def keep(self, expression: Expression) -> Expression:
        """Give an expression a hidden variable, unless it is plain already."""

    def store(self, expression: Expression, without: Axis | None = None) -> Reference:
        """Give an expression a hidden variable along all loops of the equation but one."""

    def hide(self, kind: Kind = Kind.AUXILIARY, axes: tuple[Axis, ...] | None = None) -> ElementView:
        """Add a variable that the modeller did not write."""

    def reducing_over(self, loops: Mapping[str, Axis]) -> Scope:
        """Open loops over elements to combine, in which no function may remember."""
