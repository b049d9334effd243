"""The compare page as a reader uses it, in a real browser."""

from __future__ import annotations

import zipfile
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from dudley_dashboard.pages.compare.data import CompareQuery, regrets
from dudley_dashboard.pages.compare.text import level_with_first
from dudley_dashboard.runs import with_bands

from dudley_sd.indicators import COMPARED
from dudley_sd.request import Request
from dudley_sd.results.band import headline_value
from dudley_sd.text import number
from tests.dashboard.conftest import axe_everywhere
from tests.dashboard.waiting import until, until_held

LINES = "#compare-lines .main-svg"
SLOW = 180_000
"""Milliseconds that the first run of an area may take where nothing is compiled yet."""


@pytest.fixture
def compare(page_at):
    """Open the page and wait for its numbers."""

    def open_page(search: str = "", **more):
        page = page_at(f"/compare{search}", **more)
        page.wait_for_selector(LINES, timeout=SLOW)
        page.wait_for_selector("#compare-regret table", timeout=SLOW)
        page.wait_for_selector(".compare-single", state="detached", timeout=SLOW)
        return page

    return open_page


def heads(page) -> list[str]:
    return page.locator("#compare-table thead .compare-title").all_inner_texts()


def asked(page, holding: str = "") -> dict[str, list[str]]:
    """Keys of the address, when it holds something: it follows what is drawn a moment later."""
    until(page, "text => decodeURIComponent(location.search).includes(text)", arg=holding)
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.drawn
def test_axe_finds_nothing_with_everything_drawn(compare):
    page = compare("?pin=Mine~portfolio:none&show=difference&review=all")
    for summary in page.locator("#page summary").all():
        summary.click()
    assert axe_everywhere(page) == []
    page.seen.nothing_wrong()


def test_ticks_move_table_chart_and_address_and_a_reload_shows_the_same(compare):
    page = compare()
    assert heads(page) == [
        "Do nothing",
        "Your plan",
        "Community Resilience",
        "Corporate Rules",
        "State Supreme",
    ]
    page.get_by_label("State Supreme").uncheck()
    until(page, "document.querySelectorAll('#compare-table thead .compare-title').length === 4")
    assert asked(page, "futures=")["futures"] == [
        "official_future",
        "community_resilience",
        "corporate_rules",
    ]
    until(page, "document.querySelector('#compare-status').textContent.includes('4 runs beside each other')")
    page.reload()
    page.wait_for_selector(LINES)
    assert heads(page) == ["Do nothing", "Your plan", "Community Resilience", "Corporate Rules"]
    page.get_by_label("State Supreme").check()
    until(page, "document.querySelectorAll('#compare-table thead .compare-title').length === 5")
    until(page, "!location.search.includes('futures')")
    page.seen.nothing_wrong()


def test_a_table_that_came_with_the_page_is_not_drawn_a_second_time(compare):
    compare()  # from here on this area is ready
    watched = """new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes)
            if (node.querySelector?.('#compare-table table') || node.closest?.('#compare-table table'))
                window.tables = (window.tables ?? 0) + 1;
    }).observe(document, { childList: true, subtree: true });"""
    page = compare(before=lambda page: page.add_init_script(watched), alone=True)
    assert page.evaluate("window.tables") == 1
    page.get_by_label("State Supreme").uncheck()
    until(page, "window.tables > 1")


def test_the_page_follows_view_and_review_point_by_keyboard(compare):
    """A review point moves table, lines and regret; a view moves the table."""
    page = compare()
    cell = page.locator("#compare-table tbody tr").nth(1).locator("td").nth(1)
    old = headline_value(with_bands(Request())[1], "people_75_and_over").sel(year=2033).item()
    assert cell.inner_text().splitlines()[0] == number(old, COMPARED["people_75_and_over"])
    page.locator("#compare-review").get_by_role("radio", name="2033").focus()
    page.keyboard.press("ArrowLeft")
    until(page, "document.querySelector('#compare-table caption').textContent.includes('2028:')")
    assert asked(page, "review=")["review"] == ["2028"]
    until(page, "document.querySelector('.compare-key-box .unit').textContent.includes('in 2028')")
    until(page, "document.querySelector('.compare-finding').textContent.includes('in 2028')")
    assert "Regret in 2028" in page.inner_text("#compare-regret caption >> nth=0")
    page.locator("#compare-show").get_by_text("Change since 2018").click()
    until(page, "document.querySelector('#compare-table caption').textContent.includes('change')")
    people = page.locator("#compare-table tbody tr").nth(1).locator("td").first
    assert people.inner_text().startswith("+")
    assert asked(page, "show=change")["show"] == ["change"]


