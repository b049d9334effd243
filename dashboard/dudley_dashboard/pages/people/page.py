"""Page on people: what is on it, which control moves what, and its numbers for spreadsheets."""

from __future__ import annotations

import dash_mantine_components as dmc
import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dudley_dashboard.address import View
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import Numbers, add_number_files, buttons
from dudley_dashboard.figures import chart
from dudley_dashboard.names import is_indicative
from dudley_dashboard.page import Page, notes_of
from dudley_dashboard.pages.people import charts, text
from dudley_dashboard.pages.people.data import (
    FIRST,
    LAST,
    OTHERS,
    OVER_75,
    WORKING_AGE,
    People,
    PeopleQuery,
    people_of,
)
from dudley_dashboard.parts import aria, data, select
from dudley_dashboard.runs import AreaKey, area_keys
from dudley_sd.inputs.projection_choice import OWN
from dudley_sd.results.table import frame_table

QUESTION = "How does the age of people change, and how sure is it?"


def layout(view: View) -> html.Div:
    """Show the page that an address asks for; what cannot be true in it gives a note and the default."""
    query, notes = PeopleQuery.read(view.request, view.rest)
    people = people_of(view.request, query.against)
    indicative = html.P([html.Strong("Indicative. "), people.indicative], className="people-indicative")
    heading, sentences = text.doubt(people)
    doubt = [html.H3(heading), html.Ul([html.Li(each) for each in sentences])]
    return html.Div(
        [
            html.H1("People"),
            html.P(QUESTION),
            notes_of(notes, "people"),
            html.Div(_controls(query), className="people-choices"),
            *([indicative] if people.indicative else []),
            html.Section([html.H2(text.finding(people)), html.Div(doubt, className="people-doubt")]),
            buttons("people", view.request.address(view.rest)),
            html.H2("People by age", className="hidden-words"),
            _profile(people, query.year),
            html.H2("Working age and old age", className="hidden-words"),
            html.Div(_trends(people), className="people-pair"),
            *_against(people, query),
            _outturn(people),
            dcc.Store(id="people-frames", data=_frames(people)),
        ],
        className="people",
    )


def _controls(query: PeopleQuery) -> list[Component]:
    areas = {
        key: area.name + (" (indicative)" if is_indicative(key) else "")
        for key, area in catalogue().footprints.items()
    }
    return [
        select("people-footprint", "Area", areas, query.request.footprint, searchable=True),
        select(
            "people-against",
            "Compare the projection with",
            {key: _other_label(key) for key in OTHERS},
            query.against or None,
            allowDeselect=True,
            placeholder="nothing",
            clearable=True,
            clearButtonProps=aria(label="Compare with nothing"),
        ),
    ]


def _other_label(key: str) -> str:
    return "the model's own rates" if key == OWN else f"ONS {key}-based"


def _profile(people: People, year: int) -> html.Section:
    slider = dmc.Slider(
        id="people-year",
        min=FIRST,
        max=LAST,
        step=1,
        value=year,
        marks=[{"value": mark, "label": str(mark)} for mark in charts.MARKED_YEARS],
        thumbSize=28,
        thumbLabel="Mid-year shown",
        updatemode="drag",
        className="people-slider",
    )
    steps = [
        html.Button(label, id=f"people-{name}", className=kind, type="button", n_clicks=0)
        for label, name, kind in (
            ("Play", "play", "strong"),
            ("Year back", "back", "plain"),
            ("Year on", "on", "plain"),
        )
    ]
    legend = [
        html.Li([html.Span(className=f"people-key people-key-{kind}"), name])
        for kind, name in (("run", charts.PLAN), ("outline", people.base), ("then", f"mid-{FIRST}"))
    ]
    picture = chart(
        "people-profile",
        "How many people are there of each age?",
        "thousand people by five-year age band",
        charts.profile(people, year),
        charts.profile_table(people),
        text.source_line(people),
    )
    controls = [
        html.Ul(legend, className="people-legend", **data(picture_key="")),
        html.P(text.year_sentence(people, year), id="people-sentence"),
        html.Div(steps, className="people-buttons"),
        slider,
        html.Div(id="people-said", role="status", className="hidden-words"),
    ]
    departure = html.P(text.departure(people), className="people-departure")
    return html.Section(
        [picture, html.Div(controls, className="people-controls"), departure],
        className="people-profile-section",
    )


