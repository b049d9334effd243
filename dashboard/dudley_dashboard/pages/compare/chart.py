"""One measure over the years, a line for each case, with the key that says which is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import html

from dudley_dashboard.aria import aria, data
from dudley_dashboard.figures import blank, chart
from dudley_dashboard.pages.compare.cases import Told, extrapolated
from dudley_dashboard.shown import ABSOLUTE, BY_KEY, DIFFERENCE, fitting_way, unit_of, way_words
from dudley_dashboard.tables import Row, small, table
from dudley_dashboard.theme import LINES
from dudley_sd.results.comparison import REVIEW_POINTS, START
from dudley_sd.results.looks import spread
from dudley_sd.text import joined

HEIGHT = 440
APART = 0.055
"""Least distance between two letters at the ends of lines, as a share of the height."""

GREY = 1
"""Place in `LINES` of the colour that only the reference case has."""

STYLES = {"dash": "dashed", "solid": "solid", "dot": "dotted"}
"""Dashes of lines that the key, which is no picture, can show too."""


def look_of(place: int) -> tuple[str, str]:
    """Colour and dashes of a case's line: grey and dashed for the first, then solid, then dotted."""
    if place == 0:
        return LINES[GREY][0], "dash"
    colours = [colour for nth, (colour, _, _) in enumerate(LINES) if nth != GREY]
    cycle, nth = divmod(place - 1, len(colours))
    return colours[nth], ("solid", "dot", "dash")[cycle]


def line_chart(
    told: Sequence[Told], measure: str, way: str, reference: Told, marked: Sequence[int]
) -> go.Figure:
    """Draw a measure over the years; letters at the ends of lines are those of the table.

    Parameters
    ----------
    marked
        Review points that are chosen: an upright line, and a dot on every line.
    """
    shows = [each.shown(measure, way, reference) for each in told]
    scale = BY_KEY[measure].scale
    figure = blank(HEIGHT)
    for place, (each, series) in enumerate(zip(told, shows, strict=True)):
        colour, dash = look_of(place)
        figure.add_scatter(
            x=series.years,
            y=[None if value != value else value / scale for value in series.values],
            mode="lines",
            line={"color": colour, "dash": dash, "width": 3},
            name=f"{each.letter} {each.case.title}",
            customdata=[series.text(year) for year in series.years],
            hovertemplate="%{customdata}",
        )
        if any(series.at(year) == series.at(year) for year in marked):
            figure.add_scatter(
                x=list(marked),
                y=[series.at(year) / scale for year in marked],
                mode="markers",
                marker={"color": colour, "size": 9},
                hoverinfo="skip",
                name=f"{each.letter} at the review point",
            )
    for year in marked:
        figure.add_vline(year, line={"color": LINES[GREY][0], "width": 1, "dash": "dot"}, layer="below")
    years, beyond = shows[0].years, extrapolated(told)
    ticks = [START, *REVIEW_POINTS]
    figure.update_layout(margin={"l": 8, "r": 34, "t": 12, "b": 8})
    figure.update_xaxes(
        range=[years[0] - 0.2, years[-1] + 0.2],
        tickvals=ticks,
        ticktext=[f"{year}*" if year in beyond else str(year) for year in ticks],
    )
    every = [value / scale for series in shows for value in series.values if value == value]
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    room = (high - low) * 0.06 or 1.0
    figure.update_yaxes(range=[low - room, high + room], rangemode="normal", separatethousands=True)
    _letters(figure, told, [series.values[-1] / scale for series in shows], APART * (high - low + 2 * room))
    return figure


def _letters(figure: go.Figure, told: Sequence[Told], ends: Sequence[float], apart: float) -> None:
    """Write each case's letter at the end of its line, none upon another."""
    known = [(each.letter, end) for each, end in zip(told, ends, strict=True) if end == end]
    for (letter, _), height in zip(known, spread([end for _, end in known], apart), strict=True):
        figure.add_annotation(
            x=1,
            xref="paper",
            xshift=4,
            y=height,
            text=f"<b>{letter}</b>",
            xanchor="left",
            showarrow=False,
            font={"size": 15},
        )


