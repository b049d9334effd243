"""The headline measures of all cases beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dudley_dashboard.pages.compare.cases import Told, extrapolated, same_area
from dudley_dashboard.pages.compare.choices import ALL_YEARS
from dudley_dashboard.pages.compare.heads import common
from dudley_dashboard.shown import ABSOLUTE, CHANGE, DIFFERENCE, PER_1000, has_rate, people_of_rate
from dudley_dashboard.tables import Content, Row, small, table
from dudley_sd.results.band import SINGLE_RUN
from dudley_sd.results.comparison import REVIEW_POINTS, START
from dudley_sd.results.comparison_words import head
from dudley_sd.results.measures import MEASURES, PEOPLE, Measure


def headline_table(told: Sequence[Told], way: str, reference: Told, review: str) -> html.Div:
    """Measures down, cases across.

    Parameters
    ----------
    told
        Cases with their results.
    way
        One of `dudley_dashboard.shown.WAYS`.
    reference
        The case that differences are taken from.
    review
        A review point, or all of them under each other.
    """
    years = list(REVIEW_POINTS) if review == ALL_YEARS else [int(review)]
    beyond = extrapolated(told)
    start = way in (ABSOLUTE, PER_1000) and same_area(told)
    rows = []
    for measure in MEASURES:
        shows = [each.shown(measure.key, way, reference) for each in told]
        for year in years:
            marked = f"{year}*" if year in beyond else str(year)
            cells: list[Content] = [small(each.coloured(year), *each.below(year)) for each in shows]
            if start:
                cells.insert(0, shows[0].coloured(START))
            name: Content = _name(measure, way)
            if len(years) > 1:
                name = [html.Span(_name(measure, way)), html.Span(f" {marked}", className="compare-year")]
            kind = "compare-first" if year == years[0] else ""
            rows.append(Row(name, cells, kind))
    heads: list[Content] = ["Measure"]
    if start:
        heads.append(small(str(START), "all start here"))
    heads += [case_head(each) for each in told]
    drawn = table(caption(told, way, reference, review), heads, rows, "compare-table")
    shared = common([each.case.plan for each in told])
    return html.Div(
        [html.P(shared, className="compare-note"), drawn],
        className="compare-drawn" if told[0].members else "compare-drawn compare-single",
    )


def caption(told: Sequence[Told], way: str, reference: Told, review: str) -> str:
    """Say what the numbers of the table are."""
    beyond = extrapolated(told)
    years = [f"{year}*" if year in beyond else str(year) for year in REVIEW_POINTS]
    when = ", ".join(years[:-1]) + f" and {years[-1]}"
    if review != ALL_YEARS:
        when = f"{review}*" if int(review) in beyond else review
    what = {
        ABSOLUTE: "",
        PER_1000: "per head of that year as each row says; ",
        CHANGE: f"change since {START}; ",
        DIFFERENCE: f"difference from {reference.letter} ({reference.case.name}), with the same draws; ",
    }[way]
    return f"Headline measures in {when}: {what}{of_runs(told)}"


def of_runs(told: Sequence[Told]) -> str:
    """Say of what runs numbers are."""
    if not told[0].members:
        return f"{SINGLE_RUN}, until medians are worked out"
    return f"median of {told[0].members} runs, and where 8 in 10 of them lie"


def case_head(each: Told) -> html.Div:
    """Letter, title and detail of a case, for the head of a column."""
    return html.Div(
        [
            html.Span(each.letter, className="compare-letter"),
            html.Span(each.case.title, className="compare-title"),
            html.Small(each.case.detail),
        ]
    )


def _name(measure: Measure, way: str) -> str:
    if way == PER_1000 and measure.key != PEOPLE and has_rate(measure):
        return f"{measure.title}, per {people_of_rate(measure):,} people"
    return head(measure)
