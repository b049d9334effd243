"""The app: pages, what the address asks for, and nothing read before somebody asks."""

from __future__ import annotations

from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from dashboard.pages import PAGES
from dashboard.security import attach
from dashboard.shell import shell
from dashboard.view import read_view


def create_app(prefix: str = "/") -> Dash:
    """Make the dashboard.

    Parameters
    ----------
    prefix
        Path below which it is served, with a slash at both ends: ``/dudley/``.
    """
    app = Dash(
        __name__,
        requests_pathname_prefix=prefix,
        routes_pathname_prefix=prefix,
        title="Dudley's health and care system, 2018-2033",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
    )
    app.layout = shell(PAGES, prefix)
    by_path = {prefix.rstrip("/") + page.path: page for page in PAGES}

    @app.callback(
        Output("page", "children"),
        Output("notes", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    def show(path: str, search: str) -> tuple[Component, list[Component]]:
        view = read_view(search or "")
        page = by_path.get(path, PAGES[0])
        return page.layout(view), [html.P(note) for note in view.notes]

    for page in PAGES:
        page.register(app)
    attach(app)
    return app
