"""Charts of people and their tables: profile by age, trends, and projection against estimates."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import xarray as xr
from dash import html

from dudley_dashboard.figures import LINES, blank
from dudley_dashboard.pages.people.data import FIRST, LAST, LATER, People, at, between, errors_of
from dudley_dashboard.parts import table
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.years import REVIEW_POINTS
from dudley_sd.text import signed_percent, whole
from dudley_sd.validation.back_test import GROUPS, PARTS, YEARS

BLUE, GREY, ORANGE, PURPLE, GREEN = (colour for colour, _, _ in LINES[:5])
PLAN, ESTIMATES = "your plan", "ONS estimates since"
DIAMOND: dict[str, Any] = {"symbol": "diamond", "size": 9}
START = {**DIAMOND, "color": "white", "line": {"width": 1.5, "color": "#212b32"}}
"""The mark of mid-2018: seen on a bar, on white and on the dark ground."""

PROFILE_HEIGHT, TREND_HEIGHT = 520, 360
MARKED_YEARS = (FIRST, *REVIEW_POINTS)
"""Years in the table of the profile, and marks of its slider."""


def profile(people: People, year: int) -> go.Figure:
    """Draw people by band in a year: bars of the run, the projection as outline, the start as diamonds."""
    highest = float(max(people.run.max(), people.projection.max())) / 1000

    def trace(array: xr.DataArray, when: int, name: str) -> dict[str, Any]:
        thousands = array.sel(year=when).to_numpy() / 1000
        template = f"%{{y}}: %{{x:.1f}} thousand<extra>{name}</extra>"
        return {"x": thousands, "y": list(AGE_BANDS), "hovertemplate": template}

    outline = {"color": "rgba(0,0,0,0)", "line": {"width": 2, "color": ORANGE}}
    figure = blank(PROFILE_HEIGHT)
    figure.add_bar(
        **trace(people.run, year, PLAN), orientation="h", marker={"color": BLUE, "line": {"width": 0}}
    )
    figure.add_bar(**trace(people.projection, year, people.base), orientation="h", marker=outline)
    figure.add_scatter(**trace(people.run, FIRST, f"mid-{FIRST}"), mode="markers", marker=START)
    figure.update_layout(barmode="overlay", bargap=0.22, hovermode="closest")
    figure.update_xaxes(range=[0, highest * 1.04], title_text="thousand people", showgrid=True)
    return figure.update_yaxes(dtick=1, showgrid=False)


def frames(people: People) -> dict[str, object]:
    """Return what the animation needs: thousands of people of each year by band."""
    return {
        "years": people.run["year"].to_numpy().tolist(),
        "run": (people.run / 1000).round(4).to_numpy().tolist(),
        "outline": (people.projection / 1000).round(4).to_numpy().tolist(),
    }


def profile_table(people: People) -> html.Div:
    """Return the run at the review points beside the projection in the last of them."""
    columns = [people.run.sel(year=year).to_numpy() for year in MARKED_YEARS]
    columns.append(people.projection.sel(year=LAST).to_numpy())
    rows = [[band, *map(whole, values)] for band, *values in zip(AGE_BANDS, *columns, strict=True)]
    heads = ["Age", *(f"mid-{year}" for year in MARKED_YEARS), f"{people.base}, mid-{LAST}"]
    return table(f"People of {people.area} by age", heads, rows)


def trend(people: People, ages: tuple[int, int]) -> go.Figure:
    """Draw people of some ages over the years: plan, projections, and estimates."""
    figure = blank(TREND_HEIGHT)
    styles = [(BLUE, "solid", 5), (ORANGE, "dash", 2), (PURPLE, "dot", 2.5), (GREEN, "longdash", 2.5)]
    for name, array in _series(people).items():
        known = {year: value / 1000 for year, value in between(array, ages).items() if year <= LAST}
        drawn: dict[str, Any] = {"mode": "markers", "marker": {**DIAMOND, "color": GREY}}
        if name != ESTIMATES:
            colour, dash, width = styles.pop(0)
            drawn = {"mode": "lines", "line": {"color": colour, "dash": dash, "width": width}}
        extra = "estimated" if name == ESTIMATES else name
        template = f"mid-%{{x}}: %{{y:.1f}} thousand<extra>{extra}</extra>"
        figure.add_scatter(x=list(known), y=list(known.values()), name=name, hovertemplate=template, **drawn)
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    figure.update_layout(showlegend=True, legend=legend, margin_b=112, margin_r=16)
    figure.update_xaxes(dtick=5, tick0=FIRST, range=[FIRST - 0.4, LAST + 0.4])
    return figure.update_yaxes(rangemode="normal")


def trend_table(people: People, ages: tuple[int, int], name: str) -> html.Div:
    """Return the numbers of a trend, a row for each mid-year."""
    series = {title: between(array, ages) for title, array in _series(people).items()}
    rows = [
        [str(year), *(whole(values[year]) if year in values else "–" for values in series.values())]
        for year in people.run["year"].to_numpy().tolist()
    ]
    return table(f"People of {name}", ["Mid-year", *series], rows)


def _series(people: People) -> dict[str, xr.DataArray]:
    """People by what they are called: the plan, projections, the later one of ONS first, and estimates."""
    found = {PLAN: people.run, people.base: people.projection}
    if people.later is not None:
        found[f"ONS {LATER}-based projection"] = people.later
    if people.other is not None and people.other_title != f"{LATER}-based":
        is_base = people.other_title.endswith("-based")
        found[f"ONS {people.other_title} projection" if is_base else people.other_title] = people.other
    if people.estimated is not None:
        found[ESTIMATES] = people.estimated
    return found


def outturn(people: People) -> go.Figure:
    """Draw projection less estimate, as a share of the estimate, by age group, at the start and the end."""
    names = list(PARTS)[::-1]
    errors = errors_of(people)
    first, last = ([errors[name][year] for name in names] for year in (YEARS[0], YEARS[-1]))
    figure = blank().add_bar(
        x=[100 * error for error in last],
        y=names,
        orientation="h",
        text=[signed_percent(error, 1) for error in last],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [ORANGE if error > 0 else BLUE for error in last]},
        hovertemplate=f"%{{y}}, mid-{YEARS[-1]}: %{{text}}<extra></extra>",
    )
    figure.add_scatter(
        x=[100 * error for error in first],
        y=names,
        mode="markers",
        marker=START,
        hovertemplate=f"%{{y}}, mid-{YEARS[0]}: %{{x:+.1f}}%<extra></extra>",
    )
    furthest = 100 * max(map(abs, last)) * 1.7
    figure.update_layout(bargap=0.35, hovermode="closest")
    figure.update_xaxes(range=[-furthest, furthest], ticksuffix="%", showgrid=True)
    figure.update_xaxes(title_text="too few  ←   per cent   →  too many")
    return figure.update_yaxes(dtick=1, showgrid=False)


def outturn_table(people: People) -> html.Div:
    """Return projection and estimate of the last year and the error of every year, by group."""
    last = YEARS[-1]
    rows = []
    for name, errors in errors_of(people).items():
        projected = at(people.projection, GROUPS[name], last)
        cells = [whole(projected), whole(projected / (1 + errors[last]))]
        rows.append([name, *cells, *(signed_percent(errors[year], 1) for year in YEARS)])
    heads = ["Age", f"Projected, {last}", f"Estimated, {last}", *(f"Error {year}" for year in YEARS)]
    return table("Projection against mid-year estimates", heads, rows)
