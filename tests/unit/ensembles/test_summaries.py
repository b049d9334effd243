"""Are bands, thresholds, break-even years and what matters worked out as they say?"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr
from sdcompile.errors import InputError

from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.explore import explore
from dudley_sd.ensembles.statistics import bands, break_even, crossing, far_off, read_thresholds
from dudley_sd.ensembles.summary import rank_correlations, write_summary
from tests.unit.ensembles.conftest import MEMBERS, REQUEST

EXPLORED = ("gp_gap", "system_balance")
YEARS = [2018, 2019, 2020, 2021]


def made_up(rows: list[list[float]]) -> xr.DataArray:
    """One scenario, a row for each member."""
    coords = {"scenario": ["one"], "member": range(len(rows)), "year": YEARS}
    return xr.DataArray([rows], coords, ("scenario", "member", "year"), "gap", {"units": "WTE"})


def test_shares_are_taken_of_sums_and_not_the_other_way():
    first = made_up([[float(member)] * 4 for member in range(11)])
    second = made_up([[10.0 - member] * 4 for member in range(11)])

    assert bands(first + second, [0.1, 0.9]).to_numpy().ravel().tolist() == [10.0] * 8
    assert bands(first, [0.9]).item(0) == 9
    assert bands(first, [0.9]).dims == ("share", "scenario", "year")


def test_a_threshold_is_counted_in_a_year_and_by_it():
    many = xr.Dataset({"gap": made_up([[0, 2, 0, 0], [0, 0, 2, 2], [0, 0, 0, 0], [2, 2, 2, 2]])})
    found = crossing(many, ["gap > 1"])

    assert found["share_in_year"].tolist() == [0.25, 0.5, 0.5, 0.5]
    assert found["share_by_year"].tolist() == [0.25, 0.5, 0.75, 0.75]
    with pytest.raises(InputError, match=r"2 faults(.|\n)*'gup' is not in the store. Did you mean gap"):
        crossing(many, ["gup>1", "gap"])


def test_break_even_years_are_counted_member_by_member():
    gain = made_up([[0, -5, -2, 1], [0, 1, 2, 3], [0, -1, -1, -1], [0, -5, 2, 3]])
    found = break_even(gain)

    assert found["year"].tolist() == YEARS
    assert found["share"].tolist() == [0.25, 0.0, 0.25, 0.25]
    assert found["share_by_year"].tolist() == [0.25, 0.25, 0.5, 0.75]


def test_rank_correlation_finds_what_matters():
    drawn = np.random.default_rng(0).uniform(size=(500, 3))
    result = made_up((np.exp(3 * drawn[:, [1]]) - drawn[:, [2]] * np.ones(4)).tolist())
    many = xr.Dataset(
        {"gap": result, "draws": (("member", "parameter"), drawn)},
        coords={"parameter": ["none", "much", "less"]},
    )
    found = rank_correlations(many, ["gap"]).set_index("parameter")

    assert found.loc["much", "place"] == 1
    assert found.loc["much", "rank_correlation"] == pytest.approx(
        pd.Series(drawn[:, 1]).corr(pd.Series(result[0, :, -1]), method="spearman")
    )
    assert found["beyond_chance"].to_dict() == {"much": True, "less": True, "none": False}


@pytest.fixture(scope="module")
def with_portfolio(shared_folder, tmp_path_factory):  # noqa: ARG001
    store = tmp_path_factory.mktemp("with") / "with.zarr"
    return run_ensemble(replace(REQUEST, portfolio="as_evidenced", outputs=EXPLORED), store)


def test_the_summary_is_files_that_open(small, with_portfolio, tmp_path):
    paths = write_summary(with_portfolio, tmp_path, small, ["system_balance<0"], [0.1, 0.5, 0.9])
    names = {path.name for path in paths}
    assert {"bands.csv", "thresholds.csv", "gain.csv", "break_even.csv", "what_matters.csv"} <= names
    assert {"drawn.csv", "left_out.csv", "with.xlsx"} <= names
    shares = pd.read_csv(tmp_path / "break_even.csv").groupby("scenario")["share"].sum()
    assert bool((shares <= 1).all())
    found = pd.read_csv(tmp_path / "bands.csv")
    assert list(found.columns) == ["variable", "scenario", "year", "share", "value", "unit"]
    book = openpyxl.load_workbook(tmp_path / "with.xlsx")
    words = str([cell.value for sheet in book for row in sheet.iter_rows() for cell in row])
    assert "P90" not in words
    assert "the high end: one in ten lies above it" in words
    assert f"{MEMBERS:,} members (seed 0)" in book["Bands"]["A2"].value


def sheet_rows(sheet) -> list[dict]:
    """Rows of a sheet below its headings, in the fourth row, by heading."""
    heads, *rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_workbook_has_the_years_across_and_says_what_stands_there(small, with_portfolio, tmp_path):
    write_summary(with_portfolio, tmp_path, small, ["system_balance<-5m"])
    book = openpyxl.load_workbook(tmp_path / "with.xlsx")
    bands = pd.read_csv(tmp_path / "bands.csv").set_index(["variable", "scenario", "year", "share"])["value"]

    rows = sheet_rows(book["Bands"])
    assert len(rows) == len(bands) / 20  # a column for each year
    row = next(
        each for each in rows if (each["Scenario"], each["Share of members"]) == ("State Supreme", 0.9)
    )
    assert (row["Indicator"], row["Unit"]) == ("GP gap", "WTE")
    assert row["Read as"] == "high end: 10% of the members above"
    years = [head for head in row if str(head).rstrip("*").isdigit()]
    assert [years[0], years[-1]] == ["2014", "2033*"]
    told = [row[year] for year in years]
    assert told == pytest.approx(bands["gp_gap", "state_supreme"].xs(0.9, level="share").tolist(), rel=1e-6)

    crossed = pd.read_csv(tmp_path / "thresholds.csv").query("scenario == 'state_supreme'")
    row = sheet_rows(book["Thresholds"])[2]
    assert row["Threshold"] == "Balance of the system since 2018 below −£5m"
    assert (row["Scenario"], row["Beyond it"]) == ("State Supreme", "in that year")
    assert [int(str(year).rstrip("*")) for year in years[4:]] == crossed["year"].tolist()
    assert [row[year] for year in years[:4]] == [None] * 4, "what is past is not crossed"
    assert [row[year] for year in years[4:]] == pytest.approx(crossed["share_in_year"].tolist())
    assert book["Thresholds"].cell(5, 5).number_format == "0.0%"
    assert "Part" not in sheet_rows(book["What matters"])[0]


def test_elements_of_a_variable_have_a_row_each_in_words(small, tmp_path):
    write_summary(small, tmp_path, shares=[0.5])
    rows = sheet_rows(openpyxl.load_workbook(tmp_path / "small.xlsx")["Bands"])
    parts = [row["Part"] for row in rows if row["Indicator"].startswith("People by age")]
    assert parts[0] == "aged 0-4"
    assert len(parts) == 2 * 19


def test_no_table_of_an_earlier_summary_stays_beside_new_ones(small, with_portfolio, tmp_path):
    write_summary(with_portfolio, tmp_path, small, ["gp_gap>0"])
    (tmp_path / "notes.txt").write_text("mine")
    first = {path.name for path in write_summary(with_portfolio, tmp_path)}
    assert {path.name for path in tmp_path.iterdir()} == {*first, "summary.json", "notes.txt"}
    assert "thresholds.csv" not in first

    with pytest.raises(InputError, match=r"the folder holds the summary of with.zarr. Name another folder"):
        write_summary(small, tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    (own / "areas.csv").write_text("mine")
    with pytest.raises(InputError, match=r"own/areas.csv: is there already.*Name another folder"):
        write_summary(small, own)
    assert [path.name for path in own.iterdir()] == ["areas.csv"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gp_gap>9000000", "far from every value.*Give the number in that unit"),
        ("gpgap>0", "'gpgap' is not in the store. Did you mean gp_gap"),
        ("balance<0", "Did you mean system_balance"),
        ("gp_gap>0,5", "cannot be read.*with a point, not a comma"),
        ("gp_gap>5%", "gp_gap is counted in WTE, not in per cent"),
        ("gp_gap>1e999", "no number that can be reached"),
        ("gp_gap>", "cannot be read"),
    ],
)
def test_a_threshold_that_cannot_be_meant_gets_a_hint(small, tmp_path, text, words):
    with pytest.raises(InputError, match=words) as caught:
        write_summary(small, tmp_path / "out", thresholds=[text])
    assert len(caught.value.faults) == 1
    assert not (tmp_path / "out").exists()


def test_a_share_is_told_in_per_cent_and_asked_for_once():
    many = xr.Dataset({"full": made_up([[0.8, 0.9, 0.97, 1]]).assign_attrs(units="Dmnl")})
    assert crossing(many, ["Full > 95%"])["share_in_year"].tolist() == [0, 0, 1, 1]
    (fault,) = far_off(many, read_thresholds(many, ["full>95"]))
    assert fault.problem == "95 is far from every value, 0.8 to 1 (a share, 1 is the whole)"
    assert fault.remedy == "Is 95 per cent meant? Write 'full>0.95' or 'full>95%'"
    assert far_off(many, read_thresholds(many, ["full>1.5"])) == []
    with pytest.raises(InputError, match="is asked for twice"):
        crossing(many, ["full>0.95", "full > 95%"])


def test_a_summary_with_the_wrong_do_nothing_names_every_fault(small, with_portfolio, tmp_path):
    with pytest.raises(InputError) as caught:
        write_summary(small, tmp_path / "out", with_portfolio, ["gup>1"], [1.5])
    for word in ("portfolio: is as_evidenced", "gup", "1.5 does not lie", "3 faults"):
        assert word in str(caught.value).replace("share, 1.5:", "1.5")
    assert not (tmp_path / "out").exists()


def test_a_do_nothing_of_another_version_is_refused(small, with_portfolio, tmp_path):
    """Draws and results are the same to the last digit only where the same code made them."""
    newer = shutil.copytree(small, tmp_path / "newer.zarr")
    attributes = json.loads((newer / ".zattrs").read_text(encoding="utf-8"))
    manifest = json.loads(attributes["manifest"])
    manifest["versions"]["dudley-sd"] = "99.0"
    attributes["manifest"] = json.dumps(manifest)
    (newer / ".zattrs").write_text(json.dumps(attributes), encoding="utf-8")
    with pytest.raises(InputError, match=r"newer.zarr, dudley-sd: it was made by 99.0, the ensemble by"):
        write_summary(with_portfolio, tmp_path / "out", newer)


@pytest.mark.usefixtures("shared_folder")
def test_tornado_morris_and_sobol_agree_on_what_moves_the_gp_gap():
    pytest.importorskip("SALib")
    first = [
        explore(method, outputs=EXPLORED, size=size).iloc[0]
        for method, size in (("tornado", None), ("morris", 4), ("sobol", 32))
    ]
    assert {row["parameter"] for row in first} == {"share of growth that lasts"}
    again = explore("morris", outputs=EXPLORED, size=4).iloc[0]
    assert again.equals(first[1])
    with pytest.raises(InputError, match=r"2 faults(.|\n)*power of two(.|\n)*gp_gup"):
        explore("sobol", outputs=("gp_gup",), size=33)
