"""A variable: what it is, its equation, what it uses, where it is used, and its course in the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go
import xarray as xr
from dash import html
from dash.development.base_component import Component
from sdcompile.read.levers import Lever, levers
from sdcompile.read.model import Variable

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.figures import LINES, blank, chart
from dudley_dashboard.names import DO_NOTHING_WORDS, REFERENCE_CASE_WORDS, YOUR_PLAN, described
from dudley_dashboard.pages.how_it_works.data import (
    ModelQuery,
    loops_through,
    model_tables,
)
from dudley_dashboard.pages.how_it_works.numbers import rows_of, table_of
from dudley_dashboard.parts import data, select, table
from dudley_dashboard.runs import run
from dudley_sd.inputs.elements import element_text
from dudley_sd.request import Request

UNCHANGING = 1e-12
"""Share of its size within which a course is called level."""


def panel(query: ModelQuery) -> list[Component]:
    """Tell of the variable that is asked for; how to choose one where none is."""
    if not query.variable:
        return [html.P("Choose a variable above, in a picture, or in the table of numbers below.")]
    catalogue = model_tables().catalogue
    variable = catalogue.model.variables[query.variable]
    role = catalogue.role(variable)
    if catalogue.is_flow(variable.key):
        role = "flow"
    facts: list[tuple[str, Any]] = [
        ("Unit", unit_of(variable)),
        ("What it is", role),
        ("Sector", _link(variable.group, query.href(sector=variable.group), "model-map-title")),
        ("For each", " and ".join(variable.subscripts) or "one number for the whole area"),
    ]
    loops = loops_through().get(variable.key, ())
    if loops:
        facts.append(("On the loops", joined(_link(n, query.href(loop=n), "model-map-title") for n in loops)))
    return [
        html.H3(variable.name, id="model-variable-title", tabIndex=-1),
        html.P(variable.sentence, className="model-sentence"),
        html.Dl([part for name, value in facts for part in (html.Dt(name), html.Dd(value))]),
        html.H4("Equation, as in the model file"),
        html.Pre("\n".join(variable.equations), tabIndex=0, className="model-equation"),
        html.Div(
            [
                _neighbours(query, "It uses", variable.uses),
                _neighbours(query, "It is used by", catalogue.used_by.get(variable.key, ())),
            ],
            className="model-neighbours",
        ),
        *_numbers(query, variable),
        *_course(query, variable),
    ]


def runs_of(plan: Request) -> dict[str, Request]:
    """Return plan, do nothing, and the reference case where that is another run, by name."""
    others = {DO_NOTHING_WORDS: plan.do_nothing(), REFERENCE_CASE_WORDS: plan.reference_case()}
    found = {YOUR_PLAN: plan, **others}
    if found[DO_NOTHING_WORDS] == found[REFERENCE_CASE_WORDS]:
        del found[REFERENCE_CASE_WORDS]
    return found


def courses_of(query: ModelQuery) -> dict[str, xr.DataArray]:
    """Return an element of the variable by year in each of these runs; none where it has no year."""
    found = {}
    for name, plan in runs_of(query.request).items():
        results = run(plan)
        if query.variable in results and "year" in results[query.variable].dims:
            array = results[query.variable].isel(scenario=0, drop=True)
            found[name] = _element(array, query.elements)
    return found


def draw_courses(courses: dict[str, xr.DataArray]) -> go.Figure:
    """Draw a variable by year: the plan, and the other runs where they differ from it."""
    plan = courses[YOUR_PLAN]
    drawn = blank(300)
    years = plan["year"].to_numpy().tolist()
    for place, (name, array) in enumerate(courses.items()):
        if name == YOUR_PLAN or not _alike(plan, array):
            colour, dash, symbol = LINES[place]
            drawn.add_scatter(
                x=years,
                y=array.to_numpy().tolist(),
                name=name,
                mode="lines+markers",
                line={"color": colour, "dash": dash, "width": 2.5},
                marker={"symbol": symbol, "size": 6},
            )
    legend = {"orientation": "h", "y": -0.14, "yanchor": "top", "x": 0}
    drawn.update_layout(showlegend=True, legend=legend, margin_b=70)
    if min(float(each.min()) for each in courses.values()) < 0:
        drawn.update_yaxes(rangemode="normal")
    drawn.update_xaxes(dtick=5, tick0=years[0], range=[years[0] - 0.5, years[-1] + 0.5])
    return drawn


def four_figures(value: float) -> str:
    """Write a number of any size so that four figures of it can be read."""
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.4g}"


def unit_of(variable: Variable) -> str:
    """Return the unit in a reader's words: a share or a factor has none."""
    return "none (a share, a factor or an index)" if variable.units in ("Dmnl", "") else variable.units


