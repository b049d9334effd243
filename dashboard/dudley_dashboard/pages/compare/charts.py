"""Table of the headline indicators and chart of one over the years, a column and a line for each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from dudley_dashboard.address import View
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import Numbers
from dudley_dashboard.figures import LINES, blank, chart, starred, years_axis
from dudley_dashboard.members import years_beyond
from dudley_dashboard.names import portfolio_text, world_text
from dudley_dashboard.pages.compare.data import (
    ALL_YEARS,
    CompareQuery,
    LabelledRun,
    Regrets,
    labels_of,
    reference_of,
    regrets,
    run_labels,
    shared_text,
)
from dudley_dashboard.parts import Content, aria, data, small, table
from dudley_dashboard.runs import AreaKey, area_keys, ready
from dudley_dashboard.series import (
    ABSOLUTE,
    CHANGE,
    DIFFERENCE,
    PER_1000,
    has_rate,
    long_rows,
    of_runs,
    people_of_rate,
    unit_of,
    unit_words,
)
from dudley_sd.indicators import COMPARED, Indicator
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.results.colours import spread
from dudley_sd.results.comparison_text import head
from dudley_sd.results.regret import ENDS, RUN_BY_RUN
from dudley_sd.results.table import frame_table
from dudley_sd.text import joined

HEIGHT = 440
APART = 0.055
"""Least distance between two letters at the ends of lines, as a share of the height."""

GREY = 1
"""Place in `LINES` of the colour that only the first run has."""

STYLES = {"dash": "dashed", "solid": "solid", "dot": "dotted"}
"""Dashes of lines that the key, which is no picture, can show too."""


def headline_table(runs: Sequence[LabelledRun], way: str, reference: LabelledRun, review: str) -> html.Div:
    """Rows of indicators, columns of runs, at a review point or all of them under each other."""
    years = list(REVIEW_POINTS) if review == ALL_YEARS else [int(review)]
    beyond = years_beyond(runs)
    start = way in (ABSOLUTE, PER_1000) and len({run.request.footprint for run in runs}) == 1
    rows = []
    for indicator in COMPARED.values():
        series = [run.series(indicator.key, way, reference) for run in runs]
        for year in years:
            cells: list[Content] = [series[0].coloured(PROJECTED)] if start else []
            cells += [each.cell(year) for each in series]
            name: Content = _name(indicator, way)
            if len(years) > 1:
                when = html.Span(f" {starred(year, beyond)}", className="compare-year")
                name = [html.Span(_name(indicator, way)), when]
            rows.append([name, *cells])
    heads: list[Content] = ["Indicator", *([small(str(PROJECTED), "all start here")] if start else [])]
    kinds = ["compare-first" if year == years[0] else "" for _ in COMPARED.values() for year in years]
    caption, heads = _caption(runs, way, reference, years), [*heads, *map(_head, runs)]
    drawn = table(caption, heads, rows, "compare-table", kinds=kinds)
    shared = shared_text([run.request for run in runs])
    return html.Div(
        [html.P(shared, className="compare-note"), drawn],
        className="compare-drawn" if runs[0].members else "compare-drawn compare-single",
    )


def _caption(runs: Sequence[LabelledRun], way: str, reference: LabelledRun, years: Sequence[int]) -> str:
    """Say what the numbers of the table are."""
    beyond, members = years_beyond(runs), runs[0].members
    what = {
        ABSOLUTE: "",
        PER_1000: "per head of that year as each row says; ",
        CHANGE: f"change since {PROJECTED}; ",
        DIFFERENCE: f"difference from {reference.letter} ({reference.label.name}), with the same draws; ",
    }[way]
    more = ", and where 8 in 10 of them lie" if members else ", until medians are worked out"
    when = joined(starred(year, beyond) for year in years)
    return f"Headline indicators in {when}: {what}{of_runs(members)}{more}"


def _name(indicator: Indicator, way: str) -> str:
    per_head = way == PER_1000 and has_rate(indicator)
    return f"{indicator.title}, per {people_of_rate(indicator):,} people" if per_head else head(indicator)


def _head(run: LabelledRun) -> html.Div:
    """Letter, title and detail of a run, for the head of a column."""
    return html.Div(
        [
            html.Span(run.letter, className="compare-letter"),
            html.Span(run.label.title, className="compare-title"),
            html.Small(run.label.detail),
        ]
    )


def framed_chart(
    runs: Sequence[LabelledRun], indicator: str, way: str, reference: LabelledRun, marked: Sequence[int]
) -> html.Figure:
    """Put the chart into the frame of all charts, its key beside it."""
    beyond, members = years_beyond(runs), runs[0].members
    gone, empty = _why_not_drawn(runs, indicator, way, reference)
    heading = f"Lines and where they stand in {starred(marked[-1], beyond)}"
    key = [html.P(heading, className="unit"), key_list(runs, indicator, way, reference, marked[-1])]
    lines = (
        f"Each line is the median of {members} runs of the model" if members else "Each line is a single run"
    )
    star = f" * {min(beyond)}: beyond the projection, whose last year's rates carry on." if beyond else ""
    more: list[Any] = [html.Div(key, className="compare-key-box")]
    if gone and not empty:
        more.append(html.P(gone, className="compare-gone", role="note"))
    return chart(
        "compare-lines",
        chart_title(indicator),
        unit_words(COMPARED[indicator], way, f"{reference.letter}, {reference.label.title}"),
        line_chart(runs, indicator, way, reference, marked),
        chart_table(runs, indicator, way, reference),
        f"{lines}.{star}",
        more=more,
        empty=gone if empty else "",
        kind="compare-chart" if members else "compare-chart compare-single",
    )


def chart_title(indicator: str) -> str:
    """Ask what the chart answers."""
    return f"{COMPARED[indicator].title}: where does each plan and future lead?"


def look_of(nth: int) -> tuple[str, str]:
    """Colour and dashes of a run's line: grey and dashed for the first, then solid, then dotted."""
    if nth == 0:
        return LINES[GREY][0], "dash"
    colours = [colour for place, (colour, _, _) in enumerate(LINES) if place != GREY]
    cycle, place = divmod(nth - 1, len(colours))
    return colours[place], ("solid", "dot", "dash")[cycle]


