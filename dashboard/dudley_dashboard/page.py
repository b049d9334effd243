"""Pages: what each declares and reads from its address, polling, and the frame around every page."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any, Self

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, ctx, dcc, html
from dash.dependencies import DashDependency
from dash.development.base_component import Component
from flask import Flask, current_app, has_app_context

from dudley_dashboard.address import View, clean_name, pin_text, read_pins, read_view
from dudley_dashboard.parts import aria, data
from dudley_sd.request import Request
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


THEME: dict[str, Any] = {
    "primaryColor": "nhs",
    "primaryShade": {"light": 6, "dark": 4},
    "fontFamily": "Arial, Helvetica, sans-serif",
    "headings": {"fontFamily": "Arial, Helvetica, sans-serif"},
    "focusRing": "auto",
    "colors": {  # shade 6 is #005eb8, the blue of the NHS
        "nhs": [
            "#e7f1fb",
            "#cfe2f6",
            "#9fc5ed",
            "#6ca6e2",
            "#6cb0f5",
            "#1a76d2",
            "#005eb8",
            "#004f9c",
            "#003f7d",
            "#002f5d",
        ]
    },
}
"""Of Mantine's components, light and dark; ``assets/base.css`` holds the colours of the frame."""

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


OLD_VALUES = {
    "unlanded_share": "landed_share",
    "commissioner_margin": "system_shortfall",
    "baseline": "reference_case",
    "doing_nothing": "do_nothing",
}
"""Values in links of earlier versions, and what they are called now."""

NONE_CHOSEN = "none_chosen"
"""Value in the address where every tick of a list was taken away."""

LEFT_OUT = "There is no {what} “{value}”; it was left out."


@dataclass(frozen=True)
class Key:
    """One key of a page's address.

    Attributes
    ----------
    name, what
        The key, and what a note calls its value.
    known
        Values that it may have, in the order offered; None for any text.
    default
        Value where the address says nothing; a tuple of values where the key may stand several times.
    note
        Said of a value that is not known and gives way to the default.
    form
        How a text is written before it is compared with the values known, which are written so too.
    """

    name: str
    what: str
    known: Iterable[Any] | None
    default: Any
    note: str = "There is no {what} “{value}”; the usual one is shown."
    form: Callable[[str], str] = str

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read text from the outside: the last of several where there can be one; with notes on faults."""
        several = isinstance(self.default, tuple)
        if texts is None or not (texts or several):
            return self.default, []
        stripped = map(str.strip, texts if several else texts[-1:])
        given = [OLD_VALUES.get(text, text) for text in stripped]
        if self.known is None:
            return self.form(given[-1]), []
        known = {self.form(str(value)): value for value in self.known}
        written = [self.form(text) for text in given]
        note = LEFT_OUT if several else self.note
        notes = [
            note.format(what=self.what, value=clean_name(text))
            for text, plain in zip(given, written, strict=True)
            if (plain not in known or (text and not plain)) and not (several and text == NONE_CHOSEN)
        ]
        found = tuple(value for text, value in known.items() if text in written)
        if notes and not found:
            return self.default, notes
        return (found if several else found[0]), notes

    def pairs(self, value: Any) -> list[tuple[str, str]]:
        """Return keys and values of an address; none of the default."""
        values = (value or (NONE_CHOSEN,)) if isinstance(self.default, tuple) else (value,)
        return [] if value == self.default else [(self.name, str(each)) for each in values]


class PinKey(Key):
    """The key of pinned plans."""

    def read(self, texts: Sequence[str] | None) -> tuple[Any, list[str]]:
        """Read pinned plans; a fault in one gives a note."""
        pins, notes = read_pins(texts or ())
        return tuple(pins), notes

    def pairs(self, value: Any) -> list[tuple[str, str]]:
        """Return a pair for each pinned plan."""
        return [(self.name, pin_text(pin)) for pin in value]


def year_key(default: int, first: int, last: int) -> Key:
    """Return the key of a year."""
    note = f"“{{value}}” is no year from {first} to {last}; {default} is shown."
    return Key("year", "year", range(first, last + 1), default, note)


@dataclass(frozen=True)
class Query(ABC):
    """What an address asks of a page beside the request: each page has its own, an attribute a key."""

    request: Request

    @classmethod
    @abstractmethod
    def keys(cls, request: Request) -> tuple[Key, ...]:
        """Return the keys of the page, with what the request makes of their defaults."""

    @classmethod
    def read(cls, request: Request, rest: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """Read text from the outside, by key; what cannot be true gives a note and the default."""
        found: dict[str, Any] = {}
        notes: list[str] = []
        for key in cls.keys(request):
            found[key.name], more = key.read(rest.get(key.name))
            notes += more
        return cls(request, **found), notes

    @classmethod
    def of_search(cls, search: str | None) -> tuple[Self, list[str]]:
        """Read an address from its ``?`` on."""
        view = read_view(str(search or ""))
        return cls.read(view.request, view.rest)

    @classmethod
    def of_controls(cls, search: str | None, **values: Any) -> Self:
        """Read what controls hold as the address is read: it comes from outside too; None is the default."""
        rest = {
            key: tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
            for key, value in values.items()
            if value is not None
        }
        return cls.read(read_view(str(search or "")).request, rest)[0]

    @classmethod
    def default(cls, request: Request) -> Self:
        """Return what is shown where the address says nothing."""
        return cls.read(request, {})[0]

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the default, as keys and values of an address."""
        return [pair for key in self.keys(self.request) for pair in key.pairs(getattr(self, key.name))]

    def href(self, **changes: Any) -> str:
        """Return the address of the page with some keys changed."""
        rest: dict[str, list[str]] = {}
        for key, value in replace(self, **changes).pairs():
            rest.setdefault(key, []).append(value)
        return self.request.address(rest) or "?"


