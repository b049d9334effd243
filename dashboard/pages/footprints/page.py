"""The footprints page: what is on it, and which control moves which part."""

from __future__ import annotations

import time
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dashboard.areas import AREAS, places_of
from dashboard.aria import aria
from dashboard.figures import chart
from dashboard.page import Page
from dashboard.pages.footprints import controls
from dashboard.pages.footprints.areas import (
    Area,
    areas_of,
    comparable,
    same_plan,
    starred,
    total_and_parts,
)
from dashboard.pages.footprints.choices import KEYS, NO_AREA, Choices, read_choices
from dashboard.pages.footprints.multiples import cards, numbers_table
from dashboard.pages.footprints.ranking import ranked, ranking_chart, ranking_table
from dashboard.pages.footprints.total import total_chart, total_table
from dashboard.shown import ABSOLUTE, BY_KEY, PER_1000, fitting_way, unit_of, way_words
from dashboard.tables import folded
from dashboard.view import View, read_view, search_of

CHOSEN = [
    Input("areas-parts", "value"),
    Input("areas-others", "value"),
    Input("areas-measure", "value"),
    Input("areas-show", "value"),
    Input("areas-year", "value"),
]
SOURCE = "runs of the model at central values, one with the plan and one without for each area."


def layout(view: View) -> html.Div:
    """Show controls at once; pictures follow when the areas are prepared."""
    choices, notes = read_choices(view.plan, view.rest)
    return html.Div(
        [
            dcc.Store(id="areas-plan", data=search_of(view.plan)),
            dcc.Store(id="areas-address"),
            dcc.Store(id="areas-progress"),
            dcc.Store(id="areas-again"),
            html.H1("Footprints"),
            html.P("How do areas stand beside each other, on one scale, with this plan and without it?"),
            html.Div([html.P(note) for note in notes], className="notes areas-notes", role="status"),
            controls.controls(choices),
            html.Div(id="areas-status", className="hidden-words", role="status", **aria(live="polite")),
            html.Div(id="areas-shown", className="areas-shown"),
        ],
        className="areas",
    )


def register(app: Dash) -> None:
    """Tie controls to what they move."""
    app.callback(
        Output("areas-shown", "children"),
        Output("areas-status", "children"),
        Output("areas-progress", "data"),
        State("areas-plan", "data"),
        *CHOSEN,
        Input("areas-again", "data"),
    )(show)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pages", "again"),
        Output("areas-progress", "modified_timestamp"),
        Input("areas-progress", "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output("areas-address", "data"), State("areas-plan", "data"), *CHOSEN, prevent_initial_call=True
    )(address)
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pages", "address"),
        Output("areas-address", "modified_timestamp"),
        Input("areas-address", "data"),
        prevent_initial_call=True,
    )


def show(
    plan: str,
    parts: list[str],
    others: list[str],
    measure: str,
    way: str,
    year: str,
    _again: float | None = None,
) -> tuple[Any, str, float | None]:
    """Draw what is chosen, or how far the areas are that must be prepared first."""
    choices = chosen(plan, parts, others, measure, way, year)
    places = places_of(choices.areas, choices.plan.projection)
    missing = AREAS.waiting(places)
    if missing:
        AREAS.prepare(places)
        return controls.waiting(len(places) - len(missing), len(places)), "", time.monotonic()
    return draw(choices), status(choices), None


def address(plan: str, *values: Any) -> dict[str, Any]:
    """Write down what the page shows, for the address."""
    pairs = chosen(plan, *values).pairs()
    return {"keys": list(KEYS), "pairs": [list(pair) for pair in pairs]}


def chosen(plan: str, parts: list[str], others: list[str], measure: str, way: str, year: str) -> Choices:
    """Read what controls say as the address is read: it comes from outside too."""
    areas = tuple(str(each) for each in [*(parts or []), *(others or [])])
    rest = {
        "areas": areas or (NO_AREA,),
        "measure": (str(measure),),
        "show": (str(way),),
        "year": (str(year),),
    }
    return read_choices(read_view(str(plan or "")).plan, rest)[0]


def status(choices: Choices) -> str:
    """Say in a sentence what is shown now."""
    words = way_words(BY_KEY[choices.measure], choices.show)
    return f"{len(choices.areas)} areas: {BY_KEY[choices.measure].title}{', ' + words if words else ''}."