def key_list(told: Sequence[Told], measure: str, way: str, reference: Told, year: int) -> html.Ol:
    """Say which line is which and where it stands at a review point, in the order of the letters."""
    items = []
    for place, each in enumerate(told):
        series = each.shown(measure, way, reference)
        colour, dash = look_of(place)
        items.append(
            html.Li(
                [
                    html.Span(each.letter, className="compare-letter"),
                    html.Span(
                        className="compare-swatch",
                        style={"borderTop": f"4px {STYLES[dash]} {colour}"},
                        **aria(hidden="true"),
                    ),
                    html.Span([each.case.title, html.Small(each.case.detail)], className="compare-name"),
                    html.Span(
                        [html.Strong(series.coloured(year)), *map(html.Small, series.below(year))],
                        className="compare-ends",
                    ),
                ]
            )
        )
    return html.Ol(items, className="compare-key", **data(picture_key=""))


def chart_title(measure: str) -> str:
    """Ask what the chart answers."""
    return f"{BY_KEY[measure].title}: where does each plan and future lead?"


def framed_chart(
    told: Sequence[Told], measure: str, way: str, reference: Told, marked: Sequence[int]
) -> html.Figure:
    """Put the chart into the frame of all charts, its key beside it."""
    used = fitting_way(BY_KEY[measure], way)
    unit = unit_of(BY_KEY[measure], used)
    words = way_words(BY_KEY[measure], way, f"{reference.letter}, {reference.case.title}")
    when = f"{marked[-1]}*" if marked[-1] in extrapolated(told) else str(marked[-1])
    gone, empty = why_not_drawn(told, measure, way, reference)
    key = html.Div(
        [
            html.P(f"Lines and where they stand in {when}", className="unit"),
            key_list(told, measure, way, reference, marked[-1]),
        ],
        className="compare-key-box",
    )
    framed: Any = chart(
        "compare-lines",
        chart_title(measure),
        f"{unit[:1].upper()}{unit[1:]}{f'; {words}' if used == way and words not in unit else ''}",
        line_chart(told, measure, way, reference, marked),
        chart_table(told, measure, way, reference),
        source_of(told),
        more=[key, *([html.P(gone, className="compare-gone", role="note")] if gone and not empty else [])],
        empty=gone if empty else "",
    )
    framed.className = "chart compare-chart" if told[0].members else "chart compare-chart compare-single"
    found: html.Figure = framed
    return found


def why_not_drawn(told: Sequence[Told], measure: str, way: str, reference: Told) -> tuple[str, bool]:
    """Say which lines are not there, and why, or nothing; and whether there is none at all."""
    each_told = [(each, each.shown(measure, way, reference)) for each in told]
    gone = [each for each, series in each_told if np.isnan(series.values).all()]
    title, none_left = BY_KEY[measure].title, len(gone) == len(told)
    if not gone:
        return "", False
    if way == DIFFERENCE and np.isnan(reference.shown(measure, ABSOLUTE, reference).values).all():
        text = f"{reference.letter} plans no shift, so “{title}” cannot differ from it."
    else:
        letters = joined([each.letter for each in gone])
        verb, that = ("has", "it plans") if len(gone) == 1 else ("have", "they plan")
        text = f"{letters} {verb} no line: {that} no shift, so “{title}” says nothing there."
    return text, none_left


def source_of(told: Sequence[Told]) -> str:
    """Say where numbers come from, and what the asterisk means."""
    runs = told[0].members
    lines = f"Each line is the median of {runs} runs of the model" if runs else "Each line is a single run"
    beyond = sorted(extrapolated(told))
    star = f" * {beyond[0]}: beyond the projection, whose last year's rates carry on." if beyond else ""
    return f"{lines}.{star}"


def chart_table(told: Sequence[Told], measure: str, way: str, reference: Told) -> html.Div:
    """Give the numbers of the chart: cases down, years across."""
    shows = [each.shown(measure, way, reference) for each in told]
    beyond, years = extrapolated(told), shows[0].years
    heads = ["Line", *(f"{year}*" if year in beyond else str(year) for year in years)]
    rows = [
        Row(
            f"{each.letter} {each.case.name}",
            [small(series.coloured(year), *series.below(year)) for year in years],
        )
        for each, series in zip(told, shows, strict=True)
    ]
    return table(chart_title(measure), heads, rows)
