"""Pages: what each declares, the path they are served below, and the frame around every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from flask import Flask, current_app, has_app_context

from dudley_dashboard.address import View
from dudley_dashboard.aria import aria, data
from dudley_dashboard.theme import THEME
from dudley_sd.results.manifest import model_checksum


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes
    ----------
    path
        Where it is, below the prefix: ``/compare``.
    title
        Its name in the navigation and the heading of the page.
    question
        The question it answers, in a reader's words.
    layout
        What is on it, for what the address asks for.
    register
        Which control moves which picture: adds its callbacks to the app, once.
    """

    path: str
    title: str
    question: str
    layout: Callable[[View], Component]
    register: Callable[[Dash], None]


PREFIX = "DUDLEY_SD_ROOT"
"""Key of the app's configuration under which its prefix is."""


def set_root(server: Flask, prefix: str) -> None:
    """Keep the prefix of an app."""
    server.config[PREFIX] = prefix


def root() -> str:
    """Path of the first page, with a slash at both ends; ``/`` outside of a request."""
    return str(current_app.config.get(PREFIX, "/")) if has_app_context() else "/"


def shell(pages: Sequence[Page], prefix: str) -> dmc.MantineProvider:
    """Return the layout of the app; the page itself is drawn into ``page``, notes into ``notes``.

    That the server does not answer is written into ``trouble`` by ``js/server.js``.
    """
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="route"),
            html.A("To the content", href="#page", className="skip"),
            header(pages, prefix),
            html.Div(id="notes", className="notes", role="status", **aria(live="polite")),
            html.Div(id="trouble", className="notes", role="status", **aria(live="polite")),
            html.Main(html.P("Reading the model …", className="waiting"), id="page", tabIndex=-1),
            footer(),
        ],
        theme=THEME,
        defaultColorScheme="auto",
    )


def header(pages: Sequence[Page], prefix: str) -> html.Header:
    """Name, pages and the switch between light and dark.

    Links are plain; ``js/address.js`` keeps the plan of the address in them.
    """
    links = [
        html.A(
            page.title,
            href=prefix.rstrip("/") + page.path,
            title=page.question,
            **data(page=prefix.rstrip("/") + page.path),
        )
        for page in pages
    ]
    toggle = html.Button(
        [
            html.Span(className="sun-and-moon", **aria(hidden="true")),
            html.Span("Dark", className="when-light"),  # what a press does: base.css shows one of the two
            html.Span("Light", className="when-dark"),
            html.Span(" colours", className="hidden-words"),
        ],
        id="colours",
        className="quiet",
        type="button",
    )
    name = html.A(
        [
            html.Strong("Dudley"),
            html.Span("health and care, 2018–2033", className="wide-only"),
            html.Span("a model, not a forecast"),
        ],
        href=prefix.rstrip("/") + "/",
        className="name",
        **data(page=prefix.rstrip("/") + "/"),
    )
    return html.Header(
        html.Div([name, html.Nav(links, **aria(label="Pages")), toggle], className="band"), className="top"
    )


def footer() -> html.Footer:
    """Say what this is, of which version, and when it was looked at."""
    model = model_checksum()[:8]
    today = date.today()
    return html.Footer(
        [
            html.Strong("A model, not a forecast. "),
            html.Span(
                f"dudley_sd {version('dudley-sd')}, model file {model}, opened on {today.day} {today:%B %Y}."
            ),
        ],
        className="bottom",
    )