def line_chart(
    runs: Sequence[LabelledRun], indicator: str, way: str, reference: LabelledRun, marked: Sequence[int]
) -> go.Figure:
    """Draw an indicator over the years; letters at the ends of lines are those of the table.

    Parameters
    ----------
    marked
        Review points that are chosen: an upright line, and a dot on every line.
    """
    figure, every, ends = blank(HEIGHT), [], {}
    years: list[int] = []
    for nth, run in enumerate(runs):
        series, (colour, dash) = run.series(indicator, way, reference), look_of(nth)
        drawn, years = series.drawn(), series.years
        dots = [drawn[years.index(year)] for year in marked]
        every += [value for value in drawn if value is not None]
        if drawn[-1] is not None:
            ends[run.letter] = drawn[-1]
        line = series.line(f"{run.letter} {run.label.title}", colour, dash, 3)
        figure.add_scatter(**line | {"customdata": [series.text(year) for year in years]})
        if any(dot is not None for dot in dots):
            figure.add_scatter(
                x=list(marked),
                y=dots,
                mode="markers",
                marker={"color": colour, "size": 9},
                hoverinfo="skip",
                name=f"{run.letter} at the review point",
            )
    for year in marked:
        figure.add_vline(year, line={"color": LINES[GREY][0], "width": 1, "dash": "dot"}, layer="below")
    figure.update_layout(margin={"l": 8, "r": 34, "t": 12, "b": 8})
    years_axis(figure, [PROJECTED, *REVIEW_POINTS], years_beyond(runs), [years[0] - 0.2, years[-1] + 0.2])
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    room = (high - low) * 0.06 or 1.0
    figure.update_yaxes(range=[low - room, high + room], rangemode="normal", separatethousands=True)
    heights = spread(list(ends.values()), APART * (high - low + 2 * room))
    for letter, height in zip(ends, heights, strict=True):  # none upon another
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
    return figure


def key_list(
    runs: Sequence[LabelledRun], indicator: str, way: str, reference: LabelledRun, year: int
) -> html.Ol:
    """Say which line is which and where it stands at a review point, in the order of the letters."""
    items = []
    for nth, run in enumerate(runs):
        series, (colour, dash) = run.series(indicator, way, reference), look_of(nth)
        line = {"borderTop": f"4px {STYLES[dash]} {colour}"}
        stands = [html.Strong(series.coloured(year)), *map(html.Small, series.below(year))]
        parts = [
            html.Span(run.letter, className="compare-letter"),
            html.Span(className="compare-swatch", style=line, **aria(hidden="true")),
            html.Span([run.label.title, html.Small(run.label.detail)], className="compare-name"),
            html.Span(stands, className="compare-ends"),
        ]
        items.append(html.Li(parts))
    return html.Ol(items, className="compare-key", **data(picture_key=""))


def _why_not_drawn(
    runs: Sequence[LabelledRun], indicator: str, way: str, reference: LabelledRun
) -> tuple[str, bool]:
    """Say which lines are not there, and why, or nothing; and whether there is none at all."""
    gone = [run for run in runs if np.isnan(run.series(indicator, way, reference).values).all()]
    title = COMPARED[indicator].title
    if not gone:
        return "", False
    if way == DIFFERENCE and np.isnan(reference.series(indicator, ABSOLUTE).values).all():
        text = f"{reference.letter} plans no shift, so “{title}” cannot differ from it."
    else:
        verb, that = ("has", "it plans") if len(gone) == 1 else ("have", "they plan")
        letters = joined(run.letter for run in gone)
        text = f"{letters} {verb} no line: {that} no shift, so “{title}” says nothing there."
    return text, len(gone) == len(runs)


