"""Refusal of what cannot be compiled, with the remedy."""

from __future__ import annotations


class RefusedError(Exception):
    """Something that cannot be compiled: the problem and the remedy.

    Whoever knows the variable and the file turns it into an ``InputError``.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
