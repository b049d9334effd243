"""How does a reader get to the saved plans of the team, and how does whoever runs the server allow it?"""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component
from flask import current_app

from dudley_dashboard.server.access import ACCESS, TRIED
from dudley_dashboard.view import View, search_of

TRIED_WORDS = {
    "wrong": "That was not the access code. Please try again.",
    "wait": "Too many wrong codes came from your network address. Please wait before you try again, five "
    "minutes at most. This does not affect anyone at another address, or anyone who is in already.",
}


def how_to_turn_on() -> list[Component]:
    """Say why nothing can be saved for the team, and what whoever runs the server can do."""
    return [
        html.P("Saving for the team is off: this dashboard was started without a place to keep plans."),
        html.P("Whoever runs it can turn it on by naming a database, a file or a PostgreSQL server:"),
        html.Pre("dudley-sd dashboard --store sqlite:///plans.sqlite", tabIndex=0),
        html.P(
            "Until then, save a plan file, or send the address of this page: the whole plan is in it. Where "
            "others can reach the dashboard, saved plans are also kept behind an access code.",
            className="soft",
        ),
    ]


def sign_in(view: View, prefix: str) -> list[Component]:
    """Ask for the access code; without one, plans can only be seen from the machine itself."""
    if current_app.config.get(ACCESS) is None:
        return [
            html.P(
                "The saved plans can be opened only on the machine that serves this dashboard. To open them "
                "to others, whoever runs it sets an access code."
            )
        ]
    tried = TRIED_WORDS.get(view.rest.get(TRIED, ("",))[-1], "")
    form = html.Form(
        [
            dmc.PasswordInput(
                id="plans-code", name="code", label="Access code", autoComplete="current-password"
            ),
            html.Button("Open the saved plans", type="submit", className="strong"),
        ],
        action=f"{prefix}access{search_of(view.plan)}",
        method="post",
        className="plans-sign-in",
    )
    return [
        html.P("The team's plans are kept behind a code that the team shares."),
        html.P(tried, className="plans-told", role="alert") if tried else html.Span(),
        form,
        html.P(
            "A cookie remembers for twelve hours that the code was given. It holds nothing about you.",
            className="soft",
        ),
    ]


def sign_out(view: View, prefix: str) -> html.Form:
    """Offer to forget that the code was given."""
    return html.Form(
        html.Button("Close the saved plans on this computer", type="submit", className="plain"),
        action=f"{prefix}access/out{search_of(view.plan)}",
        method="post",
    )
