"""Wait for what a page comes to, evaluating nothing inside it: its content security policy forbids that."""

from __future__ import annotations

import time
from typing import Any

PATIENCE = 90_000
"""Milliseconds; a machine that others share is slow, and a page that never comes fails all the same."""

PAUSE = 15


def until(page: Any, expression: str, *, arg: Any = None, timeout: float = PATIENCE) -> None:
    """Wait until an expression, or a function of ``arg``, is true in the page."""
    from playwright.sync_api import Error

    end = time.monotonic() + timeout / 1000
    while True:
        problem = None
        try:
            if page.evaluate(expression, arg):
                return
        except Error as error:  # the page is being left, or what is asked for is not there yet
            problem = error
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {expression}") from problem
        page.wait_for_timeout(PAUSE)
