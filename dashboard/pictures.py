"""Lines, bars and dots that read on white and on black: what every picture of these pages shares."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import dcc

CONFIG: dict[str, Any] = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True}

COLOURS = ("#7d8894", "#2f7fd6", "#c8741a", "#d6456b", "#12948a", "#9468d0")
"""Each at least 3 to 1 on white and on the dark background, so that one picture serves both."""

DASHES = ("dash", "solid", "dot")
"""As many as a key drawn in CSS can show too: dashed, solid, dotted."""

CLEAR = "rgba(0,0,0,0)"
INK = "#6b7785"
"""Stands in the picture file; the style sheet gives text and grid the colours of the theme."""


def base_layout(height: int, unit: str = "", **more: Any) -> dict[str, Any]:
    """Return the layout that every picture starts from."""
    axis = {
        "gridcolor": "rgba(125,136,148,0.35)",
        "zerolinecolor": "rgba(125,136,148,0.9)",
        "fixedrange": True,
    }
    return {
        "height": height,
        "margin": {"l": 8, "r": 28, "t": 30, "b": 30},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": "Arial, Helvetica, sans-serif", "size": 14, "color": INK},
        "showlegend": False,
        "hoverlabel": {"font": {"family": "Arial, Helvetica, sans-serif"}},
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "automargin": True, "separatethousands": True},
        "annotations": [
            {
                "text": unit,
                "x": 0,
                "y": 1,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
            }
        ]
        if unit
        else [],
        **more,
    }


def graph(name: str, figure: go.Figure) -> dcc.Graph:
    """Put a picture on a page, with one button that saves it and none that sends it away."""
    return dcc.Graph(id=name, figure=figure, config=CONFIG, className="picture")
