"""How far runs spread about the tiles of Explore: asked for once a plan stands still, shown, and led to."""

from __future__ import annotations

import time

import numpy as np
import pytest

from dashboard import bands as module
from dashboard import create_app
from dashboard.bands import look, spread
from dashboard.pages.uncertainty import jobs as jobs_module
from dashboard.pages.uncertainty.asked import Asked
from dashboard.pages.uncertainty.jobs import Jobs, key_of
from dashboard.pages.uncertainty.work import work_out
from dashboard.plan import Plan
from tests.dashboard.explore_page import MDT, READY, drawn, set_box, tile
from tests.dashboard.waiting import until, until_so

LONG = 240_000
"""Milliseconds in which many runs are made on a machine that does other things."""

VISITOR = "0123456789abcdef" * 2
RUNS = '[data-tile="gp_gap"] .explore-runs'
DONE = f"document.querySelector({RUNS!r}).innerText.startsWith('8 in 10 runs: ')"


@pytest.fixture(scope="module")
def answer():
    return work_out(Asked(members=200, seed=3), lambda *_: None)


def test_bands_are_those_of_the_runs_in_the_last_year(answer):
    found = spread(answer)
    gaps = np.sort(answer.plan["gp_gap"].isel(year=-1))
    low, middle, high = found["gp_gap"]
    assert ((gaps < low).mean(), (gaps > high).mean()) == pytest.approx((0.1, 0.1), abs=0.005)
    assert (gaps < middle).mean() == pytest.approx(0.5, abs=0.005)
    landed = np.sort(answer.plan["landed_share"].isel(year=-1))
    assert found["landed"][2] == pytest.approx(np.quantile(landed, 0.9))
    gain = (answer.plan["system_balance"] - answer.nothing["system_balance"]).isel(year=-1)
    assert found["paid"] == pytest.approx(float((gain >= -0.5).mean()))
    assert found["commissioner"][0] < found["commissioner"][1] < found["commissioner"][2]


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        ({"visitor": VISITOR, "leave": True}, 200, "left"),
        ({"visitor": "../../etc/passwd", "search": ""}, 400, "failed"),
        ({"visitor": VISITOR, "search": 5}, 400, "failed"),
        ([1, 2], 400, "failed"),
        ({"visitor": VISITOR, "search": "x" * 20_000}, 413, "failed"),
    ],
)
def test_requests_that_cannot_be_answered_are_told_so(content, status, kind):
    reply = create_app().server.test_client().post("/api/bands", json=content)
    assert (reply.status_code, reply.get_json()["kind"]) == (status, kind)


def test_a_total_of_areas_has_its_spread_too(answer):
    total = spread(work_out(Asked(Plan(footprint="black_country"), members=64, seed=3), lambda *_: None))
    assert set(total) == set(spread(answer))
    assert total["gp_gap"][2] - total["gp_gap"][0] > spread(answer)["gp_gap"][2] - spread(answer)["gp_gap"][0]


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """Jobs in a folder of their own, and small ensembles."""
    kept = Jobs(tmp_path)
    monkeypatch.setattr(module, "all_jobs", lambda: kept)
    monkeypatch.setattr(jobs_module, "all_jobs", lambda: kept)
    monkeypatch.setattr(module, "Asked", lambda plan: Asked(plan, members=16))
    module._spread.cache_clear()
    yield kept
    module._spread.cache_clear()


def settled(search: str) -> dict:
    """Ask as a browser does, until it is no longer being worked out."""
    end = time.monotonic() + 90
    while (found := look(search, VISITOR))["kind"] == "working" and time.monotonic() < end:
        time.sleep(0.1)
    return found


@pytest.mark.usefixtures("jobs")
def test_the_runs_of_a_total_are_made_when_asked_for():
    found = settled("?footprint=black_country")
    low, middle, high = found["gp_gap"]
    assert (found["kind"], found["members"]) == ("done", 16)
    assert low < middle < high


def test_an_answer_that_was_damaged_is_made_again_and_a_fault_is_told_and_logged(jobs, monkeypatch, caplog):
    assert settled("")["kind"] == "done"
    jobs.answer_file(key_of(Asked(members=16))).write_bytes(b"damaged")
    module._spread.cache_clear()
    jobs_module._loaded.cache_clear()
    assert look("", VISITOR)["kind"] == "working"
    assert settled("")["kind"] == "done"

    def broken(*_, **__):
        raise PermissionError("a secret place")

    monkeypatch.setattr(jobs, "look", broken)
    told = look("", VISITOR)
    assert told["kind"] == "failed"
    assert "PermissionError" in told["words"]
    assert "secret" not in told["words"]
    assert "a secret place" in caplog.text


def held_back(page) -> list:
    """Hold back what is asked of many runs from now on; let pass that nobody waits any more."""
    held: list = []

    def hold(route):
        if route.request.post_data_json.get("leave"):
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/bands", hold)
    return held


