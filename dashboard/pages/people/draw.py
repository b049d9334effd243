"""The pictures of people: profile by age, trends, and projection against estimates."""

from __future__ import annotations

import plotly.graph_objects as go
import xarray as xr
from dash import html

from dashboard.pages.parts import BLUE, GREY, ORANGE, PURPLE, figure, signed, table, whole
from dashboard.pages.people.data import People, between
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.validation.back_test import GROUPS, PARTS, YEARS, of_group

START = {"symbol": "diamond", "size": 9, "color": "white", "line": {"width": 1.5, "color": "#212b32"}}
"""The mark of mid-2018: seen on a bar, on white and on the dark ground."""

SHOWN = (2018, 2023, 2028, 2033)
"""Years in the table of the profile: the review points."""


def profile(people: People, year: int) -> go.Figure:
    """Draw people by band in a year: bars of the run, the projection as outline, the start as diamonds."""
    start = int(people.run["year"][0])
    now, outline, then = (
        each.to_numpy() / 1000
        for each in (people.run.sel(year=year), people.projection.sel(year=year), people.run.sel(year=start))
    )
    bands = list(AGE_BANDS)
    highest = float(max(people.run.max(), people.projection.max())) / 1000
    traces = [
        go.Bar(
            x=now,
            y=bands,
            orientation="h",
            marker={"color": BLUE, "line": {"width": 0}},
            hovertemplate="%{y}: %{x:.1f} thousand<extra>this run</extra>",
        ),
        go.Bar(
            x=outline,
            y=bands,
            orientation="h",
            marker={"color": "rgba(0,0,0,0)", "line": {"width": 2, "color": ORANGE}},
            hovertemplate="%{y}: %{x:.1f} thousand<extra>ONS projection</extra>",
        ),
        go.Scatter(
            x=then,
            y=bands,
            mode="markers",
            marker=START,
            hovertemplate=f"%{{y}}: %{{x:.1f}} thousand<extra>mid-{start}</extra>",
        ),
    ]
    return figure(
        traces,
        barmode="overlay",
        bargap=0.22,
        xaxis={"range": [0, highest * 1.04], "title": {"text": "thousand people"}},
        yaxis={"dtick": 1, "categoryorder": "array", "categoryarray": bands},
    )


def frames(people: People) -> dict[str, object]:
    """Return what the animation needs: thousands of people of each year by band, and the sentences' figures."""
    return {
        "years": people.run["year"].to_numpy().tolist(),
        "run": (people.run / 1000).round(4).to_numpy().tolist(),
        "outline": (people.projection / 1000).round(4).to_numpy().tolist(),
    }


def profile_table(people: People) -> html.Div:
    """Return the run at the review points beside the projection in the last of them."""
    years = [year for year in SHOWN if year in people.run["year"]]
    last = years[-1]
    rows = [
        [
            band,
            *(whole(float(people.run.sel(year=year, age=band))) for year in years),
            whole(float(people.projection.sel(year=last, age=band))),
        ]
        for band in AGE_BANDS
    ]
    head = ["Age", *(f"mid-{year}" for year in years), f"ONS projection, mid-{last}"]
    return table(f"People of {people.place} by age", head, rows)


def trend(people: People, ages: tuple[int, int]) -> go.Figure:
    """Draw people of some ages over the years: run, projection, another projection, and estimates."""
    traces = [
        _line(between(people.run, ages), "this run", BLUE, "solid", 5),
        _line(between(people.projection, ages), "ONS projection", ORANGE, "dash", 2),
    ]
    if people.other is not None:
        until = people.other.sel(year=slice(None, int(people.run["year"][-1])))
        traces.append(_line(between(until, ages), f"ONS {people.other_title}", PURPLE, "dot", 2.5))
    if people.estimated is not None:
        known = between(people.estimated, ages) / 1000
        traces.append(
            go.Scatter(
                x=known["year"].to_numpy(),
                y=known.to_numpy(),
                name="ONS estimates since",
                mode="markers",
                marker={"symbol": "diamond", "size": 9, "color": GREY},
                hovertemplate="mid-%{x}: %{y:.1f} thousand<extra>estimated</extra>",
            )
        )
    return figure(
        traces,
        showlegend=True,
        legend={"orientation": "h", "y": -0.18, "yanchor": "top", "x": 0},
        margin={"l": 8, "r": 12, "t": 8, "b": 90},
        xaxis={"dtick": 5, "tick0": 2018, "range": [2017.6, 2033.4], "title": {"text": ""}},
        yaxis={"title": {"text": "thousand people"}, "rangemode": "normal"},
    )


