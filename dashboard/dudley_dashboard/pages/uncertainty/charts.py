"""Charts of an ensemble: bands, thresholds, better or worse, break-even, and the numbers that matter most."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import plotly.graph_objects as go
import xarray as xr

from dudley_dashboard.figures import INK, LINES, blank
from dudley_dashboard.names import parameter_text
from dudley_dashboard.pages.uncertainty.ensemble import (
    OUTCOMES,
    PLAN,
    Ensemble,
    assumptions,
    better_shares,
    break_even_shares,
    central_value,
    crossing_shares,
    strongest,
)
from dudley_dashboard.pages.uncertainty.text import (
    EDGES,
    outcome_text,
)
from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import Indicator
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.colours import HIGH_COLOUR, LOW_COLOUR
from dudley_sd.text import number

(BLUE, _, _), (GREY, _, _), (ORANGE, _, _) = LINES[:3]
OUTER, INNER = "rgba(44,127,208,0.20)", "rgba(44,127,208,0.34)"
TALL, LOW, ROW = 420, 320, 50
ASSUMED = "\N{NO-BREAK SPACE}†"
CLOSE = 0.05
"""Share of a chart's height below which two names at the ends of lines would lie over each other."""


def fan(ensemble: Ensemble, indicator: Indicator) -> go.Figure:
    """Draw where runs lie: bands of the plan, doing nothing as thin lines, the middle of both."""
    drawn = blank(TALL)
    ends = {}
    for name, array in ensemble.runs(indicator).items():
        edges = bands(array, EDGES) / indicator.scale
        drawn.add_traces(_plan_bands(edges) if name == PLAN else _other_bands(edges, name))
        ends[name] = float(edges[2, -1])
    central = central_value(ensemble, indicator)
    if central is not None:
        drawn.add_scatter(
            x=[ensemble.last],
            y=[central / indicator.scale],
            name="your plan: every number central",
            mode="markers",
            marker={"symbol": "diamond", "size": 11, "color": "#fff", "line": {"width": 2, "color": INK}},
            cliponaxis=False,
        )
    drawn.update_yaxes(rangemode="normal", ticksuffix="%" if indicator.unit == "%" else "")
    _name_ends(drawn, ensemble, ends)
    return drawn


def _plan_bands(edges: xr.DataArray) -> list[go.Scatter]:
    low, lower, middle, upper, high = edges
    return [
        *_filled(low, high, OUTER, "your plan: 8 in 10"),
        *_filled(lower, upper, INNER, "your plan: half"),
        _line(middle, "your plan: middle", BLUE, "solid", 3),
    ]


def _other_bands(edges: xr.DataArray, name: str) -> list[go.Scatter]:
    low, _, middle, _, high = edges
    return [
        _line(low, f"{name}: 1 in 10 lie below", GREY, "dot", 1.5),
        _line(high, f"{name}: 1 in 10 lie above", GREY, "dot", 1.5),
        _line(middle, f"{name}: middle", GREY, "dash", 2.5),
    ]


def _filled(low: xr.DataArray, high: xr.DataArray, colour: str, name: str) -> list[go.Scatter]:
    years = low["year"].to_numpy().tolist()
    edge = {"width": 0.5, "color": BLUE}
    return [
        go.Scatter(x=years, y=low.to_numpy().tolist(), mode="lines", line=edge, name=f"{name}, from"),
        go.Scatter(
            x=years,
            y=high.to_numpy().tolist(),
            mode="lines",
            line=edge,
            fill="tonexty",
            fillcolor=colour,
            name=f"{name}, to",
        ),
    ]


def _line(values: xr.DataArray, name: str, colour: str, dash: str, width: float) -> go.Scatter:
    return go.Scatter(
        x=values["year"].to_numpy().tolist(),
        y=values.to_numpy().tolist(),
        name=name,
        mode="lines",
        line={"color": colour, "dash": dash, "width": width},
    )


def _name_ends(drawn: go.Figure, ensemble: Ensemble, ends: dict[str, float]) -> None:
    """Write names at the ends of lines, apart where the lines end close together."""
    values = [value for trace in drawn.data for value in trace.y]
    height = (max(values) - min(values)) or 1.0
    names = sorted(ends, key=lambda name: ends[name])
    near = len(names) == 2 and ends[names[1]] - ends[names[0]] < CLOSE * height
    for place, name in enumerate(names):
        drawn.add_annotation(
            x=ensemble.last,
            y=ends[name],
            text=name,
            showarrow=False,
            xanchor="left",
            xshift=6,
            yshift=(9 if place else -9) if near else 0,
            font={"color": INK, "size": 13},
        )
    drawn.update_layout(margin_r=100)
    ticks = list(range(PROJECTED, ensemble.last + 1, 5))
    drawn.update_xaxes(
        tickvals=ticks,
        ticktext=[ensemble.starred(year) for year in ticks],
        range=[min(drawn.data[0].x) - 0.3, ensemble.last + 0.3],
    )


def crossing_chart(ensemble: Ensemble, indicator: Indicator, threshold: float, side: str) -> go.Figure:
    """Draw the share of runs beyond a threshold, year by year, of plan and doing nothing."""
    drawn = blank(LOW)
    ends = {}
    for name, array in ensemble.runs(indicator).items():
        table = crossing_shares(array, indicator, threshold, side)
        colour, dash, symbol = LINES[0 if name == PLAN else 1]
        drawn.add_scatter(
            x=table["year"].tolist(),
            y=(100 * table["share_in_year"]).tolist(),
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5},
            marker={"symbol": symbol, "size": 7},
            hovertemplate="%{y:.0f} in 100 runs",
        )
        ends[name] = 100 * float(table["share_in_year"].iloc[-1])
    drawn.update_yaxes(range=[-2, 104], tickvals=[0, 25, 50, 75, 100])
    _name_ends(drawn, ensemble, ends)
    return drawn


