"""Small pieces of Markdown that GitHub shows as they are meant: anchors, tables, marked parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sdcompile.errors import Fault, InputError


def anchor(heading: str) -> str:
    """Anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def link(name: str, page: str = "") -> str:
    """Link to the heading of a variable, here or on another page."""
    return f"[{name}]({page}#{anchor(name)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Table with a bar where a cell has one escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def mermaid(lines: Iterable[str]) -> str:
    """Picture as a block that GitHub draws."""
    return "\n".join(["```mermaid", *lines, "```"])


def number(value: float) -> str:
    """Write a number as short as can be without loss of what matters."""
    return f"{value:.10g}"


def with_part(text: str, name: str, part: str, where: str) -> str:
    """Replace the generated part of a page that is otherwise written by hand.

    Parameters
    ----------
    text
        The page, with ``<!-- generated: name -->`` and ``<!-- end of generated: name -->`` in it.
    name
        Which part.
    part
        What is to stand between the two lines.
    where
        The page as the user knows it.

    Raises
    ------
    InputError
        If the two lines are not there once each, in that order.
    """
    first, last = f"<!-- generated: {name} -->", f"<!-- end of generated: {name} -->"
    before, found, rest = text.partition(first)
    _, ended, after = rest.partition(last)
    if not (found and ended) or text.count(first) != 1 or text.count(last) != 1:
        remedy = f"Write the lines {first} and {last} once each, where the part belongs"
        raise InputError([Fault(where, name, "the lines that mark a generated part are missing", remedy)])
    return f"{before}{first}\n{part.strip()}\n{last}{after}"


def _cell(text: str) -> str:
    return " ".join(str(text).replace("|", "\\|").split())
