"""Polling: a page whose numbers are not ready yet is drawn again in half a second, until they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, ctx, dcc


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
