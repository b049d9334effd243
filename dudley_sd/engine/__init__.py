"""Equations to numbers: compiles any supported model file to code that gives PySD's numbers, much faster."""

from dudley_sd.engine.compiled import Compiled
from dudley_sd.engine.front import compile

__all__ = ["Compiled", "compile"]
