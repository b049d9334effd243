"""Trying something without letting its faults hide the faults of what comes after."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sdcompile.errors import Fault, InputError

P = ParamSpec("P")
T = TypeVar("T")


def attempt(faults: list[Fault], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Call `read`; add the faults it raises to `faults` and return None in their stead.

    Examples
    --------
    >>> faults = []
    >>> attempt(faults, sum, [2, 2]), faults
    (4, [])
    """
    try:
        return read(*args, **kwargs)
    except InputError as error:
        faults += error.faults
        return None
