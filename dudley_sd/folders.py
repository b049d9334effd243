"""Where the model file and the inputs are, in a checkout or installed."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
BUNDLED = PACKAGE / "_bundled"
MODEL_FILE = "dudley.mdl"


def models_folder() -> Path:
    """Folder with ``dudley.mdl``: of the installed package, else of the checkout."""
    return _folder("models")


def inputs_folder() -> Path:
    """Folder with the input tables: of the installed package, else of the checkout."""
    return _folder("inputs")


def areas_folder() -> Path:
    """Folder with the user's own areas: named by ``DUDLEY_SD_AREAS``, else under the user's data."""
    chosen = os.environ.get("DUDLEY_SD_AREAS")
    return (
        Path(chosen) if chosen else Path(platformdirs.user_data_dir("dudley-sd", appauthor=False)) / "areas"
    )


def _folder(name: str) -> Path:
    return BUNDLED / name if (BUNDLED / name).is_dir() else PACKAGE.parent / name
