"""Charts of areas and their tables: the ranking, small charts on one scale, and what a total is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dudley_dashboard.figures import INK, LINES, blank, chart, graph, picture_button, starred, years_axis
from dudley_dashboard.members import years_beyond
from dudley_dashboard.names import DO_NOTHING_WORDS
from dudley_dashboard.pages.footprints.data import (
    MEDIANS,
    Area,
    FootprintsQuery,
    comparable,
    is_empty,
    reasons,
    source,
    title_start,
    total_and_parts,
)
from dudley_dashboard.parts import Content, aria, data, folded, small, table
from dudley_dashboard.series import ABSOLUTE, PER_1000, unit_words
from dudley_sd.indicators import COMPARED
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.do_nothing import DO_NOTHING

PLAN, BASE = LINES[0], LINES[1]
PLAN_NAME, SPREAD_NAME = "your plan", "8 in 10 runs of your plan"
SHADE = "rgba(44, 127, 208, 0.2)"
"""The colour of the plan's line, thin enough that both lines are seen through it."""

SMALL_HEIGHT, TOTAL_HEIGHT, ROW_HEIGHT, MARGIN = 190, 340, 64, 40
ABOVE, BELOW = 0.14, 0.17
"""How far above its dot a name stands in the ranking, and below it the line of 8 in 10 runs, in rows."""

ROOM, RANKING_ROOM = 0.06, 0.08
"""Room beyond the lowest and the highest value, as a share of what lies between."""

YEARS = (PROJECTED, *REVIEW_POINTS)
PATTERNS = ("", "/", "x", ".", "-", "\\")


def draw_areas(query: FootprintsQuery, areas: Sequence[Area], *, medians: bool = True) -> list[Component]:
    """Draw the ranking, the small charts and what each total is made of."""
    level = comparable(query, areas)
    drawn: list[Component] = [ranking(query, level), small_multiples(query, level)] if level else []
    return drawn + [total_panel(query, area, medians=medians) for area in areas if area.parts]


def _star(year: int, areas: Sequence[Area]) -> str:
    return starred(year, years_beyond(area.run for area in areas))


def _range(values: Sequence[float | None], room: float) -> tuple[float, float]:
    """Return the range of an axis that holds all values."""
    every = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = min(every), max(every)
    more = room * ((high - low) or abs(high) or 1.0)
    return low - more, high + more


def ranked(areas: Sequence[Area], year: int) -> list[Area]:
    """Return areas by what they have in a year with the plan, most first; those without a number last."""

    def order(area: Area) -> tuple[bool, float]:
        value = area.with_plan.at(year)
        return (True, 0.0) if math.isnan(value) else (False, -value)

    return sorted(areas, key=order)


def ranking(query: FootprintsQuery, areas: Sequence[Area]) -> html.Figure:
    """Frame the ranking of areas in a year."""
    year, members = query.year, areas[0].run.members
    first = ranked(areas, year)[0]
    title = f"{title_start(query, members)}: which area has most in {_star(year, areas)}?"
    spread = f"; the line below: {SPREAD_NAME}" if members else ""
    key = html.P(f"● {PLAN_NAME} (■ a sum of areas), ◇ {DO_NOTHING_WORDS.lower()}{spread}.", className="unit")
    count = f" ({first.in_all(year)})" if first.in_all(year) else ""
    return chart(
        "areas-ranking",
        title,
        unit_words(COMPARED[query.indicator], query.show),
        ranking_chart(areas, year),
        ranking_table(areas, year, f"{title} Most: {first.label}, {first.with_plan.text(year)}{count}."),
        source(members),
        more=[key],
    )


