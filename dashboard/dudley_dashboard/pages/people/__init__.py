"""People: how does the age of people change, and how sure is it?"""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, State

from dudley_dashboard.number_files import add_number_files
from dudley_dashboard.page import Page
from dudley_dashboard.pages.people.export import needed, numbers_of
from dudley_dashboard.pages.people.layout import QUESTION, layout


def register(app: Dash) -> None:
    """Let the year move the profile, in the browser; area and comparison change the address."""
    add_number_files(app, "people", numbers_of, needed)
    app.clientside_callback(
        ClientsideFunction("people", "show"),
        Output("people-sentence", "children"),
        Input("people-year", "value"),
        Input("people-frames", "data"),
    )
    for button, step in (("play", "play"), ("back", "back"), ("on", "on")):
        app.clientside_callback(
            ClientsideFunction("people", step),
            Output(f"people-{button}", "n_clicks"),
            Input(f"people-{button}", "n_clicks"),
            State("people-year", "value"),
            State("people-frames", "data"),
            prevent_initial_call=True,
        )

    app.clientside_callback(
        ClientsideFunction("people", "choose"),
        Output("people-footprint", "id"),
        Input("people-footprint", "value"),
        Input("people-against", "value"),
        prevent_initial_call=True,
    )


PAGE = Page("/people", "People", QUESTION, layout, register)
