"""What is wrong with a plan or the files of an area, as the browser may be told."""

from __future__ import annotations

import logging
import re

from sdcompile.errors import SHOWN, InputError

from dudley_sd.places import areas_folder, inputs_folder

_FOLDERS = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:)?[\\/](?:[^\\/\s:*?\"<>|]+[\\/])+")
_log = logging.getLogger(__name__)


def fault_words(error: InputError) -> str:
    """Say every fault without folders of this computer, which the log has: ``b.toml, population: ...``."""
    _log.warning("%s", error)
    text = " ".join(str(fault) for fault in error.faults[:SHOWN])
    for folder in (areas_folder(), inputs_folder()):
        for separator in "/\\":
            text = text.replace(f"{folder}{separator}", "")
    return _FOLDERS.sub("", text)