def _course(query: ModelQuery, variable: Variable) -> list[Component]:
    courses = courses_of(query)
    if YOUR_PLAN not in courses:
        return []
    plan = courses[YOUR_PLAN]
    element = _elements(variable, query)
    name = variable.name + (f" ({', '.join(map(element_text, element))})" if element else "")
    picks: list[Component] = []
    model = model_tables().catalogue.model
    for place, (subscript, chosen) in enumerate(zip(variable.subscripts, element, strict=True)):
        elements = {each: element_text(each) for each in model.ranges[subscript]}
        name_ = {"type": "model-element", "place": place}
        picks.append(select(name_, f"Which of {subscript}", elements, chosen, searchable=True))
    years = plan["year"].to_numpy().tolist()
    values = zip(*(each.to_numpy().tolist() for each in courses.values()), strict=True)
    rows = [[str(year), *map(four_figures, each)] for year, each in zip(years, values, strict=True)]
    title = f"How does {name} move in your plan?"
    if _level(plan):
        title = f"{name} stays at {four_figures(float(plan[0]))} in your plan"
    same = [other for other in courses if other != YOUR_PLAN and _alike(plan, courses[other])]
    area = catalogue().footprints[query.request.footprint].name
    picture = chart(
        "model-course",
        title,
        unit_of(variable),
        draw_courses(courses),
        table(name, ["Mid-year", *courses], rows),
        f"this model, run here: {described(query.request)}, {area}.",
        more=[html.P(f"The same as your plan: {' and '.join(same)}.", className="unit")] if same else [],
    )
    if not picks:
        return [picture]
    return [html.Div(picks, className="model-picks", **data(elements=",".join(element))), picture]


def _elements(variable: Variable, query: ModelQuery) -> tuple[str, ...]:
    model = model_tables().catalogue.model
    return query.elements or tuple(model.ranges[name][0] for name in variable.subscripts)


def _element(array: xr.DataArray, elements: Sequence[str]) -> xr.DataArray:
    """One element of an array with a year; the first of each range where none is chosen."""
    ranges = [dim for dim in array.dims if dim != "year"]
    chosen: dict[Any, str] = dict(zip(ranges, elements, strict=False))
    for dim in ranges:
        array = array.sel({dim: chosen[dim]}) if dim in chosen else array.isel({dim: 0})
    return array


def _numbers(query: ModelQuery, variable: Variable) -> list[Component]:
    """Return the rows of numbers behind a constant, and its limits if a user may set it."""
    found = rows_of(variable.key)
    lever = levers(model_tables().catalogue.model).get(variable.name)
    parts: list[Component] = []
    if lever is not None:
        explore = html.A("Explore", href="./" + query.request.address())
        parts.append(html.P(["It is a lever: on the page ", explore, _lever_text(lever)]))
    if len(found):
        parts = [html.H4("Where the number comes from"), *parts, table_of(query, found, linked=False)]
    return parts


def _lever_text(lever: Lever) -> str:
    unit = "" if lever.units.lower() in ("dmnl", "") else f" {lever.units}"
    return f", or on the command line, it can be set from {lever.low:g} to {lever.high:g}{unit}."


def _neighbours(query: ModelQuery, title: str, keys: Iterable[str]) -> html.Div:
    variables = model_tables().catalogue.model.variables
    links = [html.Li(_link(variables[key].name, query.href(variable=key))) for key in keys]
    return html.Div([html.H4(f"{title} ({len(links)})"), html.Ul(links) if links else html.P("nothing")])


def _link(text: str, address: str, focus: str = "model-variable-title") -> html.A:
    return html.A(text, href=address, className="model-link", **data(focus=focus))


def joined(parts: Iterable[Component]) -> list[Any]:
    """Return parts with commas between."""
    return [each for part in parts for each in (", ", part)][1:]


def _level(array: xr.DataArray) -> bool:
    return bool(abs(array - array[0]).max() <= UNCHANGING * max(abs(float(array[0])), 1e-300))


def _alike(one: xr.DataArray, other: xr.DataArray) -> bool:
    return bool(abs(one - other).max() <= UNCHANGING * max(float(abs(one).max()), 1e-300))
