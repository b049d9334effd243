"""What the page Explore says and offers beside its sliders: evidence, charts, links, pictures, help."""

from __future__ import annotations

import pytest

from dashboard.plan import Plan
from dashboard.runs import run
from tests.dashboard.conftest import axe_violations
from tests.dashboard.explore_page import READY, drawn, open_group, set_box, tile
from tests.dashboard.waiting import until


@pytest.fixture
def page(page_at):
    return page_at("/", ready=READY)


def test_about_says_where_a_number_is_from_and_who_might_disagree(page):
    page.click('[data-lever="coverage[CareHomeSupport]"] .explore-link')
    words = page.inner_text('[data-lever="coverage[CareHomeSupport]"] .explore-about')
    assert "Who might disagree" in words
    assert "A&E attendances: 29% fewer (0% to 43%)" in words
    assert "Nottingham" in words
    page.click('[data-lever="coverage[CareHomeSupport]"] .explore-levels button >> nth=0')
    drawn(page, "coverage[CareHomeSupport]:0.0")


def test_beyond_the_range_with_a_reason_there_is_a_warning(page):
    open_group(page, "Workforce")
    set_box(page, "extra GP recruits", "9")
    drawn(page, "extra")
    words = page.inner_text('[data-lever="extra GP recruits"] .explore-warning')
    assert words.startswith("Beyond the range for which there is a reason: 0")


def test_any_lever_of_the_model_can_be_added(page):
    page.fill("#explore-search", "turnover[CommunityStaff]")
    page.keyboard.press("Enter")
    set_box(page, "turnover[CommunityStaff]", "0.3")
    drawn(page, "turnover[CommunityStaff]:0.3")
    page.fill("#explore-search", "no such thing")
    page.keyboard.press("Enter")
    assert "no such lever" in page.inner_text(".explore-search")


def test_another_chart_can_be_chosen_and_is_in_the_link(page):
    page.select_option(".explore-title >> nth=0", "people_75")
    assert "charts=people_75,unlanded,occupancy,gain" in page.url
    page.reload()
    page.wait_for_selector(READY)
    assert page.input_value(".explore-title >> nth=0") == "people_75"


def test_the_numbers_of_a_chart_are_those_of_the_model(page):
    page.select_option(".explore-title >> nth=0", "people_75")
    page.locator(".explore-card").first.locator("summary:has-text('Numbers')").click()
    cells = page.locator(".explore-card").first.locator("tbody tr").last.locator("td").all_inner_texts()
    people = run(Plan())["people_75_and_over"].isel(scenario=0, year=-1)
    assert f"{float(people) / 1000:.1f}" in cells


def test_where_the_168_gps_come_from_is_one_click_away(page):
    page.locator(".explore-card").first.locator("summary:has-text('What this shows')").click()
    words = page.locator(".explore-card").first.inner_text()
    assert "168 WTE" in words
    assert "Strategy Unit" in words


def test_link_and_command_are_offered_to_copy(page):
    set_box(page, "coverage[MDT]", "20")
    page.click("#explore-command")
    command = page.input_value(".explore-copies input")
    assert command.endswith("--lever 'coverage[MDT]=0.2'")
    page.click("#explore-share")
    assert page.input_value(".explore-copies input") == page.url


def test_a_picture_can_be_kept(page):
    with page.expect_download() as download:
        page.locator(".explore-card").first.locator("button:has-text('Picture')").click()
    path = download.value.path()
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert path.stat().st_size > 10_000
    page.seen.nothing_wrong()


def test_where_the_module_is_refused_the_server_runs_the_model(page_at):
    page = page_at("/", ready=READY, before=lambda page: page.route("**/*.mjs", lambda route: route.abort()))
    assert page.get_attribute("#explore", "data-engine") == "server"
    assert "on the server" in page.inner_text("#explore-on-server")
    before = page.inner_text(".explore-tiles")
    set_box(page, "coverage[MDT]", "0")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert page.inner_text(".explore-tiles") != before
    assert tile(page, "gp_gap") == "43"
    assert page.seen.elsewhere == []


def test_another_area_is_run_too_and_a_total_on_the_server(page):
    page.select_option("#explore-footprint", "walsall")
    drawn(page, "footprint=walsall")
    assert page.get_attribute("#explore", "data-engine") == "browser"
    assert page.inner_text(".explore-asked").startswith("Walsall")
    page.go_back()
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    page.seen.nothing_wrong()


def test_a_screen_reader_hears_what_changed(page):
    set_box(page, "coverage[MDT]", "0")
    drawn(page, "MDT")
    words = page.inner_text("#explore > [aria-live]")
    assert words.startswith("GPs missing, 2033: ")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_with_everything_open(page_at, width, dark):
    page = page_at("/?set=GDP%20growth:0.05&contract=dudley_mcp", width, 900, dark, ready=READY)
    page.evaluate("document.querySelectorAll('#page details').forEach((each) => each.open = true)")
    page.evaluate("document.querySelectorAll('.explore-lever-head .explore-link').forEach((b) => b.click())")
    page.wait_for_timeout(300)
    assert axe_violations(page) == []
    page.seen.nothing_wrong()


def test_the_tour_can_be_taken_and_does_not_come_back(page):
    page.click("text=Take the tour")
    for _ in range(4):
        page.click(".explore-tour button:has-text('Next')")
    page.click(".explore-tour button:has-text('Start')")
    page.reload()
    page.wait_for_selector(READY)
    assert page.locator(".explore-hint").count() == 0


def test_it_prints_on_few_pages(page):
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
