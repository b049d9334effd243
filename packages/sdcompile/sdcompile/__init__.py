"""System-dynamics models compiled: any supported model file to C, NumPy or JavaScript with PySD's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sdcompile.run.compile import compile
    from sdcompile.run.compiled import Compiled

__all__ = ["Compiled", "compile"]


def __getattr__(name: str) -> Any:
    """Import the engine only where it is asked for: errors, cache and names need none of it."""
    if name == "compile":
        from sdcompile.run.compile import compile

        return compile
    if name == "Compiled":
        from sdcompile.run.compiled import Compiled

        return Compiled
    raise AttributeError(f"module 'sdcompile' has no attribute {name!r}")