def better_chart(ensemble: Ensemble, indicator: Indicator) -> go.Figure:
    """Draw in what share of the runs the plan is better, the same and worse than doing nothing, by year."""
    shares = 100 * better_shares(ensemble, indicator)
    better, worse = outcome_text(indicator)
    looks = ((better, BLUE, ""), ("the same", GREY, "."), (worse, ORANGE, "/"))
    drawn = blank(LOW)
    for outcome, (name, colour, pattern) in zip(OUTCOMES, looks, strict=True):
        values = shares.sel(outcome=outcome)
        drawn.add_bar(
            x=values["year"].to_numpy().tolist(),
            y=values.to_numpy().tolist(),
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "#fff", "size": 6}},
            hovertemplate="%{y:.0f} in 100 runs",
        )
    drawn.update_layout(
        barmode="stack",
        bargap=0.15,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        margin_t=36,
    )
    drawn.update_yaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100])
    drawn.update_xaxes(dtick=5, tick0=PROJECTED)
    return drawn


def break_even_chart(shares: dict[str, float]) -> go.Figure:
    """Draw in what share of the runs the plan breaks even with doing nothing in each year, or not at all."""
    colours = [GREY, *[BLUE] * (len(shares) - 2), ORANGE]
    patterns = [".", *[""] * (len(shares) - 2), "/"]
    drawn = blank(LOW)
    drawn.add_bar(
        x=list(shares),
        y=[100 * share for share in shares.values()],
        marker={"color": colours, "pattern": {"shape": patterns, "fgcolor": "#fff", "size": 6}},
        text=[f"{100 * share:.0f}" if share >= 0.005 else "" for share in shares.values()],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:.1f} in 100 runs<extra></extra>",
    )
    drawn.update_layout(hovermode="closest", margin_t=28)
    drawn.update_xaxes(type="category", tickangle=-90)
    return drawn


def tornado_chart(ensemble: Ensemble, indicator: Indicator) -> go.Figure:
    """Draw what the last year is with each number alone at its low and at its high value."""
    table = strongest(ensemble, indicator)
    assumed = assumptions(ensemble)
    names = [
        f"{place + 1}. {parameter_text(name)}{ASSUMED if name in assumed else ''}"
        for place, name in enumerate(table["parameter"])
    ]
    rows = list(range(len(table)))
    drawn = blank(ROW * len(table) + 56)
    central = float(table["at_central"].iloc[0]) / indicator.scale
    for column, word, colour, pattern in (
        ("at_low", "low", LOW_COLOUR, ""),
        ("at_high", "high", HIGH_COLOUR, "/"),
    ):
        ends = table[column] / indicator.scale
        drawn.add_bar(
            x=(ends - central).tolist(),
            base=central,
            y=rows,
            orientation="h",
            width=0.42,
            name=f"number at its {word} value",
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "#fff", "size": 6}},
            text=[_end(row, column, indicator) for row in table.to_dict("records")],
            textposition="outside",
            cliponaxis=False,
            customdata=[number(value, indicator) for value in table[column]],
            hovertemplate=f"at its {word} value: %{{customdata}}<extra></extra>",
        )
    for row, name in zip(rows, names, strict=True):
        drawn.add_annotation(
            x=0,
            xref="paper",
            y=row - 0.26,
            text=name,
            name="wrapped",  # js/plotly_charts.js wraps it to the width of the chart
            align="left",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"color": INK, "size": 12},
        )
        drawn.add_shape(
            type="line", x0=central, x1=central, y0=row - 0.26, y1=row + 0.26, line={"color": INK, "width": 2}
        )
    drawn.update_layout(
        barmode="overlay",
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        margin_t=30,
    )
    drawn.update_yaxes(visible=False, range=[len(table) - 0.6, -0.75])
    both = [*(table["at_low"] / indicator.scale), *(table["at_high"] / indicator.scale)]
    room = 0.16 * (max(both) - min(both))
    drawn.update_xaxes(range=[min(both) - room, max(both) + room], zeroline=False)
    drawn.update_xaxes(showgrid=True, ticksuffix="%" if indicator.unit == "%" else "")
    return drawn


def _end(row: Mapping[Hashable, Any], column: str, indicator: Indicator) -> str:
    """Write at the end of a bar: nothing where there is none, or where a longer one covers it."""
    other = "at_high" if column == "at_low" else "at_low"
    mine, its = (row[name] - row["at_central"] for name in (column, other))
    covered = mine == 0 or (mine * its > 0 and abs(mine) < abs(its))
    return "" if covered else number(float(row[column]), indicator)


def break_even_bars(ensemble: Ensemble) -> dict[str, float]:
    """Share of the runs that break even in each year, or not at all, by the name of its bar."""
    table = break_even_shares(ensemble)
    years = [str(year) for year in table["year"]]
    missing = max(0.0, 1 - float(table["share_by_year"].iloc[-1]))
    names = ["never behind", *years[1:], f"not by {years[-1]}"]
    return dict(zip(names, [*table["share"], missing], strict=True))
