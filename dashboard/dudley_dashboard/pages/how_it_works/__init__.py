"""How it works: what acts on what, how is each thing worked out, where does each number come from?"""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dudley_dashboard.number_files import add_number_files
from dudley_dashboard.page import Page
from dudley_dashboard.pages.how_it_works.asked import read_asked
from dudley_dashboard.pages.how_it_works.examine import TESTS, start, state_of
from dudley_dashboard.pages.how_it_works.export import needed, numbers_of
from dudley_dashboard.pages.how_it_works.layout import QUESTION, layout, notes, waits
from dudley_dashboard.pages.how_it_works.map_section import choices, map_words, pictures
from dudley_dashboard.pages.how_it_works.numbers import ROWS_SHOWN, found_rows, said_of, table_of
from dudley_dashboard.pages.how_it_works.told import tests_told
from dudley_dashboard.pages.how_it_works.variable import panel
from dudley_dashboard.view import read_view


def register(app: Dash) -> None:
    """Let the address decide what is shown, the browser draw it, and the search list the numbers."""
    add_number_files(app, "model", numbers_of, needed)
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
        view = read_view(search or "")
        asked = read_asked(view.rest)
        return (
            notes(asked),
            choices(view, asked),
            map_words(view, asked),
            pictures(view, asked),
            panel(view, asked),
            asked.variable or None,
            not waits(asked),
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
        shown = ROWS_SHOWN * (1 if again else 1 + clicks)
        asked = read_asked({"find": (text or "",), "status": (status or "",)})
        rows = found_rows(asked.find, asked.status)
        said = said_of(rows, shown, asked.find, asked.status)
        table = table_of(read_view(search or ""), rows.head(shown))
        return said, table, len(rows) <= shown, 0 if again else no_update


def _test(app: Dash) -> None:
    @app.callback(
        Output("model-told", "children"),
        Output("model-clock", "disabled"),
        Input("model-test", "n_clicks"),
        prevent_initial_call=True,
    )
    def test(clicks: int | None) -> tuple[Any, Any]:
        return (tests_told(start(TESTS)), False) if clicks else (no_update, no_update)

    @app.callback(
        Output("model-told", "children", allow_duplicate=True),
        Output("model-map-words", "children", allow_duplicate=True),
        Output("model-pictures", "data", allow_duplicate=True),
        Output("model-clock", "disabled", allow_duplicate=True),
        Input("model-clock", "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_again(_: int, search: str | None) -> tuple[Any, ...]:
        view = read_view(search or "")
        asked = read_asked(view.rest)
        still = waits(asked)
        signs_new = bool(asked.loop) and not still
        return (
            tests_told(state_of(TESTS)),
            map_words(view, asked) if signs_new else no_update,
            pictures(view, asked) if signs_new else no_update,
            not still,
        )


PAGE = Page("/model", "How it works", QUESTION, layout, register)
