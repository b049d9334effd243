"""Macros: each call is written out as hidden variables with the dimensions of the equation that calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdcompile.equations.expressions import Expression
from sdcompile.equations.graph import Kind
from sdcompile.equations.refusal import RefusedError
from sdcompile.names import plain

if TYPE_CHECKING:
    from sdcompile.read.translate import Translator

Writer = Callable[["Translator", Any], Expression]


def macro_writers(sections: list[Any]) -> dict[str, Writer]:
    """Return, by the name of each macro, what writes out a call of it."""
    return {plain(section.name): _writer(section) for section in sections}


def _writer(section: Any) -> Writer:
    def write(scope: Translator, node: Any) -> Expression:
        parameters = [plain(parameter) for parameter in section.params]
        if len(parameters) != len(node.arguments):
            raise RefusedError(
                f"macro {section.name} has {len(parameters)} parameters and is given {len(node.arguments)}",
                "Give one argument for each",
            )
        names = {p: scope.value(a) for p, a in zip(parameters, node.arguments, strict=True)}
        return _body(scope, section, names)

    return write


def _body(scope: Translator, section: Any, names: dict[str, Expression]) -> Expression:
    """Declare every variable of the macro, then define each; the result bears the macro's name."""
    elements = {plain(element.name): element for element in section.elements}
    places = {}
    for key, element in elements.items():
        if len(element.components) != 1 or element.components[0].subscripts[0]:
            raise RefusedError(
                f"{element.name!r} in macro {section.name} has subscripts", "Write it without a macro"
            )
        is_stock = type(element.components[0].ast).__name__ == "IntegStructure"
        places[key] = scope.hide(Kind.STOCK if is_stock else Kind.AUXILIARY)
    known = {**names, **{key: place.reference for key, place in places.items()}}
    inside = replace(scope, locals=known)
    for key, element in elements.items():
        syntax, place = element.components[0].ast, places[key]
        if place.variable.kind is Kind.STOCK:
            from sdcompile.functions.stateful import fill_integ

            fill_integ(inside, syntax, place)
        else:
            place.variable.pieces.append(place.piece(inside.expression(syntax)))
    result = plain(section.name)
    if result not in places:
        raise RefusedError(
            f"macro {section.name} does not define its result", "Define a variable of its name"
        )
    return places[result].reference
