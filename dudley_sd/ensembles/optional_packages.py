"""Optional packages that only ensembles need, imported when used; the error names the extra to install."""

from __future__ import annotations

import importlib
from types import ModuleType

from sdcompile.errors import Fault, InputError

EXTRAS = {"zarr": "scale", "numcodecs": "scale", "distributed": "scale", "SALib": "explore"}
"""Package to the extra of this package that brings it."""


def extra(module: str) -> ModuleType:
    """Import a package that the core does without.

    Raises
    ------
    InputError
        Saying what to install.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        remedy = f"Install it: pip install 'dudley-sd[{EXTRAS[package]}]'"
        raise InputError([Fault(package, "", "is not installed", remedy)]) from None
