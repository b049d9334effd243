"""Tables that a screen reader can walk through and a phone can scroll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria

Content = str | Component | Sequence[str | Component]


@dataclass(frozen=True)
class Row:
    """One row: what it is called, its cells, and how it stands out."""

    name: Content
    cells: Sequence[Content]
    kind: str = ""
    kinds: Sequence[str] = field(default_factory=tuple)


def table(caption: str, heads: Sequence[Content], rows: Sequence[Row], kind: str = "") -> html.Div:
    """Lay out rows under heads, the first that of the rows' names, in a region that scrolls sideways."""
    body = [
        html.Tr(
            [
                html.Th(row.name, scope="row"),
                *(
                    html.Td(cell, className=row.kinds[place] if row.kinds else None)
                    for place, cell in enumerate(row.cells)
                ),
            ],
            className=row.kind or None,
        )
        for row in rows
    ]
    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
                html.Tbody(body),
            ],
            className=kind or None,
        ),
        className="numbers",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def folded(summary: str, content: Component, is_open: bool = False) -> html.Details:
    """Put something behind a line that opens it."""
    return html.Details([html.Summary(summary), content], open=is_open, className="folded")


def small(text: str | Component, *below: str) -> list[str | Component]:
    """Lines in a cell, those below the first smaller; those in which there is nothing to say are left out."""
    return [text, *(html.Small(each) for each in below if each)]
