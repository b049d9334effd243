"""Where the model file and the inputs are, in a checkout or installed, and where to keep scratch."""

from __future__ import annotations

from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
BUNDLED = PACKAGE / "_bundled"


def models_folder() -> Path:
    """Folder with ``dudley.mdl``: of the installed package, else of the checkout."""
    return _folder("models")


def inputs_folder() -> Path:
    """Folder with the input tables: of the installed package, else of the checkout."""
    return _folder("inputs")


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, created if it is not there."""
    folder = Path(platformdirs.user_cache_dir("dudley-sd", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _folder(name: str) -> Path:
    return BUNDLED / name if (BUNDLED / name).is_dir() else PACKAGE.parent / name
