"""Areas, futures and portfolios side by side: differences, rates and regret on made-up numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sampling import examples
from sdcompile.errors import InputError

from dudley_sd.indicators import COMPARED, PLANNED, indicators
from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE
from dudley_sd.inputs.years import REVIEW_POINTS
from dudley_sd.results import colours
from dudley_sd.results.band import MEDIANS_OF_DIFFERENCES
from dudley_sd.results.comparison import compare
from dudley_sd.results.comparison_page import _regret_cell, comparison_page
from dudley_sd.results.export import write_comparison
from dudley_sd.results.headlines import form_of
from dudley_sd.results.regret import regret_table, worst_regret
from dudley_sd.results.table import BETTER, WORSE, number_format

PROJECTION = {"projection": "2014-based", "area": "Sampleton", "table_ends": 2032}
FUTURES = ("official_future", "state_supreme")
YEARS = np.arange(2018, 2034)


def made_up(
    footprint: str, portfolio: str, balance=(-300.0, -100.0), people: float = 1e5, **attrs
) -> xr.Dataset:
    """Return a result with every indicator: sizes grow by a tenth, the balance is as given."""
    way = (YEARS - 2018) / 15
    shape = (len(FUTURES), len(YEARS))
    arrays = {}
    for indicator in COMPARED.values():
        start = people if indicator.key == "total_population" else 0.1 if not indicator.size else people / 100
        values = np.broadcast_to(start * (1 + 0.1 * way), shape)
        if indicator.key == "system_balance":
            values = np.outer(balance, way)
        unit = {"£m": "MillionPound", "%": "Dmnl"}.get(indicator.unit, "Person")
        arrays[indicator.variable] = (("scenario", "year"), values, {"units": unit})
    planned = np.full(shape, 0.0 if portfolio == "none" else 5.0)
    arrays[PLANNED] = (("scenario", "year"), planned, {"units": "Activity/Year"})
    beyond = YEARS > 2032
    return xr.Dataset(
        arrays,
        coords={
            "scenario": list(FUTURES),
            "year": YEARS,
            "scenario_title": ("scenario", ["Official Future", "State Supreme"]),
            "extrapolated": ("year", beyond),
        },
        attrs={
            "footprint": footprint,
            "footprint_name": footprint.title(),
            "portfolio": portfolio,
            "portfolio_title": portfolio.title(),
            "contract": "as_now",
            "contract_title": "As now",
            "manifest": json.dumps({"projection": PROJECTION}),
            **attrs,
        },
    )


@pytest.fixture
def comparison():
    runs = [
        {
            "here": made_up("here", portfolio, balance),
            "there": made_up("there", portfolio, balance, 3e5, indicative="Indicative: borrowed"),
        }
        for portfolio, balance in {"none": (-300.0, -100.0), "much": (-100.0, -400.0)}.items()
    ]
    return compare(runs, "dudley-sd compare")


def test_rates_are_for_each_thousand_people_of_the_year(comparison):
    table = comparison.table
    rows = table[table["indicator"] == "beds_needed"]
    assert rows["per_1000"].to_numpy() == pytest.approx(10.0)
    assert table[table["indicator"] == "unmet_same_day_share"]["per_1000"].isna().all()
    assert table[table["indicator"] == "total_population"]["per_1000"].isna().all()


def test_changes_are_from_2018_and_differences_from_official_future(comparison):
    table = comparison.table.set_index(["footprint", "portfolio", "scenario", "year", "indicator"])
    last = table.sort_index().loc[("there", "none", "state_supreme", 2033)]
    assert last.loc["total_population", "change_since_2018"] == pytest.approx(3e4)
    assert last.loc["total_population", "relative_change_since_2018"] == pytest.approx(0.1)
    assert last.loc["system_balance", "from_official_future"] == pytest.approx(200)
    assert np.isnan(last.loc["system_balance", "relative_change_since_2018"])
    assert set(comparison.table["year"]) == {2018, *REVIEW_POINTS}
    first = comparison.table[comparison.table["year"] == 2018]
    assert (first["change_since_2018"].dropna() == 0).all()


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["there", "here"], ["There", "Here"]),
        (["far", "here", "there", "both"], ["Far", "Both", "Here", "There"]),
        (["there", "here", "both", "far"], ["Both", "There", "Here", "Far"]),
    ],
)
def test_the_page_has_areas_in_the_order_asked_for_and_totals_before_their_parts(asked, shown):
    """The parts of a total stand before it in a comparison: that order is of sums, not of readers."""
    attrs = {"both": {"parts": "here, there"}}
    areas = {name: made_up(name, "none", **attrs.get(name, {})) for name in asked}
    page = comparison_page(compare([areas]))
    section = page[page.index('id="futures"') : page.index('id="years"')]
    found = re.findall(r"<details( open)?><summary>(.*?)</summary>", section)
    assert [name for _, name in found] == shown
    assert [name for is_open, name in found if is_open] == shown[:1]


def test_what_is_not_planned_cannot_fail_to_land(comparison):
    rows = comparison.table[comparison.table["indicator"] == "landed_share"].set_index("portfolio")["value"]
    assert rows["none"].isna().all()
    assert rows["much"].notna().all()
    assert set(comparison.regret[comparison.regret["indicator"] == "landed_share"]["portfolio"]) == {"much"}
    assert "landed_share" not in set(comparison.worst["indicator"])


def test_minimax_regret_by_hand(comparison):
    """Official Future: much is best, none regrets 200 m. State Supreme: none is best, much regrets 300 m."""
    rows = comparison.worst[
        (comparison.worst["indicator"] == "system_balance") & (comparison.worst["footprint"] == "here")
    ].set_index("portfolio")
    assert rows.loc["none", "regret"] == pytest.approx(200)
    assert rows.loc["none", "scenario"] == "official_future"
    assert rows.loc["much", "regret"] == pytest.approx(300)
    assert list(rows["least_at_worst"]) == [True, False]


def test_the_gp_gap_is_signed_in_values_sums_and_regret():
    """31 short against 5 more than needed are 36 apart; a total is the sum of its areas."""
    runs = []
    for portfolio, gaps in {"none": (31.0, 4.0), "much": (-5.0, 6.0)}.items():
        by_area = {name: made_up(name, portfolio) for name in ("here", "there")}
        for results, gap in zip(by_area.values(), gaps, strict=True):
            results["gp_gap"] = results["gp_gap"] * 0 + gap
        by_area["both"] = made_up("both", portfolio, parts="here, there")
        by_area["both"]["gp_gap"] = by_area["both"]["gp_gap"] * 0 + sum(gaps)
        runs.append(by_area)
    told = compare(runs)
    at_end = told.table[(told.table["indicator"] == "gp_gap") & (told.table["year"] == 2033)]
    values = at_end[at_end["scenario"] == "official_future"].set_index(["footprint", "portfolio"])["value"]
    assert values["here", "much"] == -5
    assert values["both", "none"] == 35 and values["both", "much"] == 1
    worst = told.worst[told.worst["indicator"] == "gp_gap"].set_index(["footprint", "portfolio"])["regret"]
    assert worst["here", "none"] == 36


def test_without_official_future_nothing_is_compared_with_it():
    run = made_up("here", "none").isel(scenario=[1])
    told = compare([{"here": run}])
    assert told.table["from_official_future"].isna().all()
    assert told.regret.empty and told.worst.empty
    assert "Official Future was not run" in comparison_page(told)


def test_nothing_and_short_runs_are_refused():
    with pytest.raises(InputError, match="nothing to compare"):
        compare([])
    with pytest.raises(InputError, match="has no 2033"):
        compare([{"here": made_up("here", "none").isel(year=slice(0, -1))}])
    with pytest.raises(InputError, match="gp_gap: is not in the result"):
        compare([{"here": made_up("here", "none").drop_vars("gp_gap")}])


@pytest.mark.parametrize(("regret", "named"), [(0.0, False), (0.0004, False), (0.002, True)])
def test_a_regret_that_is_written_as_zero_comes_from_no_scenario(comparison, regret, named):
    posts = next(indicator for indicator in COMPARED.values() if indicator.key == "overall_vacancy_rate")
    cell = _regret_cell(comparison, posts, (regret, np.nan, np.nan, "official_future", True))
    assert ("Official Future" in cell.below) == named


@examples(100)
@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3), min_size=2, max_size=5))
def test_regret_is_never_below_nothing_and_nothing_for_the_best(values):
    """True of any numbers: in every scenario somebody regrets nothing, and the least at worst is marked."""
    rows = [
        {"footprint": "f", "indicator": "gp_gap", "scenario": f"s{place}", "portfolio": f"p{option}"}
        | {"contract": "c", "unit": "WTE", "year": 2033}
        for option, row in enumerate(values)
        for place in range(len(row))
    ]
    regret = regret_table(pd.DataFrame(rows), np.array(values).reshape(-1, 1))
    assert (regret["regret"] >= 0).all()
    assert (regret.groupby("scenario")["regret"].min() == 0).all()
    worst = worst_regret(regret)
    assert worst["least_at_worst"].any()
    marked = worst[worst["least_at_worst"]]["regret"]
    assert marked.max() <= worst["regret"].min() * (1 + 1e-6) + 1e-6


def test_pages_and_workbooks_have_one_red_and_one_green():
    for name in ("page.css", "comparison.css"):
        css = (Path(colours.__file__).parent / "templates" / name).read_text(encoding="utf-8")
        assert f".worse {{ color: {colours.WORSE_COLOUR}; }}" in css
        assert f".better {{ color: {colours.BETTER_COLOUR}; }}" in css
    for key, unit, worse in (("gp_gap", "WTE", 0), ("balance", "MillionPound", 1)):
        for form in (form_of(indicators()[key]).number_format, number_format(key, unit)):
            signs = form.split(";")
            assert signs[worse].startswith(WORSE)
            assert signs[1 - worse].startswith(BETTER)


def test_the_page_is_whole_says_indicative_and_needs_no_network(comparison):
    text = comparison_page(comparison)
    inside = text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    ElementTree.fromstring(f"<main>{inside.replace('<details open>', '<details>')}</main>")
    assert "Indicative: in There borrowed." in text
    assert "areas marked indicative borrow use of services, staff, beds and money" in text
    assert "rates at which people age" not in text
    assert "A model, not a forecast" in text
    assert "http:" not in text and "https:" not in text and "<script" not in text
    assert "2033*" in text
    assert "People: ONS 2014-based projection for Sampleton, which ends in 2032." in text
    assert TURNS_ON_THE_BASE in text


def test_three_files_or_none(comparison, tmp_path, monkeypatch):
    paths = write_comparison(comparison, tmp_path / "out")
    assert [path.suffix for path in paths] == [".csv", ".xlsx", ".html"]
    table = pd.read_csv(paths[0])
    assert len(table) == len(comparison.table)
    assert set(table["command"]) == {"dudley-sd compare"}
    assert table["people"].str.contains("2014-based").all()
    book = load_workbook(paths[1])
    assert {"Read me", "Least at worst", "Regret", "Absolute", "Per 1,000 people"} <= set(book.sheetnames)
    before = paths[0].read_bytes()
    monkeypatch.setattr("dudley_sd.results.comparison_workbook.caveats", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_comparison(comparison, tmp_path / "out")
    assert paths[0].read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)


def test_sheets_hold_the_numbers_of_the_table(comparison, tmp_path):
    path = write_comparison(comparison, tmp_path, ["xlsx"])[0]
    sheet = load_workbook(path)["Absolute"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    row = next(row for row in rows if row[0] == "There" and row[4] == COMPARED["system_balance"].title)
    assert row[5] == "£ million"
    assert row[6:] == pytest.approx([0, -100, -200, -300])


def test_what_a_portfolio_changes_is_told_against_none(comparison):
    table = comparison.table[comparison.table["indicator"] == "system_balance"]
    at_end = table[(table["year"] == 2033) & (table["footprint"] == "here")]
    gained = at_end.set_index(["portfolio", "scenario"])["from_do_nothing"]
    assert gained["much", "official_future"] == pytest.approx(200)
    assert gained["much", "state_supreme"] == pytest.approx(-300)
    assert (gained["none"] == 0).all()
    assert "What each portfolio changes" in comparison_page(comparison)


def test_an_unknown_format_is_refused(comparison, tmp_path):
    with pytest.raises(InputError, match="pdf cannot be written"):
        write_comparison(comparison, tmp_path / "out", ["pdf"])
    assert not (tmp_path / "out").exists()
    assert json.dumps(comparison.titles)


def with_members(results: xr.Dataset, factors: np.ndarray) -> xr.Dataset:
    """Return members whose people and balance are multiples of those of a result, the first as it is."""
    members = xr.DataArray(factors, {"member": range(len(factors))}, "member")
    changed = {name: results[name] * members for name in ("total_population", "beds_needed")}
    changed["system_balance"] = results["system_balance"] * members**2
    return results.expand_dims(member=len(factors)).assign(
        {name: each.assign_attrs(results[name].attrs) for name, each in changed.items()}
    )


@pytest.fixture
def medians():
    """Two plans with five members: a lopsided draw, the same in both."""
    factors = np.array([1.0, 0.5, 0.6, 0.7, 2.0])
    runs = [
        {"here": made_up("here", name, balance)}
        for name, balance in {"none": (-300.0, -100.0), "much": (-100.0, -400.0)}.items()
    ]
    drawn = [{"here": with_members(each["here"], factors)} for each in runs]
    return factors, compare(runs, "dudley-sd compare", drawn)


def test_every_column_is_worked_out_member_by_member_before_the_median(medians):
    factors, found = medians
    draws = factors[1:]
    keys = ["statistic", "portfolio", "scenario", "year", "indicator"]
    rows = found.statistics.set_index(keys).sort_index()
    last = {
        statistic: rows.loc[(statistic, "much", "official_future", 2033)]
        for statistic in ("single run", "median", "10%", "90%")
    }
    for statistic, expected in (
        ("single run", 1.0),
        ("median", np.median(draws**2)),
        ("10%", np.quantile(draws**2, 0.9)),  # a deficit: the low end has the larger factor
        ("90%", np.quantile(draws**2, 0.1)),
    ):
        balance = last[statistic].loc["system_balance"]
        assert balance["value"] == pytest.approx(-100 * expected), statistic
        nothing = {"10%": "90%", "90%": "10%"}.get(statistic, statistic)  # a gain: the other end
        gain = last[nothing].loc["system_balance"]["from_do_nothing"]
        assert gain == pytest.approx(200 * expected), statistic
        per_1000 = last[statistic].loc["beds_needed"]["per_1000"]
        assert per_1000 == pytest.approx(10.0), statistic  # people and beds move together in each member
    assert found.members == 4
    pd.testing.assert_frame_equal(
        found.table.reset_index(drop=True),
        found.statistics.query("statistic == 'median'")[list(found.table)].reset_index(drop=True),
    )


def test_a_comparison_says_whether_it_shows_medians_or_single_runs(medians, comparison, tmp_path):
    _, banded = medians
    page = comparison_page(banded)
    assert "medians of 4 runs</" in page
    assert "<small>8 in 10: " in page
    assert "single runs at central values</" in comparison_page(comparison)
    assert "a single run at central values, not the median" in comparison_page(comparison)
    assert "8 in 10" not in comparison_page(comparison)
    assert MEDIANS_OF_DIFFERENCES in page
    book = load_workbook(write_comparison(banded, tmp_path, ["xlsx"], "banded")[0])
    notes = [str(cell.value) for row in book["Against do nothing"]["A1:A8"] for cell in row]
    assert any(MEDIANS_OF_DIFFERENCES in note for note in notes)
    rows = list(book["8 in 10 runs"].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "Area")
    assert heads[7] == "Median"
    assert "Difference from do nothing, median" in heads
    row = next(each for each in rows if each[:5] == ("Here", "Much", "As now", "Official Future", "GP gap"))
    assert len(row) == len(heads) == 15
    path = write_comparison(banded, tmp_path, ["csv"], "banded")[0]
    assert set(pd.read_csv(path)["statistic"]) == {"single run", "median", "10%", "90%"}
