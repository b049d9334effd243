"""A stored ensemble on the page, in a browser."""

from __future__ import annotations

from dudley_sd.ensembles.statistics import bands
from dudley_sd.indicators import ANSWERED
from dudley_sd.text import in_words, number
from tests.dashboard.conftest import axe_violations
from tests.dashboard.waiting import until


def test_a_stored_ensemble_is_chosen_and_shown(page_at, offered, small):
    assert offered.is_dir()
    page = page_at("/uncertainty?members=500&threshold=5")
    page.click("#uncertainty-stored")
    page.get_by_role("option", name="Stored: plan").click()
    until(page, "location.search.includes('stored=plan')")
    page.locator("#uncertainty-about", has_text="200 runs, seed 7").wait_for(timeout=240_000)
    page.wait_for_selector("#uncertainty-crossing-chart .main-svg")
    value = float(bands(small.plan["gp_gap"].isel(year=-1), [0.5])[0])
    middle = in_words(number(value, ANSWERED["gp_gap"]), ANSWERED["gp_gap"])
    page.locator("#uncertainty-range", has_text=f"the median is {middle}").wait_for()
    assert page.locator("#uncertainty-seed").count() == 0
    assert axe_violations(page) == []
    page.reload()
    page.locator("#uncertainty-about", has_text="200 runs, seed 7").wait_for(timeout=240_000)
    assert page.input_value("#uncertainty-threshold") == "5"
    page.seen.nothing_wrong()
