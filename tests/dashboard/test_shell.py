"""The frame of every page: what a reader, a keyboard and a screen reader find around it."""

from __future__ import annotations

from datetime import date

import pytest
from dudley_dashboard.pages import PAGES
from sampling import sampled

from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.explore_page import MODULE, READY
from tests.dashboard.waiting import FITTED, until

PATHS = [page.path for page in PAGES]
LONG = 90_000
SCROLLED = """() => {
  const region = document.querySelector("#page .scrolls");
  region.scrollLeft = region.scrollWidth;
  return region.classList.contains("scrolled");
}"""
"""Moves the first region to its end; true once that is marked."""


@pytest.mark.drawn
def test_axe_finds_nothing_on_a_page_without_charts(page_at):
    """Tests of the other pages let axe look at them with everything drawn and opened."""
    page = page_at("/plans")
    page.wait_for_load_state("networkidle")
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()


@pytest.mark.parametrize("path", sampled(PATHS, 2))
def test_nothing_goes_wrong_or_is_cut_off_and_the_head_says_that_it_is_a_model(page_at, path):
    """A sample of pages; ``--whole`` looks at all."""
    page = page_at(path, 320, 640)
    page.wait_for_load_state("networkidle")
    until(page, FITTED)
    until(page, "document.documentElement.scrollWidth <= 320")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("header .name").get_by_text("a model, not a forecast").is_visible()
    assert f"{date.today():%Y}" in page.inner_text("footer.bottom")
    page.click("#colours")
    until(page, FITTED)
    page.seen.nothing_wrong()


def test_dark_is_remembered(page_at):
    page = page_at("/")
    scheme = "document.documentElement.getAttribute('data-mantine-color-scheme')"
    assert page.evaluate(scheme) == "light"
    assert page.locator("#colours").inner_text().startswith("Dark")  # what a press does
    page.click("#colours")
    assert page.evaluate(scheme) == "dark"
    assert page.locator("#colours").inner_text().startswith("Light")
    assert page.get_by_role("button", name="Light colours", exact=True).count() == 1
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


def test_the_first_key_press_offers_to_skip_to_the_content_and_the_foot_says_what_this_is(page_at):
    page = page_at("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    words = page.inner_text("footer.bottom")
    assert words.startswith("A model, not a forecast.")
    assert "model file" in words


@pytest.mark.parametrize(
    ("path", "ready"), sampled([("/", READY), ("/people?year=2025", "#people-outturn .barlayer path")], 1)
)
def test_a_slow_machine_whose_modules_come_late_misses_no_callback(page_at, path, ready):
    """Dash is started by the first module: its callbacks find their functions however late those come."""

    def slow(page):
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
        for name in ("clientside", "people", "address", "numbers"):
            page.route(f"**/js/*/{name}.js", lambda route: (page.wait_for_timeout(700), route.continue_()))

    page = page_at(path, ready=None, before=slow, alone=True)
    page.wait_for_selector(ready, timeout=LONG)
    page.seen.nothing_wrong()


def test_who_comes_back_before_the_other_page_is_there_stays_here(page_at, served):
    page = page_at("/", ready="#explore[data-drawn]")
    prefix = "/" + served.split("/", 3)[3]
    visit = f"async (to) => {{ {MODULE} (await module('address.js')).visit(to); }}"
    page.evaluate(visit, f"{prefix}/nowhere")
    page.wait_for_timeout(5)
    page.evaluate(visit, f"{prefix}/")
    page.wait_for_timeout(2500)
    assert page.locator("#notes p").count() == 0
    assert page.locator("#explore[data-drawn]").count() == 1


@pytest.mark.parametrize("path", ["/compare", "/model?sector=Money"])
def test_what_is_wider_than_a_phone_says_so_and_where_it_ends(page_at, path):
    page = page_at(path, 390, 844)
    region = page.locator("#page .scrolls").first
    region.wait_for(timeout=LONG)
    until(page, "document.documentElement.scrollWidth <= 390")
    hint = "element => getComputedStyle(element, '::before').content"
    assert "Scroll sideways" in region.evaluate(hint)
    until(page, SCROLLED)
    assert "Scroll back" in region.evaluate(hint)
    page.set_viewport_size({"width": 4000, "height": 900})
    shown = "(each) => each.checkVisibility()"  # one that is folded away has the width it had
    until(page, f"![...document.querySelectorAll('#page .scrolls')].some({shown})")


def test_on_paper_pictures_fit_the_sheet_and_are_put_back(page_at):
    page = page_at("/people")
    page.wait_for_selector("#people-outturn .barlayer path")
    width = "document.querySelector('#people-outturn .main-svg').getBoundingClientRect().width"
    until(page, FITTED)
    before = page.evaluate(width)
    assert before > 1100
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    until(page, f"{width} < 1030")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    until(page, f"Math.abs({width} - {before}) < 2")
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert page.locator("footer.bottom").is_visible()
    assert page.locator("#people-outturn").is_visible()