def trend_table(people: People, ages: tuple[int, int], name: str) -> html.Div:
    """Return the numbers of a trend, a row for each mid-year."""
    series = {"this run": people.run, "ONS projection": people.projection}
    if people.other is not None:
        series[f"ONS {people.other_title}"] = people.other
    if people.estimated is not None:
        series["ONS estimates since"] = people.estimated
    added = {title: between(array, ages) for title, array in series.items()}
    rows = [
        [str(year), *(_cell(array, int(year)) for array in added.values())]
        for year in people.run["year"].to_numpy()
    ]
    return table(f"People of {name}", ["Mid-year", *added], rows)


def outturn(people: People) -> go.Figure:
    """Draw projection less estimate, as a share of the estimate, by age group, at the start and the end."""
    names = list(PARTS)[::-1]
    first, last = (_errors(people, year) for year in (YEARS[0], YEARS[-1]))
    texts = [signed(last[name]) for name in names]
    traces = [
        go.Bar(
            x=[100 * last[name] for name in names],
            y=names,
            orientation="h",
            text=texts,
            textposition="outside",
            cliponaxis=False,
            marker={"color": [ORANGE if last[name] > 0 else BLUE for name in names]},
            hovertemplate=f"%{{y}}, mid-{YEARS[-1]}: %{{text}}<extra></extra>",
        ),
        go.Scatter(
            x=[100 * first[name] for name in names],
            y=names,
            mode="markers",
            marker=START,
            hovertemplate=f"%{{y}}, mid-{YEARS[0]}: %{{x:+.1f}}%<extra></extra>",
        ),
    ]
    furthest = 100 * max(abs(value) for value in last.values()) * 1.35
    return figure(
        traces,
        bargap=0.35,
        xaxis={
            "title": {"text": "too few  ←   per cent   →  too many"},
            "range": [-furthest, furthest],
            "ticksuffix": "%",
        },
        yaxis={"dtick": 1},
    )


def outturn_table(people: People) -> html.Div:
    """Return projection and estimate of the last year and the error of every year, by group."""
    estimated = people.estimated if people.estimated is not None else people.projection
    last = YEARS[-1]
    rows = [
        [
            name,
            whole(float(of_group(people.projection, name).sel(year=last))),
            whole(float(of_group(estimated, name).sel(year=last))),
            *(signed(_errors(people, year)[name]) for year in YEARS),
        ]
        for name in GROUPS
    ]
    head = ["Age", f"Projected, {last}", f"Estimated, {last}", *(f"Error {year}" for year in YEARS)]
    return table("Projection against mid-year estimates", head, rows)


def _errors(people: People, year: int) -> dict[str, float]:
    """Projection less estimate as a share of the estimate, by group."""
    estimated = people.estimated if people.estimated is not None else people.projection
    return {
        name: float(
            of_group(people.projection, name).sel(year=year) / of_group(estimated, name).sel(year=year)
        )
        - 1
        for name in GROUPS
    }


def _line(people: xr.DataArray, name: str, colour: str, dash: str, width: float) -> go.Scatter:
    return go.Scatter(
        x=people["year"].to_numpy(),
        y=people.to_numpy() / 1000,
        name=name,
        mode="lines",
        line={"color": colour, "dash": dash, "width": width},
        hovertemplate=f"mid-%{{x}}: %{{y:.1f}} thousand<extra>{name}</extra>",
    )


def _cell(people: xr.DataArray, year: int) -> str:
    return whole(float(people.sel(year=year))) if year in people["year"] else "–"
