"""The footprints page: what is on it, and which control moves which part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dudley_dashboard.address import View, read_view
from dudley_dashboard.areas import AREAS, places_of
from dudley_dashboard.aria import aria, data
from dudley_dashboard.figures import chart
from dudley_dashboard.members import KEPT, PATIENCE, soon
from dudley_dashboard.number_files import add_number_files, buttons
from dudley_dashboard.page import Page
from dudley_dashboard.pages.asked import (
    NONE_CHOSEN,
    again_stores,
    ask_again,
    asked_before,
    keep_in_address,
    not_yet,
    noted,
)
from dudley_dashboard.pages.beside import DO_NOTHING_WORDS, world_words
from dudley_dashboard.pages.footprints import controls
from dudley_dashboard.pages.footprints.areas import (
    Area,
    any_told,
    areas_of,
    comparable,
    plans_of,
    same_plan,
    starred,
)
from dudley_dashboard.pages.footprints.choices import KEYS, Choices, read_choices
from dudley_dashboard.pages.footprints.export import drawn, needed, numbers_of
from dudley_dashboard.pages.footprints.multiples import cards, numbers_table
from dudley_dashboard.pages.footprints.ranking import ranked, ranking_chart, ranking_table
from dudley_dashboard.pages.footprints.total import total_panel
from dudley_dashboard.pages.footprints.words import caution, source, title_start, unit_words
from dudley_dashboard.shown import ABSOLUTE, BY_KEY, PER_1000, fitting_way, way_words
from dudley_dashboard.tables import folded
from dudley_sd.ensembles.band import MEMBERS
from dudley_sd.results.do_nothing import DO_NOTHING

CHOSEN = [
    Input("areas-parts", "value"),
    Input("areas-others", "value"),
    Input("areas-own", "value"),
    Input("areas-measure", "value"),
    Input("areas-show", "value"),
    Input("areas-year", "value"),
]

PREPARING, DRAWING = "preparing", "drawing"
"""What is not there yet, where the page asks again."""

NOT_YET = f"Single runs at central values, in grey: medians of {MEMBERS} runs follow in a moment."
TOO_MANY = f"Single runs at central values: medians are shown of up to {KEPT // 2} areas at a time."


def layout(view: View) -> html.Div:
    """Show controls at once; pictures follow when the areas are prepared."""
    choices, notes = read_choices(view.request, view.rest)
    return html.Div(
        [
            dcc.Store(id="areas-plan", data=view.request.address()),
            dcc.Store(id="areas-address"),
            *again_stores("areas"),
            html.H1("Footprints"),
            html.P("How do areas stand beside each other, with your plan and if nothing is done?"),
            noted(notes, "areas"),
            controls.controls(choices),
            html.Div(id="areas-status", className="hidden-words", role="status", **aria(live="polite")),
            buttons("footprints", view.request.address(view.rest)),
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
    ask_again(app, "areas")
    keep_in_address(app, "areas", KEYS, [State("areas-plan", "data"), *CHOSEN], chosen)
    add_number_files(app, "footprints", numbers_of, needed, drawn)


def show(
    plan: str,
    parts: list[str],
    others: list[str],
    own: list[str],
    measure: str,
    way: str,
    year: str,
    again: Sequence[Any] | None = None,
) -> tuple[Any, Any, list[Any] | None]:
    """Draw what is chosen: of medians, of single runs until they are there, or how far areas are prepared."""
    choices = chosen(plan, parts, others, own, measure, way, year)
    places = places_of(choices.areas, choices.plan.projection)
    missing = AREAS.waiting(places)
    if missing:
        AREAS.prepare(places)
        return controls.waiting(len(places) - len(missing), len(places)), "", not_yet(PREPARING)
    plans = plans_of(choices)
    many = len(plans) > KEPT
    again_so = asked_before(again, DRAWING)
    if not many and soon(plans, 0 if again_so else PATIENCE):
        return draw(choices), status(choices), None
    if many:
        return draw(choices, TOO_MANY), status(choices), None
    if again_so:
        return no_update, no_update, not_yet(DRAWING)
    return draw(choices, NOT_YET), status(choices), not_yet(DRAWING)


def chosen(
    plan: str, parts: list[str], others: list[str], own: list[str], measure: str, way: str, year: str
) -> Choices:
    """Read what controls say as the address is read: it comes from outside too."""
    areas = tuple(str(each) for ticked in (parts, others, own) for each in ticked or [])
    rest = {
        "areas": areas or (NONE_CHOSEN,),
        "measure": (str(measure),),
        "show": (str(way),),
        "year": (str(year),),
    }
    return read_choices(read_view(str(plan or "")).request, rest)[0]


def status(choices: Choices) -> str:
    """Say in a sentence what is shown now."""
    words = way_words(BY_KEY[choices.measure], choices.show)
    return f"{len(choices.areas)} areas: {BY_KEY[choices.measure].title}{', ' + words if words else ''}."


def draw(choices: Choices, single: str = "") -> list[Component]:
    """Draw the ranking, the small charts and what each total is made of.

    Parameters
    ----------
    single
        Why single runs are shown and not medians, where they are.
    """
    if not choices.areas:
        return [html.P("Tick at least one area.", className="areas-note")]
    areas, notes = areas_of(choices, choices.areas, choices.show, drawn=not single)
    level = comparable(choices, areas)
    if same_plan(choices.plan):
        notes.append("Nothing is put in place in your plan: it is one line with doing nothing.")
    if choices.show == PER_1000 and fitting_way(BY_KEY[choices.measure], PER_1000) == ABSOLUTE:
        notes.append(f"“{BY_KEY[choices.measure].title}” says nothing per head and is shown as it is.")
    if len(level) < len(areas):
        notes.append("A total is larger than each of its areas: it stands below, not on their scale.")
    notes += [world] if (world := world_words(choices.plan)) else []
    parts: list[Component] = [html.P(note, className="areas-note") for note in notes]
    if words := caution(choices):
        parts.insert(0, html.P(words, className="areas-caution", role="note"))
    if not any_told(areas):
        title = BY_KEY[choices.measure].title
        text = f"No shift is planned in your plan, so “{title}” says nothing. Choose another measure."
        return [*parts, html.P(text, className="areas-gone", role="note")]
    drawn: list[Component] = [ranking(choices, level), small_multiples(choices, level)] if level else []
    drawn += [total_panel(choices, area, drawn=not single) for area in areas if area.parts]
    if single:
        parts.insert(0, html.P(single, className="areas-note", role="status"))
        return [*parts, html.Div(drawn, className="areas-single")]
    return parts + drawn


def ranking(choices: Choices, areas: list[Area]) -> html.Figure:
    """Frame the ranking."""
    when = starred(choices.year, areas)
    title = f"{title_start(choices, areas[0].members)}: which area has most in {when}?"
    way = fitting_way(BY_KEY[choices.measure], choices.show)
    first = ranked(areas, choices.year)[0]
    spread = "; the line below: 8 in 10 runs of your plan" if areas[0].members else ""
    key = html.P(f"● your plan (■ a sum of areas), ◇ {DO_NOTHING_WORDS.lower()}{spread}.", className="unit")
    count = f" ({first.in_all(choices.year)})" if first.in_all(choices.year) else ""
    finding = f"Most: {first.label}, {first.with_plan.text(choices.year)}{count}."
    return chart(
        "areas-ranking",
        title,
        unit_words(choices, way),
        ranking_chart(areas, choices.year, DO_NOTHING),
        ranking_table(areas, choices.year, f"{title} {finding}", DO_NOTHING),
        source(areas[0].members),
        more=[key],
    )


def small_multiples(choices: Choices, areas: list[Area]) -> html.Section:
    """Frame the small charts, with one table of their numbers."""
    title = f"{title_start(choices, areas[0].members)}: how does each area go from 2018 to 2033?"
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
                    *_line("plan", "solid: your plan"),
                    *_line("base", f"dashed: {DO_NOTHING_WORDS.lower()}"),
                    *(_line("band", "shaded: 8 in 10 runs of your plan") if areas[0].members else []),
                ],
                className="areas-note",
                **data(picture_key=""),
            ),
            cards(areas, choices.year, DO_NOTHING),
            folded("Numbers", numbers_table(areas, caption, DO_NOTHING)),
            html.P(f"Source: {source(areas[0].members)}{more}", className="areas-note"),
        ]
    )


def _line(kind: str, words: str) -> list[Any]:
    """Return a piece of line with what it means: the two are never parted at the end of a line of text."""
    swatch = html.Span(className=f"areas-line areas-{kind}", **aria(hidden="true"))
    return [html.Span([swatch, f" {words}"], className="areas-key"), " "]


PAGE = Page(
    "/footprints",
    "Footprints",
    "How do areas stand beside each other, on one scale?",
    layout,
    register,
)
