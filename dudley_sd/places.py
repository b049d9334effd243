"""Where the model file and the inputs are, in a checkout or installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
BUNDLED = PACKAGE / "_bundled"


def models_folder() -> Path:
    """Folder with ``dudley.mdl``: of the installed package, else of the checkout."""
    return _folder("models")


def inputs_folder() -> Path:
    """Folder with the input tables: of the installed package, else of the checkout."""
    return _folder("inputs")


def _folder(name: str) -> Path:
    return BUNDLED / name if (BUNDLED / name).is_dir() else PACKAGE.parent / name
