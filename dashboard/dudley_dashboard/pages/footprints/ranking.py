"""Which area has most of it in a year?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from dash import html

from dudley_dashboard.figures import blank
from dudley_dashboard.pages.footprints.areas import Area, starred
from dudley_dashboard.shown import PER_1000
from dudley_dashboard.tables import Content, Row, small, table
from dudley_dashboard.theme import LINES

ROW, MARGIN = 64, 40
ABOVE, BELOW = 0.14, 0.17
"""How far above its dot a name stands, and below it the line of 8 in 10 runs, in rows."""

PLAN, BASE = LINES[0], LINES[1]


def ranked(areas: Sequence[Area], year: int) -> list[Area]:
    """Return areas by what they have in a year with the plan, most first; those that cannot be told last."""

    def order(area: Area) -> tuple[bool, float]:
        value = area.with_plan.at(year)
        return (True, 0.0) if math.isnan(value) else (False, -value)

    return sorted(areas, key=order)


def ranking_chart(areas: Sequence[Area], year: int, nothing: str) -> go.Figure:
    """Draw a dot for each area with the plan and one for do nothing; the most is at the top."""
    rows = ranked(areas, year)[::-1]
    scale = rows[0].with_plan.measure.scale
    figure = blank(MARGIN + ROW * len(rows))
    places = list(range(len(rows)))
    symbols = ["square" if area.parts else "circle" for area in rows]
    ends = [(area.nothing.at(year) / scale, area.with_plan.at(year) / scale) for area in rows]
    spans = [[end / scale for end in area.with_plan.ends(year)] for area in rows]
    figure.add_scatter(
        x=[end for span in spans for end in (*span, None)],
        y=[place - BELOW for place, span in zip(places, spans, strict=True) for _ in (*span, None)],
        mode="lines",
        name="8 in 10 runs of your plan",
        line={"color": PLAN[0], "width": 2},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[value for pair in ends for value in (*pair, None)],
        y=[place for place in places for _ in range(3)],
        mode="lines",
        line={"color": BASE[0], "width": 2},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[before for before, _ in ends],
        y=places,
        mode="markers",
        name=nothing,
        marker={"color": BASE[0], "size": 13, "symbol": "diamond-open", "line": {"width": 2.5}},
        customdata=["<br>".join([area.nothing.text(year), *area.nothing.below(year)]) for area in rows],
        hovertemplate=f"{nothing} %{{customdata}}<extra></extra>",
    )
    figure.add_scatter(
        x=[after for _, after in ends],
        y=places,
        mode="markers",
        name="your plan",
        marker={
            "color": PLAN[0],
            "size": 14,
            "symbol": symbols,
        },
        customdata=["<br>".join([area.with_plan.text(year), *area.with_plan.below(year)]) for area in rows],
        hovertemplate="your plan %{customdata}<extra></extra>",
    )
    every = [
        0.0,
        *(value for each in (*ends, *spans) for value in each if value == value),
    ]  # zoomed in, noise looks large
    low, high = min(every), max(every)
    for place, area in enumerate(rows):
        figure.add_shape(  # zero, where no name stands: a line from top to bottom would strike names through
            type="line",
            x0=0,
            x1=0,
            y0=place - 2 * BELOW,
            y1=place + ABOVE,
            line={"color": BASE[0], "width": 1},
            layer="below",
        )
        figure.add_annotation(
            x=0,
            xref="paper",
            y=place + ABOVE,
            text=f"{area.label}: <b>{area.with_plan.text(year)}</b>{_few(area, year)}",
            name="wrapped",  # js/plotly_charts.js wraps it to the width of the chart
            align="left",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"size": 13},
        )
    room = (high - low) or abs(high) or 1.0
    figure.update_layout(hovermode="closest", margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(
        range=[low - 0.08 * room, high + 0.08 * room],
        showgrid=True,
        zeroline=False,
        nticks=5,
        separatethousands=True,
    )
    figure.update_yaxes(
        showticklabels=False,
        range=[-0.5, len(rows) - 0.25],
        showgrid=False,
        rangemode="normal",
        zeroline=False,
    )
    return figure


def _few(area: Area, year: int) -> str:
    """Say how many there are, of what is counted one by one."""
    few = area.with_plan.measure.unit in ("WTE", "beds") and area.in_all(year)
    return f" ({area.in_all(year).removesuffix(' in all')})" if few else ""


def ranking_table(areas: Sequence[Area], year: int, caption: str, nothing: str) -> html.Div:
    """Give the numbers of the ranking."""
    rows = []
    for place, area in enumerate(ranked(areas, year), start=1):
        after, before = area.with_plan, area.nothing
        cells: list[Content] = [
            str(place),
            *(small(each.coloured(year), *each.below(year)) for each in (after, before)),
            small(*area.apart_words(year)),
        ]
        if after.way == PER_1000:
            cells.append(area.in_all(year).removesuffix(" in all"))
        rows.append(Row(area.label, cells))
    heads = ["Area", "Place", f"Your plan, {starred(year, areas)}", nothing.capitalize(), "Difference"]
    if areas[0].with_plan.way == PER_1000:
        heads.append("Your plan, in all")
    return table(caption, heads, rows, "areas-table")
