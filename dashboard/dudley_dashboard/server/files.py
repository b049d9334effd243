"""Files sent and faults told: what readers and the log learn, and when to ask again for a file."""

from __future__ import annotations

import io
import logging
import re
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from dash import html, set_props
from flask import Response, send_file
from sdcompile.errors import SHOWN, InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.runs import AREAS, AreaKey
from dudley_sd.folders import areas_folder, inputs_folder
from dudley_sd.results.invariants import BrokenInvariantError

UNEXPECTED = "the server met a fault that nobody expected, and has written it into its log"
MOST_FAULTS = 3
"""Faults of one request that are told; the log has all."""

MOST_TRACEBACKS = 100
"""Places of which the log gets a traceback."""


_FOLDERS = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:)?[\\/](?:[^\\/\s:*?\"<>|]+[\\/])+")
_log = logging.getLogger(__name__)
_logged: set[tuple[str, str, int]] = set()


def fault_text(error: InputError) -> str:
    """Say every fault without folders of this computer, which the log has: ``b.toml, population: ...``."""
    _log.warning("%s", error)
    text = " ".join(str(fault) for fault in error.faults[:SHOWN])
    for folder in (areas_folder(), inputs_folder()):
        for separator in "/\\":
            text = text.replace(f"{folder}{separator}", "")
    return _FOLDERS.sub("", text)


def report_fault(error: Exception) -> None:
    """Write the fault into the log and tell the reader; what the page shows stays as it is."""
    log_fault(error, "A part of a page could not be worked out")
    set_props("notes", {"children": [html.P(callback_fault_text(error))]})


def log_fault(error: Exception, what: str) -> None:
    """Write a fault into the log, with the traceback of the first at each place.

    Who sends the same again does not fill the log.
    """
    place = _origin_of(error)
    new = place not in _logged and len(_logged) < MOST_TRACEBACKS
    if new:
        _logged.add(place)
    kind, file, line = place
    _log.error("%s (%s in %s, line %d)", what, kind, file, line, exc_info=error if new else None)


def callback_fault_text(error: Exception) -> str:
    """Say what failed: the faults of files and plans in their own words, nothing of any other."""
    why = UNEXPECTED
    if isinstance(error, InputError):
        places = [", ".join(filter(None, (Path(each.file).name, each.where))) for each in error.faults]
        faults = [f"{place}: {each.problem}" for place, each in zip(places, error.faults, strict=True)]
        more = [f"and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
        why = "; ".join([*faults[:MOST_FAULTS], *more])
    return f"This could not be worked out: {why}. Load the page again."


def _origin_of(error: Exception) -> tuple[str, str, int]:
    """Return kind of a fault, and file and line in which it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__, Path(last.filename).name if last else "", (last.lineno or 0) if last else 0


AT_ONCE = 2
"""Files are made two at a time: nobody's page waits for another's file."""

SOON = 3
"""Seconds after which to ask again; ``js/downloads.js`` does."""

KINDS = {
    "toml": "application/toml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
BUSY = "Other files are being made just now."
DRAWING = "Runs of the model are being made; the file follows."
BROKEN = "The result of this plan breaks a rule that must always hold, so no file is made of it."

_MAKING = threading.BoundedSemaphore(AT_ONCE)


def ready_file(
    needs: Sequence[AreaKey],
    make: Callable[[], bytes],
    name: str,
    ending: str,
    drawn: Callable[[], bool] = lambda: True,
) -> Response:
    """Send a file, or say why not yet.

    Parameters
    ----------
    needs
        Areas that must be prepared before; those that are not are prepared in the background.
    make
        Makes the content.
    name, ending
        Of the file, made of keys of this installation only.
    drawn
        Whether, once areas are prepared, all else is there; else it is made meanwhile.

    Returns
    -------
    Response
        The file; status 503 with ``Retry-After`` where areas or runs are not ready or `AT_ONCE` files are
        being made; 400 with words where the plan cannot be run.
    """
    if missing := AREAS.prepare(needs):
        names = ", ".join(catalogue().footprints[place.area].name for place in missing)
        return retry_later(f"Preparing {names}, once after the dashboard was started; the file follows.")
    if not drawn():
        return retry_later(DRAWING)
    if not _MAKING.acquire(blocking=False):
        return retry_later(BUSY)
    try:
        return file_response(make(), name, ending)
    except InputError as error:
        return plain_text(fault_text(error), 400)
    except BrokenInvariantError:
        return plain_text(BROKEN, 400)
    finally:
        _MAKING.release()


def file_response(content: bytes, name: str, ending: str) -> Response:
    """Send a file."""
    return send_file(io.BytesIO(content), KINDS[ending], as_attachment=True, download_name=f"{name}.{ending}")


def retry_later(text: str) -> Response:
    """Ask to come back in a few seconds."""
    response = plain_text(text, 503)
    response.headers["Retry-After"] = str(SOON)
    return response


def plain_text(text: str, status: int) -> Response:
    """Say why there is no file."""
    return Response(text, status, mimetype="text/plain")
