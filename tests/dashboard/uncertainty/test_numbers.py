"""What the page shows is what the package's own summaries say of the same ensemble."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dudley_dashboard.names import plain_number
from dudley_dashboard.pages.uncertainty import sections, text
from dudley_dashboard.pages.uncertainty.charts import (
    break_even_bars,
    break_even_chart,
    crossing_chart,
    fan,
    tornado_chart,
)
from dudley_dashboard.pages.uncertainty.data import ABOVE, BELOW, EnsembleQuery, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import (
    BETTER,
    SAME,
    WORSE,
    better_shares,
    break_even_shares,
    central_value,
    crossing_shares,
    default_threshold,
    strongest,
)
from dudley_dashboard.pages.uncertainty.tables import crossing_table
from dudley_dashboard.runs import run

from dudley_sd.ensembles import ranges
from dudley_sd.ensembles.summary import write_summary
from dudley_sd.indicators import ANSWERED
from dudley_sd.request import Request

GAP, OCCUPANCY, LANDED = (ANSWERED[key] for key in ("gp_gap", "occupancy", "landed_share"))


def bands_of(summary, name: str, share: float) -> pd.DataFrame:
    """Rows of the summary from mid-2018 on, where the page begins."""
    table = summary["bands"]
    kept = (table["year"] >= 2018) & (table["variable"] == name) & (table["share"] == share)
    return table[kept].sort_values("year")


@pytest.fixture(scope="module")
def summary(stores, tmp_path_factory):
    """The CSV files of ``dudley-sd summarise``, by name."""
    folder = tmp_path_factory.mktemp("summary")
    files = write_summary(
        stores / "plan.zarr", folder, stores / "base.zarr", ["gp_gap>45", "occupancy<0.95"], text.EDGES
    )
    return {path.stem: pd.read_csv(path) for path in files if path.suffix == ".csv"}


def test_bands_of_the_fan_are_those_of_the_summary(small, summary):
    table = bands_of(summary, "gp_gap", 0.5)
    traces = {trace.name: trace for trace in fan(small, GAP).data}
    np.testing.assert_allclose(traces["your plan: middle"].y, table["value"], rtol=1e-7, atol=1e-9)
    for share, name in (
        (0.1, "your plan: 8 in 10, from"),
        (0.9, "your plan: 8 in 10, to"),
        (0.25, "your plan: half, from"),
    ):
        table = bands_of(summary, "gp_gap", share)
        np.testing.assert_allclose(traces[name].y, table["value"], rtol=1e-7, atol=1e-9)


def test_a_percentage_is_drawn_in_per_cent(small, summary):
    table = bands_of(summary, "occupancy", 0.5)
    traces = {trace.name: trace for trace in fan(small, OCCUPANCY).data}
    np.testing.assert_allclose(traces["your plan: middle"].y, 100 * table["value"], rtol=1e-7)


@pytest.mark.parametrize(
    ("indicator", "threshold", "side", "text"),
    [(GAP, 45.0, ABOVE, "gp_gap>45"), (OCCUPANCY, 95.0, BELOW, "occupancy<0.95")],
)
def test_shares_beyond_a_threshold_are_those_of_the_summary(small, summary, indicator, threshold, side, text):
    table = summary["thresholds"].query("threshold == @text").sort_values("year")
    assert len(table) == 16, text
    mine = crossing_shares(small.plan[indicator.key], indicator, threshold, side)
    np.testing.assert_allclose(mine["share_in_year"], table["share_in_year"], atol=1e-9)
    np.testing.assert_allclose(mine["share_by_year"], table["share_by_year"], atol=1e-9)
    drawn = crossing_chart(small, indicator, threshold, side).data[0]
    np.testing.assert_allclose(drawn.y, 100 * table["share_in_year"], atol=1e-7)
    assert 0 < mine["share_in_year"].iloc[-1] < 1


def test_years_of_break_even_are_those_of_the_summary(small, summary):
    np.testing.assert_allclose(break_even_shares(small)["share"], summary["break_even"]["share"], atol=1e-9)
    bars = break_even_chart(break_even_bars(small)).data[0]
    assert sum(bars.y) == pytest.approx(100)
    assert bars.x[0] == "never behind"
    assert bars.x[-1] == "not by 2033"


def test_the_run_with_all_numbers_central_is_the_run_of_every_other_page(small):
    other = run(Request())["gp_gap"].isel(scenario=0, year=-1).item()
    assert central_value(small, GAP) == pytest.approx(other, rel=1e-9)


def test_the_end_of_a_bar_is_the_run_with_that_number_at_that_end(small):
    row = strongest(small, GAP).iloc[0]
    known = {each["name"]: each for each in small.about["parameters"]}[row["parameter"]]
    for end in ("low", "high"):
        other = run(Request(settings={row["parameter"]: known[end]}))["gp_gap"].isel(scenario=0, year=-1)
        assert row[f"at_{end}"] == pytest.approx(other.item(), rel=1e-9)
    low = tornado_chart(small, GAP).data[0]
    assert low.base + low.x[0] == pytest.approx(row["at_low"])


def test_ten_numbers_are_listed_the_strongest_first(small):
    table = strongest(small, GAP)
    assert len(table) == 10
    assert table["swing"].is_monotonic_decreasing


def test_a_member_has_the_same_draw_in_plan_and_do_nothing(small):
    both = (each["total_population"].isel(year=1) for each in (small.plan, small.nothing))
    assert np.corrcoef(*both)[0, 1] > 0.999


def test_better_same_and_worse_are_all_runs(small):
    shares = better_shares(small, GAP)
    np.testing.assert_allclose(shares.sum("outcome"), 1)
    plan, do_nothing = (runs["gp_gap"].sel(year=2030) for runs in (small.plan, small.nothing))
    assert shares.sel(outcome=BETTER, year=2030) == float((plan < do_nothing).mean())
    assert shares.sel(outcome=SAME, year=2030) == float((plan == do_nothing).mean())
    balance = better_shares(small, ANSWERED["system_balance"])
    plan, do_nothing = (runs["system_balance"].sel(year=2033) for runs in (small.plan, small.nothing))
    assert balance.sel(outcome=BETTER, year=2033) == float((plan > do_nothing).mean())
    assert balance.sel(outcome=WORSE, year=2033) > 0
    assert balance.sel(outcome=SAME, year=2033) == 0


def test_the_box_starts_where_the_middle_of_do_nothing_ends(small):
    middle = float(small.nothing["gp_gap"].isel(year=-1).median())
    assert default_threshold(small, GAP) == round(middle)
    assert default_threshold(small, LANDED) == pytest.approx(
        100 * float(small.plan["landed_share"].isel(year=-1).median()), abs=0.05
    )


def test_do_nothing_says_nothing_of_a_shift_that_nobody_plans(small):
    runs = small.runs(LANDED)
    assert list(runs) == ["your plan"]
    assert int(runs["your plan"]["year"][0]) == 2019
    rows = str(crossing_table(small, LANDED, 50.0, BELOW))
    assert "–" in rows
    assert len(text.range_sentences(small, LANDED)) == 1


def test_a_plan_in_which_nothing_is_decided_has_nothing_to_compare():
    answer = run_ensembles(EnsembleQuery(Request(portfolio="none"), members=16), lambda *_: None)
    assert answer.nothing is None
    assert sections.NOTHING_DECIDED in str(sections.money_part(answer))
    assert sections.NOTHING_DECIDED in str(sections.crossing_part(answer, GAP, 5.0, ABOVE))


def test_what_the_user_sets_is_not_drawn():
    name = "growth of practice demand"
    answer = run_ensembles(EnsembleQuery(Request(settings={name: 0.0}), members=16), lambda *_: None)
    assert name not in [each["name"] for each in answer.about["parameters"]]
    assert text.REASONS[ranges.USER] in text.left_out_by_reason(answer)


def test_every_reason_has_plain_words(small):
    assert {each["reason"] for each in small.about["left_out"]} <= set(text.REASONS)
    assert sum(map(len, text.left_out_by_reason(small).values())) == len(small.about["left_out"])


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (0.035, "0.035"), (-1.0, "−1"), (12.41, "12.4"), (3150.4, "3,150")]
)
def test_numbers_of_a_range_have_three_figures(value, written):
    assert plain_number(value) == written


def test_a_link_leads_to_the_number_in_how_it_works_with_the_plan():
    address = sections.number_link(
        "cost at full coverage[RemoteConsultation]", Request(scenarios="state_supreme")
    )
    assert address == (
        "/model?v=1&scenario=state_supreme&element=RemoteConsultation&variable=cost_at_full_coverage"
    )
