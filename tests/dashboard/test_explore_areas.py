"""Explore over several areas, and addresses of all kinds: what the page shows is what its address says."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from dudley_dashboard.address import read_view
from dudley_dashboard.api import addresses
from dudley_dashboard.runs import run
from sampling import sampled

from dudley_sd.request import Request
from tests.dashboard.explore_page import MDT, MODULE, READY, drawn, open_numbers, set_box, tile, told
from tests.dashboard.test_address import BAD
from tests.dashboard.test_bands import DONE, LONG
from tests.dashboard.test_view import BROKEN, fuzzed
from tests.dashboard.waiting import PATIENCE, until, until_so

REQUEST = f"""async () => {{
  {MODULE}
  return (await module("explore/page.js")).currentRequest();
}}"""


@pytest.fixture
def page(page_at):
    return page_at("/", ready=READY)


def held(page) -> dict:
    """The plan that the page shows."""
    return page.evaluate(REQUEST)


def until_plan(page, plan: Request, timeout: float = PATIENCE) -> None:
    until_so(page, lambda: held(page) == plan.json(), timeout)


def gps(page) -> str:
    return page.locator(".explore-card").first.locator(".explore-line.plan").last.get_attribute("d")


def late(page, area: str) -> list:
    """Hold back what the page fetches of an area, and nothing else: areas are made ready before."""
    for name in ("walsall", "wolverhampton"):
        addresses(name, "/")
    held: list = []
    page.route(f"**/model/{area}/*.json", lambda route: held.append(route))
    return held


def test_of_two_areas_chosen_at_once_the_later_is_shown(page):
    on_its_way = late(page, "walsall")
    page.select_option("#explore-footprint", "walsall")
    until_so(page, lambda: on_its_way)
    page.select_option("#explore-footprint", "wolverhampton")
    drawn(page, "footprint=wolverhampton")
    until(page, DONE, timeout=LONG)  # medians take the place of the single run while the test waits
    wolverhampton = told(page), gps(page)
    on_its_way[0].continue_()
    page.wait_for_timeout(2500)
    assert held(page)["footprint"] == "wolverhampton"
    assert "footprint=wolverhampton" in page.url
    assert page.input_value("#explore-footprint") == "wolverhampton"
    assert page.inner_text(".explore-asked").startswith("Wolverhampton")
    assert (told(page), gps(page)) == wolverhampton
    page.seen.nothing_wrong()


def test_back_while_an_area_is_on_its_way_stays_with_the_address(page):
    set_box(page, "coverage[MDT]", "20")
    drawn(page, "coverage[MDT]:0.2")
    on_its_way = late(page, "walsall")
    page.select_option("#explore-footprint", "walsall")
    until_so(page, lambda: on_its_way)
    page.go_back()
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    on_its_way[0].continue_()
    page.wait_for_timeout(2500)
    assert held(page) == Request().json()
    assert page.input_value("#explore-footprint") == "dudley"
    assert page.inner_text(".explore-asked").startswith("Dudley")
    assert not page.locator(".explore-groups").evaluate("(each) => each.inert")


def test_while_an_area_is_on_its_way_nothing_can_be_moved_and_a_failure_is_said(page):
    on_its_way: list = []
    page.route("**/api/plan", lambda route: on_its_way.append(route))
    page.select_option("#explore-footprint", "walsall")
    until_so(page, lambda: on_its_way)
    assert page.locator(".explore-groups").evaluate("(each) => each.inert")
    on_its_way[0].abort()
    until(page, "!document.querySelector('.explore-noted').hidden")
    assert "could not be fetched, and this one stays" in page.inner_text(".explore-noted")
    assert held(page)["footprint"] == page.input_value("#explore-footprint") == "dudley"
    assert "footprint" not in page.url
    page.unroute("**/api/plan")
    page.select_option("#explore-footprint", "walsall")
    drawn(page, "footprint=walsall")


def test_undo_goes_back_over_areas_and_keeps_what_was_before(page):
    set_box(page, "coverage[MDT]", "20")
    drawn(page, "coverage[MDT]:0.2")
    page.select_option("#explore-footprint", "walsall")
    drawn(page, "footprint=walsall")
    assert held(page)["levers"] == {"coverage[MDT]": 0.2}
    set_box(page, "coverage[MDT]", "40")
    drawn(page, "coverage[MDT]:0.4")
    page.click("#explore-undo")
    drawn(page, "footprint=walsall&set=coverage[MDT]:0.2")
    assert page.is_disabled("#explore-replay")
    page.click("#explore-undo")
    until(page, "document.querySelector('#explore').dataset.drawn === '?v=1&set=coverage[MDT]:0.2'")
    assert page.input_value("#explore-footprint") == "dudley"
    page.click("#explore-undo")
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    assert page.is_disabled("#explore-undo")
    for wanted in ("coverage[MDT]:0.2", "footprint=walsall", "coverage[MDT]:0.4"):
        page.click("#explore-redo")
        drawn(page, wanted)
    assert page.is_disabled("#explore-redo")
    page.seen.nothing_wrong()


def test_a_total_is_run_in_the_browser_and_offers_no_sizes(page_at):
    page = page_at("/?footprint=black_country&set=beds in 2014:700&set=coverage[MDT]:0.2", ready=READY)
    assert page.get_attribute("#explore", "data-engine") == "browser"
    assert "one size cannot be right for several areas" in page.inner_text("#notes")
    assert held(page)["levers"] == {"coverage[MDT]": 0.2}
    last = run(Request(footprints="black_country", settings={"coverage[MDT]": 0.2})).isel(scenario=0, year=-1)
    assert tile(page, "occupancy") == str(round(100 * float(last["pressure_on_beds"])))
    assert "one area at a time" in page.inner_text(".explore-sizes")
    page.fill("#explore-search", "beds in 2014")
    page.keyboard.press("Enter")
    assert "no such lever" in page.inner_text(".explore-search")
    page.seen.nothing_wrong()


def test_levers_that_another_area_cannot_have_are_left_out_with_words(page_at):
    page = page_at("/?set=GP heads in 2014:200&set=coverage[MDT]:0.2", ready=READY)
    page.select_option("#explore-footprint", "black_country")
    drawn(page, "footprint=black_country")
    assert held(page)["levers"] == {"coverage[MDT]": 0.2}
    assert "GP heads in 2014" in page.inner_text(".explore-noted")
    assert "one size cannot be right for several areas" in page.inner_text(".explore-noted")


def test_another_projection_of_the_people_can_be_chosen_and_pages_keep_it(page):
    page.select_option("#explore-projection", "own")
    drawn(page, "projection=own")
    plan = Request(projection="own")
    assert "people mid-2018, carried on at the rates of Dudley" in page.inner_text(".explore-asked")
    page.select_option(".explore-title >> nth=0", "people_75")
    cells = open_numbers(page, 0).locator("tbody tr").last.locator("td").all_inner_texts()
    own, published = (float(run(each)["people_75_and_over"][0, -1]) / 1000 for each in (plan, Request()))
    assert abs(own - published) > 0.1
    assert f"{own:.1f}" in cells
    assert f"{published:.1f}" not in cells
    links = page.locator("nav a[data-page]").evaluate_all("(all) => all.map((each) => each.href)")
    assert len(links) > 5
    assert all("projection=own" in link for link in links)
    page.reload()
    page.wait_for_selector(READY)
    assert held(page) == plan.json()
    page.click("#explore-command")
    assert "--projection own" in page.input_value(".explore-copies input")
    page.seen.nothing_wrong()


ADDRESSES = [*BAD, *BROKEN, *fuzzed()]


def in_address(search: str) -> str:
    """An address as a browser can be given it."""
    return quote(search, safe="?=&%")


def test_whatever_the_address_the_page_holds_what_the_server_reads(page):
    """Followed with Back and Forward, one after the other; each also has the server's words.

    Longer addresses than Chromium's history takes are not among them.
    """
    wrong = []
    start = Request(settings={"coverage[MDT]": 0.125})
    for search in ADDRESSES:
        page.evaluate("history.pushState(null, '', location.pathname + '?v=1&set=coverage[MDT]:0.125')")
        page.evaluate("window.dispatchEvent(new PopStateEvent('popstate'))")
        until_plan(page, start)
        drawn(page, "0.125")
        page.evaluate("(to) => history.pushState(null, '', location.pathname + to)", in_address(search))
        seen = page.evaluate("location.search")
        view = read_view(seen)
        page.evaluate("window.dispatchEvent(new PopStateEvent('popstate'))")
        try:
            until_plan(page, view.request, timeout=30_000)
        except AssertionError:
            wrong.append((search[:80], held(page), view.request))
            continue
        noted = page.inner_text(".explore-noted") if view.notes else ""
        if view.notes and view.notes[0].split() != noted.split()[: len(view.notes[0].split())]:
            wrong.append((search[:80], noted, view.notes))
    assert wrong == []


LOADED = [BAD[0], BAD[18], BAD[20], "?set=Coverage[mdt]:0_0.5&scenario=State_Supreme"]


@pytest.mark.parametrize("search", sampled(LOADED, 2))
def test_a_page_loaded_with_a_bad_address_has_the_words_and_what_the_server_reads(page_at, search):
    """A sample of addresses; ``--whole`` looks at all."""
    page = page_at("/" + in_address(search), ready=READY)
    view = read_view(page.evaluate("location.search"))
    assert held(page) == view.request.json()
    assert view.notes[0] in page.inner_text("#notes") if view.notes else True
    assert page.input_value(f"{MDT} .explore-box") == "80"
