"""The compare page: what is on it, and which control moves which part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from dash import (
    ALL,
    Dash,
    Input,
    Output,
    State,
    ctx,
    dcc,
    html,
    no_update,
)
from dash.development.base_component import Component

from dudley_dashboard.address import MOST, Pin, View, clean_name, free_name, pin_text, read_view
from dudley_dashboard.areas import AREAS, places_of
from dudley_dashboard.members import are_kept
from dudley_dashboard.number_files import add_number_files, buttons
from dudley_dashboard.page import Page
from dudley_dashboard.pages.asked import (
    again_stores,
    ask_again,
    asked_before,
    keep_in_address,
    not_yet,
    noted,
)
from dudley_dashboard.pages.beside import world_words
from dudley_dashboard.pages.compare import controls
from dudley_dashboard.pages.compare.cases import cases_of, reference_of, tell
from dudley_dashboard.pages.compare.chart import framed_chart
from dudley_dashboard.pages.compare.choices import DO_NOTHING, KEYS, Choices, read_choices
from dudley_dashboard.pages.compare.export import compiled, needed, numbers_of
from dudley_dashboard.pages.compare.regret import regrets
from dudley_dashboard.pages.compare.regret_shown import regret_parts
from dudley_dashboard.pages.compare.table import headline_table
from dudley_dashboard.runs import ready
from dudley_dashboard.shown import DIFFERENCE
from dudley_sd.request import Request

TICKED = [Input(f"compare-{key}", "value") for key in ("futures", "portfolios", "contracts")]
PLANS = [State("compare-plan", "data"), Input("compare-pins", "data")]
PREPARING, COMPILING = "preparing", "compiling"
"""What is not there yet, where the page asks again."""

PREPARED_FIRST = "This area is prepared, once after the dashboard was started: that takes some seconds."
FOLLOWS = "This needs many runs, and the model of this area is compiled first: that takes some seconds."

LOOKS = [Input(f"compare-{key}", "value") for key in ("show", "against", "review")]


def layout(view: View) -> html.Div:
    """Show controls and, where it needs no waiting, the table at once; the rest follows."""
    choices, notes = read_choices(view.request, view.rest)
    world = world_words(view.request)
    table, with_table = _table(choices)
    return html.Div(
        [
            dcc.Store(id="compare-plan", data=view.request.address()),
            dcc.Store(id="compare-with-table", data=with_table),
            dcc.Store(id="compare-pins", data=[pin_text(pin) for pin in choices.pins]),
            dcc.Store(id="compare-address"),
            *again_stores("compare"),
            *again_stores("compare-regret"),
            html.H1("Compare"),
            html.P(
                "How do plans and futures stand beside each other, "
                "and which plan holds up best in the worst case?"
            ),
            noted(notes, "compare"),
            *([html.P(world, className="compare-note")] if world else []),
            controls.what(choices),
            controls.how(choices),
            html.Div(id="compare-status", className="hidden-words", role="status"),
            noted([], "compare", id="compare-left-out"),
            dcc.Loading(html.Div(table, id="compare-table"), **controls.WAITING),
            buttons("compare", view.request.address(view.rest)),
            controls.measure(choices),
            dcc.Loading(html.Div(id="compare-chart", className="compare-tall"), **controls.WAITING),
            controls.regret_head(choices),
            dcc.Loading(html.Div(id="compare-regret", className="compare-tall"), **controls.WAITING),
        ],
        className="compare",
    )


def _table(choices: Choices) -> tuple[Component | None, bool]:
    """Draw the table with the page where all areas are ready: of single runs where medians are not."""
    cases, _ = cases_of(choices)
    places = [place for case in cases for place in places_of([case.plan.footprint], case.plan.projection)]
    if AREAS.waiting(places):
        return None, False
    told, _ = tell(cases, drawn=are_kept(case.plan for case in cases))
    if not told:
        return None, False
    table = headline_table(told, choices.show, reference_of(told, choices.against), choices.review)
    return table, told[0].members > 0


def register(app: Dash) -> None:
    """Tie controls to what they move."""
    app.callback(
        Output("compare-table", "children"),
        Output("compare-chart", "children"),
        Output("compare-left-out", "children"),
        Output("compare-status", "children"),
        Output("compare-against", "data"),
        Output("compare-against", "value"),
        Output("compare-progress", "data"),
        *PLANS,
        *TICKED,
        *LOOKS,
        Input("compare-measure", "value"),
        State("compare-with-table", "data"),
        Input("compare-again", "data"),
    )(draw)
    app.callback(
        Output("compare-regret", "children"),
        Output("compare-regret-progress", "data"),
        *PLANS,
        *TICKED,
        Input("compare-review", "value"),
        Input("compare-judge", "value"),
        Input("compare-regret-again", "data"),
    )(draw_regret)
    ask_again(app, "compare")
    ask_again(app, "compare-regret")
    controlled = [*PLANS, *TICKED, *LOOKS, Input("compare-measure", "value"), Input("compare-judge", "value")]
    keep_in_address(app, "compare", KEYS, controlled, chosen_by)
    add_number_files(app, "compare", numbers_of, needed, compiled)
    app.callback(
        Output("compare-pins", "data"),
        Output("compare-pin-name", "value"),
        Output("compare-pin-status", "children"),
        Input("compare-pin", "n_clicks"),
        Input("compare-pin-name", "n_submit"),
        Input({"compare-unpin": ALL}, "n_clicks"),
        State("compare-pin-name", "value"),
        State("compare-plan", "data"),
        State("compare-pins", "data"),
        prevent_initial_call=True,
    )(change_pins)
    app.callback(
        Output("compare-pin-list", "children"), Input("compare-pins", "data"), State("compare-plan", "data")
    )(controls.pin_list)


def draw(
    plan: str,
    pins: list[str],
    futures: list[str],
    portfolios: list[str],
    contracts: list[str],
    show: str,
    against: str,
    review: str,
    measure: str,
    with_table: bool,
    again: Sequence[Any] | None = None,
) -> tuple[Any, ...]:
    """Draw table and chart of what is chosen; a table that came with the page stays until a control moves.

    Single runs are drawn until the area is compiled: nobody's request waits for a compiler.
    """
    started = time.perf_counter()
    choices, _ = chosen(plan, pins, futures, portfolios, contracts, show, against, review, measure=measure)
    cases, notes = cases_of(choices)
    missing = what_is_missing([case.plan for case in cases])
    if missing and asked_before(again, missing):
        return (*[no_update] * 6, not_yet(missing))
    if missing == PREPARING:
        return html.P(PREPARED_FIRST, role="status"), "", [], "", no_update, no_update, not_yet(missing)
    told, more = tell(cases, drawn=not missing)
    notes += more
    if not told:
        return html.P("Nothing can be shown."), "", [html.P(note) for note in notes], "", [], DO_NOTHING, None
    reference = reference_of(told, choices.against)
    came = with_table and not ctx.triggered
    table = no_update if came else headline_table(told, choices.show, reference, choices.review)
    lines = framed_chart(told, choices.measure, choices.show, reference, choices.years)
    options = [{"value": each.case.key, "label": f"{each.letter} {each.case.name}"} for each in told]
    took = time.perf_counter() - started
    single = " Single runs at central values; medians follow." if missing else ""
    status = f"{len(told)} runs beside each other, worked out in {took:.1f} seconds.{single}"
    if choices.show == DIFFERENCE:
        status += f" Differences are from {reference.letter}, {reference.case.name}."
    still = not_yet(missing) if missing else None
    return table, lines, [html.P(note) for note in notes], status, options, reference.case.key, still


def what_is_missing(plans: Sequence[Request]) -> str:
    """Say what must come before medians of plans can be worked out, and have it done; empty where nothing."""
    places = [place for plan in plans for place in places_of([plan.footprint], plan.projection)]
    if AREAS.waiting(places):
        AREAS.prepare(places)
        return PREPARING
    return "" if all([ready(plan) for plan in plans]) else COMPILING


def draw_regret(
    plan: str,
    pins: list[str],
    futures: list[str],
    portfolios: list[str],
    contracts: list[str],
    review: str,
    judge: str,
    again: Sequence[Any] | None = None,
) -> tuple[Any, list[Any] | None]:
    """Draw which portfolio holds up best in the worst case, once the area is compiled."""
    choices, _ = chosen(plan, pins, futures, portfolios, contracts, review=review, judge=judge)
    if missing := what_is_missing([choices.plan]):
        before = asked_before(again, missing)
        return no_update if before else html.P(FOLLOWS, className="compare-note"), not_yet(missing)
    return regret_parts(regrets(choices), choices.judge), None


def chosen_by(plan: str, pins: list[str], *values: Any) -> Choices:
    """Read all controls, in the order in which they are written into the address."""
    futures, portfolios, contracts, show, against, review, measure, judge = values
    return chosen(
        plan, pins, futures, portfolios, contracts, show, against, review, measure=measure, judge=judge
    )[0]


def change_pins(
    _clicks: int,
    _submitted: int,
    _unpin: list[int],
    name: str | None,
    plan: str,
    pins: list[str],
) -> tuple[Any, Any, Any]:
    """Pin the plan of the address, or take a pinned one away."""
    choices, _ = chosen(plan, pins, None, None, None)
    held = list(choices.pins)
    asked = ctx.triggered_id
    if isinstance(asked, dict):
        place = asked["compare-unpin"]
        if not ctx.triggered[0]["value"] or not 0 <= place < len(held):
            return no_update, no_update, no_update  # the list was drawn anew, nobody clicked
        gone = held.pop(place)
        return [pin_text(pin) for pin in held], no_update, f"“{gone.name}” is no longer pinned."
    if len(held) >= MOST:
        return no_update, no_update, f"{MOST} plans are pinned; unpin one first."
    title = free_name(clean_name(name or ""), [pin.name for pin in held])
    held.append(Pin(title, choices.plan))
    return [pin_text(pin) for pin in held], "", f"Pinned as “{title}”; the address of this page carries it."


def chosen(
    plan: str,
    pins: list[str] | None,
    futures: list[str] | None,
    portfolios: list[str] | None,
    contracts: list[str] | None,
    show: str | None = None,
    against: str | None = None,
    review: str | None = None,
    **more: str | None,
) -> tuple[Choices, list[str]]:
    """Read what controls say as the address is read: it comes from outside too."""
    lists = {"futures": futures, "portfolios": portfolios, "contracts": contracts}
    rest = {key: tuple(map(str, values)) for key, values in lists.items() if values is not None}
    rest["pin"] = tuple(map(str, pins or ()))
    single = {"show": show, "against": against, "review": review, **more}
    rest |= {key: (str(value),) for key, value in single.items() if value}
    return read_choices(read_view(str(plan or "")).request, rest)


PAGE = Page(
    "/compare",
    "Compare",
    "How do plans and futures stand beside each other, and which holds up best in the worst case?",
    layout,
    register,
)
