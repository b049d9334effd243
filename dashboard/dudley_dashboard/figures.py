"""Frame of every chart made with Plotly: question, unit, picture, table of numbers, source."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dudley_dashboard.parts import aria, data

INK, SOFT, GRID = "#212b32", "#4c6272", "#e8edee"
"""Of pictures saved from the page, which are light; on the page ``base.css`` follows light and dark."""

LINES: tuple[tuple[str, str, str], ...] = (
    ("#2c7fd0", "solid", "circle"),
    ("#7f8b93", "dash", "square"),
    ("#c8660a", "dot", "diamond"),
    ("#8a63c9", "dashdot", "triangle-up"),
    ("#1f8a5b", "longdash", "cross"),
    ("#c84a7d", "longdashdot", "x"),
)
"""Colour, dash and marker of a line by its place: told apart without colour too, 3:1 on light and dark."""


CONFIG: Any = {"displayModeBar": False, "responsive": True}
"""Without Plotly's own bar: its buttons have no words, and one of them sends the chart to a public site."""

HEIGHT = 320


def blank(height: int = HEIGHT) -> go.Figure:
    """Return a figure without data, in our letters, that follows light and dark through ``base.css``."""
    axis = {"gridcolor": GRID, "linecolor": INK, "zerolinecolor": INK, "automargin": True, "fixedrange": True}
    return go.Figure(
        layout={
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
            "font": {"family": "Arial, Helvetica, sans-serif", "size": 13, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hovermode": "x unified",
            "dragmode": False,
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "rangemode": "tozero"},
        }
    )


def starred(year: int, beyond: Collection[int]) -> str:
    """Write a year, with an asterisk where it is beyond the projection."""
    return f"{year}*" if year in beyond else str(year)


def years_axis(
    figure: go.Figure, years: Sequence[int], beyond: Collection[int], limits: Sequence[float]
) -> None:
    """Mark years on the axis of a figure, with an asterisk those beyond the projection."""
    ticks = [starred(year, beyond) for year in years]
    figure.update_xaxes(range=list(limits), tickvals=list(years), ticktext=ticks)


def chart(
    id: str | dict[str, str],
    title: str,
    unit: str,
    figure: go.Figure,
    table: html.Div,
    source: str,
    *,
    more: Sequence[Any] = (),
    empty: str = "",
    kind: str = "",
) -> html.Figure:
    """Put a figure into the frame that every chart has.

    Parameters
    ----------
    id
        Of the graph, for callbacks.
    title
        A question or a plain finding.
    unit
        What the axis counts: ``WTE``, ``% of beds``.
    figure
        From `blank`, with its data.
    table
        The same numbers, from `dudley_dashboard.parts.table`.
    source
        Where they come from.
    more
        What stands between picture and numbers.
    empty
        Why there is nothing to draw: stands in the place of the picture where it is given.
    kind
        Further classes of the frame.

    Returns
    -------
    html.Figure
        Title, unit, graph, numbers under a heading that opens, source.
    """
    words = f"Chart: {title} ({unit}). The numbers are in the table below it."
    picture = html.Div(graph(id, figure), role="group", **aria(label=words))
    drawn = [html.P(empty, className="chart-empty", role="note")] if empty else [picture]
    return html.Figure(
        [
            html.H3(title),
            html.P(unit, className="unit"),
            *drawn,
            *more,
            *([] if empty else [picture_button(title)]),
            html.Details([html.Summary("Numbers"), table]),
            html.P(f"Source: {source}", className="source"),
        ],
        className=f"chart {kind}".strip(),
    )


def graph(id: str | dict[str, str], figure: go.Figure) -> dcc.Graph:
    """Return a graph that keeps its height when the window changes its width."""
    return dcc.Graph(id=id, figure=figure, config=CONFIG, style={"height": f"{figure.layout.height}px"})


def picture_button(title: str) -> html.Button:
    """Offer the picture as a file; ``js/pictures.js`` puts the question above it."""
    words = aria(label=f"Save picture: {title}")
    return html.Button(
        "Save picture", className="plain chart-picture no-print", type="button", **words, **data(picture="")
    )