def ranking_chart(areas: Sequence[Area], year: int) -> go.Figure:
    """Draw a dot for each area with the plan and one for do nothing; the most is at the top."""
    rows = ranked(areas, year)[::-1]
    scale = rows[0].with_plan.indicator.scale
    spans = [[end / scale for end in area.with_plan.ends(year)] for area in rows]
    between = [[each.at(year) / scale for each in (area.nothing, area.with_plan)] for area in rows]
    figure = blank(MARGIN + ROW_HEIGHT * len(rows))
    _segments(figure, spans, BELOW, PLAN[0], name=SPREAD_NAME)
    _segments(figure, between, 0, BASE[0])
    diamond = {"color": BASE[0], "size": 13, "symbol": "diamond-open", "line": {"width": 2.5}}
    symbols = ["square" if area.parts else "circle" for area in rows]
    dots = {"color": PLAN[0], "size": 14, "symbol": symbols}
    for name, marker, series in (
        (DO_NOTHING, diamond, [area.nothing for area in rows]),
        (PLAN_NAME, dots, [area.with_plan for area in rows]),
    ):
        figure.add_scatter(
            x=[each.at(year) / scale for each in series],
            y=list(range(len(rows))),
            mode="markers",
            name=name,
            marker=marker,
            customdata=[each.hover([year])[0] for each in series],
            hovertemplate=f"{name} %{{customdata}}<extra></extra>",
        )
    for height, area in enumerate(rows):
        figure.add_shape(  # zero, where no name stands: a line from top to bottom would strike names through
            type="line",
            x0=0,
            x1=0,
            y0=height - 2 * BELOW,
            y1=height + ABOVE,
            line={"color": BASE[0], "width": 1},
            layer="below",
        )
        figure.add_annotation(
            x=0,
            xref="paper",
            y=height + ABOVE,
            text=f"{area.label}: <b>{area.with_plan.text(year)}</b>{_few(area, year)}",
            name="wrapped",  # js/plotly_charts.js wraps it to the width of the chart
            align="left",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"size": 13},
        )
    every = [0.0, *(value for each in (*between, *spans) for value in each if not math.isnan(value))]
    figure.update_layout(hovermode="closest", margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(
        range=_range(every, RANKING_ROOM),  # from zero: zoomed in, noise looks large
        showgrid=True,
        zeroline=False,
        nticks=5,
        separatethousands=True,
    )
    rows_axis = {"range": [-0.5, len(rows) - 0.25], "showgrid": False, "zeroline": False}
    return figure.update_yaxes(showticklabels=False, rangemode="normal", **rows_axis)


def _segments(figure: go.Figure, rows: list[list[float]], below: float, colour: str, **more: Any) -> None:
    """Draw a line from one value to the other of each row, below the middle of the row."""
    x = [value for row in rows for value in (*row, None)]
    y = [value for nth, row in enumerate(rows) for value in (*(nth - below for _ in row), None)]
    line = {"color": colour, "width": 2}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", **more)


def _few(area: Area, year: int) -> str:
    """Say how many there are, of what is counted one by one."""
    few = area.with_plan.indicator.unit in ("WTE", "beds") and area.in_all(year)
    return f" ({area.in_all(year).removesuffix(' in all')})" if few else ""


def ranking_table(areas: Sequence[Area], year: int, caption: str) -> html.Div:
    """Give the numbers of the ranking."""
    per_head = areas[0].with_plan.way == PER_1000
    rows = []
    for rank, area in enumerate(ranked(areas, year), start=1):
        apart = small(area.difference.text(year), *area.difference.below(year))
        cells: list[Content] = [str(rank), area.with_plan.cell(year), area.nothing.cell(year), apart]
        in_all = [area.in_all(year).removesuffix(" in all")] if per_head else []
        rows.append([area.label, *cells, *in_all])
    heads = ["Area", "Rank", f"Your plan, {_star(year, areas)}", DO_NOTHING.capitalize(), "Difference"]
    return table(caption, [*heads, *(["Your plan, in all"] if per_head else [])], rows, "areas-table")


def small_multiples(query: FootprintsQuery, areas: Sequence[Area]) -> html.Section:
    """Frame small charts of all areas on one scale, with one table of their numbers."""
    members, unit = areas[0].run.members, unit_words(COMPARED[query.indicator], query.show)
    title = f"{title_start(query, members)}: how does each area go from {PROJECTED} to {YEARS[-1]}?"
    beyond = " * Beyond the projection, whose last year's rates carry on."
    star = beyond if years_beyond(area.run for area in areas) else ""
    key = [
        f"{unit}. The upright scale is the same in every chart. ",
        *_line("plan", f"solid: {PLAN_NAME}"),
        *_line("base", f"dashed: {DO_NOTHING_WORDS.lower()}"),
        *(_line("band", f"shaded: {SPREAD_NAME}") if members else []),
    ]
    limits = one_range(areas)
    cards = [card(area, limits, query.year) for area in areas]
    return html.Section(
        [
            html.H2(title),
            html.P(key, className="areas-note", **data(picture_key="")),
            html.Div(cards, className="areas-grid"),
            folded("Numbers", numbers_table(areas, f"{title} {unit}")),
            html.P(f"Source: {source(members)}{star}", className="areas-note"),
        ]
    )


def _line(kind: str, words: str) -> list[Any]:
    """Return a piece of line with what it means: the two are never parted at the end of a line of text."""
    swatch = html.Span(className=f"areas-line areas-{kind}", **aria(hidden="true"))
    return [html.Span([swatch, f" {words}"], className="areas-key"), " "]


def one_range(areas: Sequence[Area]) -> tuple[float, float]:
    """Return the range of values that all small charts share."""
    arrays = [
        each for area in areas for each in (area.with_plan.low, area.with_plan.high) if each is not None
    ]
    series = [each for area in areas for each in (area.with_plan, area.nothing)]
    drawn = [*(each.drawn() for each in series), *map(series[0].drawn, arrays)]
    return _range([value for values in drawn for value in values], ROOM)


def small_chart(area: Area, limits: tuple[float, float]) -> go.Figure:
    """Draw one area with the plan, where 8 in 10 of its runs lie, and do nothing."""
    plan, figure = area.with_plan, blank(SMALL_HEIGHT)
    for ends, fill in ((plan.low, None), (plan.high, "tonexty")):
        if ends is not None:
            figure.add_scatter(
                x=plan.years,
                y=plan.drawn(ends),
                mode="lines",
                line={"width": 0},
                fill=fill,
                fillcolor=SHADE,
                name=SPREAD_NAME,
                hoverinfo="skip",
            )
    for series, (colour, dash, _), name in ((area.nothing, BASE, DO_NOTHING), (plan, PLAN, PLAN_NAME)):
        figure.add_scatter(**series.line(name, colour, dash))
    years_axis(figure, YEARS, area.run.beyond, [plan.years[0], plan.years[-1] + 0.3])
    figure.update_yaxes(range=list(limits), rangemode="normal", nticks=5, separatethousands=True)
    return figure.update_layout(margin={"l": 4, "r": 14, "t": 6, "b": 4}, font_size=12)


def card(area: Area, limits: tuple[float, float], year: int) -> html.Figure:
    """Put one small chart under the name of its area, with its number in a year and why it is indicative."""
    count = f" ({area.in_all(year)})" if area.in_all(year) else ""
    value = f"{_star(year, [area])}: {area.with_plan.text(year)}{count}"
    below = [*area.with_plan.below(year), f"{DO_NOTHING.capitalize()}: {area.nothing.text(year)}"]
    drawn: list[Component] = [
        html.P("No shift is planned here, so there is nothing to draw.", className="areas-gone")
    ]
    if not is_empty(area):
        numbers = "; ".join([value, *below])
        words = f"Chart: {area.label}. {numbers}. The numbers are in the table below the charts."
        picture = graph({"areas-small": area.key}, small_chart(area, limits))
        drawn = [html.Div(picture, role="group", **aria(label=words)), picture_button(area.label)]
    mark: list[Any] = [area.mark[:1].upper() + area.mark[1:], html.Span(": why?")]
    why = html.Details([html.Summary(mark), *map(html.P, reasons(area))], className="areas-why")
    number = html.P(small(value, *below), className="areas-number")
    return html.Figure(
        [html.H3(area.name), number, *([why] if area.mark else []), *drawn], className="chart areas-card"
    )


def numbers_table(areas: Sequence[Area], caption: str) -> html.Div:
    """Give the numbers of the small charts: areas with and without the plan down, years across."""
    years = areas[0].with_plan.years
    rows = [
        [f"{area.label}, {name}", *map(series.cell, years)]
        for area in areas
        for name, series in ((PLAN_NAME, area.with_plan), (DO_NOTHING, area.nothing))
    ]
    return table(caption, ["Area", *(_star(year, areas) for year in years)], rows, "areas-table")


def total_panel(query: FootprintsQuery, total: Area, *, medians: bool = True) -> Component:
    """Show a total as the sum of its areas; of a share, say how it comes about."""
    indicator = COMPARED[query.indicator]
    if not indicator.size:
        share = (
            f"{total.name} is the sum of its areas. “{indicator.title}” is a share: it is worked out again "
            "from the sums of what it is made of, never averaged."
        )
        return html.P(share, className="areas-note")
    whole, parts = total_and_parts(query, total.key, medians=medians)
    members = whole.run.members
    title = f"{title_start(query, members)}: what is {total.name} made of?"
    note = (
        f"With your plan. {total.name} is the sum of {len(parts)} areas, each run for itself"
        f"{'; indicative, as most of its areas are' if whole.indicative else ''}."
        f"{MEDIANS if members else ''}"
    )
    return chart(
        {"areas-total": total.key},
        title,
        unit_words(indicator, ABSOLUTE),
        total_chart(whole, parts),
        total_table(whole, parts, title),
        source(members),
        more=[html.P(note, className="unit")],
    )


def total_chart(total: Area, parts: Sequence[Area]) -> go.Figure:
    """Draw the areas upon each other at the review points; before them the whole and its 8 in 10 runs."""
    scale = total.with_plan.indicator.scale
    names = [_star(year, [total]) for year in YEARS]
    figure = blank(TOTAL_HEIGHT)
    for nth, part in enumerate(parts):
        pattern = {"shape": PATTERNS[nth % len(PATTERNS)], "size": 7, "solidity": 0.25}
        figure.add_bar(
            x=names,
            y=[part.with_plan.at(year) / scale for year in YEARS],
            name=part.label,
            marker={"color": LINES[nth % len(LINES)][0], "pattern": pattern},
            customdata=part.with_plan.hover(YEARS),
            hovertemplate="%{customdata}",
        )
    if total.run.members:
        figure.add_scatter(**_whole(total, names))
    for nth, year in enumerate(YEARS):  # by place: Plotly reads “2023” as the place 2023
        tops = sum(max(part.with_plan.at(year) / scale, 0.0) for part in parts)
        figure.add_annotation(
            x=nth,
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
    return figure.update_yaxes(separatethousands=True)


def _whole(total: Area, names: Sequence[str]) -> dict[str, Any]:
    """Return the trace of a total's medians, each with where 8 in 10 runs lie."""
    series = total.with_plan
    middle = [series.at(year) / series.indicator.scale for year in YEARS]
    ends = [[end / series.indicator.scale for end in series.ends(year)] for year in YEARS]
    bars = {
        "symmetric": False,
        "array": [high - value for value, (_, high) in zip(middle, ends, strict=True)],
        "arrayminus": [value - low for value, (low, _) in zip(middle, ends, strict=True)],
    }
    return {
        "x": names,
        "y": middle,
        "mode": "markers",
        "name": f"{total.name}: median, 8 in 10 runs",
        "marker": {"color": "#ffffff", "symbol": "diamond", "size": 9, "line": {"color": INK, "width": 2}},
        "error_y": {**bars, "thickness": 2, "width": 6, "color": INK},
        "customdata": series.hover(YEARS),
        "hovertemplate": "%{customdata}",
    }


def total_table(total: Area, parts: Sequence[Area], caption: str) -> html.Div:
    """Give the numbers of the sum: areas and the total down, review points across."""
    rows = [[each.label, *map(each.with_plan.cell, YEARS)] for each in (*parts, total)]
    heads = ["Area", *(_star(year, [total]) for year in YEARS)]
    return table(caption, heads, rows, "areas-table", kinds=[*[""] * len(parts), "areas-total"])
