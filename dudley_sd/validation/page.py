"""HTML page of the validation report, and its outcomes as CSV beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from dudley_sd.indicators import Selection
from dudley_sd.results.figure_parts import Figure
from dudley_sd.results.html import Charts, html_page, write_page
from dudley_sd.results.table import Table, page_table, write_frame
from dudley_sd.validation import figures
from dudley_sd.validation.back_test import GROUPS, YEARS, group_errors, revision_table
from dudley_sd.validation.behaviour import counted
from dudley_sd.validation.outcome import (
    BACK_TEST,
    BEHAVIOUR,
    DOCUMENTED,
    EXTREMES,
    FAILS,
    FAMILY,
    KINDS,
    LOOPS,
    PASSES,
    REPORTED,
    Outcome,
    as_table,
    counts,
    figure_text,
    worst,
)
from dudley_sd.validation.report import Report
from dudley_sd.validation.sensitivity import INDICATORS, TOP, number_text, top_table

NAME = "validation"
CLASSES = {PASSES: "passes", DOCUMENTED: "documented", FAILS: "fails", REPORTED: "reported"}
LARGEST_MOVES = 12
"""Indicators in the table of the step; those below move less."""

BOUNDARY_WORDS = {
    "endogenous": "Explained by the model",
    "exogenous": "Given to the model",
    "left out": "Left out",
}


class Card(NamedTuple):
    """A row whose cells hold words and may break: a card on a narrow screen."""

    name: str
    cells: Sequence[str]
    notes: Sequence[str] = ()


class Cards(NamedTuple):
    """A table of cards."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Card]


def write_report(report: Report, folder: Path | str) -> list[Path]:
    """Write the page and, beside it, the outcomes as a table.

    Parameters
    ----------
    report
        From `dudley_sd.validation.report.validate`.
    folder
        Made if it is not there; files of these names are replaced, each whole or not at all.

    Returns
    -------
    list of Path
        ``validation.html``, which asks the network for nothing, and ``validation.csv``.
    """
    html, table = (Path(folder) / f"{NAME}.{ending}" for ending in ("html", "csv"))
    return [write_page(page(report, table.name), html), write_frame(as_table(report.outcomes), table)]


def page(report: Report, csv: str = f"{NAME}.csv") -> str:
    """Return the page as text; ``csv`` is the name of the table beside it."""
    charts = Charts()
    of = {kind: [each for each in report.outcomes if each.test == kind] for kind in KINDS}
    return html_page(
        "validation.html",
        charts,
        style="validation.css",
        goal="verdicts",
        report=report,
        of=of,
        says=_says(report, of),
        headline=headline(report.outcomes),
        csv=csv,
        made=f"{report.made[:10]} {report.made[11:16]}",
        kinds=KINDS,
        classes=CLASSES,
        counts=counts,
        worst=worst,
        key_of=lambda kind: re.sub(r"\W+", "-", kind.lower()).strip("-"),
        failing=sorted(
            (each for each in report.outcomes if each.verdict in (FAILS, DOCUMENTED)),
            key=lambda each: each.verdict != FAILS,
        ),
        published=_published(report.outcomes),
        demand_words=_demand_text(report),
        theil_table=_theil_table(report),
        revisions=_numbers("People in mid-2018", "Age", revision_table(report.back).loc[list(GROUPS)]),
        boundary=[Card(BOUNDARY_WORDS[name], [text]) for name, text in report.boundary.items()],
        sectors=_numbers("Variables of each kind", "Sector", report.sectors),
        numbers=_numbers("Numbers by status", "Part of the inputs", report.numbers, str),
        steps=_steps(report.steps),
        family=_family(report.family),
        top=_top(report),
        others=[
            Card(row["what"], [row["model"], row["others found"], row["why they differ"]], [row["source"]])
            for _, row in report.others.iterrows()
        ],
        tornadoes=_tornadoes(report, charts),
        error=charts.add(
            "error",
            lambda columns: figures.error_figure(report.back, columns),
            "Error by age and year: see the table",
            2,
            1,
        ),
        growth=charts.add(
            "growth",
            lambda columns: figures.growth_figure(report.growth, columns),
            "Growth of each service by ageing",
            2,
            1,
        ),
        status=charts.add(
            "status",
            lambda columns: figures.status_figure(report.numbers, columns),
            "Numbers by status: see the table",
            2,
            1,
        ),
    )


