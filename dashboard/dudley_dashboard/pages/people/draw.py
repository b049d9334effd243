"""The pictures of people: profile by age, trends, and projection against estimates."""

from __future__ import annotations

import plotly.graph_objects as go
import xarray as xr
from dash import html

from dudley_dashboard.figures import blank, numbers
from dudley_dashboard.pages.people.data import LATER, People, at, between, errors_of, signed, whole
from dudley_dashboard.theme import LINES
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.validation.back_test import GROUPS, PARTS, YEARS

BLUE, GREY, ORANGE, PURPLE, GREEN = (colour for colour, _, _ in LINES[:5])

PLAN, SINCE = "your plan", "ONS estimates since"
"""What is called how, in pictures and tables."""

START = {"symbol": "diamond", "size": 9, "color": "white", "line": {"width": 1.5, "color": "#212b32"}}
"""The mark of mid-2018: seen on a bar, on white and on the dark ground."""

PROFILE_HEIGHT, TREND_HEIGHT = 520, 360

SHOWN = (2018, 2023, 2028, 2033)
"""Years in the table of the profile: the review points."""


def base_of(people: People) -> str:
    """Return what the projection under the run is called: of ONS, or at Dudley's rates."""
    return "projection at Dudley's rates" if people.indicative else "ONS 2014-based projection"


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
            hovertemplate="%{y}: %{x:.1f} thousand<extra>your plan</extra>",
        ),
        go.Bar(
            x=outline,
            y=bands,
            orientation="h",
            marker={"color": "rgba(0,0,0,0)", "line": {"width": 2, "color": ORANGE}},
            hovertemplate=f"%{{y}}: %{{x:.1f}} thousand<extra>{base_of(people)}</extra>",
        ),
        go.Scatter(
            x=then,
            y=bands,
            mode="markers",
            marker=START,
            hovertemplate=f"%{{y}}: %{{x:.1f}} thousand<extra>mid-{start}</extra>",
        ),
    ]
    drawn = blank(PROFILE_HEIGHT).add_traces(traces)
    drawn.update_layout(barmode="overlay", bargap=0.22, hovermode="closest")
    drawn.update_xaxes(range=[0, highest * 1.04], title_text="thousand people", showgrid=True)
    drawn.update_yaxes(dtick=1, showgrid=False)
    return drawn


def frames(people: People) -> dict[str, object]:
    """Return what the animation needs: thousands of people of each year by band."""
    return {
        "years": people.run["year"].to_numpy().tolist(),
        "run": (people.run / 1000).round(4).to_numpy().tolist(),
        "outline": (people.projection / 1000).round(4).to_numpy().tolist(),
    }


def profile_table(people: People) -> html.Div:
    """Return the run at the review points beside the projection in the last of them."""
    all_years = people.run["year"].to_numpy().tolist()
    years = [year for year in SHOWN if year in all_years]
    rows_of_years = [all_years.index(year) for year in years]
    run, projection = people.run.to_numpy()[rows_of_years], people.projection.to_numpy()[rows_of_years[-1]]
    rows = [
        [band, *(whole(value) for value in run[:, place]), whole(projection[place])]
        for place, band in enumerate(AGE_BANDS)
    ]
    head = ["Age", *(f"mid-{year}" for year in years), f"{base_of(people)}, mid-{years[-1]}"]
    return numbers(head, rows, f"People of {people.place} by age")


def trend(people: People, ages: tuple[int, int]) -> go.Figure:
    """Draw people of some ages over the years: plan, projections, and estimates."""
    traces = [
        _line(between(people.run, ages), PLAN, BLUE, "solid", 5),
        _line(between(people.projection, ages), base_of(people), ORANGE, "dash", 2),
    ]
    last = int(people.run["year"][-1])
    styles = ((PURPLE, "dot"), (GREEN, "longdash"))
    for (name, array), (colour, dash) in zip(_others(people).items(), styles, strict=False):
        until = {year: value for year, value in between(array, ages).items() if year <= last}
        traces.append(_line(until, name, colour, dash, 2.5))
    if people.estimated is not None:
        known = between(people.estimated, ages)
        traces.append(
            go.Scatter(
                x=list(known),
                y=[value / 1000 for value in known.values()],
                name=SINCE,
                mode="markers",
                marker={"symbol": "diamond", "size": 9, "color": GREY},
                hovertemplate="mid-%{x}: %{y:.1f} thousand<extra>estimated</extra>",
            )
        )
    drawn = blank(TREND_HEIGHT).add_traces(traces)
    legend = {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0}
    drawn.update_layout(showlegend=True, legend=legend, margin_b=112, margin_r=16)
    drawn.update_xaxes(dtick=5, tick0=2018, range=[2017.6, 2033.4])
    drawn.update_yaxes(rangemode="normal")
    return drawn


def trend_table(people: People, ages: tuple[int, int], name: str) -> html.Div:
    """Return the numbers of a trend, a row for each mid-year."""
    series = {PLAN: people.run, base_of(people): people.projection, **_others(people)}
    if people.estimated is not None:
        series[SINCE] = people.estimated
    added = {title: between(array, ages) for title, array in series.items()}
    rows = [
        [str(year), *(whole(values[year]) if year in values else "–" for values in added.values())]
        for year in people.run["year"].to_numpy().tolist()
    ]
    return numbers(["Mid-year", *added], rows, f"People of {name}")


def _others(people: People) -> dict[str, xr.DataArray]:
    """Other projections beside that of the run, by what they are called: the later one of ONS first."""
    found = {} if people.later is None else {f"ONS {LATER}-based projection": people.later}
    if people.other is not None and people.other_title != f"{LATER}-based":
        is_base = people.other_title.endswith("-based")
        found[f"ONS {people.other_title} projection" if is_base else people.other_title] = people.other
    return found


def outturn(people: People) -> go.Figure:
    """Draw projection less estimate, as a share of the estimate, by age group, at the start and the end."""
    names = list(PARTS)[::-1]
    found = errors_of(people)
    first, last = ({name: found[name][year] for name in names} for year in (YEARS[0], YEARS[-1]))
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
    furthest = 100 * max(abs(value) for value in last.values()) * 1.7
    drawn = blank().add_traces(traces)
    drawn.update_layout(bargap=0.35, hovermode="closest")
    drawn.update_xaxes(range=[-furthest, furthest], ticksuffix="%", showgrid=True)
    drawn.update_xaxes(title_text="too few  ←   per cent   →  too many")
    drawn.update_yaxes(dtick=1, showgrid=False)
    return drawn


def outturn_table(people: People) -> html.Div:
    """Return projection and estimate of the last year and the error of every year, by group."""
    found, last = errors_of(people), YEARS[-1]
    rows = []
    for name, errors in found.items():
        projected = at(people.projection, GROUPS[name], last)
        cells = [whole(projected), whole(projected / (1 + errors[last]))]
        rows.append([name, *cells, *(signed(errors[year]) for year in YEARS)])
    head = ["Age", f"Projected, {last}", f"Estimated, {last}", *(f"Error {year}" for year in YEARS)]
    return numbers(head, rows, "Projection against mid-year estimates")


def _line(people: dict[int, float], name: str, colour: str, dash: str, width: float) -> go.Scatter:
    return go.Scatter(
        x=list(people),
        y=[value / 1000 for value in people.values()],
        name=name,
        mode="lines",
        line={"color": colour, "dash": dash, "width": width},
        hovertemplate=f"mid-%{{x}}: %{{y:.1f}} thousand<extra>{name}</extra>",
    )
