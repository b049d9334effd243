"""A system-dynamics model of Dudley's health and care system, 2018-2033."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdcompile.application import APPLICATION
from sdcompile.errors import InputError

if TYPE_CHECKING:
    from dudley_sd.api import run
    from dudley_sd.ensembles.ensemble import ensemble
    from dudley_sd.request import Request

APPLICATION.name, APPLICATION.distribution = __name__, "dudley-sd"
APPLICATION.cache_variable, APPLICATION.levers_command = "DUDLEY_SD_CACHE", "dudley-sd levers"

__all__ = ["InputError", "Request", "ensemble", "run"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the compiled engine answers before PySD could be imported."""
    if name == "run":
        from dudley_sd.api import run

        return run
    if name == "Request":
        from dudley_sd.request import Request

        return Request
    if name == "ensemble":
        from dudley_sd.ensembles.ensemble import ensemble

        return ensemble
    raise AttributeError(f"module 'dudley_sd' has no attribute {name!r}")
