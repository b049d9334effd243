"""Parts of all Plotly figures: panels, curves, axes, labels, the mark of extrapolated years."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import xarray as xr

from dudley_sd.results.band import HIGH, LOW, SINGLE, SINGLE_RUN
from dudley_sd.results.colours import FONT, GREY, GRID, INK, SHADE
from dudley_sd.results.table import year_text

TITLE_WIDTH = 90
TOP, TOP_WITHOUT_TITLE, BOTTOM = 120, 62, 52
PANEL = "panel"
"""Annotations that are titles of panels: page.js wraps them to the width of their panel."""

EXTRAPOLATED_NOTE = "* extrapolated (hollow point)"
GAP, NARROW_GAP = 52, 78
"""Pixels between rows of panels: the years below one and the title above the next, on two lines if narrow."""

NARROW = 2
"""Columns on a narrow screen, where lines in corners are short."""

SPACING = {1: 0, NARROW: 0.16}
"""Part of the width between panels, by the number of columns."""

Trace = dict[str, Any]
"""A trace as Plotly's JSON."""


class Figure:
    """A chart in panels as Plotly's JSON, which the browser draws.

    Plotly's own classes check every property again at each change, which takes two seconds a page; that what
    is made here is a figure of Plotly is asked in the tests, once.

    Attributes
    ----------
    data
        Traces.
    layout
        Plotly's layout; the axes of the first panel are ``xaxis`` and ``yaxis``, of the second ``xaxis2`` and
        ``yaxis2``. All panels have the same scale of values.
    """

    def __init__(self, titles: Sequence[str] = ("",), columns: int = 1, height: int = 190) -> None:
        """One panel for each title, at most so many side by side; ``height`` of a panel in pixels."""
        self.columns = columns = min(columns, len(titles))
        rows = -(-len(titles) // columns)
        gap = NARROW_GAP if columns == NARROW else GAP
        total = rows * height + (rows - 1) * gap
        across, down = SPACING.get(columns, 0.035), gap / total
        width, tall = (1 - across * (columns - 1)) / columns, (1 - down * (rows - 1)) / rows
        self.data: list[Trace] = []
        self.layout: dict[str, Any] = {"annotations": [], "shapes": [], "height": total}
        for place, title in enumerate(titles):
            left = (place % columns) * (width + across)
            top = 1 - (place // columns) * (tall + down)
            x, y = self.axes(place)
            self.layout[f"xaxis{x[1:]}"] = {"anchor": y, "domain": [left, left + width], "automargin": True}
            value = {"anchor": x, "domain": [max(top - tall, 0.0), top], "automargin": True}
            if place:
                value |= {"matches": "y"}
            if place % columns:
                value |= {"showticklabels": False}
            self.layout[f"yaxis{y[1:]}"] = value
            if title:
                paper = {"xref": "paper", "yref": "paper", "x": left + width / 2, "y": top}
                middle = {"xanchor": "center", "yanchor": "bottom", "font": {"size": 14}, "name": PANEL}
                self.note(title, **paper, **middle)

    @staticmethod
    def axes(place: int) -> tuple[str, str]:
        """Names of the axes of a panel as traces call them, such as ``x2`` and ``y2``."""
        number = str(place + 1) if place else ""
        return f"x{number}", f"y{number}"

    def add(self, trace: Trace, place: int = 0) -> None:
        """Put a trace into a panel."""
        x, y = self.axes(place)
        self.data.append({**trace, "xaxis": x, "yaxis": y})

    def note(self, text: str, **settings: Any) -> None:
        """Write words; ``settings`` are Plotly's of an annotation."""
        self.layout["annotations"].append({"text": text, "showarrow": False, **settings})

    def line(self, place: int, *, x: float | None = None, y: float | None = None, width: float = 1) -> None:
        """Draw a line across a panel, upright at ``x`` or level at ``y``."""
        along, up = self.axes(place)
        where = (
            {"x0": 0, "x1": 1, "y0": y, "y1": y, "xref": f"{along} domain", "yref": up}
            if x is None
            else {"x0": x, "x1": x, "y0": 0, "y1": 1, "xref": along, "yref": f"{up} domain"}
        )
        self.layout["shapes"].append({"type": "line", "line": {"color": INK, "width": width}, **where})

    def x_axes(self, **settings: Any) -> None:
        """Set Plotly's settings of every axis across."""
        self._each("xaxis", settings)

    def y_axes(self, **settings: Any) -> None:
        """Set Plotly's settings of every axis upwards."""
        self._each("yaxis", settings)

    def _each(self, name: str, settings: dict[str, Any]) -> None:
        for key, axis in self.layout.items():
            if key.startswith(name):
                axis.update(settings)

    def without_title(self) -> Figure:
        """Take the title away where a heading beside the figure says it, and the room it took."""
        top = TOP_WITHOUT_TITLE if self.layout["showlegend"] else TOP_WITHOUT_TITLE / 3
        self.layout["height"] += top - TOP
        self.layout["margin"]["t"] = top
        del self.layout["title"]
        return self


Builder = Callable[[int], Figure]
"""Draws a figure with so many panels side by side."""


def numbers(values: xr.DataArray | np.ndarray) -> list[float | None]:
    """Values as JSON has them: what cannot be told is nothing."""
    return [value if math.isfinite(value) else None for value in np.asarray(values, dtype=float).tolist()]


def bars(name: str, colour: str, pattern: str, **settings: Any) -> Trace:
    """Bars of one kind, told by pattern as well as colour; ``settings`` are Plotly's."""
    marker = {
        "color": colour,
        "line": {"width": 0},
        "pattern": {"shape": pattern, "fgcolor": "white", "size": 6, "solidity": 0.2, "fillmode": "overlay"},
    }
    return {"type": "bar", "name": name, "legendgroup": name, "marker": marker, **settings}


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
) -> list[Trace]:
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
    line = {
        "type": "scatter",
        "x": years.tolist(),
        "y": numbers(values),
        "name": name,
        "legendgroup": name,
        "showlegend": legend,
        "mode": "lines",
        "line": {"color": colour, "dash": dash, "width": 2.5},
        "customdata": year_text(results),
        "hovertemplate": f"{name}, %{{customdata}}: %{{y:{form}}}<extra></extra>",
    }
    if fill:
        line |= {"fill": fill, "fillcolor": SHADE}
    ends = {
        "type": "scatter",
        "x": years[marked].tolist(),
        "y": numbers(values.to_numpy()[marked]),
        "legendgroup": name,
        "showlegend": False,
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": 9,
            "color": ["white" if hollow else colour for hollow in beyond[marked]],
            "opacity": 1,
            "line": {"color": colour, "width": 2},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    return [line, ends]


def band_area(band: xr.DataArray, *, legend: bool) -> list[list[Trace]]:
    """Area of 8 in 10 runs, from a band of dims (statistic, year): two lines without width."""
    name = "8 in 10 runs"
    edges = []
    for end in (LOW, HIGH):
        edge = _plain(band, end, name, legend=legend and end == HIGH, line={"width": 0})
        edges.append([edge | {"fill": "tonexty", "fillcolor": SHADE} if end == HIGH else edge])
    return edges


def single_run(band: xr.DataArray, *, legend: bool) -> list[Trace]:
    """Thin line of the single run at central values, dims (statistic, year)."""
    return [_plain(band, SINGLE, SINGLE_RUN, legend=legend, line={"color": INK, "width": 1})]


def _plain(band: xr.DataArray, statistic: str, name: str, *, legend: bool, line: Trace) -> Trace:
    """Line of one statistic of a band, silent under the pointer."""
    return {
        "type": "scatter",
        "x": band["year"].to_numpy().tolist(),
        "y": numbers(band.sel(statistic=statistic)),
        "name": name,
        "legendgroup": name,
        "showlegend": legend,
        "mode": "lines",
        "line": line,
        "hoverinfo": "skip",
    }


def add(figure: Figure, curves: list[list[Trace]], place: int = 0) -> None:
    """Put curves into a panel: all lines before all markers, since a fill reaches to the trace before it."""
    for trace in (*(each[0] for each in curves), *(ends for each in curves for ends in each[1:])):
        figure.add(trace, place)


def time_axis(figure: Figure, results: xr.Dataset) -> None:
    """Years at both ends, and every five between where there is room; extrapolated ones are noted."""
    years = [int(year) for year in results["year"].to_numpy()]
    words = year_text(results)
    every = years[-1] - years[0] if figure.columns == NARROW else 5
    ticks = [place for place, year in enumerate(years) if (year - years[0]) % every == 0 or year == years[-1]]
    figure.x_axes(
        tickvals=[years[place] for place in ticks],
        ticktext=[words[place] for place in ticks],
        showticklabels=True,
        range=[years[0] - 0.6, years[-1] + 0.8],
        showgrid=False,
        ticks="outside",
        ticklen=4,
    )
    if bool(results["extrapolated"].any()):
        figure.note(
            EXTRAPOLATED_NOTE,
            xref="paper",
            yref="paper",
            x=1,
            y=0,
            yshift=-BOTTOM + 6,
            xanchor="right",
            yanchor="bottom",
            font={"size": 12, "color": GREY},
        )


def value_axis(figure: Figure, unit: str, *, from_zero: bool = False) -> None:
    """Light grid, unit on the first panel of each row, thousands with commas."""
    figure.y_axes(
        gridcolor=GRID,
        zeroline=False,
        tickformat=",.0f",
        nticks=6,
        rangemode="tozero" if from_zero else "normal",
    )
    size = {"font": {"size": 13}} if figure.columns > 1 else {}
    for key, axis in figure.layout.items():
        if key.startswith("yaxis") and axis.get("showticklabels", True):
            axis["title"] = {"text": unit, "standoff": 6, **size}


def headroom(figure: Figure, share: float) -> None:
    """Leave room above the highest line, as a share of the span of all lines, for words in the corner."""
    heights = [value for trace in figure.data for value in trace["y"] if value is not None]
    low, high = min(heights), max(heights)
    span = high - low
    figure.y_axes(range=[low - 0.06 * span, high + share * span], autorange=False)


def corner(figure: Figure, text: str, place: int, *, top: bool) -> None:
    """Text in the upper or lower left corner of a panel."""
    x, y = figure.axes(place)
    figure.note(
        text,
        xref=f"{x} domain",
        yref=f"{y} domain",
        x=0.03,
        y=0.99 if top else 0.02,
        xanchor="left",
        yanchor="top" if top else "bottom",
        align="left",
        font={"size": 13, "color": INK},
        bgcolor="rgba(255,255,255,0.8)",
    )


def finish(figure: Figure, title: str, *, legend: bool = True) -> Figure:
    """Give a figure its title, type and quiet background; its height so far is that of the panels."""
    panels = figure.layout["height"]
    figure.layout |= {
        "height": panels + TOP + BOTTOM,
        "title": {
            "text": "<br>".join(wrap(title, TITLE_WIDTH)),
            "font": {"size": 18},
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 12, "l": 8},
        },
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hovermode": "closest",
        "hoverlabel": {"font": {"size": 14}, "align": "left"},
        "margin": {"l": 64, "t": TOP, "b": BOTTOM, "r": 16},
        "showlegend": legend,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1 + 26 / panels,
            "yanchor": "bottom",
            "itemsizing": "constant",
            "itemwidth": 44,
        },
        "separators": ".,",
    }
    quiet = {"tickfont": {"size": 12}, "fixedrange": True, "zeroline": False}
    for key, axis in figure.layout.items():
        if key.startswith("xaxis"):
            figure.layout[key] = {"linecolor": GREY, **quiet, **axis}
        elif key.startswith("yaxis"):
            figure.layout[key] = quiet | axis
    return figure
