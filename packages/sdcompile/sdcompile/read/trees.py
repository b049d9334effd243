"""Syntax trees of PySD: their parts, the variables they refer to, and how they read as text.

PySD's nodes are dataclasses, told apart here by class name so that reading a model's names does not
import PySD.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import numpy as np

from sdcompile.names import same_name


class Reference(NamedTuple):
    """A variable named on the right-hand side, with the subscripts it is given there."""

    name: str
    subscripts: tuple[str, ...]


def kind_of(node: Any) -> str:
    """Class name of a node without PySD's ending: ``"Integ"``, ``"Call"``, ``"Reference"``."""
    return type(node).__name__.removesuffix("Structure")


def children(node: Any) -> list[Any]:
    """Direct parts of a node, in reading order; a number or a text has none."""
    if isinstance(node, (tuple, list)):
        return list(node)
    if is_dataclass(node):
        return [getattr(node, field.name) for field in fields(node)]
    return []


def walk(node: Any) -> Iterator[Any]:
    """Yield a node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def references(node: Any) -> list[Reference]:
    """Names referred to, functions and tables that are called included, in reading order."""
    return [reference(found) for found in walk(node) if kind_of(found) == "Reference"]


def reference(node: Any) -> Reference:
    """Name and subscripts of one reference node."""
    subscripts = tuple(node.subscripts.subscripts) if node.subscripts is not None else ()
    return Reference(same_name(node.reference), subscripts)


def called(node: Any) -> str:
    """Name of the function or table that a call node calls."""
    return same_name(node.function.reference)


def is_number(node: Any) -> bool:
    """Whether a node is a plain number."""
    return isinstance(node, (int, float, np.number)) and not isinstance(node, bool)


def render(node: Any) -> str:
    """Node as text, close to what the modeller typed."""
    if is_number(node):
        return f"{node:g}"
    kind = kind_of(node)
    if kind == "Reference":
        name, subscripts = reference(node)
        return f"{name}[{','.join(subscripts)}]" if subscripts else name
    if kind in ("Arithmetic", "Logic"):
        return _render_operators(node.operators, node.arguments)
    if kind == "Call":
        return f"{called(node).upper()}({', '.join(render(part) for part in node.arguments)})"
    if kind in ("Lookups", "ndarray", "str"):
        return "..."
    return f"{kind.upper()}({', '.join(render(part) for part in children(node) if part is not None)})"


def _render_operators(operators: list[str], arguments: tuple[Any, ...]) -> str:
    nested = [kind_of(part) in ("Arithmetic", "Logic") for part in arguments]
    parts = [
        f"({render(part)})" if inner else render(part) for part, inner in zip(arguments, nested, strict=True)
    ]
    if len(parts) == 1:
        return f"{'-' if operators[0] == 'negative' else operators[0] + ' '}{parts[0]}"
    tail = [f" {operator} {part}" for operator, part in zip(operators, parts[1:], strict=True)]
    return parts[0] + "".join(tail)
