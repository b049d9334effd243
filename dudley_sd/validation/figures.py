"""The pictures of the validation report as Plotly figures."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from dudley_sd.results.figure_parts import finish
from dudley_sd.results.looks import GREY, HIGH_COLOUR, INK, LINE_GREY, LOW_COLOUR, NHS_BLUE, PALE_BLUE
from dudley_sd.validation.back_test import BackTest
from dudley_sd.validation.sensitivity import INDICATORS, Sensitivity
from dudley_sd.validation.sensitivity_findings import TOP, number_words, value_words
from dudley_sd.validation.targets import shown

DIVERGING = [[0, "#003087"], [0.25, "#7FAFDB"], [0.5, "#FFFFFF"], [0.75, "#E0A868"], [1, "#8A4500"]]
STATUS_LOOKS = {
    "published": ("#003087", ""),
    "derived": ("#7FAFDB", ""),
    "judgement": ("#E0A868", "/"),
    "assumption": ("#B35F00", "x"),
}
FURTHEST = 0.17
"""Error at which the colours of the heat map are darkest."""

WIDE_LABEL, NARROW_LABEL = 64, 24
"""Characters in a line of a label, which has three lines at most."""


def error_figure(test: BackTest, columns: int = 2) -> go.Figure:
    """Error of the projection by age and year, as a heat map with its numbers in it."""
    error = test.error
    years = [str(year) for year in error["year"].to_numpy()]
    bands = [str(band) for band in error["age"].to_numpy()]
    values = error.transpose("age", "year").to_numpy()
    figure = go.Figure(
        go.Heatmap(
            x=years,
            y=bands,
            z=values,
            zmid=0,
            zmin=-FURTHEST,
            zmax=FURTHEST,
            colorscale=DIVERGING,
            showscale=False,
            text=[[shown(value, "change", 1).removesuffix("%") for value in row] for row in values],
            texttemplate="%{text}",
            textfont={"size": 13 if columns > 1 else 12},
            hovertemplate="Aged %{y}, %{x}: %{text}%<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    figure.update_xaxes(type="category", side="top", showgrid=False)
    figure.update_yaxes(type="category", showgrid=False)
    figure.update_layout(height=520)
    finish(figure, "Projection less estimate, per cent of the estimate", legend=False)
    return figure.update_layout(margin_t=140, margin_b=8, height=figure.layout.height - 20)


def growth_figure(growth: pd.DataFrame, columns: int = 2) -> go.Figure:
    """Growth of demand by ageing to the last year, as projected and as the people were estimated."""
    table = growth.sort_values("projected")
    labels = [label(name, columns) for name in table.index]
    figure = go.Figure()
    looks = (
        ("projected", "people as projected", LINE_GREY, "/"),
        ("estimated", "people as estimated since", NHS_BLUE, ""),
    )
    for column, words, colour, pattern in looks:
        figure.add_trace(
            go.Bar(
                y=labels,
                x=table[column],
                name=words,
                orientation="h",
                marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "size": 6}},
                hovertemplate=f"%{{y}}, {words}: %{{x:+.1%}}<extra></extra>",
            )
        )
    figure.update_layout(height=44 * len(table), barmode="group", bargap=0.3)
    figure.update_xaxes(tickformat="+.0%", showgrid=True, nticks=6, zeroline=True, zerolinecolor=INK)
    figure.update_yaxes(showgrid=False, ticks="", automargin=True)
    return finish(figure, "Growth by ageing, 2018 to 2023")


def status_figure(numbers: pd.DataFrame, columns: int = 2) -> go.Figure:
    """How the numbers of each part of the inputs are known."""
    labels = [label(name, columns) for name in numbers.index]
    figure = go.Figure()
    for status in numbers.columns:
        colour, pattern = STATUS_LOOKS[str(status)]
        figure.add_trace(
            go.Bar(
                y=labels,
                x=numbers[status],
                name=str(status),
                orientation="h",
                marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "size": 6}},
                hovertemplate=f"%{{y}}: %{{x}} {status}<extra></extra>",
            )
        )
    figure.update_layout(height=46 * len(numbers), barmode="stack", bargap=0.35)
    figure.update_xaxes(showgrid=True, nticks=5)
    figure.update_yaxes(showgrid=False, ticks="", automargin=True, autorange="reversed")
    finish(figure, "Numbers by how they are known")
    return figure.update_layout(legend_traceorder="normal")


def tornado_figure(found: Sensitivity, title: str, columns: int = 2) -> go.Figure:
    """Draw what the numbers that move an indicator most do to it, at their low and high ends."""
    indicator = next(each for each in INDICATORS if each.title == title)
    moves = found.moves[title]
    order = moves.abs().T.max().sort_values(ascending=False, kind="stable").index[:TOP]
    table, base = moves.loc[order[::-1]], float(found.base[title])
    labels = [label(str(name), columns) for name in table.index]
    figure = go.Figure()
    for end, colour, pattern in (("low", LOW_COLOUR, ""), ("high", HIGH_COLOUR, "/")):
        figure.add_trace(
            go.Bar(
                y=list(range(len(table))),
                x=table[end],
                base=base,
                name=f"at its {end} end",
                orientation="h",
                marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "size": 6}},
                customdata=[
                    (number_words(str(name)), value_words(indicator, base + move))
                    for name, move in table[end].items()
                ],
                hovertemplate=f"%{{customdata[0]}} at its {end} end: %{{customdata[1]}}<extra></extra>",
            )
        )
    figure.add_vline(x=base, line={"color": INK, "width": 1.5})
    height = 34 if columns > 1 else 54
    figure.update_layout(height=height * len(table), barmode="overlay", bargap=0.3)
    form = ".0%" if indicator.unit == "share" else ",.0f"
    figure.update_xaxes(tickformat=form, showgrid=True, gridcolor=PALE_BLUE, nticks=5 if columns > 1 else 4)
    if indicator.unit == "millions":
        figure.update_xaxes(tickprefix="£", ticksuffix="m")
    figure.update_yaxes(showgrid=False, ticks="", automargin=True, tickfont_color=GREY)
    figure.update_yaxes(tickvals=list(range(len(table))), ticktext=labels)
    return finish(figure, f"{title} in 2033")


def label(name: str, columns: int) -> str:
    """Name of a number of the model in words, broken into lines that fit beside a chart."""
    width = WIDE_LABEL if columns > 1 else NARROW_LABEL
    lines = wrap(number_words(name), width, max_lines=3, placeholder=" …")
    return "<br>".join(lines) + "  "
