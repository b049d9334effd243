"""A window of the browser that many tests use in turn, and what is seen in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.dashboard.waiting import PATIENCE


@dataclass
class Seen:
    """What went wrong on a page while it was looked at."""

    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def nothing_wrong(self) -> None:
        """Assert that there was no error in the console and no request to any other origin."""
        assert self.errors == []
        assert self.elsewhere == []


class Window:
    """One window for all tests of a process: scripts that a page brings are compiled once, not in every test.

    A test gets a document of its own, and what tests before it kept in the browser is forgotten.
    """

    def __init__(self, chromium: Any, served: str) -> None:
        self.chromium, self.served = chromium, served
        self.page: Any = None

    def lend(self, width: int, height: int, dark: bool) -> Any:
        """Give the window, as wide and as dark as is asked."""
        from playwright.sync_api import Error

        if self.page is None or self.page.is_closed():
            self._open()
        try:
            self.page.goto(self.served + "/health")  # the same origin, and nothing runs there
        except Error:  # it crashed under another test
            self.page.context.close()
            self._open()
            self.page.goto(self.served + "/health")
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.context.clear_cookies()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(
            media="null", color_scheme="dark" if dark else "light", reduced_motion="no-preference"
        )
        return self.page

    def _open(self) -> None:
        self.page = self.chromium.new_context().new_page()
        self.page.set_default_timeout(PATIENCE)

    def take_back(self) -> None:
        """End what the test asked of the window."""
        if not self.page.is_closed():
            self.page.unroute_all(behavior="ignoreErrors")
            for event, listener in getattr(self.page, "seen_by", []):
                self.page.remove_listener(event, listener)


def watch(page: Any, served: str) -> Seen:
    """Collect errors of the console, exceptions and requests to other origins."""
    seen = Seen()
    origin = urlsplit(served)[:2]

    def said(message: Any) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    def failed(error: Any) -> None:
        seen.errors.append(str(error))

    def asked(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts[:2] != origin:
            seen.elsewhere.append(request.url)

    page.seen_by = [("console", said), ("pageerror", failed), ("request", asked)]
    for event, listener in page.seen_by:
        page.on(event, listener)
    return seen
