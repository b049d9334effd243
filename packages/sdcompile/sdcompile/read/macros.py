"""Macros: each call is written out as hidden variables with the dimensions of the equation that calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdcompile.equations.expressions import Expression
from sdcompile.equations.graph import Kind
from sdcompile.equations.refusal import RefusedError
from sdcompile.functions.stateful import fill_integ
from sdcompile.names import plain
from sdcompile.read.parse import MacroText

if TYPE_CHECKING:
    from sdcompile.read.translate import Translator

Writer = Callable[["Translator", Any], Expression]


def macro_writers(macros: Sequence[MacroText]) -> dict[str, Writer]:
    """Return, by the name of each macro, what writes out a call of it."""
    return {macro.name: _writer(macro) for macro in macros}


def _writer(macro: MacroText) -> Writer:
    def write(scope: Translator, node: Any) -> Expression:
        parameters = macro.parameters
        if len(parameters) != len(node.arguments):
            raise RefusedError(
                f"macro {macro.name} has {len(parameters)} parameters and is given {len(node.arguments)}",
                "Give one argument for each",
            )
        names = {p: scope.value(a) for p, a in zip(parameters, node.arguments, strict=True)}
        return _body(scope, macro, names)

    return write


def _body(scope: Translator, macro: MacroText, names: dict[str, Expression]) -> Expression:
    """Declare every variable of the macro, then define each; the result bears the macro's name."""
    elements = {plain(each.entry.name): each for each in macro.definitions}
    places = {}
    for key, element in elements.items():
        if element.component.subscripts[0]:
            raise RefusedError(
                f"{element.entry.name!r} in macro {macro.name} has subscripts", "Write it without a macro"
            )
        is_stock = type(element.tree).__name__ == "IntegStructure"
        places[key] = scope.hide(Kind.STOCK if is_stock else Kind.AUXILIARY)
    known = {**names, **{key: place.reference for key, place in places.items()}}
    inside = replace(scope, locals=known)
    for key, element in elements.items():
        syntax, place = element.tree, places[key]
        if place.variable.kind is Kind.STOCK:
            fill_integ(inside, syntax, place)
        else:
            place.variable.pieces.append(place.piece(inside.expression(syntax)))
    if macro.name not in places:
        raise RefusedError(f"macro {macro.name} does not define its result", "Define a variable of its name")
    return places[macro.name].reference