def test_a_tile_says_how_far_runs_spread_and_leads_to_them(page_at):
    held: list = []
    page = page_at("/?set=coverage[MDT]:0.4", ready=READY, before=lambda page: held.append(held_back(page)))
    assert page.inner_text(RUNS).startswith("Range of runs: not worked out yet.")
    page.unroute("**/api/bands")
    for route in held[0]:
        route.continue_()
    until(page, DONE, timeout=LONG)
    low, high = page.inner_text(RUNS).removeprefix("8 in 10 runs: ").split(";")[0].split(" to ")
    assert int(low.split()[0]) > 0
    assert int(high.split()[0]) > 0
    address = page.get_attribute('[data-tile="occupancy"] .explore-runs a', "href")
    assert address == "/dudley/uncertainty?set=coverage[MDT]:0.4&measure=occupancy"
    page.click(f"{RUNS} a")
    page.wait_for_selector("#uncertainty-fan")
    assert "coverage[MDT]:0.4" in page.url
    words = page.inner_text("#uncertainty-range")
    assert f"{high.split()[0]}" in words
    page.seen.nothing_wrong()


def test_nothing_is_asked_while_a_thumb_moves_and_what_was_asked_is_given_up(page_at):
    page = page_at("/", ready=READY)
    sent = []
    slider = page.locator(f"{MDT} .explore-range")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 15)
    line = "document.querySelector('.explore-line.plan').getAttribute('d')"
    before = page.evaluate(line)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 15)
    until(page, f"before => {line} !== before", arg=before)  # what stood still before is given up
    page.on("request", lambda request: sent.append(request.post_data) if "api/bands" in request.url else None)
    for step in range(30):
        page.mouse.move(box["x"] + box["width"] * (0.75 - step * 0.02), box["y"] + 15)
        page.wait_for_timeout(100)
    assert sent == []
    page.wait_for_timeout(2500)
    assert sent == []
    page.mouse.up()
    drawn(page, "coverage[MDT]")
    until(page, f"!document.querySelector({RUNS!r}).innerText.includes('not worked out yet')")
    assert len(sent) >= 1
    held_back(page)
    set_box(page, "coverage[MDT]", "77")
    drawn(page, "coverage[MDT]:0.77")
    assert page.inner_text(RUNS).startswith("Range of runs: not worked out yet.")


def test_one_that_failed_is_asked_for_again_and_so_is_one_of_a_page_that_comes_back(page_at):
    answers, sent = [{"kind": "failed", "words": "It broke."}, {"kind": "working", "words": ""}], []

    def answer(route):
        if not route.request.post_data_json.get("leave"):
            sent.append(route.request.post_data_json["search"])
        route.fulfill(json=answers[0])

    page = page_at("/", ready=READY, before=lambda page: page.route("**/api/bands", answer))
    until(page, f"document.querySelector({RUNS!r}).innerText.includes('could not be worked out')")
    assert page.get_attribute(f"{RUNS} span", "title") == "It broke."
    answers.pop(0)
    set_box(page, "coverage[MDT]", "77")
    drawn(page, "coverage[MDT]:0.77")
    page.click("#explore-undo")
    until(page, "document.querySelector('#explore').dataset.drawn === ''")
    until(page, f"document.querySelector({RUNS!r}).innerText.includes('being worked out')")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.wait_for_timeout(1500)
    before = len(sent)
    page.wait_for_timeout(3000)
    assert len(sent) == before
    began = time.monotonic()
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_timeout(4500)
    until_so(page, lambda: len(sent) - before >= 2)
    assert 2 <= len(sent) - before <= 2 + (time.monotonic() - began - 2) / 0.7  # one loop, every 0.7 s


def test_an_answer_that_comes_late_starts_no_second_loop(page_at):
    """A plan is asked for, another is shown, and Undo leads back before the first answer is there."""
    held, sent = [], []

    def answer(route):
        if route.request.post_data_json.get("leave"):
            route.fulfill(json={"kind": "left"})
            return
        sent.append(route)
        if len(sent) == 1:
            held.append(route)
        else:
            route.fulfill(json={"kind": "working", "words": ""})

    page = page_at("/", ready=READY, before=lambda page: page.route("**/api/bands", answer))
    until_so(page, lambda: held)
    set_box(page, "coverage[MDT]", "77")
    drawn(page, "coverage[MDT]:0.77")
    page.click("#explore-undo")
    usual = held[0].request.post_data_json["search"]
    until_so(page, lambda: [each.request.post_data_json["search"] for each in sent].count(usual) >= 3)
    began, before = time.monotonic(), len(sent)
    held[0].fulfill(json={"kind": "working", "words": ""})
    page.wait_for_timeout(4200)
    until_so(page, lambda: len(sent) - before >= 2)
    assert 2 <= len(sent) - before <= 1 + (time.monotonic() - began) / 0.7  # one loop, every 0.7 s


def test_a_hidden_answer_hides_its_runs(page_at):
    page = page_at("/", ready=READY)
    until(page, DONE, timeout=LONG)
    page.click("#explore-predict")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert tile(page, "gp_gap") == "?"
    page.wait_for_timeout(2500)
    assert "runs" not in page.inner_text(RUNS)
