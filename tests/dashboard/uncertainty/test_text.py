"""What the page says of doubt: each sentence is worked out, and says no more than the runs do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dudley_dashboard.pages.uncertainty import text
from dudley_dashboard.pages.uncertainty.charts import ASSUMED, tornado_chart
from dudley_dashboard.pages.uncertainty.ensemble import assumptions, harmful_numbers, pulls, strongest
from dudley_dashboard.pages.uncertainty.tables import tornado_table
from dudley_dashboard.runs import run

from dudley_sd.indicators import ANSWERED
from dudley_sd.request import Request

GAP, OCCUPANCY, BALANCE = (ANSWERED[key] for key in ("gp_gap", "occupancy", "system_balance"))


def test_the_other_end_of_a_number_is_do_nothing_with_that_number(small):
    row = small.swings[small.swings["variable"] == "gp_gap"].sort_values("place").iloc[0]
    known = {each["name"]: each for each in small.about["parameters"]}[row["parameter"]]
    for end in ("low", "high"):
        plan = Request(settings={row["parameter"]: known[end]}).do_nothing()
        other = run(plan)["gp_gap"].isel(scenario=0, year=-1).item()
        assert row[f"against_at_{end}"] == pytest.approx(other, rel=1e-9)


def test_where_the_central_run_lies_is_counted(small):
    said = text.central_sentence(small, GAP)
    last = small.plan["gp_gap"].isel(year=-1)
    central = run(Request())["gp_gap"].isel(scenario=0, year=-1).item()
    assert f"It lies above {round(100 * float((last < central).mean()))} in 100 runs." in said
    assert f"ends at {round(central)} GPs short" in said
    down, up = pulls(small, GAP)
    assert up > text.LOPSIDED * down
    assert f"pull it {up / down:.1f} times as far up as down" in said


def test_a_sign_is_told_in_words_with_its_share(small):
    enough = replace(small, plan=small.plan.assign(gp_gap=small.plan["gp_gap"] - 50))
    last = enough.plan["gp_gap"].isel(year=-1)
    said = text.below_zero_sentence(enough, GAP)
    assert f"{round(100 * float((last < 0).mean()))} in 100 runs of your plan" in said
    assert said.endswith(f"{-round(float(last.median()))} more GPs than needed.")
    assert text.below_zero_sentence(small, OCCUPANCY) == ""
    assert text.below_zero_sentence(small, GAP) == ""


def test_ranges_that_allow_no_harm_are_said_to_and_others_are_not(small):
    assert harmful_numbers(small, GAP) == []
    assert "the ranges hardly allow harm" in text.harm_sentence(small, GAP)
    found = harmful_numbers(small, BALANCE)
    table = small.swings[small.swings["variable"] == "system_balance"].set_index("parameter")
    gains = np.minimum(table["at_low"] - table["against_at_low"], table["at_high"] - table["against_at_high"])
    assert set(found) == set(gains.index[gains < -1e-6])
    assert text.harm_sentence(small, BALANCE) == ""


def test_assumptions_among_the_strongest_are_counted_and_marked(small):
    status = {each["name"]: each["status"] for each in small.about["parameters"]}
    for indicator in (GAP, BALANCE):
        table = strongest(small, indicator)
        count = sum(status[name] == "assumption" for name in table["parameter"])
        assert text.assumptions_sentence(small, indicator).startswith(
            f"{'All' if count == 10 else count} of these 10 numbers"
        )
        labels = [note.text for note in tornado_chart(small, indicator).layout.annotations]
        assert sum(label.endswith(ASSUMED) for label in labels) == count
        assert str(tornado_table(small, indicator)).count("assumption") == count
    assert assumptions(small) == {name for name, each in status.items() if each == "assumption"}
