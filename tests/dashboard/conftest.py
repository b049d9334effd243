"""The dashboard served as it is, and a real browser that visits it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from sampling import drawn

from tests.dashboard.waiting import FITTED, PATIENCE, until
from tests.dashboard.window import Window, watch
from tests.shared import once

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


PageAt = Callable[..., Any]

WIDTHS = (1440, 390, 320)
"""A screen, a phone, and a screen at 400%."""

NOTHING_ELSE: Mapping[str, Any] = {"resultTypes": ["violations"]}
"""Every rule is tried; what is in order is not described element by element, which takes half the time."""

CONTRAST: Mapping[str, Any] = {
    **NOTHING_ELSE,
    "runOnly": ["color-contrast", "link-in-text-block"],
}


@pytest.fixture(scope="session")
def served(shared_folder: Path) -> Iterator[str]:
    """Address of the dashboard, served by waitress below a prefix on a free port."""
    from dudley_dashboard.app import create_app
    from dudley_dashboard.browser_model import browser_model
    from dudley_dashboard.runs import run, with_bands
    from dudley_dashboard.serve import listen

    from dudley_sd.request import Request

    with FileLock(shared_folder / "served.lock"):  # what one worker compiles the others find
        browser_model("dudley")
        run(Request())
        with_bands(Request())
    server = listen(create_app("/dudley/").server, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/dudley"
    server.close()
    thread.join(5)


@pytest.fixture(scope="session")
def signs(shared_folder: Path) -> dict[str, Any]:
    """Signs of all loops, worked out by the model and kept in the cache of this session."""
    from dudley_dashboard.pages.how_it_works.model_tests import SIGNS, run_and_save

    found: dict[str, Any] = once(
        shared_folder / "signs.pickle", lambda: json.loads(run_and_save(SIGNS).read_text(encoding="utf-8"))
    )
    return found["loops"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium; tests that need it are skipped where it is not installed."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"there is no {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window(chromium: Any, served: str) -> Window:
    """The window that tests take in turn."""
    return Window(chromium, served)


@pytest.fixture
def page_at(chromium: Any, served: str, window: Window) -> Iterator[PageAt]:
    """Open a path: ``page_at("/?scenario=x", width=390, height=844, dark=True)``.

    The first that a test opens is in the window that tests share, unless it is to be ``alone``; each further
    one is another reader's, in a context of its own. A script that is to run at the start of each document
    (``add_init_script``) cannot be taken back: such a test is ``alone``. The page has ``seen``, what went
    wrong; a test that expects nothing calls ``page.seen.nothing_wrong()``.
    """
    contexts = []
    lent = False

    def open_page(
        path: str = "/",
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        ready: str | None = "#page :is(h1, h2)",
        before: Callable[[Any], None] | None = None,
        alone: bool = False,
    ) -> Any:
        nonlocal lent
        if alone or lent:
            context = chromium.new_context(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
            )
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
            page = context.new_page()
        else:
            page, lent = window.lend(width, height, dark), True
        page.seen = watch(page, served)
        if before:
            before(page)
        page.goto(served + path)
        if ready:
            page.wait_for_selector(ready)
        return page

    yield open_page
    if lent:
        window.take_back()
    for context in contexts:
        context.close()


def axe_everywhere(page: Any) -> list[str]:
    """What axe finds wrong wide or narrow, light or dark, and where a page is wider than the window.

    Which of the widths and of the colours is drawn by page; ``--whole`` looks at all, in the other colours at
    the contrast: nothing else is another there.
    """
    path, found = urlsplit(page.url).path, []
    colours, options = drawn(("as it opens", "the other"), 1, f"colours {path}"), NOTHING_ELSE
    for each in colours:
        if each == "the other":
            page.click("#colours")
        at = axe_at_widths(page, drawn((1440, 390), 1, f"{each} {path}"), options)
        found += [f"{each}: {fault}" for fault in at]
        options = CONTRAST
    return found


def axe_at_widths(page: Any, widths: Sequence[int], options: Mapping[str, Any] = NOTHING_ELSE) -> list[str]:
    """What axe finds wrong at each width, and where a page is wider than the window."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        until(page, "width => innerWidth === width", arg=width)
        until(page, FITTED)
        here = axe_violations(page, options)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            here.append("wider than the window")
        found += [f"{width}: {each}" for each in here]
    return found


def axe_violations(page: Any, options: Mapping[str, Any] = NOTHING_ELSE) -> list[str]:
    """What axe finds wrong, a line each: rule and first element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=dict(options)).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]
