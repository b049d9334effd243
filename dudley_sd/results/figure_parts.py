"""What do all Plotly figures have in common: curves, axes, labels, the mark of extrapolated years?"""

from __future__ import annotations

from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from dudley_sd.results.band import HIGH, LOW, SINGLE, SINGLE_RUN
from dudley_sd.results.looks import FONT, GREY, GRID, INK, SHADE
from dudley_sd.results.words import year_words

TITLE_WIDTH = 90
TOP, TOP_WITHOUT_TITLE, BOTTOM = 120, 62, 52
PANEL = "panel"
"""Annotations that are titles of panels: page.js wraps them to the width of their panel."""

EXTRAPOLATED_NOTE = "* extrapolated (hollow point)"


def scenario_titles(results: xr.Dataset | xr.DataArray) -> list[str]:
    """Titles of the scenarios, in order."""
    return [str(title) for title in results["scenario_title"].to_numpy()]


def curve(
    results: xr.Dataset,
    values: xr.DataArray,
    name: str,
    colour: str,
    dash: str,
    symbol: str = "circle",
    *,
    legend: bool = False,
    fill: str | None = None,
    form: str = ",.0f",
) -> list[go.Scatter]:
    """One line over the years, a marker at its end, and a hollow one where a year is extrapolated.

    Parameters
    ----------
    results
        Tells which years are extrapolated.
    values
        Dims (year).
    name, colour, dash, symbol
        What it is and how it looks.
    legend, fill, form
        Whether the legend names it, Plotly's fill, and the number format of the label under the pointer.
    """
    years = values["year"].to_numpy()
    beyond = results["extrapolated"].to_numpy()
    marked = beyond | (years == years[-1])
    line = go.Scatter(
        x=years,
        y=values.to_numpy(),
        name=name,
        legendgroup=name,
        showlegend=legend,
        mode="lines",
        line={"color": colour, "dash": dash, "width": 2.5},
        fill=fill,
        fillcolor=SHADE if fill else None,
        customdata=year_words(results),
        hovertemplate=f"{name}, %{{customdata}}: %{{y:{form}}}<extra></extra>",
    )
    ends = go.Scatter(
        x=years[marked],
        y=values.to_numpy()[marked],
        legendgroup=name,
        showlegend=False,
        mode="markers",
        marker={
            "symbol": symbol,
            "size": 9,
            "color": ["white" if hollow else colour for hollow in beyond[marked]],
            "opacity": 1,
            "line": {"color": colour, "width": 2},
        },
        hoverinfo="skip",
        cliponaxis=False,
    )
    return [line, ends]


def band_area(band: xr.DataArray, *, legend: bool) -> list[list[go.Scatter]]:
    """Area of 8 in 10 runs, from a band of dims (statistic, year): two lines without width."""
    name = "8 in 10 runs"
    edges = []
    for end in (LOW, HIGH):
        values = band.sel(statistic=end).to_numpy()
        edge = go.Scatter(
            x=band["year"].to_numpy(),
            y=values,
            name=name,
            legendgroup=name,
            showlegend=legend and end == HIGH,
            mode="lines",
            line={"width": 0},
            fill="tonexty" if end == HIGH else None,
            fillcolor=SHADE,
            hoverinfo="skip",
        )
        edges.append([edge])
    return edges


def single_run(band: xr.DataArray, *, legend: bool) -> list[go.Scatter]:
    """Thin line of the single run at central values, dims (statistic, year)."""
    line = go.Scatter(
        x=band["year"].to_numpy(),
        y=band.sel(statistic=SINGLE).to_numpy(),
        name=SINGLE_RUN,
        legendgroup=SINGLE_RUN,
        showlegend=legend,
        mode="lines",
        line={"color": INK, "width": 1},
        hoverinfo="skip",
    )
    return [line]


def add(figure: go.Figure, curves: list[list[go.Scatter]], row: int = 1, column: int = 1) -> None:
    """Put curves into a panel: all lines before all markers, since a fill reaches to the trace before it."""
    for trace in (*(each[0] for each in curves), *(ends for each in curves for ends in each[1:])):
        figure.add_trace(trace, row, column)


