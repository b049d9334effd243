"""How far runs spread about the tiles of Explore: asked for once a plan stands still, shown, and led to."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard import create_app
from dashboard.bands import spread
from dashboard.pages.uncertainty.asked import Asked
from dashboard.pages.uncertainty.work import work_out
from dashboard.plan import Plan
from tests.dashboard.explore_page import MDT, READY, drawn, set_box, tile
from tests.dashboard.waiting import until

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
    lost = np.sort(answer.plan["unlanded_share"].isel(year=-1))
    assert found["landed"][2] == pytest.approx(1 - np.quantile(lost, 0.1))
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


def test_the_runs_of_a_total_are_asked_for(shared_folder):
    assert shared_folder.exists()  # a cache of this session's own
    client = create_app().server.test_client()
    reply = client.post("/api/bands", json={"visitor": VISITOR, "search": "?footprint=black_country"})
    assert reply.get_json()["kind"] in ("working", "done")
    client.post("/api/bands", json={"visitor": VISITOR, "leave": True})


def test_a_tile_says_how_far_runs_spread_and_leads_to_them(page_at):
    page = page_at("/?set=coverage[MDT]:0.4", ready=READY)
    assert page.inner_text(RUNS).startswith("Range of runs: not worked out yet.")
    until(page, DONE)
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
    page.on("request", lambda request: sent.append(request.post_data) if "api/bands" in request.url else None)
    slider = page.locator(f"{MDT} .explore-range")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 15)
    page.mouse.down()
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
    set_box(page, "coverage[MDT]", "77")
    drawn(page, "coverage[MDT]:0.77")
    assert page.inner_text(RUNS).startswith("Range of runs: not worked out yet.")


def test_a_hidden_answer_hides_its_runs(page_at):
    page = page_at("/", ready=READY)
    until(page, DONE)
    page.click("#explore-predict")
    page.select_option("#explore-portfolio", "none")
    drawn(page, "portfolio=none")
    assert tile(page, "gp_gap") == "?"
    page.wait_for_timeout(2500)
    assert "runs" not in page.inner_text(RUNS)
