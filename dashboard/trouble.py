"""What is said and written down where a callback fails: a reader must not wait for what never comes."""

from __future__ import annotations

import logging
from pathlib import Path

from dash import html, set_props

from dudley_sd.errors import InputError

UNEXPECTED = "the server met a fault that nobody expected, and has written it into its log"
MOST = 3
"""Faults of one request that are told; the log has all."""

_log = logging.getLogger(__name__)


def tell(error: Exception) -> None:
    """Write the traceback into the log and tell the reader; what the page shows stays as it is."""
    _log.error("A part of a page could not be worked out", exc_info=error)
    set_props("notes", {"children": [html.P(words(error))]})


def words(error: Exception) -> str:
    """Say what failed: the faults of files and plans in their own words, nothing of any other."""
    why = UNEXPECTED
    if isinstance(error, InputError):
        places = [", ".join(filter(None, (Path(each.file).name, each.where))) for each in error.faults]
        told = [f"{place}: {each.problem}" for place, each in zip(places, error.faults, strict=True)]
        more = len(told) - MOST
        why = "; ".join([*told[:MOST], *([f"and {more} more"] if more > 0 else [])])
    return f"This could not be worked out: {why}. Load the page again."