def draw(choices: Choices) -> list[Component]:
    """Draw the ranking, the small charts and what each total is made of."""
    if not choices.areas:
        return [html.P("Tick at least one area.", className="areas-note")]
    areas, notes = areas_of(choices, choices.areas, choices.show)
    level = comparable(choices, areas)
    if same_plan(choices.plan):
        notes.append("Nothing is decided in this plan: it is its own baseline.")
    if choices.show == PER_1000 and fitting_way(BY_KEY[choices.measure], PER_1000) == ABSOLUTE:
        notes.append(
            f"“{BY_KEY[choices.measure].title}” says nothing per 1,000 people and is shown as it is."
        )
    if len(level) < len(areas):
        notes.append("A total is larger than each of its areas: it stands below, not on their scale.")
    parts: list[Component] = [html.P(note, className="areas-note") for note in notes]
    if level:
        parts += [ranking(choices, level), small_multiples(choices, level)]
    return parts + [total_panel(choices, area) for area in areas if area.parts]


def unit_words(choices: Choices, way: str) -> str:
    """Return the unit of a chart, and what was done to the numbers."""
    measure = BY_KEY[choices.measure]
    unit, words = unit_of(measure, way), way_words(measure, way)
    more = f", {words}" if words and words not in unit else ""
    return f"{unit[:1].upper()}{unit[1:]}{more}"


def ranking(choices: Choices, areas: list[Area]) -> html.Figure:
    """Frame the ranking."""
    when = starred(choices.year, areas)
    title = f"{BY_KEY[choices.measure].title}: which area has most in {when}?"
    way = fitting_way(BY_KEY[choices.measure], choices.show)
    first = ranked(areas, choices.year)[0]
    key = html.P(
        ["● this plan (■ a sum of areas), ◇ baseline. ", *scale_note(areas)],
        className="unit",
    )
    finding = f"Most: {first.label}, {first.with_plan.text(choices.year)}."
    return chart(
        "areas-ranking",
        title,
        unit_words(choices, way),
        ranking_chart(areas, choices.year),
        ranking_table(areas, choices.year, f"{title} {finding}"),
        SOURCE,
        more=[key],
    )


def scale_note(areas: list[Area]) -> list[str]:
    """Say what differences between borrowed areas come from."""
    if not any(area.indicative for area in areas):
        return []
    return [
        "Where an area is indicative its use at each age, staff, beds and money are Dudley's, scaled: it "
        "differs by its people's ages alone."
    ]


def small_multiples(choices: Choices, areas: list[Area]) -> html.Section:
    """Frame the small charts, with one table of their numbers."""
    title = f"{BY_KEY[choices.measure].title}: how does each area go from 2018 to 2033?"
    way = fitting_way(BY_KEY[choices.measure], choices.show)
    caption = f"{title} {unit_words(choices, way)}"
    star = any(area.beyond for area in areas)
    more = " * Beyond the projection, whose last year's rates carry on." if star else ""
    return html.Section(
        [
            html.H2(title),
            html.P(
                [
                    f"{unit_words(choices, way)}. The upright scale is the same in every chart. ",
                    html.Span(className="areas-line areas-plan", **aria(hidden="true")),
                    " solid: this plan, ",
                    html.Span(className="areas-line areas-base", **aria(hidden="true")),
                    " dashed: baseline.",
                ],
                className="areas-note",
            ),
            cards(areas, choices.year),
            folded("Numbers", numbers_table(areas, caption)),
            html.P(f"Source: {SOURCE}{more}", className="areas-note"),
        ]
    )


def total_panel(choices: Choices, total: Area) -> Component:
    """Show a total as the sum of its areas; of a share, say how it comes about."""
    measure = BY_KEY[choices.measure]
    if not measure.size:
        return html.P(
            f"{total.name} is the sum of its areas. “{measure.title}” is a share: it is worked out again "
            "from the sums of what it is made of, never averaged.",
            className="areas-note",
        )
    whole, parts = total_and_parts(choices, total.key)
    title = f"{measure.title}: what is {total.name} made of?"
    note = html.P(
        f"With this plan. {total.name} is the sum of {len(parts)} areas, each run for itself"
        f"{'; indicative, as most of its areas are' if whole.indicative else ''}.",
        className="unit",
    )
    return chart(
        {"areas-total": total.key},
        title,
        unit_words(choices, ABSOLUTE),
        total_chart(whole, parts),
        total_table(whole, parts, title),
        SOURCE,
        more=[note],
    )


PAGE = Page(
    "/footprints",
    "Footprints",
    "How do areas stand beside each other, on one scale?",
    layout,
    register,
)
