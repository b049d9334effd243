"""Median and 8 in 10 runs on Explore: asked for once a plan stands still, shown, and led to."""

from __future__ import annotations

import time

import pytest
from dudley_dashboard import api as module
from dudley_dashboard import runs
from dudley_dashboard.api import look
from dudley_dashboard.app import create_app
from dudley_dashboard.pages.uncertainty.data import EnsembleQuery, run_ensembles
from dudley_dashboard.runs import Store

from dudley_sd.ensembles.statistics import bands
from dudley_sd.request import Request
from tests.dashboard.explore_page import MDT, READY, drawn, set_box, tile
from tests.dashboard.waiting import until

LONG = 240_000
"""Milliseconds in which many runs are made on a machine that does other things."""

RUNS = '[data-tile="gp_gap"] .explore-runs'
DONE = f"document.querySelector({RUNS!r}).innerText.startsWith('Median. 8 in 10 runs: ')"
PLAN = Request("state_supreme", contract="dudley_mcp")


def test_numbers_are_those_of_the_page_on_uncertainty_to_the_digit():
    found = look(PLAN.address())
    answer = run_ensembles(EnsembleQuery(PLAN), lambda *_: None)
    assert found["members"] == answer.members
    for tile_, indicator in (
        ("gp_gap", "gp_gap"),
        ("occupancy", "pressure_on_beds"),
        ("shortfall", "system_shortfall"),
    ):
        last, other = (runs[indicator].isel(year=-1) for runs in (answer.plan, answer.nothing))
        for values, kind in ((last, "run"), (last - other, "difference")):
            low, middle, high = bands(values).to_numpy()
            assert found["tiles"][tile_][kind] == [middle, low, high]
    assert found["tiles"]["landed"]["difference"] is None
    assert found["lines"]["gp_gap"]["median"][-1] == found["tiles"]["gp_gap"]["run"][0]


def test_do_nothing_has_no_difference_and_a_total_has_its_band():
    found = look("?portfolio=none")
    assert all(each["difference"] is None for each in found["tiles"].values())
    total = look("?footprint=black_country")
    for key in ("gp_gap", "shortfall"):
        median, low, high = total["tiles"][key]["run"]
        assert low < median < high


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ({"searches": [5]}, 400, "An address is text."),
        ([1, 2], 400, "Send the address of one plan: {searches: [...]}."),
        ({"searches": ["x" * 20_000]}, 413, "The plan is too long."),
    ],
)
def test_requests_that_cannot_be_answered_are_told_so(content, status, words):
    reply = create_app().server.test_client().post("/api/bands", json=content)
    assert (reply.status_code, reply.get_json()["error"]) == (status, words)


def test_nobody_waits_for_a_compiler(monkeypatch):
    """An area that this process has not compiled is compiled meanwhile; the answer says to ask again."""
    monkeypatch.setattr(runs, "COMPILED", Store(runs._compile))
    client = create_app().server.test_client()
    reply = client.post("/api/bands", json={"searches": [""]})
    assert (reply.status_code, reply.headers["Retry-After"], reply.get_json()) == (
        202,
        "1",
        {"kind": "working"},
    )
    end = time.monotonic() + 240
    while reply.get_json()["kind"] == "working" and time.monotonic() < end:
        time.sleep(0.2)
        reply = client.post("/api/bands", json={"searches": [""]})
    assert (reply.status_code, reply.get_json()["kind"]) == (200, "done")


def test_a_fault_is_told_and_logged(monkeypatch, caplog):
    def broken(*_, **__):
        raise PermissionError("a secret place")

    monkeypatch.setattr(module, "with_bands", broken)
    told = look("")
    assert told["kind"] == "failed"
    assert "PermissionError" in told["words"]
    assert "secret" not in told["words"]
    assert "a secret place" in caplog.text


def held_back(page) -> list:
    """Hold back what is asked of many runs from now on."""
    held: list = []
    page.route("**/api/bands", lambda route: held.append(route))
    return held


def test_a_tile_shows_the_median_and_leads_to_the_runs(page_at):
    held: list = []
    page = page_at("/?set=coverage[MDT]:0.4", ready=READY, before=lambda page: held.append(held_back(page)))
    assert page.inner_text(RUNS).startswith("Single run at central values. Median: ")
    single = tile(page, "gp_gap")
    until(page, f"document.querySelector({RUNS!r}).innerText.includes('being worked out')")
    for route in held[0]:
        route.continue_()
    page.unroute("**/api/bands")
    until(page, DONE, timeout=LONG)
    words = page.inner_text(RUNS)
    assert f"Single run at central values: {single} short" in words
    assert page.locator(".explore-svg.most .explore-median").count() >= 4
    assert "median, and 8 in 10 runs" in page.inner_text(".explore-key")
    median = tile(page, "gp_gap")
    address = page.get_attribute('[data-tile="occupancy"] .explore-runs a', "href")
    assert address == "/dudley/uncertainty?set=coverage[MDT]:0.4&indicator=pressure_on_beds"
    page.click(f"{RUNS} a")
    page.wait_for_selector("#uncertainty-fan")
    assert "coverage[MDT]:0.4" in page.url
    assert f"the median is {median}" in page.inner_text("#uncertainty-range").replace("−", "")
    page.seen.nothing_wrong()


def test_while_a_thumb_moves_the_single_run_shows_and_nothing_is_asked(page_at):
    page = page_at("/", ready=READY)
    until(page, DONE, timeout=LONG)
    sent = []
    slider = page.locator(f"{MDT} .explore-range")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 15)
    until(page, f"document.querySelector({RUNS!r}).innerText.startsWith('Single run at central values.')")
    assert "Before your change, median: " in page.inner_text(".explore-old >> nth=0")
    assert page.locator(".explore-svg.most").count() == 0
    page.on("request", lambda request: sent.append(request.post_data) if "api/bands" in request.url else None)
    page.wait_for_timeout(1800)
    assert sent == []
    page.mouse.up()
    drawn(page, "coverage[MDT]")
    until(page, DONE, timeout=LONG)
    assert len(sent) == 1


def test_one_that_failed_is_asked_for_again_when_the_plan_comes_back(page_at):
    answers, sent = [{"kind": "failed", "words": "It broke."}], []

    def answer(route):
        sent.extend(route.request.post_data_json["searches"])
        route.fulfill(json=answers[0])

    page = page_at("/", ready=READY, before=lambda page: page.route("**/api/bands", answer))
    until(page, f"document.querySelector({RUNS!r}).innerText.includes('could not be worked out')")
    assert page.get_attribute(f"{RUNS} span", "title") == "It broke."
    page.wait_for_timeout(1500)
    assert len(sent) == 1
    set_box(page, "coverage[MDT]", "77")
    drawn(page, "coverage[MDT]:0.77")
    page.unroute("**/api/bands")
    page.click("#explore-undo")
    until(page, DONE, timeout=LONG)


def test_a_hidden_answer_hides_its_runs(page_at):
    page = page_at("/", ready=READY)
    until(page, DONE, timeout=LONG)
    page.click("#explore-predict")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert tile(page, "gp_gap") == "?"
    page.wait_for_timeout(1500)
    assert "runs" not in page.inner_text(RUNS)