def chart_table(runs: Sequence[LabelledRun], indicator: str, way: str, reference: LabelledRun) -> html.Div:
    """Give the numbers of the chart: runs down, years across."""
    every = [(run, run.series(indicator, way, reference)) for run in runs]
    years, beyond = every[0][1].years, years_beyond(runs)
    rows = [[f"{run.letter} {run.label.name}", *map(each.cell, years)] for run, each in every]
    return table(chart_title(indicator), ["Line", *(starred(year, beyond) for year in years)], rows)


SCALED = ("value", "best", "regret", *ENDS)
"""Columns of numbers in `regret_rows`."""


def needed(view: View) -> list[AreaKey]:
    """Return the areas of the plan and of pinned plans, which must be ready before."""
    query, _ = CompareQuery.read(view.request, view.rest)
    plans = [view.request, *(pin.plan for pin in query.pin)]
    return list(
        dict.fromkeys(place for plan in plans for place in area_keys([plan.footprint], plan.projection))
    )


def compiled(view: View) -> bool:
    """Whether nobody has to wait for a compiler; what is not compiled is compiled meanwhile."""
    labels, _ = labels_of(CompareQuery.read(view.request, view.rest)[0])
    return all([ready(label.request) for label in labels])


def numbers_of(view: View) -> Numbers:
    """Return what the page shows of an address, in all years, and every regret at its review point."""
    query, _ = CompareQuery.read(view.request, view.rest)
    labels, notes = labels_of(query)
    runs, more = run_labels(labels)
    found = regrets(query)
    reference = reference_of(runs, query.against)
    area = catalogue().footprints[view.request.footprint].name
    about = [
        ("Do nothing", "the same future and outside world, no portfolio, contract as now"),
        ("Reference case", "Official Future, do nothing and no lever moved, in the same area"),
        ("Outside world", world_text(view.request)),
        *((f"Run {run.letter}", run.label.whole) for run in runs),
        *(("Left out", note) for note in (*notes, *more, *found.notes)),
        ("Indicative", runs[0].indicative),
    ]
    note = (
        f"One row for each run, year and indicator. Value: median of {reference.members} runs; value_low and "
        "value_high, which earlier files called low and high: ends of 8 in 10 of its runs; single_run: at "
        f"central values. Differences are from {reference.letter}, {reference.label.whole}, with the same "
        "draws. Changes and differences of shares are percentage points."
    )
    regret = f"How far each option ends in {found.year} from the best in the same future. {RUN_BY_RUN}"
    return Numbers(
        f"Plans and futures side by side, {area}, 2018 to 2033",
        [pair for pair in about if pair[1]],
        [
            frame_table("Numbers", note, long_table(runs, reference)),
            frame_table("Regret", regret, regret_rows(found)),
        ],
    )


def long_table(runs: Sequence[LabelledRun], reference: LabelledRun) -> pd.DataFrame:
    """Return one row for each run, year and indicator, in the unit of the page.

    Returns
    -------
    pd.DataFrame
        Columns ``run, name, area, future, portfolio, contract, levers`` and those of
        `dudley_dashboard.series.long_rows`: ``value, per_1000, change_since_2018`` and ``difference``; and
        ``difference_from``, the name of a run.
    """
    rows, known = [], catalogue()
    for run in runs:
        request = run.request
        head = {
            "run": run.letter,
            "name": run.label.whole,
            "area": known.footprints[request.footprint].name,
            "future": known.scenarios[request.scenario].title,
            "portfolio": portfolio_text(request.portfolio),
            "contract": known.contracts[request.contract].title,
            "levers": "; ".join(f"{key}={value!r}" for key, value in request.settings),
        }
        for indicator in COMPARED.values():
            absolute, per_head, change, difference = (
                run.series(indicator.key, way, reference) for way in (ABSOLUTE, PER_1000, CHANGE, DIFFERENCE)
            )
            others = {"per_1000": per_head, "change_since_2018": change, "difference": difference}
            rows += long_rows(head, absolute, others, run.beyond, difference_from=reference.label.whole)
    return pd.DataFrame(rows)


def regret_rows(found: Regrets) -> pd.DataFrame:
    """Return one row for each indicator, future and option, in the unit of the page.

    Returns
    -------
    pd.DataFrame
        Columns ``indicator, year, future, option, unit, value, best, regret, regret_low, regret_high``.
    """
    rows = found.regret
    indicators = [COMPARED[key] for key in rows["indicator"]]
    scale = [indicator.scale for indicator in indicators]
    return pd.DataFrame(
        {
            "indicator": [indicator.title for indicator in indicators],
            "year": found.year,
            "future": [catalogue().scenarios[key].title for key in rows["scenario"]],
            "option": rows["portfolio"],
            "unit": [unit_of(indicator, ABSOLUTE) for indicator in indicators],
            **{name: rows[name] / scale for name in SCALED},
        }
    )
