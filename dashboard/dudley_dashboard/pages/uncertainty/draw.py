"""The pictures of many runs: bands, thresholds, better or worse, and years of break-even."""

from __future__ import annotations

import math
from collections.abc import Iterable

import plotly.graph_objects as go
import xarray as xr
from dash import html

from dudley_dashboard.figures import blank, numbers
from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.chances import OUTCOMES, better_shares, breaking_even, crossed
from dudley_dashboard.pages.uncertainty.words import (
    EDGES,
    central_value,
    level_words,
    outcome_words,
    shown_runs,
)
from dudley_dashboard.theme import INK, LINES
from dudley_sd.ensembles.bands import bands
from dudley_sd.results.do_nothing import DO_NOTHING, DOING_NOTHING
from dudley_sd.results.measures import Measure
from dudley_sd.text import number

(BLUE, _, _), (GREY, _, _), (ORANGE, _, _) = LINES[:3]
OUTER, INNER = "rgba(44,127,208,0.20)", "rgba(44,127,208,0.34)"
TALL, LOW = 420, 320
PLAN = "your plan"
CLOSE = 0.05
"""Share of a chart's height below which two names at the ends of lines would lie over each other."""


def fan(answer: Answer, measure: Measure) -> go.Figure:
    """Draw where runs lie: bands of the plan, doing nothing as thin lines, the middle of both."""
    drawn = blank(TALL)
    ends = {}
    for name, runs in ((PLAN, answer.plan), (DO_NOTHING, answer.nothing)):
        array = shown_runs(runs, measure)
        if array is None:
            continue
        edges = bands(array, EDGES) / measure.scale
        drawn.add_traces(_plan_bands(edges) if name == PLAN else _other_bands(edges, name))
        ends[name] = float(edges[2, -1])
    central = central_value(answer, measure)
    if central is not None:
        drawn.add_scatter(
            x=[answer.last],
            y=[central / measure.scale],
            name="your plan: every number central",
            mode="markers",
            marker={"symbol": "diamond", "size": 11, "color": "#fff", "line": {"width": 2, "color": INK}},
            cliponaxis=False,
        )
    drawn.update_yaxes(rangemode="normal", ticksuffix="%" if measure.unit == "%" else "")
    _name_ends(drawn, answer, ends)
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


def _name_ends(drawn: go.Figure, answer: Answer, ends: dict[str, float]) -> None:
    """Write names at the ends of lines, apart where the lines end close together."""
    values = [value for trace in drawn.data for value in trace.y]
    height = (max(values) - min(values)) or 1.0
    names = sorted(ends, key=lambda name: ends[name])
    near = len(names) == 2 and ends[names[1]] - ends[names[0]] < CLOSE * height
    for place, name in enumerate(names):
        drawn.add_annotation(
            x=answer.last,
            y=ends[name],
            text=name,
            showarrow=False,
            xanchor="left",
            xshift=6,
            yshift=(9 if place else -9) if near else 0,
            font={"color": INK, "size": 13},
        )
    drawn.update_layout(margin_r=100)
    ticks = list(range(2018, answer.last + 1, 5))
    drawn.update_xaxes(
        tickvals=ticks,
        ticktext=[answer.starred(year) for year in ticks],
        range=[min(drawn.data[0].x) - 0.3, answer.last + 0.3],
    )


def fan_table(answer: Answer, measure: Measure) -> html.Div:
    """Return the edges of the bands of plan and doing nothing, a row for each mid-year."""
    heads, columns = ["Mid-year"], []
    words = ("1 in 10 below", "1 in 4 below", "middle", "1 in 4 above", "1 in 10 above")
    for name, runs in ((PLAN, answer.plan), (DO_NOTHING, answer.nothing)):
        array = shown_runs(runs, measure)
        if array is not None:
            heads += [f"{name}: {word}" for word in words]
            edges = bands(array, EDGES).reindex(year=answer.plan["year"])
            columns += [[number(float(value), measure) for value in edge] for edge in edges]
    years = [answer.starred(int(year)) for year in answer.plan["year"].to_numpy()]
    rows = [list(row) for row in zip(years, *columns, strict=True)]
    return numbers(heads, rows, f"{measure.title}: where the runs lie")


