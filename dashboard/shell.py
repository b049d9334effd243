"""What surrounds every page: name, navigation, notes, and what a reader must know."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.aria import aria
from dashboard.page import Page
from dashboard.theme import THEME


def shell(pages: Sequence[Page], prefix: str) -> dmc.MantineProvider:
    """Return the layout of the app; the page itself is drawn into ``page``, notes into ``notes``."""
    links = [
        dmc.Anchor(page.title, href=prefix.rstrip("/") + page.path, id={"nav": page.path}) for page in pages
    ]
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh=False),
            html.A("To the content", href="#page", className="skip"),
            html.Header([html.Nav(links, **aria(label="Pages"))]),
            html.Div(id="notes", role="status", **aria(live="polite")),
            html.Main(id="page", tabIndex=-1),
            html.Footer("A model, not a forecast."),
        ],
        theme=THEME,
        id="theme",
    )
