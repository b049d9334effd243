"""How far do many runs of a plan spread about the numbers that Explore shows? Asked for in the background.

The runs are those of the page Uncertainty as it opens, so that its link shows the same ones at once.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from flask import Flask, Response, request

from dashboard.browser_model import as_text
from dashboard.pages.uncertainty.answer import Answer
from dashboard.pages.uncertainty.asked import Asked
from dashboard.pages.uncertainty.chances import breaking_even
from dashboard.pages.uncertainty.jobs import UNEXPECTED, all_jobs, answer_of
from dashboard.pages.uncertainty.measures import BY_KEY
from dashboard.pages.uncertainty.words import central_value, shown_runs
from dashboard.view import read_view, search_of
from dudley_sd.ensembles.bands import SHARES, bands
from dudley_sd.errors import InputError
from dudley_sd.results.break_even import BALANCE

LARGEST = 16_000
"""Bytes of a request that are read."""

MEASURES = {"gp_gap": "gp_gap", "occupancy": "occupancy", "commissioner": "commissioner_margin"}
"""What tiles show, and the measure of the page Uncertainty that it is."""

LANDED = "landed_share"

_log = logging.getLogger(__name__)


GONE = "The runs have to be made again"


class GoneError(Exception):
    """An answer was there, and has been removed since or was damaged."""


def add_bands(server: Flask, prefix: str) -> None:
    """Answer below the prefix."""
    server.post(f"{prefix}api/bands")(told_bands)


def told_bands() -> Response:
    """Say how far the runs of a plan spread, or how far the work on them is; or note that a visitor has left.

    The request holds ``visitor``, 32 hexadecimal digits, and ``search``, an address, or ``leave``. The answer
    has a ``kind``: ``done``, with what `spread` returns; ``working``; ``failed``; ``left``. The two in
    the middle have ``words``.
    """
    if (request.content_length or LARGEST + 1) > LARGEST:
        return _json({"kind": "failed"}, 413)
    content = request.get_json(silent=True)
    asked = content if isinstance(content, dict) else {}
    visitor, search = asked.get("visitor"), asked.get("search")
    if not isinstance(visitor, str) or not re.fullmatch(r"[0-9a-f]{32}", visitor):
        return _json({"kind": "failed"}, 400)
    if asked.get("leave"):
        all_jobs().visitors.leave(visitor)
        return _json({"kind": "left"})
    if not isinstance(search, str):
        return _json({"kind": "failed"}, 400)
    return _json(look(search, visitor))


def look(search: str, visitor: str) -> dict[str, Any]:
    """Return what is there of the runs of an address, and have them made if there is nothing yet."""
    try:
        asked = Asked(read_view(search).plan)
        progress = all_jobs().look(asked, visitor, background=True)
        if progress.kind == "done":
            return {"kind": "done", **_spread(search_of(asked.plan))}
    except GoneError:
        return {"kind": "working", "words": GONE}
    except InputError as error:
        return {"kind": "failed", "words": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever it is: who waits must be told
        _log.exception("How far the runs of a plan spread could not be told")
        return {"kind": "failed", "words": UNEXPECTED.format(type(error).__name__)}
    return {"kind": progress.kind, "words": progress.words}


def spread(answer: Answer) -> dict[str, Any]:
    """Return low end, middle and high end of eight in ten runs in the last year, for each tile.

    Parameters
    ----------
    answer
        Many runs of a plan and of doing nothing in the same future.

    Returns
    -------
    dict
        ``gp_gap, occupancy, commissioner`` and ``landed``, each three numbers in the unit of the model, where
        they can be told; ``gp_gap_below`` and so on, the share of the runs that end below the one with every
        number central, which the tile shows; ``paid``, the share of the runs in which the plan has paid for
        itself, where there is something to pay; ``members``.
    """
    found: dict[str, Any] = {"members": answer.members}
    for name, key in MEASURES.items():
        array = shown_runs(answer.plan, BY_KEY[key])
        if array is not None:
            last, central = array.isel(year=-1), central_value(answer, BY_KEY[key])
            found[name] = [float(value) for value in bands(last, SHARES)]
            if central is not None:
                found[f"{name}_below"] = float((last < central).mean())
    landed = shown_runs(answer.plan, BY_KEY[LANDED])
    if landed is not None:
        found["landed"] = [float(value) for value in bands(landed.isel(year=-1), SHARES)]
    if answer.nothing is not None and BALANCE in answer.nothing:
        found["paid"] = float(breaking_even(answer)["share_by_year"].iloc[-1])
    return {key: value for key, value in found.items() if np.all(np.isfinite(value))}


@lru_cache(maxsize=256)
def _spread(search: str) -> dict[str, Any]:
    """Return the few numbers of an answer: files of whole answers are large."""
    try:
        answer = answer_of(Asked(read_view(search).plan))
    except FileNotFoundError as error:
        raise GoneError from error
    return spread(answer)


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return Response(
        as_text(content), status, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )
