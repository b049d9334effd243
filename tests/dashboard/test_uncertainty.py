"""Uncertainty, as a visitor meets it: runs with progress, bands, a line to cross, what matters most."""

from __future__ import annotations

import secrets

import pytest
from dudley_dashboard.pages.uncertainty.data import BELOW, EnsembleQuery, ensemble_of
from dudley_dashboard.pages.uncertainty.ensemble import crossing_shares
from dudley_dashboard.pages.uncertainty.text import EDGES

from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import ANSWERED
from dudley_sd.text import in_100_runs, number
from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.waiting import until

DONE = "#uncertainty-tornado .main-svg"
CROSSED = "#uncertainty-crossing .uncertainty-answer >> nth=0"
LONG = 240_000
"""Milliseconds in which the model is made ready too, on a machine that does other things."""


@pytest.fixture
def fresh():
    """A seed that nobody used before, so that nothing is kept of it."""
    return 1 + secrets.randbelow(999_999_998)


WATCHED = """new MutationObserver(() => {
  window.progressed ||= Boolean(document.querySelector("#uncertainty-progress progress"));
}).observe(document, { childList: true, subtree: true });"""


def opened(page_at, search="", *size, **more):
    """The page when all of its runs are drawn."""
    page = page_at(f"/uncertainty{search}", *size, **more)
    page.wait_for_selector(DONE, timeout=LONG)
    page.wait_for_selector("#uncertainty-about h2")
    page.wait_for_selector("#uncertainty-crossing-chart .main-svg")
    return page


def test_500_runs_are_made_with_progress_and_their_bands_are_drawn(page_at, fresh):
    address = f"/uncertainty?members=500&seed={fresh}"
    page = page_at(address, before=lambda page: page.add_init_script(WATCHED), alone=True)
    until(page, "window.progressed", timeout=LONG)
    page.wait_for_selector(DONE, timeout=LONG)
    assert page.locator("#uncertainty-progress progress").count() == 0
    until(page, "document.querySelectorAll('#uncertainty-fan .fills path').length === 2")
    assert page.locator("#uncertainty-said").inner_text() == "The runs are done; the charts show them."
    answer = ensemble_of(EnsembleQuery(members=500, seed=fresh))
    edges = bands(answer.plan["gp_gap"], EDGES)
    page.click("#uncertainty-range summary")
    last = page.locator("#uncertainty-range .numbers tbody tr").last.locator("th, td").all_inner_texts()
    assert last[:6] == ["2033*", *(number(float(edge), ANSWERED["gp_gap"]) for edge in edges[:, -1])]
    page.locator("#uncertainty-about", has_text=f"500 runs, seed {fresh}").wait_for()
    page.seen.nothing_wrong()


def test_a_line_that_is_typed_changes_the_answer_and_stays_after_a_reload(page_at):
    page = opened(page_at, "?members=500")
    before = page.inner_text(CROSSED)
    box = page.locator("#uncertainty-threshold")
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("-20")
    page.keyboard.press("Tab")
    page.get_by_text("below", exact=True).click()
    until(page, "location.search.includes('threshold=-20') && location.search.includes('side=below')")
    page.get_by_text("In how many runs does it lie below −20?").wait_for()
    answer = ensemble_of(EnsembleQuery(members=500))
    table = crossing_shares(answer.plan["gp_gap"], ANSWERED["gp_gap"], -20, BELOW)
    said = page.inner_text(CROSSED)
    assert said != before
    assert f"with your plan in {in_100_runs(table['share_in_year'].iloc[-1], 500)}" in said
    page.reload()
    page.wait_for_selector(DONE, timeout=LONG)
    page.get_by_text("In how many runs does it lie below −20?").wait_for()
    assert page.inner_text(CROSSED) == said
    assert box.input_value() == "-20"
    page.seen.nothing_wrong()


def test_another_indicator_has_its_own_unit_and_line_and_another_seed_is_another_draw(page_at, fresh):
    page = opened(page_at, "?members=500&threshold=3")
    page.click("#uncertainty-indicator")
    page.get_by_role("option", name="Hospital beds occupied").click()
    page.get_by_text("Hospital beds occupied: where do the runs lie?").wait_for()
    page.get_by_text("Line for hospital beds occupied, per cent").wait_for()
    until(page, "Number(document.getElementById('uncertainty-threshold').value) > 50")
    until(page, "location.search.includes('indicator=occupancy')")
    until(page, "!location.search.includes('threshold')")
    before = page.inner_text("#uncertainty-range .uncertainty-told")
    page.fill("#uncertainty-seed", str(fresh))
    page.keyboard.press("Tab")
    page.locator("#uncertainty-about", has_text=f"500 runs, seed {fresh}").wait_for(timeout=LONG)
    told = "document.querySelector('#uncertainty-range .uncertainty-told')"
    until(page, f"before => {told} && {told}.innerText !== before", arg=before)
    assert f"seed={fresh}" in page.evaluate("location.search")
    page.seen.nothing_wrong()


def test_nothing_put_in_place_has_nothing_to_be_held_against_and_back_leads_to_the_one_before(page_at):
    page = opened(page_at, "?members=500")
    page.click("#uncertainty-portfolio")
    page.get_by_role("option", name="No portfolio").click()
    page.locator("#uncertainty-money", has_text="nothing to compare it with").wait_for(timeout=LONG)
    assert "portfolio=none" in page.evaluate("location.search")
    page.go_back()
    page.wait_for_selector("#uncertainty-break-even", timeout=LONG)
    assert page.input_value("#uncertainty-portfolio") == "As evidenced"
    page.seen.nothing_wrong()


def test_nothing_is_cut_off_at_320_pixels_and_numbers_that_matter_link_to_how_it_works(page_at):
    page = opened(page_at, "?members=500", 320, 640)
    until(page, "document.documentElement.scrollWidth <= 320")
    links = page.locator(".uncertainty-list a")
    assert links.count() == 10
    assert "/dudley/model?v=1&" in links.first.get_attribute("href")
    assert "variable=" in links.first.get_attribute("href")


def test_a_bad_address_is_noted_and_the_usual_is_shown(page_at):
    page = page_at("/uncertainty?members=9999999&seed=-4&indicator=luck&threshold=lots&side=within")
    notes = page.locator(".uncertainty-notes p")
    notes.first.wait_for()
    assert notes.count() == 5
    assert page.input_value("#uncertainty-indicator") == "GP gap"
    page.seen.nothing_wrong()


def test_a_total_is_run_as_the_sum_of_its_areas(page_at):
    page = opened(page_at, "?members=500&footprint=black_country")
    assert "This is a total" in page.inner_text("#uncertainty-about")
    assert "Indicative: the sum of Dudley," in page.inner_text("#uncertainty-about")
    page.seen.nothing_wrong()


def test_another_future_is_held_against_do_nothing_in_it(page_at):
    page = opened(page_at, "?members=500&scenario=state_supreme")
    assert "Do nothing, same future" in page.inner_text("#uncertainty-range .uncertainty-key")
    assert "reference case" not in page.inner_text("#page").lower()
    page.seen.nothing_wrong()


@pytest.mark.drawn
def test_axe_finds_nothing_with_all_charts_drawn(page_at):
    page = opened(page_at, "?members=500")
    page.wait_for_timeout(500)
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()
