"""What does the address ask of a page that the server draws, and how does the page write back to it?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from dash import ClientsideFunction, Dash, Input, Output, ctx, dcc, html
from dash.dependencies import DashDependency

from dudley_dashboard.address import clean_name

OLD_MEASURES = {"unlanded_share": "landed_share"}
"""What links of earlier versions call a measure."""

NONE_CHOSEN = "none_chosen"
"""What the address says where every tick of a list was taken away."""


class Choices(Protocol):
    """What a reader chose on a page."""

    def pairs(self) -> list[tuple[str, str]]:
        """Return what differs from the usual, as keys and values of an address."""


def some_of(
    given: Sequence[str] | None, known: Sequence[str], usual: tuple[str, ...], word: str
) -> tuple[tuple[str, ...], list[str]]:
    """Read several of what there is, in the order offered; what is unknown gives a note."""
    if given is None:
        return usual, []
    notes = [
        f"There is no {word} “{clean_name(value)}”; it was left out."
        for value in given
        if value not in known and value != NONE_CHOSEN
    ]
    found = tuple(name for name in known if name in given)
    return (usual if notes and not found else found), notes


def one_of(given: Sequence[str] | None, known: Sequence[str], usual: str, what: str) -> tuple[str, list[str]]:
    """Read one of what there is, the last that is given; what is unknown gives a note and the usual."""
    if not given:
        return usual, []
    value = OLD_MEASURES.get(given[-1], given[-1])
    if value in known:
        return value, []
    return usual, [f"There is no {what} “{clean_name(given[-1])}”; the usual one is shown."]


def differing(
    choices: object, usual: object, lists: Sequence[str], single: Sequence[str]
) -> list[tuple[str, str]]:
    """Return attributes that are not as usual, as keys and values of an address."""
    changed = [key for key in (*lists, *single) if getattr(choices, key) != getattr(usual, key)]
    return [
        (key, str(value))
        for key in changed
        for value in ((getattr(choices, key) or (NONE_CHOSEN,)) if key in lists else [getattr(choices, key)])
    ]


def keep_in_address(
    app: Dash,
    page: str,
    keys: Sequence[str],
    inputs: Sequence[DashDependency],
    chosen: Callable[..., Choices],
) -> None:
    """Write what the controls of a page say into the address; what is as usual goes out of it."""

    def address(*values: Any) -> dict[str, Any]:
        pairs = chosen(*values).pairs()
        return {"keys": list(keys), "pairs": [list(pair) for pair in pairs]}

    app.callback(Output(f"{page}-address", "data"), *inputs, prevent_initial_call=True)(address)
    app.clientside_callback(
        ClientsideFunction("pages", "address"),
        Output(f"{page}-address", "modified_timestamp"),
        Input(f"{page}-address", "data"),
        prevent_initial_call=True,
    )


def again_stores(page: str) -> list[dcc.Store]:
    """Hold what a page waits for, and that it asks again: see `ask_again`."""
    return [dcc.Store(id=f"{page}-progress"), dcc.Store(id=f"{page}-again")]


def ask_again(app: Dash, page: str) -> None:
    """Ask again in half a second where an answer was not the last.

    A callback of the page says in ``<page>-progress`` what is not there yet, from `not_yet`, or None; it is
    called again by ``<page>-again``, which then holds the same.
    """
    app.clientside_callback(
        ClientsideFunction("pages", "again"),
        Output(f"{page}-progress", "modified_timestamp"),
        Input(f"{page}-progress", "data"),
        prevent_initial_call=True,
    )


def not_yet(what: str) -> list[Any]:
    """Say what is not there yet: no two answers are the same, so that each is asked again after."""
    return [what, time.monotonic()]


def asked_before(again: Sequence[Any] | None, what: str) -> bool:
    """Whether a callback that ``<page>-again`` called has said before that something is not there yet."""
    return again is not None and again[0] == what and str(ctx.triggered_id).endswith("-again")


def noted(notes: Sequence[str], page: str, **more: Any) -> html.Div:
    """Say what of the address was not understood, or what was left out."""
    return html.Div([html.P(note) for note in notes], className=f"notes {page}-notes", role="status", **more)