def time_axis(figure: go.Figure, results: xr.Dataset, columns: int = 1) -> None:
    """Years at both ends, and every five between where there is room; extrapolated ones are noted."""
    years = [int(year) for year in results["year"].to_numpy()]
    words = year_words(results)
    every = years[-1] - years[0] if columns == 2 else 5
    ticks = [place for place, year in enumerate(years) if (year - years[0]) % every == 0 or year == years[-1]]
    figure.update_xaxes(
        tickvals=[years[place] for place in ticks],
        ticktext=[words[place] for place in ticks],
        showticklabels=True,
        range=[years[0] - 0.6, years[-1] + 0.8],
        showgrid=False,
        ticks="outside",
        ticklen=4,
    )
    if bool(results["extrapolated"].any()):
        figure.add_annotation(
            text=EXTRAPOLATED_NOTE,
            xref="paper",
            yref="paper",
            x=1,
            y=0,
            yshift=-BOTTOM + 6,
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"size": 12, "color": GREY},
        )


def value_axis(figure: go.Figure, unit: str, *, from_zero: bool = False, columns: int = 1) -> None:
    """Light grid, unit on the first panel of each row, thousands with commas."""
    figure.update_yaxes(
        gridcolor=GRID,
        zeroline=False,
        tickformat=",.0f",
        nticks=6,
        rangemode="tozero" if from_zero else "normal",
    )
    figure.for_each_yaxis(lambda axis: axis.update(title={"text": unit, "standoff": 6}), col=1)
    if columns > 1:
        figure.update_yaxes(title_font_size=13)


def headroom(figure: go.Figure, share: float) -> None:
    """Leave room above the highest line, as a share of the span of all lines, for words in the corner."""
    heights = np.concatenate([np.asarray(trace.y, dtype=float) for trace in figure.data])
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    span = high - low
    figure.update_yaxes(range=[low - 0.06 * span, high + share * span], autorange=False)


def corner(figure: go.Figure, text: str, row: int, column: int, *, top: bool) -> None:
    """Text in the upper or lower left corner of a panel."""
    figure.add_annotation(
        text=text,
        xref="x domain",
        yref="y domain",
        x=0.03,
        y=0.99 if top else 0.02,
        xanchor="left",
        yanchor="top" if top else "bottom",
        align="left",
        showarrow=False,
        font={"size": 13, "color": INK},
        bgcolor="rgba(255,255,255,0.8)",
        row=row,
        col=column,
    )


def finish(figure: go.Figure, title: str, *, legend: bool = True) -> go.Figure:
    """Give a figure its title, type and quiet background; its height so far is that of the panels."""
    margin = {"l": 64, "t": TOP, "b": BOTTOM, "r": figure.layout.margin.r or 16}
    panels = figure.layout.height
    figure.update_layout(
        height=panels + TOP + BOTTOM,
        title={
            "text": "<br>".join(wrap(title, TITLE_WIDTH)),
            "font": {"size": 18},
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12, "l": 8},
        },
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="white",
        plot_bgcolor="white",
        hoverlabel={"font_size": 14},
        margin=margin,
        showlegend=legend,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1 + 26 / panels,
            "yanchor": "bottom",
            "itemsizing": "constant",
            "itemwidth": 44,
        },
        separators=".,",
    )
    figure.update_xaxes(linecolor=GREY, tickfont_size=12, fixedrange=True)
    figure.update_yaxes(tickfont_size=12, fixedrange=True)
    return figure


def without_title(figure: go.Figure) -> go.Figure:
    """Take the title away where a heading beside the figure says it, and the room it took."""
    top = TOP_WITHOUT_TITLE if figure.layout.showlegend else TOP_WITHOUT_TITLE / 3
    height = figure.layout.height - TOP + top
    return figure.update_layout(title=None, height=height, margin_t=top)