def _frames(people: People) -> dict[str, object]:
    sentences = [text.year_sentence(people, year) for year in range(FIRST, LAST + 1)]
    return charts.frames(people) | {"sentences": sentences}


def _trends(people: People) -> list[html.Figure]:
    return [
        chart(
            f"people-{key}",
            title,
            "thousand people at mid-year; the scale does not start at zero",
            charts.trend(people, ages),
            charts.trend_table(people, ages, name),
            text.source_line(people, trends=True),
        )
        for key, ages, name, title in (
            ("working", WORKING_AGE, "15 to 64", "Do people of working age, 15 to 64, become fewer?"),
            ("old", OVER_75, "75 and over", "How many people of 75 and over will there be?"),
        )
    ]


def _against(people: People, query: PeopleQuery) -> list[html.Section]:
    sentences = text.base_sentences(people, query.request.footprint == "dudley")
    if people.how:
        how = people.how[0].upper() + people.how[1:]
        sentences.append(
            f"The projection “{_other_label(query.against)}” is not there for {people.area}. {how}"
        )
    if not sentences:
        return []
    heading = html.H2("What turns on which projection is used?", id="people-base")
    return [html.Section([heading, *map(html.P, sentences)], **aria(labelledby="people-base"))]


def _outturn(people: People) -> html.Section:
    title = "How has the projection fared against what ONS has estimated since?"
    sentences = map(html.P, text.outturn_sentences(people))
    if people.estimated is None:
        return html.Section([html.H2(title), *sentences])
    picture = chart(
        "people-outturn",
        title,
        "projection of 2016 less mid-year estimate, % of the estimate: bars mid-2023, diamonds mid-2018",
        charts.outturn(people),
        charts.outturn_table(people),
        text.estimates_source(),
    )
    return html.Section([html.H2("Projection and what came", className="hidden-words"), picture, *sentences])


def register(app: Dash) -> None:
    """Let the year move the profile, in the browser; area and comparison change the address."""
    add_number_files(app, "people", numbers_of, needed)
    year, frames = "people-year", "people-frames"
    app.clientside_callback(
        ClientsideFunction("people", "show"),
        Output("people-sentence", "children"),
        Input(year, "value"),
        Input(frames, "data"),
    )
    for button in ("play", "back", "on"):
        app.clientside_callback(
            ClientsideFunction("people", button),
            Output(f"people-{button}", "n_clicks"),
            Input(f"people-{button}", "n_clicks"),
            State(year, "value"),
            State(frames, "data"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("people", "choose"),
        Output("people-footprint", "id"),
        Input("people-footprint", "value"),
        Input("people-against", "value"),
        prevent_initial_call=True,
    )


def needed(view: View) -> list[AreaKey]:
    """Return the area of the plan, which must be ready before its numbers are asked for."""
    return area_keys([view.request.footprint], view.request.projection)


def numbers_of(view: View) -> Numbers:
    """Return people by age and year: of the run, of projections and of the estimates since."""
    people = people_of(view.request, PeopleQuery.read(view.request, view.rest)[0].against)
    beyond = ", ".join(map(str, people.beyond))
    heading, sentences = text.doubt(people)
    about = [
        ("What was run", f"{people.scenario}; portfolio: {people.portfolio}"),
        ("Sources", text.source_line(people)),
        ("Beyond the projection", f"{beyond}: the last year's rates carry on" if beyond else ""),
        ("How sure it is", " ".join((heading, *sentences))),
        ("Indicative", people.indicative),
        ("Not there", people.how),
    ]
    note = "Persons at mid-year, a row for each age and year. Ages are written as no program takes for dates."
    return Numbers(
        f"People of {people.area} by age",
        [pair for pair in about if pair[1]],
        [frame_table("Numbers", note, long_table(people))],
    )


def long_table(people: People) -> pd.DataFrame:
    """Return one row for each kind, year and age: columns ``numbers, area, year, ages, persons``."""
    parts = []
    for kind, array in {
        "run of the model": people.run,
        "projection under the run": people.projection,
        "mid-year estimate": people.estimated,
        "2018-based projection": people.later,
        people.other_title: people.other,
    }.items():
        if array is not None:
            table = array.to_series().rename("persons").reset_index()
            table["ages"] = [str(age).replace("-", " to ") for age in table["age"]]
            parts.append(table.assign(numbers=kind, area=people.area))
    return pd.concat(parts, ignore_index=True)[["numbers", "area", "year", "ages", "persons"]]


PAGE = Page("/people", "People", QUESTION, layout, register)
