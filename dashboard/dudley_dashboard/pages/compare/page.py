"""Page of plans and futures side by side: what is on it, and which control moves which part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.dependencies import DashDependency
from dash.development.base_component import Component

from dudley_dashboard.address import MOST, Pin, View, clean_name, free_name, pin_text, read_pins, read_view
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.downloads import add_number_files, buttons
from dudley_dashboard.members import in_cache
from dudley_dashboard.names import described, portfolio_choices, world_text
from dudley_dashboard.page import (
    Page,
    add_polling,
    keep_in_address,
    notes_of,
    pending,
    polling_stores,
    root,
    still_pending,
)
from dudley_dashboard.pages.compare.charts import compiled, framed_chart, headline_table, needed, numbers_of
from dudley_dashboard.pages.compare.data import (
    ALL_YEARS,
    DO_NOTHING,
    CompareQuery,
    labels_of,
    reference_of,
    regrets,
    run_labels,
)
from dudley_dashboard.pages.compare.text import LIMITS, regret_section
from dudley_dashboard.parts import aria, folded, segmented, select, ticks
from dudley_dashboard.runs import AREAS, area_keys, ready
from dudley_dashboard.series import DIFFERENCE, WAYS, options
from dudley_sd.indicators import JUDGED
from dudley_sd.inputs.years import REVIEW_POINTS
from dudley_sd.request import Request

WHAT: dict[str, DashDependency] = {
    "search": State("compare-plan", "data"),
    "pin": Input("compare-pins", "data"),
    **{key: Input(f"compare-{key}", "value") for key in ("futures", "portfolios", "contracts")},
}
"""Controls that say what is compared."""

HOW = {key: Input(f"compare-{key}", "value") for key in ("show", "against", "review", "indicator")}
JUDGE = {"judge": Input("compare-judge", "value")}
LOADING: dict[str, Any] = {
    "type": "dot",
    "delay_show": 300,
    "overlay_style": {"visibility": "visible", "opacity": 0.5},
}
"""A reader sees that numbers are being worked out only where it takes longer than a third of a second."""

PREPARING, COMPILING = "preparing", "compiling"
"""What is not there yet, where the page asks again."""

PREPARED_FIRST = "This area is prepared, once after the dashboard was started: that takes some seconds."
FOLLOWS = "This needs many runs, and the model of this area is compiled first: that takes some seconds."


def layout(view: View) -> html.Div:
    """Show controls and, where it needs no waiting, the table at once; the rest follows."""
    query, notes = CompareQuery.read(view.request, view.rest)
    world = world_text(view.request)
    came, is_whole = _first_table(query)
    return html.Div(
        [
            dcc.Store(id="compare-plan", data=view.request.address()),
            dcc.Store(id="compare-with-table", data=is_whole),
            dcc.Store(id="compare-pins", data=[pin_text(pin) for pin in query.pin]),
            dcc.Store(id="compare-address"),
            *polling_stores("compare"),
            *polling_stores("compare-regret"),
            html.H1("Compare"),
            html.P(
                "How do plans and futures stand beside each other, "
                "and which plan holds up best in the worst case?"
            ),
            notes_of(notes, "compare"),
            *([html.P(world, className="compare-note")] if world else []),
            _what(query),
            _how(query),
            html.Div(id="compare-status", className="hidden-words", role="status"),
            notes_of([], "compare", id="compare-left-out"),
            dcc.Loading(html.Div(came, id="compare-table"), **LOADING),
            buttons("compare", view.request.address(view.rest)),
            html.Section(
                [
                    html.H2("Over the years"),
                    select(
                        "compare-indicator",
                        "Indicator",
                        options(),
                        query.indicator,
                        className="compare-select no-print",
                    ),
                ]
            ),
            dcc.Loading(html.Div(id="compare-chart", className="compare-tall"), **LOADING),
            _regret_heading(query),
            dcc.Loading(html.Div(id="compare-regret", className="compare-tall"), **LOADING),
        ],
        className="compare",
    )


def _first_table(query: CompareQuery) -> tuple[Component | None, bool]:
    """Draw the table with the page where all areas are ready: of single runs where medians are not."""
    labels, _ = labels_of(query)
    requests = [label.request for label in labels]
    if AREAS.waiting(_places(requests)):
        return None, False
    runs, _ = run_labels(labels, medians=in_cache(requests))
    if not runs:
        return None, False
    drawn = headline_table(runs, query.show, reference_of(runs, query.against), query.review)
    return drawn, runs[0].members > 0


def _what(query: CompareQuery) -> html.Section:
    """Choose what stands side by side."""
    known = catalogue()
    offered = (
        ("futures", "Futures", {key: each.title for key, each in known.scenarios.items()}, query.futures),
        ("portfolios", "Portfolios", portfolio_choices(), query.portfolios),
        (
            "contracts",
            "Contracts",
            {key: each.title for key, each in known.contracts.items()},
            query.contracts,
        ),
    )
    groups = [
        ticks(f"compare-{key}", label, titles, value, "compare-group")
        for key, label, titles, value in offered
    ]
    note = (
        "Every combination of what is ticked is run, beside do nothing (the future of your plan, no "
        "portfolio, contract as now), your plan, the reference case (Official Future, do nothing) and "
        "pinned plans."
    )
    chosen = [html.Div(groups, className="compare-ticks"), html.P(note, className="compare-note")]
    return html.Section(
        [
            html.H2("What to compare", id="compare-what"),
            html.Div([html.Div(chosen), _pins(query)], className="compare-what"),
        ],
        className="compare-card no-print",
        **aria(labelledby="compare-what"),
    )


def _pins(query: CompareQuery) -> html.Div:
    """Pin the plan of the address, and see what is pinned."""
    name = dmc.TextInput(
        id="compare-pin-name",
        label="Name for it",
        placeholder="Closer to home",
        value="",
        className="compare-pin-name",
    )
    pin = html.Button("Pin your plan", id="compare-pin", className="strong", type="button", n_clicks=0)
    return html.Div(
        [
            html.H3("Pinned plans"),
            html.P(["Your plan: ", html.Strong(described(query.request)), "."], className="compare-note"),
            html.Div([name, pin], className="compare-pin"),
            html.P("", id="compare-pin-status", className="compare-note", role="status"),
            html.Div(id="compare-pin-list", **aria(live="polite")),
        ],
        className="compare-pins",
    )


def pin_list(texts: Sequence[str], search: str) -> Component:
    """List pinned plans, each with a link to Explore and a button to unpin it."""
    here = read_view(str(search or "")).request
    pins, _ = read_pins([str(text) for text in texts or ()])
    if not pins:
        note = f"None yet. Make a plan in Explore, come back here and pin it; up to {MOST} of them."
        return html.P(note, className="compare-note")
    items = []
    for nth, pin in enumerate(pins):
        name = [html.Strong(pin.name), html.Small(described(pin.plan, here))]
        link = {"href": explore_link(pin, pins), **aria(label=f"Open in Explore: {pin.name}")}
        unpin = {"id": {"compare-unpin": nth}, "type": "button", **aria(label=f"Unpin: {pin.name}")}
        parts = [
            html.Span(name, className="compare-name"),
            html.A("Open in Explore", className="plain", **link),
            html.Button("Unpin", className="plain", **unpin),
        ]
        items.append(html.Li(parts))
    return html.Ul(items, className="compare-pin-list")


def explore_link(pin: Pin, pins: Sequence[Pin]) -> str:
    """Address of a pinned plan in Explore; all pins go along."""
    return f"{root()}{pin.plan.address({'pin': tuple(map(pin_text, pins))})}"


def _how(query: CompareQuery) -> html.Section:
    """Choose how the numbers of table and chart are shown."""
    label = "Do nothing" if query.against == DO_NOTHING else query.against
    reviews = {str(year): str(year) for year in REVIEW_POINTS} | {ALL_YEARS: "All three"}
    controls = [
        segmented("compare-show", "Show", WAYS, query.show),
        segmented("compare-review", "Review point, of all below", reviews, query.review),
        select(
            "compare-against",
            "Difference from",
            {query.against: label},
            query.against,
            className="compare-wide",
        ),
    ]
    heading = html.H2("Headline indicators, side by side")
    return html.Section([heading, html.Div(controls, className="compare-how no-print")])


def _regret_heading(query: CompareQuery) -> html.Section:
    """Choose what portfolios are judged by, and say what regret is."""
    return html.Section(
        [
            html.H2("Which portfolio holds up best in the worst case? (minimax regret)"),
            html.P(
                "Nobody knows which future will come. Regret is how far a portfolio ends from the best of "
                "these portfolios in the same future. The one whose largest regret is smallest is the "
                "safest choice among those run here (minimax regret)."
            ),
            select(
                "compare-judge", "Judge by", options(JUDGED), query.judge, className="compare-select no-print"
            ),
            folded("What this does and does not say", html.Ul([html.Li(text) for text in LIMITS])),
        ]
    )


def register(app: Dash) -> None:
    """Tie controls to what they move."""
    app.callback(
        output=[
            Output("compare-table", "children"),
            Output("compare-chart", "children"),
            Output("compare-left-out", "children"),
            Output("compare-status", "children"),
            Output("compare-against", "data"),
            Output("compare-against", "value"),
            Output("compare-progress", "data"),
        ],
        inputs={
            **WHAT,
            **HOW,
            "with_table": State("compare-with-table", "data"),
            "again": Input("compare-again", "data"),
        },
    )(draw)
    app.callback(
        output=[Output("compare-regret", "children"), Output("compare-regret-progress", "data")],
        inputs={**WHAT, "review": HOW["review"], **JUDGE, "again": Input("compare-regret-again", "data")},
    )(draw_regret)
    add_polling(app, "compare")
    add_polling(app, "compare-regret")
    keep_in_address(app, "compare", CompareQuery.of_controls, {**WHAT, **HOW, **JUDGE})
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
    )(pin_list)


def draw(with_table: bool, again: Sequence[Any] | None, **controls: Any) -> tuple[Any, ...]:
    """Draw table and chart of what is chosen; a table that came with the page stays until a control moves.

    Single runs are drawn until the area is compiled: nobody's request waits for a compiler.
    """
    started = time.perf_counter()
    query = CompareQuery.of_controls(**controls)
    labels, notes = labels_of(query)
    missing = what_is_missing([label.request for label in labels])
    if missing and still_pending(again, missing):
        return (*[no_update] * 6, pending(missing))
    if missing == PREPARING:
        return html.P(PREPARED_FIRST, role="status"), "", [], "", no_update, no_update, pending(missing)
    runs, more = run_labels(labels, medians=not missing)
    left_out = [html.P(note) for note in (*notes, *more)]
    if not runs:
        return html.P("Nothing can be shown."), "", left_out, "", [], DO_NOTHING, None
    reference = reference_of(runs, query.against)
    came = with_table and not ctx.triggered
    table = no_update if came else headline_table(runs, query.show, reference, query.review)
    lines = framed_chart(runs, query.indicator, query.show, reference, query.years)
    options = [{"value": run.label.key, "label": f"{run.letter} {run.label.name}"} for run in runs]
    took = time.perf_counter() - started
    single = " Single runs at central values; medians follow." if missing else ""
    status = f"{len(runs)} runs beside each other, worked out in {took:.1f} seconds.{single}"
    if query.show == DIFFERENCE:
        status += f" Differences are from {reference.letter}, {reference.label.name}."
    still = pending(missing) if missing else None
    return table, lines, left_out, status, options, reference.label.key, still


def _places(requests: Sequence[Request]) -> list[Any]:
    return [place for each in requests for place in area_keys([each.footprint], each.projection)]


def what_is_missing(requests: Sequence[Request]) -> str:
    """Say what must come before medians can be worked out, and have it done; empty where nothing."""
    if AREAS.prepare(_places(requests)):
        return PREPARING
    return "" if all([ready(request) for request in requests]) else COMPILING


def draw_regret(again: Sequence[Any] | None, **controls: Any) -> tuple[Any, list[Any] | None]:
    """Draw which portfolio holds up best in the worst case, once the area is compiled."""
    query = CompareQuery.of_controls(**controls)
    if missing := what_is_missing([query.request]):
        before = still_pending(again, missing)
        return no_update if before else html.P(FOLLOWS, className="compare-note"), pending(missing)
    return regret_section(regrets(query), query.judge), None


def change_pins(
    _clicks: int,
    _submitted: int,
    _unpin: list[int],
    name: str | None,
    search: str,
    pins: list[str],
) -> tuple[Any, Any, Any]:
    """Pin the plan of the address, or take a pinned one away."""
    query = CompareQuery.of_controls(search, pin=pins)
    pinned, pressed = list(query.pin), ctx.triggered_id
    if isinstance(pressed, dict):
        nth = pressed["compare-unpin"]
        if not ctx.triggered[0]["value"] or not 0 <= nth < len(pinned):
            return no_update, no_update, no_update  # the list was drawn anew, nobody clicked
        gone = pinned.pop(nth)
        return [pin_text(pin) for pin in pinned], no_update, f"“{gone.name}” is no longer pinned."
    if len(pinned) >= MOST:
        return no_update, no_update, f"{MOST} plans are pinned; unpin one first."
    title = free_name(clean_name(name or ""), [pin.name for pin in pinned])
    pinned.append(Pin(title, query.request))
    return [pin_text(pin) for pin in pinned], "", f"Pinned as “{title}”; the address of this page carries it."


PAGE = Page(
    "/compare",
    "Compare",
    "How do plans and futures stand beside each other, and which holds up best in the worst case?",
    layout,
    register,
)
