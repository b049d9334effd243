"""Every area over the years, in small charts on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria
from dudley_dashboard.figures import blank, graph, picture_button
from dudley_dashboard.pages.footprints.areas import Area, starred
from dudley_dashboard.tables import Row, small, table
from dudley_dashboard.theme import LINES
from dudley_sd.results.comparison import REVIEW_POINTS, START

HEIGHT = 190
ROOM = 0.06
PLAN, BASE = LINES[0], LINES[1]
SHADE = "rgba(44, 127, 208, 0.2)"
"""The colour of the plan's line, thin enough that both lines are seen through it."""


def one_range(areas: Sequence[Area]) -> tuple[float, float]:
    """Return the range of values that all small charts share."""
    every = [
        value / area.with_plan.measure.scale
        for area in areas
        for values in (area.with_plan.values, area.nothing.values, area.with_plan.low, area.with_plan.high)
        if values is not None
        for value in values
        if value == value
    ] or [0.0, 1.0]
    low, high = min(every), max(every)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return low - room, high + room


def small_chart(area: Area, limits: tuple[float, float]) -> go.Figure:
    """Draw one area with the plan, where 8 in 10 of its runs lie, and do nothing."""
    scale = area.with_plan.measure.scale
    figure = blank(HEIGHT)
    for values, fill in ((area.with_plan.low, None), (area.with_plan.high, "tonexty")):
        if values is not None:
            figure.add_scatter(
                x=area.with_plan.years,
                y=[None if value != value else value / scale for value in values],
                mode="lines",
                line={"width": 0},
                fill=fill,
                fillcolor=SHADE,
                name="8 in 10 runs of your plan",
                hoverinfo="skip",
            )
    lines = ((area.nothing, BASE, "do nothing"), (area.with_plan, PLAN, "your plan"))
    for series, (colour, dash, _), name in lines:
        figure.add_scatter(
            x=series.years,
            y=[None if value != value else value / scale for value in series.values],
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2.5},
            name=name,
            customdata=["<br>".join([series.text(year), *series.below(year)]) for year in series.years],
            hovertemplate="%{customdata}",
        )
    years = area.with_plan.years
    figure.update_xaxes(
        range=[years[0], years[-1] + 0.3],
        tickvals=[START, REVIEW_POINTS[0], REVIEW_POINTS[1], REVIEW_POINTS[2]],
        ticktext=[starred(year, [area]) for year in (START, *REVIEW_POINTS)],
    )
    figure.update_yaxes(range=list(limits), rangemode="normal", nticks=5, separatethousands=True)
    figure.update_layout(margin={"l": 4, "r": 14, "t": 6, "b": 4}, font_size=12)
    return figure


def cards(areas: Sequence[Area], year: int, nothing: str) -> html.Div:
    """Lay small charts out, each with the number of a year and why it is indicative."""
    limits = one_range(areas)
    return html.Div([card(area, limits, year, nothing) for area in areas], className="areas-grid")


def card(area: Area, limits: tuple[float, float], year: int, nothing: str) -> html.Figure:
    """Put one small chart under the name of its area.

    Parameters
    ----------
    area, limits, year
        What is drawn, on which scale, and the year of its number.
    nothing
        What do nothing is called.
    """
    when = starred(year, [area])
    count = f" ({area.in_all(year)})" if area.in_all(year) else ""
    told = f"{when}: {area.with_plan.text(year)}{count}"
    beside = [*area.with_plan.below(year), f"{nothing.capitalize()}: {area.nothing.text(year)}"]
    return html.Figure(
        [
            html.H3(area.name),
            html.P(small(told, *beside), className="areas-number"),
            *([why(area)] if area.mark else []),
            *_picture(area, limits, "; ".join([told, *beside])),
        ],
        className="chart areas-card",
    )


def _picture(area: Area, limits: tuple[float, float], told: str) -> list[Component]:
    if np.isnan(area.with_plan.values).all() and np.isnan(area.nothing.values).all():
        return [html.P("No shift is planned here, so there is nothing to draw.", className="areas-gone")]
    drawn = html.Div(
        graph({"areas-small": area.key}, small_chart(area, limits)),
        role="group",
        **aria(label=f"Chart: {area.label}. {told}. The numbers are in the table below the charts."),
    )
    return [drawn, picture_button(area.label)]


def why(area: Area) -> html.Details:
    """Say that an area is a sum or indicative, and why when asked."""
    mark = area.mark[:1].upper() + area.mark[1:]
    texts = []
    if area.parts:
        texts.append(
            "People, care, staff, beds and money are those of its areas added up; shares are worked out "
            "again from the sums, never averaged. Each area is run for itself."
        )
    if area.indicative:
        texts.append(f"Indicative: {area.indicative}.".replace("..", "."))
    return html.Details(
        [html.Summary([mark, html.Span(": why?")]), *[html.P(text) for text in texts]], className="areas-why"
    )


def numbers_table(areas: Sequence[Area], caption: str, nothing: str) -> html.Div:
    """Give the numbers of the small charts: areas with and without the plan down, years across."""
    years = areas[0].with_plan.years
    rows = [
        Row(f"{area.label}, {name}", [small(series.coloured(year), *series.below(year)) for year in years])
        for area in areas
        for name, series in (("your plan", area.with_plan), (nothing, area.nothing))
    ]
    return table(caption, ["Area", *(starred(year, areas) for year in years)], rows, "areas-table")
