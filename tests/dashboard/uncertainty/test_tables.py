"""Does the file of Uncertainty hold what the page counts and ranks?"""

from __future__ import annotations

import pandas as pd
import pytest
from dudley_dashboard.pages.uncertainty import tables
from dudley_dashboard.pages.uncertainty.data import ABOVE, EnsembleQuery, run_ensembles
from dudley_dashboard.pages.uncertainty.ensemble import break_even_shares

from dudley_sd.indicators import ANSWERED
from dudley_sd.request import Request
from dudley_sd.results.table import Table

ASKED = EnsembleQuery(members=64, seed=3, indicator="gp_gap", threshold=45.5, side=ABOVE)


@pytest.fixture(scope="module")
def answer():
    return run_ensembles(ASKED, lambda *_: None)


@pytest.fixture(scope="module")
def sheets(answer):
    return {sheet.name: sheet for sheet in tables.sheets(answer, ASKED)}


def frame(sheet: Table) -> pd.DataFrame:
    return pd.DataFrame(sheet.rows, columns=list(sheet.heads))


def test_the_line_that_was_asked_for_is_counted_in_both_runs(answer, sheets):
    sheet = sheets["Beyond the line"]
    assert "“GP gap” above 45.5" in sheet.notes[0]
    table = frame(sheet)
    last = table[table["year"] == 2033].set_index("runs")["share_in_year"]
    for name, runs in zip(last.index, (answer.plan, answer.nothing), strict=True):
        assert last[name] == pytest.approx(float((runs["gp_gap"].sel(year=2033) > 45.5).mean()))
        assert 0 < last[name] < 1


def test_better_the_same_and_worse_are_all_runs(sheets):
    table = frame(sheets["Better or worse"])
    assert set(table["indicator"]) <= {indicator.title for indicator in ANSWERED.values()}
    assert len(set(table["indicator"])) > 5
    assert (table["better"] + table["the_same"] + table["worse"]).to_numpy() == pytest.approx(1)


def test_years_of_break_even_and_swings_are_those_of_the_page(answer, sheets):
    pd.testing.assert_frame_equal(frame(sheets["Break-even"]), break_even_shares(answer), check_dtype=False)
    swings = frame(sheets["What matters most"])
    gaps = swings[swings["indicator"] == "GP gap"]
    wanted = answer.swings[answer.swings["variable"] == "gp_gap"].sort_values("place")
    assert gaps["at_low"].tolist() == pytest.approx(wanted["at_low"].tolist())
    assert gaps["place"].is_monotonic_increasing
    assert (gaps["unit"] == "WTE").all()


def test_where_nothing_stands_beside_the_plan_there_is_nothing_to_compare():
    asked = EnsembleQuery(Request(portfolio="none"), members=16)
    sheets = tables.sheets(run_ensembles(asked, lambda *_: None), asked)
    empty = [sheet.name for sheet in sheets if not sheet.rows]
    assert empty == ["Better or worse", "Break-even"]