def keep_in_address(
    app: Dash, page: str, query_of: Callable[..., Query], controls: Mapping[str, DashDependency]
) -> None:
    """Write what the controls of a page hold into the address; what is as by default goes out of it."""

    def address(**values: Any) -> dict[str, Any]:
        found = query_of(**values)
        return {"keys": [key.name for key in found.keys(found.request)], "pairs": found.pairs()}

    app.callback(output=Output(f"{page}-address", "data"), inputs=dict(controls), prevent_initial_call=True)(
        address
    )
    app.clientside_callback(
        ClientsideFunction("pages", "address"),
        Output(f"{page}-address", "modified_timestamp"),
        Input(f"{page}-address", "data"),
        prevent_initial_call=True,
    )


def notes_of(notes: Sequence[str], page: str, **more: Any) -> html.Div:
    """Say what of the address was not understood, or what was left out."""
    return html.Div([html.P(note) for note in notes], className=f"notes {page}-notes", role="status", **more)


def polling_stores(page: str) -> list[dcc.Store]:
    """Return the stores of a page that `add_polling` works with."""
    return [dcc.Store(id=f"{page}-progress"), dcc.Store(id=f"{page}-again")]


def add_polling(app: Dash, page: str) -> None:
    """Call a callback of a page again in half a second where its answer was not the last.

    The callback puts `pending` into ``<page>-progress``, or None; it is called again by ``<page>-again``,
    which then holds the same.
    """
    app.clientside_callback(
        ClientsideFunction("pages", "again"),
        Output(f"{page}-progress", "modified_timestamp"),
        Input(f"{page}-progress", "data"),
        prevent_initial_call=True,
    )


def pending(what: str) -> list[Any]:
    """Name what is not there yet: no two answers are the same, so that the browser sees each."""
    return [what, time.monotonic()]


def still_pending(again: Sequence[Any] | None, what: str) -> bool:
    """Whether a callback that ``<page>-again`` called has named the same thing before."""
    return again is not None and again[0] == what and str(ctx.triggered_id).endswith("-again")
