"""One measure over the years, a line for each case, with the key that says which is which."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from dash import html

from dashboard.aria import aria
from dashboard.pages.compare.cases import Told, extrapolated
from dashboard.pictures import COLOURS, DASHES, base_layout
from dashboard.shown import BY_KEY, fitting_way, unit_of, way_words
from dashboard.tables import Row, table
from dudley_sd.results.comparison import REVIEW_POINTS, START
from dudley_sd.results.looks import spread
from dudley_sd.results.measures import PEOPLE

HEIGHT = 420
APART = 0.055
"""Least distance between two letters at the end of lines, as a share of the height."""


def colour_of(place: int) -> str:
    """Colour of a case's line, by its place."""
    return COLOURS[place % len(COLOURS)]


def dash_of(place: int) -> str:
    """Dashes of a case's line: the baseline dashed, then solid, and dotted from the seventh on."""
    return DASHES[0] if place == 0 else DASHES[1] if place < len(COLOURS) else DASHES[2]


def line_chart(told: Sequence[Told], measure: str, way: str, reference: Told) -> go.Figure:
    """Draw a measure over the years; letters at the ends of lines are those of the table."""
    shows = [each.shown(measure, way, reference) for each in told]
    scale = BY_KEY[measure].scale
    figure = go.Figure()
    for place, (each, series) in enumerate(zip(told, shows, strict=True)):
        figure.add_scatter(
            x=series.years,
            y=[None if value != value else value / scale for value in series.values],
            mode="lines",
            line={"color": colour_of(place), "dash": dash_of(place), "width": 3},
            name=f"{each.letter} {each.case.title}",
            customdata=[series.text(year) for year in series.years],
            hovertemplate=f"{each.letter} {each.case.name}<br>%{{x}}: %{{customdata}}<extra></extra>",
        )
    used = fitting_way(BY_KEY[measure], way)
    figure.update_layout(base_layout(HEIGHT, unit_of(BY_KEY[measure], used)))
    years = shows[0].years
    beyond = extrapolated(told)
    ticks = [START, *REVIEW_POINTS]
    figure.update_xaxes(
        range=[years[0] - 0.2, years[-1] + 0.2],
        tickvals=ticks,
        ticktext=[f"{year}*" if year in beyond else str(year) for year in ticks],
    )
    ends = [(place, series.values[-1] / scale) for place, series in enumerate(shows)]
    ends = [(place, value) for place, value in ends if value == value]
    every = [value / scale for series in shows for value in series.values if value == value]
    if every:
        low, high = min(every), max(every)
        room = (high - low) * 0.06 or 1.0
        figure.update_yaxes(range=[low - room, high + room])
        apart = APART * (high - low + 2 * room)
        for (place, _), height in zip(ends, spread([value for _, value in ends], apart), strict=True):
            figure.add_annotation(
                x=years[-1] + 0.25,
                y=height,
                text=f"<b>{told[place].letter}</b>",
                xanchor="left",
                showarrow=False,
                font={"color": colour_of(place), "size": 16},
            )
    return figure


def key_list(told: Sequence[Told], measure: str, way: str, reference: Told) -> html.Ol:
    """Say which line is which and where it ends, in the order of the letters."""
    items = []
    for place, each in enumerate(told):
        series = each.shown(measure, way, reference)
        style = {"dash": "dashed", "solid": "solid", "dot": "dotted"}[dash_of(place)]
        swatch = {"borderTop": f"4px {style} {colour_of(place)}"}
        items.append(
            html.Li(
                [
                    html.Span(each.letter, className="compare-letter"),
                    html.Span(className="compare-swatch", style=swatch, **aria(hidden="true")),
                    html.Span([each.case.title, html.Small(each.case.detail)], className="compare-key-name"),
                    html.Strong(series.text(series.years[-1])),
                ]
            )
        )
    return html.Ol(items, className="compare-key", **aria(label="Lines of the chart and where they end"))


def chart_title(measure: str, way: str, reference: Told) -> str:
    """Ask what the chart answers."""
    words = way_words(BY_KEY[measure], way, f"{reference.letter}, {reference.case.title}")
    ending = f" ({words})" if words else ""
    title = BY_KEY[measure].title
    return f"{title if measure != PEOPLE else 'People'}: where does each plan and future lead?{ending}"


def chart_table(told: Sequence[Told], measure: str, way: str, reference: Told) -> html.Div:
    """Give the numbers of the chart: cases down, years across."""
    shows = [each.shown(measure, way, reference) for each in told]
    beyond = extrapolated(told)
    years = shows[0].years
    heads = ["Line", *(f"{year}*" if year in beyond else str(year) for year in years)]
    rows = [
        Row(f"{each.letter} {each.case.name}", [series.text(year) for year in years])
        for each, series in zip(told, shows, strict=True)
    ]
    return table(chart_title(measure, way, reference), heads, rows)
