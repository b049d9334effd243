"""What is on the page on people."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dudley_dashboard.aria import aria, data
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.figures import chart
from dudley_dashboard.number_files import buttons
from dudley_dashboard.pages.people import draw, headline, words
from dudley_dashboard.pages.people.data import OTHERS, OVER_75, WORKING_AGE, People, people_of
from dudley_dashboard.view import View, search_of
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.projection_choice import OWN

QUESTION = "How does the age of people change, and how sure is it?"


def layout(view: View) -> html.Div:
    """Show the page that an address asks for; what cannot be true in it gives a note and the usual."""
    against, notes = words.read_against(view.rest)
    people = people_of(view.plan, against)
    years = people.run["year"].to_numpy()
    year, more = words.read_year(view.rest, (int(years[0]), int(years[-1])))
    indicative = html.P([html.Strong("Indicative. "), people.indicative], className="people-indicative")
    return html.Div(
        [
            html.H1("People"),
            html.P(QUESTION),
            html.Div(
                [html.P(note) for note in (*notes, *more)], role="status", className="notes people-notes"
            ),
            html.Div(_choices(view, against), className="people-choices"),
            *([indicative] if people.indicative else []),
            _headline(people),
            buttons("people", search_of(view.plan, view.rest)),
            html.H2("People by age", className="hidden-words"),
            _profile(people, year),
            html.H2("Working age and old age", className="hidden-words"),
            html.Div(_trends(people), className="people-pair"),
            *_against(people, against, view.plan.footprint),
            *_outturn(people),
            dcc.Store(id="people-frames", data=_frames(people)),
        ],
        className="people",
    )


def _choices(view: View, against: str) -> list[Component]:
    areas = [
        {"value": key, "label": area.name + (" (indicative)" if _is_indicative(key) else "")}
        for key, area in catalogue().footprints.items()
    ]
    others = [{"value": key, "label": _other_label(key)} for key in OTHERS]
    return [
        dmc.Select(
            id="people-footprint",
            label="Area",
            data=areas,
            value=view.plan.footprint,
            allowDeselect=False,
            searchable=True,
        ),
        dmc.Select(
            id="people-against",
            label="Compare the projection with",
            data=others,
            value=against or None,
            placeholder="nothing",
            clearable=True,
            clearButtonProps=aria(label="Compare with nothing"),
        ),
    ]


def _headline(people: People) -> html.Section:
    """Say what happens in the run, and beside it what undercuts that."""
    heading, said = headline.doubt(people)
    doubt = html.Div([html.H3(heading), html.Ul([html.Li(each) for each in said])], className="people-doubt")
    return html.Section([html.H2(headline.finding(people)), doubt])


def _is_indicative(key: str) -> bool:
    """Whether an area, or a part of a total, is projected or sized like another."""
    area = catalogue().footprints[key]
    if isinstance(area, Footprint):
        return bool(area.projected_like or area.sized_like)
    return any(_is_indicative(part) for part in area.parts)


def _other_label(key: str) -> str:
    return "the model's own rates" if key == OWN else f"ONS {key}-based"


def _profile(people: People, year: int) -> html.Section:
    years = people.run["year"].to_numpy()
    first, last = int(years[0]), int(years[-1])
    slider = dmc.Slider(
        id="people-year",
        min=first,
        max=last,
        step=1,
        value=year,
        marks=[{"value": mark, "label": str(mark)} for mark in draw.SHOWN if first <= mark <= last],
        thumbSize=28,
        thumbLabel="Mid-year shown",
        updatemode="drag",
        className="people-slider",
    )
    buttons = [
        html.Button(text, id=f"people-{name}", className=kind, type="button", n_clicks=0)
        for text, name, kind in (
            ("Play", "play", "strong"),
            ("Year back", "back", "plain"),
            ("Year on", "on", "plain"),
        )
    ]
    picture = chart(
        "people-profile",
        "How many people are there of each age?",
        "thousand people by five-year age band",
        draw.profile(people, year),
        draw.profile_table(people),
        words.source_line(people),
    )
    return html.Section(
        [
            picture,
            html.Div(
                [
                    html.Ul(
                        [
                            html.Li([html.Span(className="people-key people-key-run"), draw.PLAN]),
                            html.Li(
                                [html.Span(className="people-key people-key-outline"), draw.base_of(people)]
                            ),
                            html.Li([html.Span(className="people-key people-key-then"), f"mid-{first}"]),
                        ],
                        className="people-legend",
                        **data(picture_key=""),
                    ),
                    html.P(words.year_sentence(people, year), id="people-sentence"),
                    html.Div(buttons, className="people-buttons"),
                    slider,
                    html.Div(id="people-said", role="status", className="hidden-words"),
                ],
                className="people-controls",
            ),
            html.P(words.departure(people), className="people-departure"),
        ],
        className="people-profile-section",
    )


def _frames(people: People) -> dict[str, object]:
    years = people.run["year"].to_numpy()
    return draw.frames(people) | {"sentences": [words.year_sentence(people, int(year)) for year in years]}


def _trends(people: People) -> list[html.Figure]:
    return [
        chart(
            f"people-{key}",
            title,
            "thousand people at mid-year; the scale does not start at zero",
            draw.trend(people, ages),
            draw.trend_table(people, ages, name),
            words.source_line(people, trends=True),
        )
        for key, ages, name, title in (
            ("working", WORKING_AGE, "15 to 64", "Do people of working age, 15 to 64, become fewer?"),
            ("old", OVER_75, "75 and over", "How many people of 75 and over will there be?"),
        )
    ]


def _against(people: People, against: str, footprint: str) -> list[html.Section]:
    said = words.base_words(people, footprint == "dudley")
    if people.how:
        how = people.how[0].upper() + people.how[1:]
        said = [*said, f"The projection “{_other_label(against)}” is not there for {people.place}. {how}"]
    if not said:
        return []
    heading = html.H2("What turns on which projection is used?", id="people-base")
    return [html.Section([heading, *map(html.P, said)], **aria(labelledby="people-base"))]


def _outturn(people: People) -> list[Component]:
    title = "How has the projection fared against what ONS has estimated since?"
    if people.estimated is None:
        return [html.Section([html.H2(title), *map(html.P, words.outturn_words(people))])]
    picture = chart(
        "people-outturn",
        title,
        "projection of 2016 less mid-year estimate, % of the estimate: bars mid-2023, diamonds mid-2018",
        draw.outturn(people),
        draw.outturn_table(people),
        words.estimates_source(),
    )
    heading = html.H2("Projection and what came", className="hidden-words")
    return [html.Section([heading, picture, *map(html.P, words.outturn_words(people))])]
