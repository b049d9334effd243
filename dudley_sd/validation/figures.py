"""Plotly figures of the validation report."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd

from dudley_sd.results.colours import GREY, GRID, HIGH_COLOUR, INK, LINE_GREY, LOW_COLOUR, NHS_BLUE, PALE_BLUE
from dudley_sd.results.figure_parts import Figure, bars, finish, numbers
from dudley_sd.validation.back_test import BackTest
from dudley_sd.validation.outcome import figure_text
from dudley_sd.validation.sensitivity import INDICATORS, TOP, Sensitivity, number_text, value_text

DIVERGING = [[0, "#003087"], [0.25, "#7FAFDB"], [0.5, "#FFFFFF"], [0.75, "#E0A868"], [1, "#8A4500"]]
STATUS_LOOKS = {
    "published": ("#003087", ""),
    "derived": ("#7FAFDB", ""),
    "judgement": ("#E0A868", "/"),
    "assumption": ("#B35F00", "x"),
}
FURTHEST = 0.17
"""Error at which the colours of the heat map are darkest."""

ZERO_LINE = {"zeroline": True, "zerolinecolor": INK, "zerolinewidth": 2}
"""Where bars begin, for Plotly."""

WIDE_LABEL, NARROW_LABEL = 64, 24
"""Characters in a line of a label, which has three lines at most."""


def error_figure(test: BackTest, columns: int = 2) -> Figure:
    """Error of the projection by age and year, as a heat map with its numbers in it."""
    error = test.error
    years = [str(year) for year in error["year"].to_numpy()]
    bands = [str(band) for band in error["age"].to_numpy()]
    values = error.transpose("age", "year").to_numpy()
    figure = Figure(height=520)
    figure.add(
        {
            "type": "heatmap",
            "x": years,
            "y": bands,
            "z": [numbers(row) for row in values],
            "zmid": 0,
            "zmin": -FURTHEST,
            "zmax": FURTHEST,
            "colorscale": DIVERGING,
            "showscale": False,
            "text": [[figure_text(value, "change", 1).removesuffix("%") for value in row] for row in values],
            "texttemplate": "%{text}",
            "textfont": {"size": 13 if columns > 1 else 12},
            "hovertemplate": "Aged %{y}, %{x}: %{text}%<extra></extra>",
            "xgap": 1,
            "ygap": 1,
        }
    )
    figure.x_axes(type="category", side="top", showgrid=False)
    figure.y_axes(type="category", showgrid=False)
    finish(figure, "Projection less estimate, per cent of the estimate", legend=False)
    figure.layout["margin"] |= {"t": 140, "b": 8}
    figure.layout["height"] -= 20
    return figure


def growth_figure(growth: pd.DataFrame, columns: int = 2) -> Figure:
    """Growth of demand by ageing to the last year, as projected and as the people were estimated."""
    table = growth.sort_values("projected")
    labels = [label(name, columns) for name in table.index]
    figure = Figure(height=44 * len(table))
    looks = (
        ("projected", "people as projected", LINE_GREY, "/"),
        ("estimated", "people as estimated since", NHS_BLUE, ""),
    )
    for column, words, colour, pattern in looks:
        trace = bars(
            words,
            colour,
            pattern,
            y=labels,
            x=numbers(table[column].to_numpy()),
            orientation="h",
            hovertemplate=f"%{{y}}, {words}: %{{x:+.1%}}<extra></extra>",
        )
        figure.add(trace)
    figure.layout |= {"barmode": "group", "bargap": 0.3}
    figure.x_axes(tickformat="+.0%", showgrid=True, nticks=6, gridcolor=GRID, **ZERO_LINE)
    figure.y_axes(showgrid=False, ticks="")
    return finish(figure, "Growth by ageing, 2018 to 2023")


def status_figure(counts: pd.DataFrame, columns: int = 2) -> Figure:
    """How the numbers of each part of the inputs are known."""
    labels = [label(name, columns) for name in counts.index]
    figure = Figure(height=46 * len(counts))
    for status in counts.columns:
        colour, pattern = STATUS_LOOKS[str(status)]
        trace = bars(
            str(status),
            colour,
            pattern,
            y=labels,
            x=counts[status].tolist(),
            orientation="h",
            hovertemplate=f"%{{y}}: %{{x}} {status}<extra></extra>",
        )
        figure.add(trace)
    figure.layout |= {"barmode": "stack", "bargap": 0.35}
    figure.x_axes(showgrid=True, gridcolor=GRID, nticks=5, **ZERO_LINE)
    figure.y_axes(showgrid=False, ticks="", autorange="reversed")
    finish(figure, "Numbers by how they are known")
    figure.layout["legend"]["traceorder"] = "normal"
    return figure


def tornado_figure(found: Sensitivity, title: str, columns: int = 2) -> Figure:
    """Draw what the numbers that move an indicator most do to it, at their low and high ends."""
    indicator = next(each for each in INDICATORS.values() if each.title == title)
    moves = found.moves[title]
    order = moves.abs().T.max().sort_values(ascending=False, kind="stable").index[:TOP]
    table, base = moves.loc[order[::-1]], float(found.base[title])
    labels = [label(str(name), columns) for name in table.index]
    figure = Figure(height=(34 if columns > 1 else 54) * len(table))
    for end, colour, pattern in (("low", LOW_COLOUR, ""), ("high", HIGH_COLOUR, "/")):
        trace = bars(
            f"at its {end} end",
            colour,
            pattern,
            y=list(range(len(table))),
            x=numbers(table[end].to_numpy()),
            base=base,
            orientation="h",
            customdata=[
                (number_text(str(name)), value_text(indicator, base + move))
                for name, move in table[end].items()
            ],
            hovertemplate=f"%{{customdata[0]}} at its {end} end: %{{customdata[1]}}<extra></extra>",
        )
        figure.add(trace)
    figure.line(0, x=base, width=1.5)
    figure.layout |= {"barmode": "overlay", "bargap": 0.3}
    form = ".0%" if indicator.unit == "%" else ",.0f"
    figure.x_axes(tickformat=form, showgrid=True, gridcolor=PALE_BLUE, nticks=5 if columns > 1 else 4)
    if indicator.unit == "£m":
        figure.x_axes(tickprefix="£", ticksuffix="m")
    figure.y_axes(showgrid=False, ticks="", tickfont={"size": 12, "color": GREY})
    figure.y_axes(tickvals=list(range(len(table))), ticktext=labels)
    return finish(figure, f"{title} in 2033")


def label(name: str, columns: int) -> str:
    """Name of a number of the model in words, broken into lines that fit beside a chart."""
    width = WIDE_LABEL if columns > 1 else NARROW_LABEL
    lines = wrap(number_text(name), width, max_lines=3, placeholder=" …")
    return "<br>".join(lines) + "  "
