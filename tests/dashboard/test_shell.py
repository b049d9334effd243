"""The frame of every page: what a reader, a keyboard and a screen reader find around it."""

from __future__ import annotations

import pytest

from dashboard.pages import PAGES
from tests.dashboard.conftest import axe_violations

PATHS = [page.path for page in PAGES]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_goes_wrong(page_at, path, dark, width):
    page = page_at(path, width, 900, dark)
    page.wait_for_timeout(800)
    assert axe_violations(page) == []
    page.seen.nothing_wrong()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_cut_off_at_320_pixels(page_at, path):
    page = page_at(path, 320, 640)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_dark_is_remembered(page_at):
    page = page_at("/")
    scheme = "document.documentElement.getAttribute('data-mantine-color-scheme')"
    assert page.evaluate(scheme) == "light"
    page.click("#colours")
    assert page.evaluate(scheme) == "dark"
    assert page.get_attribute("#colours", "aria-pressed") == "true"
    page.reload()
    page.wait_for_selector("#page h1")
    assert page.evaluate(scheme) == "dark"


def test_links_carry_the_plan_and_not_what_is_of_one_page(page_at):
    page = page_at("/?v=1&portfolio=none&areas=walsall")
    link = page.locator("header nav a").first
    assert link.get_attribute("href").endswith("/?v=1&portfolio=none")


def test_what_cannot_be_true_is_noted_and_the_usual_is_shown(page_at):
    page = page_at("/?scenario=nowhere&set=coverage[MDT]:7")
    notes = page.locator("#notes p")
    notes.first.wait_for()
    assert notes.count() == 2
    assert "There is no scenario “nowhere”" in notes.first.inner_text()


def test_the_first_key_press_offers_to_skip_to_the_content(page_at):
    page = page_at("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"


def test_the_foot_says_what_this_is(page_at):
    words = page_at("/").inner_text("footer.bottom")
    assert words.startswith("A model, not a forecast.")
    assert "model file" in words


def test_who_comes_back_before_the_other_page_is_there_stays_here(page_at, served):
    page = page_at("/", ready="#explore[data-drawn]")
    prefix = "/" + served.split("/", 3)[3]
    page.evaluate("(to) => { dudley.visit(to + '/nowhere'); }", prefix)
    page.wait_for_timeout(5)
    page.evaluate("(to) => { dudley.visit(to + '/'); }", prefix)
    page.wait_for_timeout(2500)
    assert page.locator("#notes p").count() == 0
    assert page.locator("#explore[data-drawn]").count() == 1
