"""Saved plans: keep a plan as a file or for the team, and open it again."""

from __future__ import annotations

from dash import ALL, Dash, Input, Output, State, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dudley_dashboard.aria import aria
from dudley_dashboard.page import Page, root
from dudley_dashboard.pages.plans import draw
from dudley_dashboard.pages.plans.changes import change, find, save
from dudley_dashboard.view import View, read_view


def layout(view: View) -> html.Div:
    """Show the plan of the address, a way to open a file, and the plans that the team has saved."""
    prefix = root()
    return html.Div(
        [
            html.H1("Keep this plan, or open another"),
            html.Div([draw.keep(view.plan, prefix), draw.open_file(prefix)], className="plans-pair"),
            html.P(id="plans-told", className="plans-told", role="status", **aria(live="polite")),
            draw.team(view, prefix),
            draw.window(),
        ],
        className="plans",
    )


def register(app: Dash) -> None:
    """Save; ask before replacing or deleting; show the history; each changes the list of saved plans."""
    prefix = str(app.config.requests_pathname_prefix)

    @app.callback(
        Output("plans-told", "children"),
        Output("plans-list", "children"),
        Input("plans-save", "n_clicks"),
        State("plans-name", "value"),
        State("plans-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep(clicks: int | None, name: str, reason: str, search: str) -> tuple[str, list[Component]]:
        if not clicks:
            raise PreventUpdate
        return save(name, reason, read_view(search or "").plan), draw.saved(prefix)

    @app.callback(
        Output("plans-window", "opened"),
        Output("plans-window", "title"),
        Output("plans-window-content", "children"),
        Output("plans-target", "data"),
        Input({"plans": ALL, "id": ALL, "seen": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(clicks: list[int | None]) -> tuple[bool, str, list[Component], dict[str, object]]:
        target = ctx.triggered_id
        if not any(clicks) or not target:
            raise PreventUpdate
        title, content = draw.question(target["plans"], find(target["id"]), prefix)
        return True, title, content, dict(target)

    @app.callback(
        Output("plans-told", "children", allow_duplicate=True),
        Output("plans-list", "children", allow_duplicate=True),
        Output("plans-window", "opened", allow_duplicate=True),
        Input("plans-sure", "n_clicks"),
        State("plans-target", "data"),
        State("plans-new-reason", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def sure(
        clicks: int | None, target: object, reason: str | None, search: str
    ) -> tuple[str, list[Component], bool]:
        if not clicks:
            raise PreventUpdate
        return change(target, reason, read_view(search or "").plan), draw.saved(prefix), False


PAGE = Page("/plans", "Saved plans", "How do we keep this plan, or open another?", layout, register)
