"""Are bands, thresholds, break-even years and what matters worked out as they say?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr

from dudley_sd.ensembles.bands import bands, break_even, crossing
from dudley_sd.ensembles.ensemble import run_ensemble
from dudley_sd.ensembles.explore import explore
from dudley_sd.ensembles.sensitivity import rank_correlations
from dudley_sd.ensembles.summary import write_summary
from dudley_sd.errors import InputError
from tests.unit.ensembles.conftest import MEMBERS, REQUEST

pytestmark = pytest.mark.xdist_group("ensembles")

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
    assert f"{MEMBERS:,} members, seed 0" in book["bands"]["A2"].value
    assert "P90" not in str([cell.value for sheet in book for row in sheet.iter_rows() for cell in row])


def test_a_summary_with_the_wrong_baseline_names_every_fault(small, with_portfolio, tmp_path):
    with pytest.raises(InputError) as caught:
        write_summary(small, tmp_path / "out", with_portfolio, ["gup>1"], [1.5])
    for word in ("portfolio: is as_evidenced", "gup", "1.5 does not lie", "3 faults"):
        assert word in str(caught.value).replace("share, 1.5:", "1.5")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("shared_folder")
def test_tornado_morris_and_sobol_agree_on_what_moves_the_gp_gap():
    pytest.importorskip("SALib")
    first = [
        explore(method, outputs=EXPLORED, size=size).iloc[0]
        for method, size in (("tornado", None), ("morris", 4), ("sobol", 32))
    ]
    assert {row["parameter"] for row in first} == {"growth not due to age[PracticeSameDay]"}
    again = explore("morris", outputs=EXPLORED, size=4).iloc[0]
    assert again.equals(first[1])
    with pytest.raises(InputError, match=r"2 faults(.|\n)*power of two(.|\n)*gp_gup"):
        explore("sobol", outputs=("gp_gup",), size=33)
