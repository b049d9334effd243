"""Files made and sent; while areas or runs are not ready, the reader is asked to come back."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence

from flask import Response, send_file
from sdcompile.errors import InputError

from dudley_dashboard.areas import AREAS, AreaKey
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.server.faults import fault_text
from dudley_sd.results.broken import BrokenInvariantError

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
    missing = AREAS.waiting(needs)
    if missing:
        AREAS.prepare(needs)
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
