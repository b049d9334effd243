"""What the page Explore says and offers beside its sliders: evidence, charts, links, pictures, help."""

from __future__ import annotations

import pytest
from dudley_dashboard.pages.how_it_works.numbers import counts
from dudley_dashboard.pages.people.data import OVER_75, at, people_of
from dudley_dashboard.runs import run
from dudley_dashboard.settings_for_browser import caveats

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.parameters import count_assumptions
from dudley_sd.request import Request
from dudley_sd.text import percent
from dudley_sd.validation.back_test import YEARS
from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.explore_page import (
    READY,
    drawn,
    gp_gap,
    last,
    open_group,
    open_numbers,
    set_box,
    tile,
    told,
)
from tests.dashboard.waiting import until

BOTH = (Request(), Request(portfolio="none"))
CAVEATS = ".explore-caveats:not(.explore-money)"


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
    set_box(page, "external supply of GPs in 2033", "1.9")
    drawn(page, "external")
    words = page.inner_text('[data-lever="external supply of GPs in 2033"] .explore-warning')
    assert words.startswith("Beyond the range for which there is a reason: ")


def test_any_lever_of_the_model_can_be_added(page):
    page.fill("#explore-search", "usual quit rate[CommunityStaff]")
    page.keyboard.press("Enter")
    set_box(page, "usual quit rate[CommunityStaff]", "0.08")
    drawn(page, "quit%20rate[CommunityStaff]:0.08")
    page.fill("#explore-search", "no such thing")
    page.keyboard.press("Enter")
    assert "no such lever" in page.inner_text(".explore-search")


def test_another_chart_can_be_chosen_and_is_in_the_link(page):
    page.select_option(".explore-title >> nth=0", "people_75")
    assert "charts=people_75,landed,occupancy,gain" in page.url
    page.reload()
    page.wait_for_selector(READY)
    assert page.input_value(".explore-title >> nth=0") == "people_75"


def test_the_numbers_of_a_chart_are_those_of_the_model(page):
    page.select_option(".explore-title >> nth=0", "people_75")
    card = open_numbers(page, 0)
    people = run(Request())["people_75_and_over"].isel(scenario=0, year=-1)
    last = card.locator("tbody tr").last
    last.get_by_text(f"{float(people) / 1000:.1f}", exact=True).first.wait_for()


def test_where_the_198_gps_come_from_is_one_click_away(page):
    page.locator(".explore-card").first.locator("summary:has-text('What this shows')").click()
    words = page.locator(".explore-card").first.inner_text()
    assert "GP heads in 2014: 198" in words
    assert "Dudley practices, 9/2015: 198 heads" in words
    open_group(page, "Workforce")
    page.click('[data-lever="external supply of GPs in 2033"] .explore-link')
    about = page.inner_text('[data-lever="external supply of GPs in 2033"] .explore-about')
    assert "GP heads in 2014: 198" in about
    assert "Taken for mid-2014" in about


def test_link_and_command_are_offered_to_copy(page):
    set_box(page, "coverage[MDT]", "20")
    page.click("#explore-command")
    command = page.input_value(".explore-copies input")
    assert command.endswith("--lever 'coverage[MDT]=0.2'")
    page.click("#explore-share")
    until(page, "document.querySelector('.explore-copies input').value === location.href")
    assert "works on this computer only" in page.inner_text("#explore-only-here")
    page.click("#explore-only-here a")
    page.wait_for_selector("#plans-file")
    assert "coverage[MDT]:0.2" in page.url


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
    before = told(page)
    set_box(page, "coverage[MDT]", "0")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert told(page) != before
    assert tile(page, "gp_gap") == gp_gap(Request(portfolio="none"))
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
    assert words.startswith("GP gap, 2033: ")


def test_how_many_numbers_are_assumptions_is_said_and_led_to(page):
    words = page.inner_text(CAVEATS)
    assumed, numbers = count_assumptions(inputs_folder())
    assert words.startswith(f"{assumed} of {numbers} numbers")
    page.locator(f"{CAVEATS} a").first.click()
    page.wait_for_selector("#model-found")
    found = page.inner_text("#model-found")
    assert found.startswith(f"{counts()['assumption']} numbers of status assumption")


