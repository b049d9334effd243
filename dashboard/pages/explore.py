"""Explore: move a slider and see what happens."""

from __future__ import annotations

from dash import Dash, html

from dashboard.page import Page
from dashboard.runs import run
from dashboard.view import View


def layout(view: View) -> html.Div:
    """Show what is on the page."""
    results = run(view.plan)
    gap = float(results["gp_gap"].isel(scenario=0, year=-1))
    return html.Div([html.H1("Explore"), html.P(f"GP gap in the last year: {gap:.0f} WTE")])


def register(app: Dash) -> None:
    """Add the callbacks of the page."""


PAGE = Page("/", "Explore", "What happens if we do this?", layout, register)
