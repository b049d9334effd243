"""The page Explore, used as a visitor would use it."""

from __future__ import annotations

import re

import pytest
from dudley_dashboard.runs import run

from dudley_sd.request import Request
from dudley_sd.text import percent
from tests.dashboard.explore_page import (
    MDT,
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


@pytest.fixture
def page(page_at):
    return page_at("/", ready=READY)


def test_the_tiles_show_what_python_works_out(page):
    assert tile(page, "gp_gap") == gp_gap(Request())
    assert tile(page, "landed") == percent(last(Request(), "landed_share"))
    assert tile(page, "occupancy") == str(round(100 * last(Request(), "pressure_on_beds")))
    assert tile(page, "shortfall") == f"{100 * last(Request(), 'system_shortfall'):.1f}%"
    page.seen.nothing_wrong()


def test_do_nothing_has_a_gap_and_nothing_to_pay_for(page_at):
    page = page_at("/?portfolio=none", ready=READY)
    assert tile(page, "gp_gap") == gp_gap(Request(portfolio="none"))
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
    line = "document.querySelectorAll('.explore-card')[2].querySelector('.explore-line.plan')"
    until(page, f"before => {line}.getAttribute('d') !== before", arg=before)
    assert float(page.input_value(f"{MDT} .explore-box")) < 10
    page.mouse.up()
    drawn(page, "coverage[MDT]")
    assert "set=coverage[MDT]:0.0" in page.url
    final = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    page.reload()
    page.wait_for_selector(READY)
    again = page.locator(".explore-card").nth(2).locator(".explore-line.plan").get_attribute("d")
    assert final != before
    assert points(final) == pytest.approx(points(again), abs=0.11)


def points(path: str) -> list[float]:
    """Where the points of a line are, in pixels: two numbers for each year, written with one decimal."""
    found = [float(each) for each in re.findall(r"-?[0-9.]+", path)]
    assert len(found) == 2 * run(Request()).sizes["year"]
    return found


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
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    assert page.input_value(f"{MDT} .explore-box") == "80"


def test_a_number_can_be_typed_and_is_kept_over_reload(page):
    set_box(page, "coverage[MDT]", "35")
    drawn(page, "coverage[MDT]:0.35")
    shown = tile(page, "gp_gap"), page.inner_text('[data-tile="gain"] .explore-change')
    page.reload()
    page.wait_for_selector(READY)
    assert page.input_value(f"{MDT} .explore-box") == "35"
    assert (tile(page, "gp_gap"), page.inner_text('[data-tile="gain"] .explore-change')) == shown


def test_a_link_opens_the_same_in_another_browser(page, page_at, served):
    set_box(page, "coverage[UrgentAccess]", "10")
    page.select_option("#explore-scenario", "state_supreme")
    page.select_option("#explore-contract", "dudley_mcp")
    drawn(page, "contract=dudley_mcp")
    other = page_at(page.url.removeprefix(served), ready=READY)
    for _ in range(100):  # the median of many runs replaces the single run in one before the other
        if told(other) == told(page):
            break
        other.wait_for_timeout(200)
    assert told(other) == told(page)
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
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    page.keyboard.press("Control+y")
    drawn(page, "coverage[MDT]:0.75")
    page.focus(f"{MDT} .explore-back")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#explore').dataset.drawn === ''")


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


def test_another_reading_of_a_future_can_be_chosen(page):
    funded = Request("community_resilience_funded")
    page.select_option("#explore-scenario", funded.scenario)
    drawn(page, funded.scenario)
    assert tile(page, "gp_gap") == gp_gap(funded)
    assert page.inner_text(".explore-asked").startswith("Dudley, Community Resilience, funded: ")


def test_undo_reset_and_redo(page):
    set_box(page, "coverage[MDT]", "20")
    set_box(page, "coverage[VirtualWard]", "100")
    drawn(page, "VirtualWard")
    page.click("#explore-undo")
    until(page, "!document.querySelector('#explore').dataset.drawn.includes('VirtualWard')")
    page.click("#explore-redo")
    drawn(page, "VirtualWard")
    page.click(f"{MDT} .explore-back")
    until(page, "!document.querySelector('#explore').dataset.drawn.includes('MDT')")
    page.click("#explore-reset")
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    assert page.is_disabled("#explore-reset")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_number_that_the_model_does_not_take_is_said_each_time(page, key):
    box = page.locator(f"{MDT} .explore-box")
    for _ in range(2):
        box.fill("140")
        box.press(key)
        until(page, f"document.querySelector({MDT + ' .explore-box'!r}).value === '100'")
        page.wait_for_timeout(200)
        assert page.inner_text(f"{MDT} .explore-warning") == "The model takes 0% to 100%; the nearest is set."
    box.fill("100")
    box.press(key)
    assert "The model takes" not in page.locator(f"{MDT} .explore-warning").text_content()


PART_WAY = """() => {
  const text = (place) => document.querySelector(place).innerText;
  const tiles = document.querySelectorAll(".explore-value, .explore-change");
  const lever = Number(document.querySelector('[data-lever="coverage[MDT]"] .explore-box').value);
  const label = document.querySelector(".explore-card:nth-child(3) .explore-label.plan").textContent;
  if (!(lever > 10 && lever < 70)) return false;
  return { lever, label, tiles: [...tiles].map((each) => each.innerText), heading: text(".explore-asked") };
}"""
WATCHED = f"""() => {{
  const look = {PART_WAY};
  const watch = () => {{
    const found = look();
    if (found) window.partWay.push(found);
    requestAnimationFrame(watch);
  }};
  window.partWay = [];
  watch();
}}"""
MOVED = "!document.querySelector('.explore-asked').innerText.startsWith('On the way')"
"""Nothing is on its way from one answer to another."""


def test_replay_shows_no_number_from_between_and_ends_where_it_began(page):
    before = told(page)
    set_box(page, "coverage[MDT]", "0")
    drawn(page, "MDT")
    after = told(page)
    page.evaluate(WATCHED)
    page.click("#explore-replay")
    until(page, "window.partWay.length > 0")
    until(page, MOVED)
    for part_way in page.evaluate("window.partWay"):
        assert 0 < part_way["lever"] < 80
        assert part_way["lever"] % 5 == 0  # the slider's own steps
        assert part_way["tiles"] == before
        assert part_way["heading"].startswith("On the way from the answer before to the answer now")
        assert not re.search("[0-9]", part_way["label"])
    page.wait_for_timeout(300)
    assert page.input_value(f"{MDT} .explore-box") == "0"
    assert told(page) == after


def test_replay_starts_at_the_number_that_was_typed_though_it_is_no_step(page):
    page.emulate_media(reduced_motion="reduce")
    set_box(page, "coverage[MDT]", "83")
    drawn(page, "MDT]:0.83")
    set_box(page, "coverage[MDT]", "20")
    drawn(page, "MDT]:0.2")
    page.click("#explore-replay")
    until(page, f"document.querySelector({MDT + ' .explore-box'!r}).value !== '20'")
    assert page.input_value(f"{MDT} .explore-box") == "83"
    until(page, f"document.querySelector({MDT + ' .explore-box'!r}).value === '20'")


def test_predict_hides_the_answer_until_it_is_revealed(page):
    page.click("#explore-predict")
    line = page.locator(".explore-card").nth(2).locator(".explore-line.plan")
    before = line.get_attribute("d")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert tile(page, "gp_gap") == "?"
    assert line.get_attribute("d") == before
    label = page.locator(".explore-card").nth(2).locator(".explore-label.plan")
    assert label.text_content().startswith("Before ")
    assert page.inner_text(".explore-key").startswith("Before your change")
    page.click("#explore-reveal")
    until(page, "document.querySelector('.explore-key').innerText.includes('Your plan')")
    until(page, MOVED)
    assert label.text_content().startswith("Your plan ")
    assert tile(page, "gp_gap") == gp_gap(Request(portfolio="none"))
    assert line.get_attribute("d") != before


def lines_of(page, card: int, run: str) -> list[str]:
    """What stands at the ends of the lines of a run that are drawn."""
    lines = page.locator(".explore-card").nth(card).locator(f".explore-line.{run}")
    return [each.get_attribute("d") for each in lines.all() if each.get_attribute("d")]


def test_the_reference_case_is_a_third_line_where_it_is_not_do_nothing(page):
    assert lines_of(page, 2, "base") == []
    assert "Do nothing (reference case)" in page.inner_text(".explore-key")
    page.select_option("#explore-scenario", "state_supreme")
    drawn(page, "state_supreme")
    assert "Reference case: Official Future, do nothing" in page.inner_text(".explore-key")
    assert "Do nothing, same future" in page.inner_text(".explore-key")
    runs = {
        "plan": Request("state_supreme"),
        "base": Request(portfolio="none"),
        "nothing": Request("state_supreme", "none"),
    }
    for name, plan in runs.items():
        (line,) = lines_of(page, 2, name)
        words = page.locator(".explore-card").nth(2).locator(f".explore-label.{name}").text_content()
        assert words.split()[-1] == f"{100 * last(plan, 'pressure_on_beds'):.0f}", name
        assert points(line)
    heads = open_numbers(page, 2).locator("thead th").all_inner_texts()
    assert heads == ["Mid-year", "Your plan", "Do nothing", "Reference case"]
    page.select_option("#explore-scenario", "official_future")
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    assert lines_of(page, 2, "base") == []


def test_a_lever_on_the_outside_world_moves_do_nothing_and_not_the_reference_case(page_at):
    page = page_at("/?portfolio=none&set=GDP growth:0.0", ready=READY)
    label = page.locator(".explore-card").nth(2).locator(".explore-label")
    words = dict(zip(("base", "nothing", "plan"), label.all_text_contents(), strict=True))
    assert words["nothing"].split()[-1] == words["plan"].split()[-1] != words["base"].split()[-1]
    assert tile(page, "gain") == "nothing to pay"
