"""Regret on the compare page: numbers, sentences and tables, from real runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dudley_dashboard.address import Pin, pin_text
from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.names import world_text
from dudley_dashboard.pages.compare.charts import regret_rows
from dudley_dashboard.pages.compare.data import CompareQuery, labels_of, options_of, regrets
from dudley_dashboard.pages.compare.text import (
    against_nothing,
    finding,
    is_nothing,
    least_by_indicator,
    level_with_first,
    regret_by_future,
)
from dudley_dashboard.runs import indicators_of

from dudley_sd.indicators import COMPARED, JUDGED
from dudley_sd.request import Request
from dudley_sd.results.band import MEDIAN
from tests.dashboard.command_line import comparison, statistics
from tests.dashboard.reading import rows_of

WORLD = Request("corporate_rules", "as_evidenced", settings={"GDP growth": 0.005, "coverage[MDT]": 0.3})


@pytest.fixture(scope="module")
def found():
    return regrets(CompareQuery.default(Request()))


def test_regret_is_that_of_the_command_line(found):
    titles = comparison().titles["portfolio"] | {"none": "Do nothing"}
    numbers = ["value", "best", "regret", "regret_low", "regret_high"]
    keys = ["indicator", "scenario", "portfolio"]
    wanted, ours = (each.regret.set_index(keys)[numbers].sort_index() for each in (comparison(), found))
    wanted = wanted.rename(titles, level="portfolio").sort_index()
    assert list(ours.index) == list(wanted.index)
    np.testing.assert_allclose(ours, wanted, rtol=1e-9, atol=1e-6)
    keys = ["indicator", "portfolio"]
    wanted, ours = (each.worst.set_index(keys) for each in (comparison(), found))
    wanted = wanted.rename(titles, level="portfolio").loc[ours.index]
    np.testing.assert_allclose(ours[numbers[2:]], wanted[numbers[2:]], rtol=1e-9, atol=1e-6)
    assert (ours["least_at_worst"] == wanted["least_at_worst"]).all()


@pytest.mark.parametrize("judge", list(JUDGED))
def test_the_sentence_names_the_least_bad_and_the_runner_up(found, judge):
    indicator, worst = COMPARED[judge], found.by(judge)
    text = finding(found, judge)
    if len(worst) < 2:
        assert text == f"By “{indicator.title}” there are not two portfolios to judge between."
        return
    first = level_with_first(worst, indicator)
    before, _, after = text.partition(" Next come")
    assert all(f"“{name}”" in before for name in first["portfolio"])
    assert ("they tie, less than" in before) == (len(first) > 1)
    rest = worst.iloc[len(first) :]
    assert bool(after) == (not rest.empty)
    if not rest.empty:
        second = level_with_first(rest, indicator)
        assert all(f"“{name}”" in after for name in second["portfolio"])
        assert ("which tie (less than" in after) == (len(second) > 1)


def test_options_that_are_written_alike_are_said_to_tie(found):
    """As evidenced, and the same as a pinned plan."""
    twice = found.worst[found.worst["portfolio"] == "As evidenced"].assign(portfolio="Again")
    alike = replace(found, worst=pd.concat([found.worst, twice]))
    rows = {
        row[0].removesuffix(" your plan"): row[-1]
        for row in rows_of(regret_by_future(found, "system_balance"))
    }
    text = finding(alike, "system_balance")
    assert f"“As evidenced” and “Again” tie too, at {rows['As evidenced']} (less than £1m" in text or (
        "“As evidenced” and “Again”, which tie (less than £1m apart)" in text
    )


def test_regret_tables_mark_the_least_at_worst(found):
    rows = rows_of(regret_by_future(found, "gp_gap"))
    best = level_with_first(found.by("gp_gap"), COMPARED["gp_gap"])["portfolio"]
    ticked = [name for name in best for row in rows if row[0].startswith(name) and "✓" in row[-1]]
    assert sorted(ticked) == sorted(best)
    assert sum("✓" in row[-1] for row in rows) == len(best)
    assert len(rows_of(least_by_indicator(found))) == 1 + found.worst["indicator"].nunique()


def test_pins_and_a_changed_plan_are_judged_beside_the_portfolios():
    plan = Request(settings={"coverage[MDT]": 0.1})
    pins = (
        pin_text(Pin("Mine", Request(settings={"coverage[MDT]": 0.2}))),
        "Same",
        "There~footprint:walsall",
    )
    options, notes = options_of(CompareQuery.read(plan, {"pin": pins})[0])
    assert list(options)[-2:] == ["Your plan", "Mine"]
    assert notes == ["“There” is of another area and is not judged here."]


def test_every_option_of_the_regret_has_the_outside_world_of_the_plan():
    """Do nothing, as it is judged, is do nothing beside the plan: only decisions differ."""
    pins = (pin_text(Pin("Mine", Request(settings={"GDP growth": 0.03, "ring fence": 1.0}))),)
    choices, _ = CompareQuery.read(WORLD, {"pin": pins})
    options, notes = options_of(choices)
    assert options["Do nothing"] == WORLD.do_nothing()
    assert options["Your plan"] == WORLD
    assert {plan.values["GDP growth"] for plan in options.values()} == {0.005}
    assert notes == ["“Mine” is judged in the outside world of your plan, not in its own."]
    found = regrets(choices)
    rows = found.ends.reset_index().set_index(["portfolio", "indicator", "scenario"])["index"]
    for indicator in JUDGED:
        wanted = float(indicators_of(WORLD.do_nothing())[indicator].sel(scenario=WORLD.scenario, year=2033))
        mine = found.runs[rows["Do nothing", indicator, WORLD.scenario], 0]
        assert mine == pytest.approx(wanted, rel=1e-9, nan_ok=True)
    apart = float(indicators_of(WORLD.reference_case())["system_balance"].sel(year=2033).item())
    single = found.runs[rows["Do nothing", "system_balance", "official_future"], 0]
    assert single != pytest.approx(apart, rel=1e-6)


@pytest.mark.parametrize("judge", list(JUDGED))
def test_it_is_said_where_do_nothing_ends_better(found, judge):
    told = against_nothing(found, judge)
    titles = {key: each.title for key, each in catalogue().portfolios.items() if key != "none"}
    for key, title in titles.items():
        lost = 0
        for scenario in catalogue().futures:
            apart = statistics().loc[MEDIAN, scenario, key, 2033, judge]["from_do_nothing"]
            loss = apart * (-1 if JUDGED[judge].better == "high" else 1)
            lost += loss > 0 and not is_nothing(loss, COMPARED[judge])
        start = f"Doing nothing ends better than “{title}” in "
        said = [text for text in told if text.startswith(start)]
        assert len(said) == (lost > 0)
        assert all(text.startswith(f"{start}{lost} of 4 futures: ") for text in said)


def test_regret_in_the_file_is_that_of_the_page(found):
    rows = regret_rows(found)
    assert len(rows) == len(found.regret)
    scale = found.regret["indicator"].map(lambda key: COMPARED[key].scale)
    assert rows["regret"].tolist() == pytest.approx((found.regret["regret"] / scale).tolist(), rel=1e-12)


def test_cases_beside_a_plan_have_its_outside_world_and_the_reference_case_has_none():
    cases, _ = labels_of(CompareQuery.read(WORLD, {"portfolios": ("none", "as_evidenced")})[0])
    by_key = {case.key: case.request for case in cases}
    assert by_key["reference_case"] == WORLD.reference_case()
    assert by_key["reference_case"].values == {}
    assert by_key["do_nothing"] == WORLD.do_nothing()
    assert by_key["plan"] == WORLD
    for key, plan in by_key.items():
        if key.count(".") == 2:
            assert plan.values == {"GDP growth": 0.005}
    assert "in every run beside it" in world_text(WORLD)
    assert world_text(Request(settings={"coverage[MDT]": 0.3})) == ""
