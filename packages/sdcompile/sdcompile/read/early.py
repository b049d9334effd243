"""Numbers that syntax comes to before any equation is defined: orders of delays, actions of VECTOR SELECT."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sdcompile.equations.expressions import Expression, Number
from sdcompile.equations.refusal import RefusedError
from sdcompile.read.parse import Definition
from sdcompile.read.static import Static
from sdcompile.read.translate import Translator

if TYPE_CHECKING:
    from sdcompile.read.builder import Builder


@dataclass(frozen=True)
class Early:
    """Works out a number from the equations it rests on, and freezes the constants among them.

    Attributes
    ----------
    model
        Where constants are frozen.
    elements
        Every equation of the model, by the key of its variable.
    moving
        Whether a number that moves during the run is taken as it is at the start; otherwise it is refused.
    """

    model: Builder
    elements: Mapping[str, list[Definition]]
    moving: bool = False

    def value(self, node: Any, what: str) -> float:
        """Return the number that a piece of syntax comes to; ``what`` says what the number is."""
        return self._value(node, what, ())

    def _value(self, node: Any, what: str, within: tuple[str, ...]) -> float:
        if isinstance(node, int | float):
            return float(node)
        names = set(_names(node))
        if not self.moving and "time" in names:
            raise RefusedError(f"{what} changes during the run", "Write a number")
        numbers = {name: self._named(name, what, within) for name in names}
        known: dict[str, Expression] = {name: Number(number) for name, number in numbers.items()}
        scope = Translator(self.model, "", (), {}, locals=known)
        static = Static(self.model.equations, numbers.get("time"), numbers.get("time_step"))
        return static.value(scope.expression(node), what)

    def _named(self, name: str, what: str, within: tuple[str, ...]) -> float:
        """Return what a variable without subscripts is; Time is INITIAL TIME."""
        wanted = "initial_time" if name == "time" else name
        found = self.elements.get(wanted, [])
        if len(found) == 1 and wanted not in within and _is_plain(found[0].tree):
            self.model.equations.frozen[wanted] = what
            return self._value(found[0].tree, what, (*within, wanted))
        raise RefusedError(f"{what} is not a number: it rests on {name!r}", "Write a number")


_OF_TIME = ("step", "ramp", "pulse", "pulse_train", "Xramp", "Xpulse", "Xpulse_train")


def _names(node: Any) -> Iterator[str]:
    """List the variables that syntax reads."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _names(item)
    elif type(node).__name__ == "CallStructure":
        yield from ("time", "time_step") if node.function.reference in _OF_TIME else ()
        yield from _names(node.arguments)
    elif type(node).__name__ == "ReferenceStructure":
        yield node.reference
    elif is_dataclass(node):
        for part in fields(node):
            yield from _names(getattr(node, part.name))


def _is_plain(syntax: Any) -> bool:
    """Say whether a value can be worked out without running the model."""
    plain = ("ReferenceStructure", "ArithmeticStructure", "LogicStructure", "CallStructure")
    return isinstance(syntax, int | float) or type(syntax).__name__ in plain