def headline(outcomes: Sequence[Outcome]) -> str:
    """Say in a sentence how the model stands."""
    found = counts(outcomes)
    judged = found[PASSES] + found[DOCUMENTED] + found[FAILS]
    known = f"{found[DOCUMENTED]} fail{'s' if found[DOCUMENTED] == 1 else ''} for known reasons"
    rest = (
        f"{found[FAILS]} fail{'s' if found[FAILS] == 1 else ''} without one"
        if found[FAILS]
        else "none without one"
    )
    return f"{found[PASSES]} of {judged} tests pass, {known}, {rest}."


def _says(report: Report, of: Mapping[str, Sequence[Outcome]]) -> dict[str, str]:
    """Say in a sentence what each section finds."""
    found = {each.id: each for each in report.outcomes}
    right = {kind: f"{sum(each.passes for each in here)} of {len(here)}" for kind, here in of.items()}
    days = report.growth.loc["emergency bed days"]
    first = number_text(str(report.sensitivity.reach.index[0]))
    rests = found["sensitivity_rests_on"].found.replace(" of ", " of the ")
    rows = _published(report.outcomes)
    whole = sum(worst(here) == PASSES for here in rows.values())
    balanced = "balance" if found["units"].passes else "do not balance"
    return {
        "published": f"{whole} of {len(rows)} checks of what the model must reproduce hold in full",
        "behaviour": counted(report.outcomes),
        "back_test": f"The projection was {found['back_total'].found} out on people of all ages; by "
        f"{YEARS[-1]} ageing alone has raised bed days by {days['estimated']:.0%}, where it had "
        f"{days['projected']:.0%}",
        "boundary": f"{found['boundary_sectors'].found.split(';')[0]} sectors of the specification are in "
        "the model",
        "dimensions": f"Units {balanced} in every equation",
        "parameters": f"{found['numbers_assumed'].found} of the model's numbers are assumptions, each with a "
        "range",
        "extremes": f"{right[EXTREMES]} extremes leave the model finite, ordered and sensible",
        "integration": f"Halving the step moves no indicator by more than {found['halving'].found}",
        "loops": f"{right[LOOPS]} loops and chains go the expected way",
        "family": f"{right[FAMILY]} things expected of Dudley and three neighbours hold",
        "sensitivity": f"{first[0].upper() + first[1:]} matters most; "
        f"{rests.replace(' are ', ' that matter most are ')}",
        "sensitivity_note": f"{len(report.sensitivity.rows)} numbers that act through the model, one at a "
        "time at the low and the high end of their range, all others central; Official Future with the "
        "portfolio. Left out: switches, what the portfolio decides, shares of a whole, and numbers that act "
        "through the reference flows. One at a time shows no interactions: an ensemble does.",
    }


