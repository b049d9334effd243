"""How it works: what is on the page, and what each control changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from dudley_dashboard.address import View
from dudley_dashboard.downloads import add_number_files, buttons
from dudley_dashboard.page import Page, notes_of
from dudley_dashboard.pages.how_it_works.data import ModelQuery, model_tables
from dudley_dashboard.pages.how_it_works.model_tests import SIGNS, TESTS, findings_section, start, state_of
from dudley_dashboard.pages.how_it_works.numbers import (
    ROWS_SHOWN,
    STATUS_MEANINGS,
    count_sentence,
    counts,
    found_rows,
    numbers_of,
    table_of,
)
from dudley_dashboard.pages.how_it_works.text import choice_links, map_text, pictures
from dudley_dashboard.pages.how_it_works.variable import joined, panel
from dudley_dashboard.parts import aria, select
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import NOT_COUNTED, count_assumptions

QUESTION = "What acts on what, how is each thing worked out, and where does each number come from?"
ASKS_AGAIN = 1500
"""Milliseconds between two looks at an examination that is running."""


def layout(view: View) -> html.Div:
    """Show the page that an address asks for."""
    query, notes = ModelQuery.read(view.request, view.rest)
    jumps = (
        ("Map", "model-map"),
        ("Variable", "model-variable"),
        ("Numbers", "model-numbers"),
        ("Tests", "model-tests"),
    )
    return html.Div(
        [
            html.H1("How it works"),
            html.P(QUESTION),
            html.Nav(
                [html.A(name, href=f"#{place}") for name, place in jumps],
                className="model-jumps",
                **aria(label="On this page"),
            ),
            notes_of(notes, "model", id="model-notes"),
            html.Section(
                [
                    html.Details(
                        [
                            html.Summary("Choose a loop or a sector"),
                            html.Div(choice_links(query), id="model-choices"),
                        ],
                        id="model-choose",
                        open=True,
                    ),
                    html.Div(map_text(query), id="model-map-words"),
                ],
                id="model-map",
                className="model-map",
                **aria(labelledby="model-map-title"),
            ),
            dcc.Store(id="model-pictures", data=pictures(query)),
            html.Section(
                [
                    html.H2("A variable"),
                    _search(query),
                    html.Div(panel(query), id="model-panel"),
                ],
                id="model-variable",
            ),
            _numbers(query, view),
            html.Section(
                [
                    html.H2("How was the model tested?"),
                    html.Div(findings_section(state_of(TESTS)), id="model-told"),
                ],
                id="model-tests",
            ),
            dcc.Interval(id="model-clock", interval=ASKS_AGAIN, disabled=not waits(query)),
        ],
        id="model-page",
        className="model",
    )


def waits(query: ModelQuery) -> bool:
    """Whether something that the page shows is still being worked out."""
    return state_of(TESTS).running or (bool(query.loop) and state_of(SIGNS).result is None)


def _search(query: ModelQuery) -> dmc.Select:
    variables = model_tables().catalogue.model.variables.values()
    return dmc.Select(
        id="model-search",
        label="Find a variable by its name",
        data=[{"value": each.key, "label": each.name} for each in variables if not each.control],
        value=query.variable or None,
        placeholder="GP WTE",
        searchable=True,
        limit=40,
        nothingFoundMessage="No variable has that in its name",
        maw=460,
    )


def _numbers(query: ModelQuery, view: View) -> html.Section:
    rows, known = found_rows(query.find, query.status), counts()
    tally = [
        html.Span([html.Strong(f"{count} {status}"), f" ({STATUS_MEANINGS[status]})"])
        for status, count in known.items()
    ]
    statuses = {"": f"all ({sum(known.values())})"}
    statuses |= {key: f"{key} ({count}): {STATUS_MEANINGS[key]}" for key, count in known.items()}
    assumed, numbers = count_assumptions(inputs_folder())
    return html.Section(
        [
            html.H2("Where do the numbers come from?"),
            html.P(
                [
                    html.Strong(f"{assumed} of the model's {numbers} numbers are assumptions. "),
                    f"{NOT_COUNTED}. The table below also has those; its {sum(known.values())} rows are ",
                    *joined(tally),
                    ".",
                ]
            ),
            html.P("Type a figure or a word, as it comes to mind: 198, GP, mortality, A&E."),
            html.Div(
                [
                    dmc.TextInput(
                        id="model-find",
                        label="Search the numbers",
                        value=query.find,
                        debounce=200,
                        placeholder="198",
                    ),
                    select("model-status", "How it is known", statuses, query.status),
                ],
                className="model-finders",
            ),
            html.P(
                count_sentence(rows, ROWS_SHOWN, query.find, query.status),
                id="model-found",
                role="status",
            ),
            html.Div(table_of(query, rows.head(ROWS_SHOWN)), id="model-table"),
            buttons("model", query.request.address(view.rest)),
            html.Button(
                "Show more",
                id="model-more",
                className="plain",
                type="button",
                n_clicks=0,
                hidden=len(rows) <= ROWS_SHOWN,
            ),
        ],
        id="model-numbers",
    )


def register(app: Dash) -> None:
    """Let the address decide what is shown, the browser draw it, and the search list the numbers."""
    add_number_files(app, "model", numbers_of)
    _follow_the_address(app)
    _list_numbers(app)
    _test(app)
    for name, output, inputs in (
        ("draw", Output("model-pictures", "id"), [Input("model-pictures", "data")]),
        ("arrive", Output("model-panel", "id"), [Input("model-panel", "children")]),
        ("search", Output("model-search", "id"), [Input("model-search", "value")]),
        (
            "element",
            Output("model-variable", "id"),
            [Input({"type": "model-element", "place": ALL}, "value")],
        ),
        ("find", Output("model-found", "id"), [Input("model-find", "value"), Input("model-status", "value")]),
    ):
        app.clientside_callback(
            ClientsideFunction("model", name),
            output,
            *inputs,
            prevent_initial_call=name in ("search", "find"),
        )


def _follow_the_address(app: Dash) -> None:
    @app.callback(
        Output("model-notes", "children"),
        Output("model-choices", "children"),
        Output("model-map-words", "children"),
        Output("model-pictures", "data"),
        Output("model-panel", "children"),
        Output("model-search", "value"),
        Output("model-clock", "disabled", allow_duplicate=True),
        Input("url", "search"),
        prevent_initial_call=True,
    )
    def follow(search: str | None) -> tuple[Any, ...]:
        query, notes = ModelQuery.of_search(search)
        return (
            [html.P(note) for note in notes],
            choice_links(query),
            map_text(query),
            pictures(query),
            panel(query),
            query.variable or None,
            not waits(query),
        )


def _list_numbers(app: Dash) -> None:
    @app.callback(
        Output("model-found", "children"),
        Output("model-table", "children"),
        Output("model-more", "hidden"),
        Output("model-more", "n_clicks"),
        Input("model-find", "value"),
        Input("model-status", "value"),
        Input("model-more", "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def find(text: str | None, status: str | None, clicks: int, search: str | None) -> tuple[Any, ...]:
        again = ctx.triggered_id != "model-more"
        most = ROWS_SHOWN * (1 if again else 1 + clicks)
        chosen = ModelQuery.of_controls(search, find=text, status=status)
        query = replace(ModelQuery.of_search(search)[0], find=chosen.find, status=chosen.status)
        rows = found_rows(query.find, query.status)
        sentence = count_sentence(rows, most, query.find, query.status)
        table = table_of(query, rows.head(most))
        return sentence, table, len(rows) <= most, 0 if again else no_update


def _test(app: Dash) -> None:
    @app.callback(
        Output("model-told", "children"),
        Output("model-clock", "disabled"),
        Input("model-test", "n_clicks"),
        prevent_initial_call=True,
    )
    def test(clicks: int | None) -> tuple[Any, Any]:
        return (findings_section(start(TESTS)), False) if clicks else (no_update, no_update)

    @app.callback(
        Output("model-told", "children", allow_duplicate=True),
        Output("model-map-words", "children", allow_duplicate=True),
        Output("model-pictures", "data", allow_duplicate=True),
        Output("model-clock", "disabled", allow_duplicate=True),
        Input("model-clock", "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_again(_ticks: int, search: str | None) -> tuple[Any, ...]:
        query, _ = ModelQuery.of_search(search)
        still = waits(query)
        signs_new = bool(query.loop) and not still
        return (
            findings_section(state_of(TESTS)),
            map_text(query) if signs_new else no_update,
            pictures(query) if signs_new else no_update,
            not still,
        )


PAGE = Page("/model", "How it works", QUESTION, layout, register)
