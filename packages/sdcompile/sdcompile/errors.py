"""Faults of an input: what is wrong, where, and what to do next; all of them in one message."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from sdcompile.application import APPLICATION

P = ParamSpec("P")
T = TypeVar("T")

SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one place.

    Attributes
    ----------
    file
        The file as the user knows it, or the name of the argument when there is no file.
    where
        Row, cell, variable or key, in words: ``"row 17"``, ``"variable gp retirements"``.
    problem
        What is wrong, with the offending value in it.
    remedy
        What to do next, as an instruction.
    """

    file: str
    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.sentences}"

    @property
    def sentences(self) -> str:
        """Problem and remedy as sentences."""
        return f"{self.problem}. {self.remedy}{'' if self.remedy.endswith('?') else '.'}"


class InputError(ValueError):
    """Input that cannot be used; carries every fault found, not only the first.

    Parameters
    ----------
    faults
        The faults, at least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} fault{'s' if count != 1 else ''} found; nothing was run or written."
        lines = [f"  {fault}" for fault in self.faults[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  ... and {count - SHOWN} more of the same run")
        super().__init__("\n".join([head, *lines]))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Give pickle the faults and not the message, so that it comes back whole from another process."""
        return type(self), (self.faults,)


class RefusedError(Exception):
    """Something that cannot be compiled: the problem and the remedy.

    Whoever knows the variable and the file turns it into an ``InputError``.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def refuse(faults: Sequence[Fault]) -> None:
    """Raise an `InputError` with all the faults, if there are any."""
    if faults:
        raise InputError(faults)


def collect(faults: list[Fault], make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Call `make`; add the faults that it raises to `faults` and return None in its stead.

    Examples
    --------
    >>> faults = []
    >>> collect(faults, sum, [2, 2]), faults
    (4, [])
    """
    try:
        return make(*args, **kwargs)
    except InputError as error:
        faults += error.faults
        return None


def warn(text: str) -> None:
    """Say on standard error, once in a process, what the user should know although the answer is right."""
    if text not in _WARNED:
        _WARNED.add(text)
        print(f"{APPLICATION.name}: {text}.", file=sys.stderr)  # noqa: T201


_WARNED: set[str] = set()