def _published(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by row of the specification's table of what the model must reproduce."""
    rows: dict[str, list[Outcome]] = {}
    for each in outcomes:
        if each.row and each.test not in (BACK_TEST, BEHAVIOUR):
            rows.setdefault(each.row[0].upper() + each.row[1:], []).append(each)
    return rows


def _demand_text(report: Report) -> list[str]:
    """Say in plain words what the projection's error means for demand."""
    growth, parts = report.growth, report.bed_days
    days, contacts = growth.loc["emergency bed days"], growth.loc["practice contacts, same day"]
    old = parts[["75 to 84", "85 and over"]].sum()
    revised = revision_table(report.back).loc["85 and over"]
    over_85 = revised["projected in 2016"] - revised["estimated in 2019"]
    then = revised["estimated since Census 2021"] - revised["estimated in 2019"]
    return [
        "If people of each age used what they used in 2018, the projection has "
        f"{days['error in last year']:.1%} more emergency bed days in 2023 than the people whom ONS has "
        f"estimated since: {days['projected']:+.1%} since 2018 instead of {days['estimated']:+.1%}. People "
        f"of 75 and over make {100 * old:.1f} points of that; all younger people "
        f"{100 * (parts.sum() - old):+.1f}. Practice contacts are {abs(contacts['error in last year']):.1%} "
        "out.",
        "For a plan made on the projection this means: demand on beds, community nursing and care homes "
        "grows later than it says; demand on practices, outpatients and A&E about as it says. It does not "
        "mean that the growth is gone: the same people are younger, and most will yet grow old.",
        f"Rebasing matters less than the error. For mid-2018 the projection had {over_85:,.0f} more people "
        "of 85 and over than ONS estimated at the time; Census 2021 has since moved that estimate "
        f"{'up' if then >= 0 else 'down'} by {abs(then):,.0f}. Estimates of 2018 to 2020 made at the time "
        "and rebased ones differ, so a comparison made in 2020 would have given other errors.",
    ]


def _theil_table(report: Report) -> Table:
    rows = [
        [
            name,
            figure_text(found.mean_error, "change", 1),
            figure_text(found.mean_absolute_percentage_error, "share", 1),
            f"{found.root_mean_square:,.0f}",
            f"{found.bias:.0%}",
            f"{found.unequal_variation:.0%}",
            f"{found.unequal_covariation:.0%}",
            f"{found.inequality:.3f}",
        ]
        for name, found in group_errors(report.back).items()
    ]
    sizes = ["Mean error", "Mean absolute error", "Root mean square, people"]
    heads = ["Age", *sizes, "Bias", "Variation", "Covariation", "U"]
    years = f"{YEARS[0]} to {YEARS[-1]}"
    return page_table(f"Error of each age group, {years}, and Theil's shares of its mean square", heads, rows)


def _numbers(
    caption: str, first: str, frame: pd.DataFrame, head: Callable[[str], str] = str.capitalize
) -> Table:
    """Return a table of whole numbers."""
    rows = [
        [str(name), *(f"{value:,.0f}" for value in values)]
        for name, values in zip(frame.index, frame.to_numpy(), strict=True)
    ]
    return page_table(caption, [first, *(head(str(name)) for name in frame.columns)], rows)


def _steps(steps: pd.DataFrame) -> Table:
    rows = [
        [str(row["indicator"]), f"{row['moved']:.2%}", str(row["run"])]
        for _, row in steps.head(LARGEST_MOVES).iterrows()
    ]
    caption = "Movement when the step is halved, share of the series' maximum"
    return page_table(caption, ["Indicator", "Moves by", "In the run"], rows)


def _family(family: pd.DataFrame) -> Cards:
    forms = ["{:,.0f}", "{:.1%}", "{:,.0f}", "{:+.1%}", "{:+.0%}", "{:+.0%}"]
    rows = [
        Card(str(area), [form.format(value) for form, value in zip(forms, values, strict=True)])
        for area, values in zip(family.index, family.to_numpy(), strict=True)
    ]
    heads = ["Area", *(name[0].upper() + name[1:] for name in family.columns)]
    return Cards("The family, by demography alone", heads, rows)


def _top(report: Report) -> Cards:
    rows = [
        Card(
            number_text(str(name)),
            [str(row[each.title]) for each in INDICATORS.values()],
            [f"{row['status']}, {row['range']}"],
        )
        for name, row in top_table(report.sensitivity).iterrows()
    ]
    caption = f"The {TOP} numbers that matter most: each indicator in 2033 at their low and high end"
    return Cards(caption, ["Number", *(each.title for each in INDICATORS.values())], rows)


def _tornadoes(report: Report, charts: Charts) -> list[tuple[str, Any]]:
    drawn = []
    for place, title in enumerate(row.title for row in Selection("tornado").values()):

        def build(columns: int, title: str = title) -> Figure:
            return figures.tornado_figure(report.sensitivity, title, columns)

        chart = charts.add(f"tornado-{place}", build, f"What moves {title}: see the table", 2, 1)
        drawn.append((f"{title} in 2033: the {TOP} numbers that move it most", chart))
    return drawn
