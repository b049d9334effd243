"""A system-dynamics model of Dudley's health and care system, 2018-2033."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dudley_sd.errors import InputError

if TYPE_CHECKING:
    from dudley_sd.api import run

__all__ = ["InputError", "run"]


def __getattr__(name: str) -> Any:
    """Import ``run`` when it is asked for: the compiled engine answers before PySD could be imported."""
    if name != "run":
        raise AttributeError(f"module 'dudley_sd' has no attribute {name!r}")
    from dudley_sd.api import run

    return run
