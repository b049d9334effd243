"""What the tests of the page Explore do on it again and again."""

from __future__ import annotations

from dudley_dashboard.runs import run

from dudley_sd.request import Request
from tests.dashboard.waiting import until

READY = "#explore[data-drawn]"
MDT = '[data-lever="coverage[MDT]"]'
MODULE = "const module = (name) => import(new URL(name, document.getElementById('_dash-renderer').src));"
"""JavaScript that makes `module`, which imports a module of the page: ``await module("request.js")``."""


def drawn(page, words: str) -> None:
    """Wait until the answer to an address with these words is drawn."""
    until(page, f"document.querySelector('#explore').dataset.drawn.includes({words!r})")


def tile(page, name: str) -> str:
    return page.inner_text(f'[data-tile="{name}"] .explore-value')


def last(plan: Request, name: str, **element: str) -> float:
    """What a single run of a plan ends at."""
    return float(run(plan)[name].isel(scenario=0, year=-1).sel(element))


def gp_gap(plan: Request) -> str:
    """The GP gap of a plan at the end, as its tile says it."""
    return str(round(last(plan, "gp_gap")))


def told(page) -> list[str]:
    """What the tiles say of one run; how far many runs spread comes later, by itself."""
    return page.locator(".explore-value, .explore-change").all_inner_texts()


def set_box(page, lever: str, value: str) -> None:
    box = page.locator(f'[data-lever="{lever}"] .explore-box')
    box.fill(value)
    box.press("Enter")


def open_group(page, title: str) -> None:
    page.locator(f'summary:has-text("{title}")').click()


def open_numbers(page, place: int):
    """Open the table of a chart, wait until it is filled and give its card."""
    card = page.locator(".explore-card").nth(place)
    card.locator("summary:has-text('Numbers')").click()
    card.locator("thead th").first.wait_for()
    return card