def test_estimates_that_undercut_the_projection_are_flagged_where_there_are_any(page):
    people = people_of(Request())
    last = YEARS[-1]
    over = at(people.projection, OVER_75, last) / at(people.estimated, OVER_75, last) - 1
    assert f"For {last} the projection had {over:.1%} more people of 75+" in page.inner_text(CAVEATS)
    assert caveats("walsall")["estimates"] == caveats("dudley", "own")["estimates"] == ""


def test_differences_on_the_tiles_add_up_and_are_with_do_nothing_in_the_same_future(page_at):
    page = page_at("/?scenario=corporate_rules", ready=READY)
    change = page.inner_text('[data-tile="gp_gap"] .explore-change')
    fewer = int(gp_gap(Request("corporate_rules", "none"))) - int(tile(page, "gp_gap"))
    assert change == f"gap {fewer} GPs smaller than doing nothing"
    assert "than doing nothing" in page.inner_text('[data-tile="shortfall"] .explore-change')


def test_do_nothing_in_another_future_is_compared_with_the_reference_case(page_at):
    page = page_at("/?scenario=corporate_rules&portfolio=none", ready=READY)
    ours, theirs = (int(gp_gap(Request(future, "none"))) for future in ("corporate_rules", "official_future"))
    change = page.inner_text('[data-tile="gp_gap"] .explore-change')
    assert change == f"gap {ours - theirs} GPs larger than the reference case"


def test_money_that_is_missing_is_a_share_of_funding(page):
    ours, theirs = (round(100 * last(plan, "system_shortfall"), 1) for plan in BOTH)
    assert page.inner_text('[data-tile="shortfall"] .explore-number').split() == [f"{ours}%", "of", "funding"]
    words = page.inner_text('[data-tile="shortfall"] .explore-change')
    assert words == f"{ours - theirs:.1f} points higher than doing nothing"


def test_where_no_effect_holds_the_shift_lands_and_does_not_pay(page_at):
    """Staff and money are spent whatever the evidence."""
    believed = Request(settings={"expert opinion that holds": 0})
    page = page_at("/" + believed.address(), ready=READY)
    assert tile(page, "landed") == percent(last(believed, "landed_share"))
    assert tile(page, "gain") == "not by 2033"


def test_what_moves_no_care_is_not_called_no_plan(page_at):
    page = page_at("/?portfolio=none&set=coverage[Prevention]:0.6", ready=READY)
    assert tile(page, "landed") == "none"
    words = page.inner_text('[data-tile="landed"] .explore-change')
    assert words == "No shift expected: nothing that is put in place moves any care"


def test_one_name_for_a_portfolio_and_for_none(page):
    assert page.inner_text("label[for=explore-portfolio]") == "Left-shift portfolio"
    assert "No portfolio" in page.inner_text("#explore-portfolio")


def test_numbers_of_a_chart_can_be_moved_sideways_on_a_phone_and_say_so(page_at):
    page = page_at("/?scenario=state_supreme", 390, 844, ready=READY)
    card = open_numbers(page, 0)
    assert "Move the table sideways" in card.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.drawn
def test_axe_finds_nothing_with_everything_open(page_at):
    page = page_at("/?set=GDP%20growth:0.05&contract=dudley_mcp", ready=READY)
    page.evaluate("document.querySelectorAll('#page details').forEach((each) => each.open = true)")
    page.evaluate("document.querySelectorAll('.explore-lever-head .explore-link').forEach((b) => b.click())")
    filled = (
        "[...document.querySelectorAll('.explore-card .numbers')].every((each) => each.querySelector('td'))"
    )
    until(page, filled)
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()


def test_the_tour_can_be_taken_and_does_not_come_back(page):
    page.click("text=Take the tour")
    for _ in range(4):
        page.click(".explore-tour button:has-text('Next')")
    page.click(".explore-tour button:has-text('Start')")
    until(page, "localStorage.getItem('dudley-tour') === 'seen'")
    page.reload()
    page.wait_for_selector(READY)
    assert page.locator(".explore-hint").count() == 0


def test_it_prints_on_one_page_with_ranges_sources_and_the_asterisk(page_at):
    page = page_at("/?set=coverage[MDT]:0.2", ready=READY)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    words = page.inner_text("body")
    assert "Multidisciplinary teams: 20% (starts at 80%; range 0% to 100%)" in words
    assert "* Beyond the projection" in words
    assert "Section 4.2.4" in words
    assert "A model, not a forecast. dudley_sd" in words
