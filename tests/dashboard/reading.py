"""Read what a page of Dash says, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def words_of(content: Any) -> str:
    """All text of a component, in the order of the page, joined by blanks."""
    return " ".join(_texts(content))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str | int | float):
        yield str(content)
    elif isinstance(content, list | tuple):
        for each in content:
            yield from _texts(each)
    elif isinstance(content, Component):
        yield from _texts(getattr(content, "children", None))


def all_of(content: Any, kind: str) -> list[Component]:
    """Every component of a kind within another: ``all_of(page, "Tr")``."""
    if isinstance(content, list | tuple):
        return [found for each in content for found in all_of(each, kind)]
    if not isinstance(content, Component):
        return []
    mine = [content] if type(content).__name__ == kind else []
    return mine + all_of(getattr(content, "children", None), kind)


def rows_of(content: Any) -> list[list[str]]:
    """Text of every cell of the tables within a component, row by row, heads among them."""
    return [[words_of(cell) for cell in row.children] for row in _flat(all_of(content, "Tr"))]


def _flat(rows: list[Any]) -> list[Any]:
    for row in rows:
        row.children = [
            cell for part in row.children for cell in (part if isinstance(part, list | tuple) else [part])
        ]
    return rows
