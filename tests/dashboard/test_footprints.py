"""The footprints page as a reader uses it, in a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from dudley_dashboard import runs

from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.fresh import fresh_dashboard
from tests.dashboard.waiting import FITTED, PATIENCE, until
from tests.dashboard.window import watch

SMALL = ".areas-card .main-svg"
SLOW = 360_000
"""Milliseconds that preparing areas may take where nothing is compiled yet."""


@pytest.fixture
def footprints(page_at):
    """Open the page and wait for its pictures."""

    def open_page(search: str = "", **more):
        page = page_at(f"/footprints{search}", **more)
        shown = f".areas-shown:not(:has(.areas-single)) :is({SMALL}, p:text('Tick at least one'))"
        page.wait_for_selector(shown, timeout=SLOW)
        return page

    return open_page


def cards(page) -> list[str]:
    return page.locator(".areas-card h3").all_inner_texts()


def asked(page, holding: str = "") -> dict[str, list[str]]:
    """Keys of the address, when it holds something: it follows what is drawn a moment later."""
    until(page, "text => decodeURIComponent(location.search).includes(text)", arg=holding)
    return parse_qs(urlsplit(page.url).query)


def until_cards(page, count: int) -> None:
    until(page, f"document.querySelectorAll('.areas-card').length === {count}", timeout=SLOW)


WATCHED = """new MutationObserver(() => {
  const waiting = document.querySelector(".areas-waiting");
  const bars = waiting ? waiting.querySelectorAll("[role=progressbar]").length : 0;
  if (waiting) (window.waited ??= []).push([waiting.innerText, bars]);
  const single = document.querySelector(".areas-shown:has(.areas-single)");
  if (single) window.single = single.innerText;
}).observe(document, { childList: true, subtree: true, characterData: true });"""


def test_areas_that_are_not_ready_are_prepared_and_it_is_said(chromium):
    with fresh_dashboard() as address:
        context = chromium.new_context()
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCHED)
        page = context.new_page()
        seen = watch(page, address)
        page.goto(f"{address}/footprints?areas=erewash&areas=rushcliffe")
        page.wait_for_selector(SMALL, timeout=SLOW)
        assert any("0 of 2 ready" in words and bars == 1 for words, bars in page.evaluate("window.waited"))
        assert cards(page) == ["Erewash", "Rushcliffe"]
        page.wait_for_selector(".areas-shown > section h2:has-text('median of 200 runs')", timeout=SLOW)
        assert "Single runs at central values, in grey" in page.evaluate("window.single")
        assert cards(page) == ["Erewash", "Rushcliffe"]
        assert not page.locator(".areas-single").count()
        seen.nothing_wrong()
        context.close()


@pytest.mark.drawn
def test_axe_finds_nothing_with_everything_drawn(footprints):
    page = footprints()
    for summary in page.locator("#page summary").all():
        summary.click()
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()


def test_the_black_country_is_shown_first_and_what_is_indicative_says_so(footprints):
    page = footprints()
    assert cards(page) == [
        "Dudley",
        "Sandwell and West Birmingham",
        "Walsall",
        "Wolverhampton",
        "Black Country STP",
    ]
    marks = page.locator(".areas-why")
    assert marks.count() == 4
    assert all("ndicative" in text for text in marks.locator("summary").all_inner_texts())
    walsall = marks.nth(1)
    walsall.locator("summary").click()
    assert "use at each age is that of Dudley" in walsall.inner_text()
    assert "is the sum of 4 areas" in page.locator(".areas-shown").inner_text()
    page.wait_for_selector(".chart .barlayer .point")
    until(page, FITTED)
    bars = page.locator(".chart .barlayer .trace").first.locator(".point").all()
    boxes = [bar.bounding_box() for bar in bars]
    assert len(boxes) == 4  # of the total, side by side
    assert min(box["width"] for box in boxes) > 40


def test_all_small_charts_have_one_scale_and_the_total_stands_apart_in_numbers(footprints):
    page = footprints("?show=absolute")
    until_cards(page, 4)
    until(page, FITTED)
    scales = page.evaluate(
        "[...document.querySelectorAll('.areas-card .js-plotly-plot')].map(e => e.layout.yaxis.range.join())"
    )
    assert len(scales) == 4 and len(set(scales)) == 1
    assert "A total is larger than each of its areas" in page.inner_text(".areas-shown")


def test_ticks_indicator_and_year_move_the_pictures_and_the_address(footprints):
    page = footprints()
    page.get_by_role("checkbox", name="Wolverhampton (indicative)").uncheck()
    until_cards(page, 4)
    assert "wolverhampton" not in asked(page, "areas=")["areas"]
    page.locator("#areas-indicator").click()
    page.get_by_role("option", name="GP gap").click()
    page.wait_for_selector("h3:has-text('which area has most')")
    page.locator("#areas-year").click()
    page.get_by_role("option", name="2025").click()
    page.wait_for_selector("h3:has-text('in 2025?')")
    found = asked(page, "year=2025")
    assert (found["indicator"], found["year"]) == (["gp_gap"], ["2025"])
    assert "GP gap" in page.text_content("#areas-status")
    page.reload()
    page.wait_for_selector("h3:has-text('which area has most in 2025?')")
    until_cards(page, 4)
    page.seen.nothing_wrong()


def test_without_a_tick_the_page_asks_for_one(footprints):
    page = footprints("?areas=none_chosen")
    assert "Tick at least one area." in page.inner_text(".areas-shown")
    page.get_by_role("checkbox", name="Dudley", exact=True).check()
    until_cards(page, 1)
    assert asked(page, "areas=dudley")["areas"] == ["dudley"]


def test_what_cannot_be_true_is_noted_and_the_usual_is_shown(footprints):
    page = footprints("?areas=atlantis&indicator=x&show=difference&year=1066")
    notes = page.inner_text(".areas-notes")
    for words in ("no area “atlantis”", "no indicator “x”", "“difference”", "“1066” is no year"):
        assert words in notes
    until_cards(page, 5)
    page.seen.nothing_wrong()


def test_the_plan_of_the_address_is_run(footprints):
    page = footprints("?v=1&portfolio=none&areas=dudley")
    assert "do nothing in the same future" in page.inner_text(".areas-panel")
    assert "one line with doing nothing" in page.inner_text(".areas-shown")


def test_a_change_of_page_runs_nothing_anew(footprints, monkeypatch):
    page = footprints()
    compared = "#page:has(#compare-regret table):has(#compare-lines .main-svg)"
    page.click("header nav a:has-text('Compare')")
    page.wait_for_selector(compared, timeout=SLOW)
    made = []
    monkeypatch.setattr(runs, "_indicators", made.append)
    for name, picture in (("Footprints", SMALL), ("Compare", compared)):
        page.click(f"header nav a:has-text('{name}')")
        page.wait_for_selector(picture, timeout=SLOW)
    assert made == []