def test_differences_and_regret_are_as_the_reader_chooses(compare):
    """From whom the differences are, and by which indicator the regret is."""
    page = compare("?show=difference")
    own = page.locator("#compare-table tbody tr", has_text="Beds needed").locator("td")
    assert own.first.inner_text() == "0"
    page.locator("#compare-against").click()
    page.get_by_role("option", name="E State Supreme").click()
    until(page, "document.querySelector('#compare-table caption').textContent.includes('from E')")
    assert own.nth(4).inner_text() == "0"
    assert asked(page, "against=")["against"] == ["state_supreme.as_evidenced.as_now"]
    before = page.inner_text(".compare-finding")
    assert "Balance of the system" in before and "Next come" in before
    page.locator("#compare-judge").click()
    page.get_by_role("option", name="GP gap").click()
    until(page, "document.querySelector('.compare-finding').textContent.includes('GP gap')")
    assert asked(page, "judge=")["judge"] == ["gp_gap"]
    worst = regrets(CompareQuery.default(Request())).by("gp_gap")
    best = level_with_first(worst, COMPARED["gp_gap"])["portfolio"]
    marked = page.locator("#compare-regret .regret-table tr", has=page.locator(".regret-least"))
    assert sorted(text.splitlines()[0] for text in marked.all_inner_texts()) == sorted(best)


def test_pin_open_in_explore_come_back_and_unpin(compare):
    page = compare("?v=1&portfolio=none&scenario=state_supreme")
    page.fill("#compare-pin-name", "Do nothing")
    until_held(page, "compare-pin-name", "Do nothing")
    page.click("#compare-pin")
    until(page, "location.search.includes('pin=')")
    assert asked(page)["pin"] == ["Do nothing~scenario:state_supreme~portfolio:none"]
    page.wait_for_selector("#compare-pin-list li")
    assert "Pinned as “Do nothing”" in page.inner_text("#compare-pin-status")
    page.click("#compare-pin-list a")
    page.wait_for_selector("#page h1:has-text('Compare')", state="detached", timeout=SLOW)
    assert urlsplit(page.url).path == "/dudley/"
    assert asked(page, "scenario=")["scenario"] == ["state_supreme"]
    assert asked(page)["pin"] == ["Do nothing~scenario:state_supreme~portfolio:none"]
    page.go_back()
    page.wait_for_selector("#compare-pin-list li", timeout=SLOW)
    page.click("#compare-pin-list button")
    page.wait_for_selector("#compare-pin-list li", state="detached")
    until(page, "!location.search.includes('pin=')")
    page.seen.nothing_wrong()


def test_a_link_shows_another_reader_the_same(compare):
    search = (
        "?v=1&set=coverage[MDT]:0.1&futures=corporate_rules&indicator=system_balance&pin=Mine~portfolio:none"
    )
    page = compare(search)
    assert heads(page) == ["Do nothing", "Your plan", "Mine", "Corporate Rules"]
    assert "1 lever moved" in page.inner_text("#compare-table thead")
    assert "Balance of the system" in page.inner_text("#compare-chart h3")
    assert "Mine" not in page.inner_text("#compare-left-out")


def test_the_file_that_is_downloaded_holds_the_table_and_says_what_made_it(compare):
    page = compare("?indicator=system_balance")
    for title in ("Community Resilience", "Corporate Rules"):
        page.get_by_label(title, exact=True).uncheck()
    until(page, "document.querySelectorAll('#compare-table thead .compare-title').length === 3")
    until(page, "location.search.includes('futures=state_supreme')")
    until(page, "!/corporate_rules|community_resilience/.test(location.search)")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Numbers as CSV").click()
    assert waiting.value.suggested_filename == "dudley_compare.zip"
    archive = zipfile.ZipFile(waiting.value.path())
    told = archive.read("read_me.txt").decode()
    assert "A model, not a forecast" in told
    assert "Run C\n  State Supreme, As evidenced" in told
    assert urlsplit(page.url)._replace(scheme="", netloc="").geturl() in told
    rows = pd.read_csv(archive.open("numbers.csv"))
    assert list(dict.fromkeys(rows["future"])) == ["Official Future", "State Supreme"]
    last = rows[(rows["indicator"] == "People 75 and over") & (rows["year"] == 2033)]
    shown = page.locator("#compare-table tbody tr").nth(1).locator("td").all_inner_texts()[1:]
    assert [f"{round(value, -2):,.0f}" for value in last["value"]] == [cell.splitlines()[0] for cell in shown]
    assert "The file is saved." in page.inner_text(".numbers-told")
    page.seen.nothing_wrong()


def test_levers_on_the_outside_world_are_said_and_are_in_every_run_beside_the_plan(compare):
    page = compare("?v=1&scenario=state_supreme&set=GDP growth:0.01")
    assert "moved in the same way in every run beside it" in page.inner_text(".compare > .compare-note")
    assert heads(page)[:3] == ["Do nothing", "Your plan", "Reference case"]
    moved = page.locator("#compare-table thead small", has_text="1 lever moved").count()
    assert moved == len(heads(page)) - 1


def test_what_cannot_be_true_is_noted_and_nothing_breaks(compare):
    page = compare(
        "?futures=atlantis&show=<b>&pin=Bad~set:nothing:1&indicator=x&review=1999&judge=y&against=z"
    )
    notes = page.locator(".compare-notes").first.inner_text()
    for words in (
        "no future “atlantis”",
        "no way to show",
        "no indicator “x”",
        "“1999”",
        "Pinned plan “Bad”",
    ):
        assert words in notes
    page.seen.nothing_wrong()
