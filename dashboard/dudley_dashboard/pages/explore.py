"""Explore: move a slider and see what happens.

The page works in the browser: modules under ``js/explore`` draw it from the description of the model that
`dudley_dashboard.api` serves, run the model there and follow the address by themselves.
"""

from __future__ import annotations

import json
from typing import Any

from dash import Dash, html

from dudley_dashboard.address import View
from dudley_dashboard.api import addresses
from dudley_dashboard.browser_model import opening_charts
from dudley_dashboard.page import Page, root
from dudley_dashboard.parts import data


def layout(view: View) -> html.Div:
    """Return the heading, and the place that the scripts fill."""
    prefix = root()
    return html.Div(
        [
            html.Div(html.H1("What happens if we do this?"), id="explore-head", className="explore-head"),
            html.Div(
                html.P("Fetching the model …", className="waiting"), id="explore", **settings(view, prefix)
            ),
        ],
        **data(follows_address=prefix),
    )


def settings(view: View, prefix: str) -> dict[str, Any]:
    """Return what the scripts start from: where the model is, and the plan that the address asks for."""
    start = {
        "prefix": prefix,
        "plan": view.request.json(),
        "model": addresses(view.request.footprint, prefix, view.request.projection),
        "shown": opening_charts(),
    }
    return data(start=json.dumps(start))


def register(app: Dash) -> None:
    """Add no callbacks: the page works in the browser."""


PAGE = Page("/", "Explore", "What happens if we do this?", layout, register)
