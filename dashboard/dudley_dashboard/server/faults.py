"""Faults of plans, files and callbacks, as readers and the log are told."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

from dash import html, set_props
from sdcompile.errors import SHOWN, InputError

from dudley_sd.folders import areas_folder, inputs_folder

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
    """Write the fault into the log and tell the reader; what the page shows stays as it is.

    The log has a traceback of the first fault at each place: who sends the same again does not fill it.
    """
    place = _origin_of(error)
    new = place not in _logged and len(_logged) < MOST_TRACEBACKS
    if new:
        _logged.add(place)
    kind, file, line = place
    _log.error(
        "A part of a page could not be worked out (%s in %s, line %d)",
        kind, file, line, exc_info=error if new else None,
    )  # fmt: skip
    set_props("notes", {"children": [html.P(callback_fault_text(error))]})


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
