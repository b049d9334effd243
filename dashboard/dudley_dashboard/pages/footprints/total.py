"""What is a total made of?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dudley_dashboard.figures import blank, chart
from dudley_dashboard.pages.footprints.areas import Area, starred, total_and_parts
from dudley_dashboard.pages.footprints.choices import Choices
from dudley_dashboard.pages.footprints.words import source, title_start, unit_words
from dudley_dashboard.shown import ABSOLUTE, BY_KEY
from dudley_dashboard.tables import Row, small, table
from dudley_dashboard.theme import INK, LINES
from dudley_sd.results.comparison import REVIEW_POINTS, START

HEIGHT = 340
YEARS = (START, *REVIEW_POINTS)
MEDIANS = (
    " Each run adds its areas up, and the median is taken last: medians of areas need not add up to that of "
    "the whole."
)
PATTERNS = ("", "/", "x", ".", "-", "\\")


def total_chart(total: Area, parts: Sequence[Area]) -> go.Figure:
    """Draw the areas upon each other at the review points; before them the whole and its 8 in 10 runs."""
    scale = total.with_plan.measure.scale
    names = [starred(year, [total]) for year in YEARS]
    figure = blank(HEIGHT)
    for place, part in enumerate(parts):
        figure.add_bar(
            x=names,
            y=[part.with_plan.at(year) / scale for year in YEARS],
            name=part.label,
            marker={
                "color": LINES[place % len(LINES)][0],
                "pattern": {"shape": PATTERNS[place % len(PATTERNS)], "size": 7, "solidity": 0.25},
            },
            customdata=[
                "<br>".join([part.with_plan.text(year), *part.with_plan.below(year)]) for year in YEARS
            ],
            hovertemplate="%{customdata}",
        )
    if total.members:
        figure.add_scatter(**_whole(total, names))
    for place, year in enumerate(YEARS):  # by place: Plotly reads “2023” as the place 2023
        tops = sum(max(part.with_plan.at(year) / scale, 0.0) for part in parts)
        figure.add_annotation(
            x=place,
            y=max([tops, *(end / scale for end in total.with_plan.ends(year))]),
            text=f"<b>{total.with_plan.text(year)}</b>",
            showarrow=False,
            yshift=14,
            font={"size": 14},
        )
    figure.update_layout(
        barmode="relative",
        bargap=0.35,
        showlegend=True,
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0, "traceorder": "normal"},
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(separatethousands=True)
    return figure


def _whole(total: Area, names: Sequence[str]) -> dict[str, Any]:
    """Return the trace of a total's medians, each with where 8 in 10 runs lie."""
    series = total.with_plan
    told = series.with_ends()
    places = [series.years.index(year) for year in YEARS]
    middle, low, high = (told[end][places] / series.measure.scale for end in ("", "_low", "_high"))
    return {
        "x": names,
        "y": middle,
        "mode": "markers",
        "name": f"{total.name}: median, 8 in 10 runs",
        "marker": {"color": "#ffffff", "symbol": "diamond", "size": 9, "line": {"color": INK, "width": 2}},
        "error_y": {
            "symmetric": False,
            "array": high - middle,
            "arrayminus": middle - low,
            "thickness": 2,
            "width": 6,
            "color": INK,
        },
        "customdata": ["<br>".join([series.text(year), *series.below(year)]) for year in YEARS],
        "hovertemplate": "%{customdata}",
    }


def total_table(total: Area, parts: Sequence[Area], caption: str) -> html.Div:
    """Give the numbers of the sum: areas and the total down, review points across."""
    rows = [
        Row(
            each.label,
            [small(each.with_plan.coloured(year), *each.with_plan.below(year)) for year in YEARS],
            "areas-total" if each is total else "",
        )
        for each in (*parts, total)
    ]
    return table(caption, ["Area", *(starred(year, [total]) for year in YEARS)], rows, "areas-table")


def total_panel(choices: Choices, total: Area, *, drawn: bool = True) -> Component:
    """Show a total as the sum of its areas; of a share, say how it comes about."""
    measure = BY_KEY[choices.measure]
    if not measure.size:
        return html.P(
            f"{total.name} is the sum of its areas. “{measure.title}” is a share: it is worked out again "
            "from the sums of what it is made of, never averaged.",
            className="areas-note",
        )
    whole, parts = total_and_parts(choices, total.key, drawn=drawn)
    title = f"{title_start(choices, whole.members)}: what is {total.name} made of?"
    note = html.P(
        f"With your plan. {total.name} is the sum of {len(parts)} areas, each run for itself"
        f"{'; indicative, as most of its areas are' if whole.indicative else ''}."
        f"{MEDIANS if whole.members else ''}",
        className="unit",
    )
    return chart(
        {"areas-total": total.key},
        title,
        unit_words(choices, ABSOLUTE),
        total_chart(whole, parts),
        total_table(whole, parts, title),
        source(whole.members),
        more=[note],
    )
