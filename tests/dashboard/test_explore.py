"""The page Explore, used as a visitor would use it."""

from __future__ import annotations

import re

import pytest

from dashboard.plan import Plan
from dashboard.runs import run
from dudley_sd.results.headlines import percent
from tests.dashboard.conftest import axe_violations

READY = "#explore[data-drawn]"
MDT = '[data-lever="coverage[MDT]"]'


def drawn(page, words: str) -> None:
    """Wait until the answer to an address with these words is drawn."""
    page.wait_for_function(f"document.querySelector('#explore').dataset.drawn.includes({words!r})")


def tile(page, name: str) -> str:
    return page.inner_text(f'[data-tile="{name}"] .explore-value')


def set_box(page, lever: str, value: str) -> None:
    box = page.locator(f'[data-lever="{lever}"] .explore-box')
    box.fill(value)
    box.press("Enter")


def open_group(page, title: str) -> None:
    page.locator(f'summary:has-text("{title}")').click()


@pytest.fixture
def page(page_at):
    return page_at("/", ready=READY)


def test_the_tiles_show_what_python_works_out(page):
    last = run(Plan()).isel(scenario=0, year=-1)
    assert tile(page, "gp_gap") == str(round(float(last["gp_gap"])))
    assert tile(page, "unlanded") == percent(1 - float(last["unlanded_share"]))
    assert tile(page, "occupancy") == str(round(100 * float(last["occupancy"])))
    page.seen.nothing_wrong()


def test_doing_nothing_has_a_gap_and_nothing_to_pay_for(page_at):
    page = page_at("/?portfolio=none", ready=READY)
    gap = float(run(Plan(portfolio="none"))["gp_gap"].isel(scenario=0, year=-1))
    assert tile(page, "gp_gap") == str(round(gap))
    assert tile(page, "gain") == "nothing to pay"


def test_charts_follow_the_thumb_while_it_is_dragged(page):
    slider = page.locator(f"{MDT} .explore-range")
    box = slider.bounding_box()
    before = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.6, 0.4, 0.2, 0.05):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
        page.wait_for_timeout(60)
    during = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    assert during != before
    assert float(page.input_value(f"{MDT} .explore-box")) < 10
    page.mouse.up()
    drawn(page, "coverage[MDT]")
    assert "set=coverage[MDT]:0.0" in page.url
    final = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    page.reload()
    page.wait_for_selector(READY)
    again = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    assert levels(final) == levels(again)


def levels(path: str) -> int:
    """How many points a path has: axes may differ in their last pixel."""
    return len(re.findall("[ML]", path))


def test_back_undoes_a_whole_drag_at_once(page):
    slider = page.locator(f"{MDT} .explore-range")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 15)
    page.mouse.down()
    for part in (0.6, 0.4, 0.3):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + 15)
        page.wait_for_timeout(400)
    page.mouse.up()
    drawn(page, "coverage[MDT]")
    page.go_back()
    page.wait_for_function("document.querySelector('#explore').dataset.drawn === ''")
    assert page.input_value(f"{MDT} .explore-box") == "80"


def test_a_number_can_be_typed_and_is_kept_over_reload(page):
    set_box(page, "coverage[MDT]", "35")
    drawn(page, "coverage[MDT]:0.35")
    shown = tile(page, "gp_gap"), page.inner_text('[data-tile="gain"]')
    page.reload()
    page.wait_for_selector(READY)
    assert page.input_value(f"{MDT} .explore-box") == "35"
    assert (tile(page, "gp_gap"), page.inner_text('[data-tile="gain"]')) == shown


def test_a_link_opens_the_same_in_another_browser(page, page_at, served):
    set_box(page, "coverage[UrgentAccess]", "10")
    page.select_option("#explore-scenario", "state_supreme")
    page.select_option("#explore-contract", "dudley_mcp")
    drawn(page, "state_supreme")
    other = page_at(page.url.removeprefix(served), ready=READY)
    assert other.inner_text(".explore-tiles") == page.inner_text(".explore-tiles")
    assert other.input_value("#explore-contract") == "dudley_mcp"


def test_everything_works_by_keyboard(page):
    page.focus(f"{MDT} .explore-range")
    page.keyboard.press("ArrowLeft")
    drawn(page, "coverage[MDT]:0.75")
    page.keyboard.press("Home")
    drawn(page, "coverage[MDT]:0.0")
    page.keyboard.press("Control+z")
    drawn(page, "coverage[MDT]:0.75")
    page.keyboard.press("Control+z")
    page.wait_for_function("document.querySelector('#explore').dataset.drawn === ''")
    page.keyboard.press("Control+y")
    drawn(page, "coverage[MDT]:0.75")
    page.focus(f"{MDT} .explore-back")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#explore').dataset.drawn === ''")


def test_sliders_start_where_scenario_portfolio_and_contract_put_them(page):
    assert page.input_value(f"{MDT} .explore-box") == "80"
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert page.input_value(f"{MDT} .explore-box") == "0"
    open_group(page, "Money and contract")
    page.select_option("#explore-contract", "dudley_mcp")
    drawn(page, "dudley_mcp")
    assert page.input_value('[data-lever="outcome share"] .explore-box') == "10"
    page.select_option("#explore-scenario", "state_supreme")
    drawn(page, "state_supreme")
    assert page.input_value('[data-lever="state share of GDP in 2033"] .explore-box') == "45"


def test_undo_reset_and_redo(page):
    set_box(page, "coverage[MDT]", "20")
    set_box(page, "coverage[VirtualWard]", "100")
    drawn(page, "VirtualWard")
    page.click("#explore-undo")
    page.wait_for_function("!document.querySelector('#explore').dataset.drawn.includes('VirtualWard')")
    page.click("#explore-redo")
    drawn(page, "VirtualWard")
    page.click(f"{MDT} .explore-back")
    page.wait_for_function("!document.querySelector('#explore').dataset.drawn.includes('MDT')")
    page.click("#explore-reset")
    page.wait_for_function("document.querySelector('#explore').dataset.drawn === ''")
    assert page.is_disabled("#explore-reset")


def test_replay_ends_where_it_began(page):
    set_box(page, "coverage[MDT]", "0")
    drawn(page, "MDT")
    after = page.inner_text(".explore-tiles")
    page.click("#explore-replay")
    page.wait_for_timeout(500)
    part_way = float(page.input_value(f"{MDT} .explore-box"))
    assert 0 < part_way < 80
    page.wait_for_timeout(1800)
    assert page.input_value(f"{MDT} .explore-box") == "0"
    assert page.inner_text(".explore-tiles") == after


def test_predict_hides_the_answer_until_it_is_revealed(page):
    page.click("#explore-predict")
    line = page.locator(".explore-card").nth(2).locator(".explore-line.plan")
    before = line.get_attribute("d")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert tile(page, "gp_gap") == "?"
    assert line.get_attribute("d") == before
    page.click("#explore-reveal")
    page.wait_for_timeout(1400)
    assert tile(page, "gp_gap") == "43"
    assert line.get_attribute("d") != before


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
    page.wait_for_function("document.querySelector('#explore').dataset.drawn === ''")
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