def crossing_chart(answer: Answer, measure: Measure, threshold: float, side: str) -> go.Figure:
    """Draw the share of runs beyond a threshold, year by year, of plan and doing nothing."""
    drawn = blank(LOW)
    ends = {}
    for place, (name, runs) in enumerate(((PLAN, answer.plan), (DO_NOTHING, answer.nothing))):
        array = shown_runs(runs, measure)
        if array is None:
            continue
        table = crossed(array, measure, threshold, side)
        colour, dash, symbol = LINES[place]
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
    _name_ends(drawn, answer, ends)
    return drawn


def crossing_table(answer: Answer, measure: Measure, threshold: float, side: str) -> html.Div:
    """Return the shares of runs beyond the threshold: in a year, and in it or before."""
    heads, columns = ["Mid-year"], []
    for name, runs in ((PLAN, answer.plan), (DO_NOTHING, answer.nothing)):
        array = shown_runs(runs, measure)
        if array is not None:
            table = crossed(array, measure, threshold, side).set_index("year")
            table = table.reindex(answer.plan["year"].to_numpy())
            heads += [f"{name}: in that year", f"{name}: then or before"]
            columns += [_percents(table["share_in_year"]), _percents(table["share_by_year"])]
    years = [answer.starred(int(year)) for year in answer.plan["year"].to_numpy()]
    rows = [list(row) for row in zip(years, *columns, strict=True)]
    level = level_words(threshold, measure)
    return numbers(heads, rows, f"Share of runs with {measure.title} {side} {level}")


def better_chart(answer: Answer, measure: Measure) -> go.Figure:
    """Draw in what share of the runs the plan is better, the same and worse than doing nothing, by year."""
    shares = 100 * better_shares(answer, measure)
    better, worse = outcome_words(measure)
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
    drawn.update_xaxes(dtick=5, tick0=2018)
    return drawn


def better_table(answer: Answer, measure: Measure) -> html.Div:
    """Return the shares of runs in which the plan is better, the same and worse."""
    shares = better_shares(answer, measure)
    better, worse = outcome_words(measure)
    rows = [[str(year), *_percents(shares.sel(year=year).to_series())] for year in shares["year"].to_numpy()]
    return numbers(
        ["Mid-year", better, "the same", worse],
        rows,
        f"{measure.title}: your plan against {DOING_NOTHING}",
    )


def break_even_chart(answer: Answer) -> go.Figure:
    """Draw in what share of the runs the plan breaks even with doing nothing in each year, or not at all."""
    names, shares = _break_even_rows(answer)
    colours = [GREY, *[BLUE] * (len(names) - 2), ORANGE]
    patterns = [".", *[""] * (len(names) - 2), "/"]
    drawn = blank(LOW)
    drawn.add_bar(
        x=names,
        y=[100 * share for share in shares],
        marker={"color": colours, "pattern": {"shape": patterns, "fgcolor": "#fff", "size": 6}},
        text=[f"{100 * share:.0f}" if share >= 0.005 else "" for share in shares],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:.1f} in 100 runs<extra></extra>",
    )
    drawn.update_layout(hovermode="closest", margin_t=28)
    drawn.update_xaxes(type="category", tickangle=-90)
    return drawn


def break_even_table(answer: Answer) -> html.Div:
    """Return the share of runs that break even in each year."""
    names, shares = _break_even_rows(answer)
    rows = [[name, share] for name, share in zip(names, _percents(shares), strict=True)]
    return numbers(["Year of break-even", "share of runs"], rows, "When the plan has paid for itself")


def _break_even_rows(answer: Answer) -> tuple[list[str], list[float]]:
    table = breaking_even(answer)
    years = [str(year) for year in table["year"]]
    missing = max(0.0, 1 - float(table["share_by_year"].iloc[-1]))
    return ["never behind", *years[1:], f"not by {years[-1]}"], [*table["share"], missing]


def _percents(shares: Iterable[float]) -> list[str]:
    return ["–" if math.isnan(share) else f"{100 * share:.1f}%" for share in shares]
