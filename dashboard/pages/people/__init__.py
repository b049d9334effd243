"""People: how does the age of people change, and how sure is it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard.page import Page
from dashboard.pages.people.layout import QUESTION, layout
from dashboard.view import read_view, search_of


def register(app: Dash) -> None:
    """Let the year move the profile, in the browser; area and comparison change the address."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("people", "show"),
        Output("people-sentence", "children"),
        Input("people-year", "value"),
        Input("people-frames", "data"),
    )
    for button, step in (("play", "play"), ("back", "back"), ("on", "on")):
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("people", step),
            Output(f"people-{button}", "n_clicks"),
            Input(f"people-{button}", "n_clicks"),
            State("people-year", "value"),
            State("people-frames", "data"),
            prevent_initial_call=True,
        )

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("people-footprint", "value"),
        Input("people-against", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(footprint: str, against: str | None, search: str | None) -> Any:
        return _search(footprint, against, search or "")


def _search(footprint: str, against: str | None, search: str) -> Any:
    """Return the address that asks for an area and a comparison; nothing new leaves it as it is."""
    view = read_view(search)
    rest = {key: values for key, values in view.rest.items() if key != "against"}
    asked = (view.plan.footprint, view.rest.get("against", ("",))[-1])
    if (footprint, against or "") == asked:
        return no_update
    if against:
        rest["against"] = (against,)
    return search_of(replace(view.plan, footprint=footprint), rest)


PAGE = Page("/people", "People", QUESTION, layout, register)
