"""Parts that the pages on people and on the model share: a chart with its words and numbers, a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria

CONFIG: dict[str, Any] = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True}
BLUE, ORANGE, PURPLE, TEAL, GREY = "#1a76d2", "#cf6a14", "#a855a8", "#14897f", "#7d8790"
"""Seen on white and on the dark ground alike (3 to 1 at least); lines differ by dash or marker as well."""

INK, GRID = "#495057", "rgba(125, 135, 144, 0.35)"
"""Letters are coloured by the style sheet, light or dark; this is what a downloaded picture has."""


def figure(traces: Sequence[Any], **layout: Any) -> go.Figure:
    """Return a figure that sits on the page's own ground, without a title: the page writes that."""
    drawn = go.Figure(list(traces))
    drawn.update_layout(
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Arial, Helvetica, sans-serif", "size": 14, "color": INK},
        margin={"l": 8, "r": 8, "t": 8, "b": 40},
        hoverlabel={"font": {"family": "Arial, Helvetica, sans-serif", "size": 14}},
        showlegend=False,
        dragmode=False,
    )
    axis = {"automargin": True, "gridcolor": GRID, "zerolinecolor": GREY, "fixedrange": True, "ticks": ""}
    drawn.update_xaxes(**axis)
    drawn.update_yaxes(**axis)
    drawn.update_layout(**layout)
    return drawn


def chart(
    name: str, drawn: go.Figure, title: str, unit: str, source: str, numbers: Component, height: int = 380
) -> html.Div:
    """Return a chart with the question it answers as title, its unit, source, and numbers as a table.

    Parameters
    ----------
    name
        Id of the graph.
    drawn
        The figure.
    title, unit, source
        In a reader's words.
    numbers
        From `table`.
    height
        Pixels.
    """
    return html.Div(
        [
            html.H2(title, id=f"{name}-title", className="parts-title"),
            html.P(unit, className="parts-unit"),
            html.Div(
                dcc.Graph(
                    id=name, figure=drawn, config=CONFIG, style={"height": f"{height}px"}, responsive=True
                ),
                role="img",
                **aria(labelledby=f"{name}-title"),
            ),
            html.P(source, className="parts-source"),
            html.Details([html.Summary("Numbers"), numbers]),
        ],
        className="parts-chart",
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> html.Div:
    """Return a table whose first cell of a row says what the row is; wide ones scroll by themselves."""
    lines = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
                html.Tbody(lines),
            ]
        ),
        className="parts-table",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def whole(value: float) -> str:
    """Write a number of people: ``1,234``."""
    return f"{value:,.0f}"


def signed(value: float, digits: int = 1) -> str:
    """Write a change in per cent with its sign: ``+4.1%``, ``−0.3%``; nothing has none."""
    text = f"{100 * value:+.{digits}f}%"
    return text.replace("-", "−") if text.strip("+-0.%") else text.lstrip("+-")
