"""Do all files tell the same median, 8 in 10 runs and single run, and none where there is no band?"""

from __future__ import annotations

import json
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.api import NO_BAND_BY_PYSD
from dudley_sd.results import figures
from dudley_sd.results.band import (
    BAND,
    DIFFERENCE,
    HIGH,
    LOW,
    MEDIAN,
    SINGLE,
    SINGLE_RUN,
    STATISTIC_WORDS,
    band_of,
    has_band,
    headline_value,
    with_band,
)
from dudley_sd.results.derived import banded as banded_indicators
from dudley_sd.results.export import read_results, write_netcdf
from dudley_sd.results.findings import gp_finding, landed_finding, money_finding
from dudley_sd.results.headlines import headlines
from dudley_sd.results.page import page
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.workbook import write_xlsx

KEYS = {MEDIAN: "median", LOW: "10%", HIGH: "90%", SINGLE: "single run"}


def test_netcdf_gives_back_the_same_band(banded, tmp_path):
    path = write_netcdf(banded[0], tmp_path / "again.nc")
    xr.testing.assert_identical(read_results(path), banded[0])
    assert json.loads(banded[0].attrs["band"]) == {
        "members": 200,
        "seed": 0,
        "sampler": "lhs",
        "distribution": "triangular",
    }


def test_csv_has_a_row_for_each_statistic_and_the_same_bytes_twice(banded, tmp_path):
    first, again = (write_csv(banded[0], tmp_path / f"{name}.csv") for name in ("a", "b"))
    assert first.read_bytes() == again.read_bytes()
    table = pd.read_csv(first, low_memory=False)
    last = table[(table["scenario"] == "official_future") & (table["year"] == 2033)]
    for name in ("gp_gap", f"gp_gap{DIFFERENCE}", "landed_share", "system_balance"):
        rows = last[last["variable"] == name].set_index("statistic")
        assert list(rows.index) == ["single run", "median", "10%", "90%"], name
        assert set(rows["unit"]) == {banded[0][name + BAND].attrs["units"]}
        band = banded[0][name + BAND].sel(scenario="official_future", year=2033)
        for statistic in KEYS:
            assert rows["value"][KEYS[statistic]] == pytest.approx(float(band.sel(statistic=statistic)))
    services = last[(last["variable"] == "hospital_activity") & (last["statistic"] == "median")]
    assert len(services) == 4
    assert not table["value"].isna().any()


def test_without_a_band_every_row_is_a_single_run(one_future, tmp_path):
    table = pd.read_csv(write_csv(one_future, tmp_path / "one.csv", ["gp_gap"]))
    assert set(table["statistic"]) == {"single run"}
    assert not has_band(one_future)


def test_headlines_are_medians_and_hold_band_difference_and_single_run(banded):
    found = {item.title: item for item in headlines(*banded)}
    gap = found["GP gap, 2033*"]
    band = banded[0]["gp_gap_band"].sel(year=2033)
    assert np.array_equal(gap.values, band.sel(statistic=MEDIAN))
    assert gap.form(float(gap.values[0])) == "46 short"
    assert gap.band_text(0) == "8 in 10 runs: from 34 short to 59 short"
    assert gap.single_text(0) == "43 short"
    assert gap.difference_text(0) == (
        "gap 8 GPs smaller than doing nothing (8 in 10 runs: from 13 smaller to 4 smaller)"
    )
    assert gap.form(-16.2) == "16 more than needed"
    assert [gap.judgement(float(value)) for value in (-16.2, *gap.values)] == ["better", "worse", "worse"]
    nothing = found["GP gap, 2033*, do nothing"]
    expected = banded[1]["gp_gap_band"].sel(year=2033, statistic=MEDIAN)
    assert np.allclose(nothing.values, expected)
    assert nothing.difference is None


def test_money_is_told_of_the_hospital_and_the_system_and_of_no_holder_without_a_contract(banded):
    found = {item.title: item.values for item in headlines(*banded)}
    for title, key in (
        ("Margin of the hospital before support, 2033*", "hospital_margin_share"),
        ("Shortfall of the system, 2033*", "system_shortfall"),
    ):
        band = banded[0][key + BAND].sel(year=2033, statistic=MEDIAN)
        assert np.allclose(found[title], band)
    assert not any("Contract holder" in title for title in found)


def test_titles_are_true_of_the_medians(banded):
    run, nothing = banded
    gap = headline_value(run, "gp_gap").sel(year=2033)
    assert f"{round(float(gap[1]))} GPs (WTE) short" in gp_finding(run)
    assert f"{round(float(gap[0]))} GPs (WTE) short" in gp_finding(run)
    for finding in (gp_finding(run, nothing), landed_finding(run), money_finding(run, nothing)):
        assert "(medians of 200 runs)" in finding
    one = run.isel(scenario=[0])
    assert gp_finding(one).endswith("(median; 8 in 10 runs: from 34 short to 59 short)")


def test_the_page_tells_median_band_difference_and_single_run(banded):
    text = page(*banded)
    cell = re.search(r"46 short</b>.*?</td>", text)
    assert cell is not None
    for words in (
        "8 in 10 runs: from 34 short to 59 short",
        "gap 8 GPs smaller than doing nothing",
        "single run: 43 short",
    ):
        assert words in cell.group()
    for words in STATISTIC_WORDS.values():
        assert f"GP gap, WTE: {words}" in text
    assert "Headlines are medians of 200 runs" in text
    assert "not carried through" not in text


def test_figures_shade_8_in_10_runs_about_the_median_and_draw_the_single_run_thin(banded):
    run, nothing = banded
    for place in range(2):
        figure = figures.gp_gap_figure(run, do_nothing=nothing)
        lines = [each for each in figure.data if each["mode"] == "lines"][5 * place :][:5]
        low, high, beside, median, single = lines
        band = band_of(run, "gp_gap").isel(scenario=place)
        for line, statistic in ((low, LOW), (high, HIGH), (median, MEDIAN), (single, SINGLE)):
            assert np.array_equal(line["y"], band.sel(statistic=statistic)), statistic
        assert np.array_equal(beside["y"], headline_value(nothing, "gp_gap")[place])
        assert (high["fill"], single["name"], single["line"]["width"]) == ("tonexty", SINGLE_RUN, 1)
        assert "median" in median["name"]
        assert "median" in beside["name"]


def test_the_workbook_has_a_row_for_each_statistic(banded, tmp_path):
    run, nothing = banded
    book = openpyxl.load_workbook(write_xlsx(run, tmp_path / "band.xlsx", nothing))
    rows = {(row[0], row[1]): row[3:] for row in book["Headlines"].iter_rows(values_only=True)}
    for key, prefix in (("gp_gap", ""), (f"gp_gap{DIFFERENCE}", "difference from do nothing, ")):
        for statistic, words in STATISTIC_WORDS.items():
            expected = run[key + BAND].sel(year=2033, statistic=statistic).to_numpy()
            expected = np.where(abs(expected) < 0.5, 0, expected)  # less than half a GP is no gap
            assert rows["GP gap, 2033*", prefix + words] == pytest.approx(tuple(expected))
    against = {
        (row[0], row[1], row[2]): row[-1]
        for row in book["Against do nothing"].iter_rows(values_only=True)
        if row[2]
    }
    for statistic, words in STATISTIC_WORDS.items():
        band = run[f"hospital_activity{DIFFERENCE}{BAND}"].sel(
            scenario="official_future", hospital_service="A&E attendances", year=2033, statistic=statistic
        )
        assert against["Official Future", "A&E attendances", f"difference, {words}"] == pytest.approx(
            float(band)
        )


def test_chosen_outputs_have_their_own_bands_only(banded):
    results = dudley_sd.run(["official_future"], outputs=["gp_gap", "gp_wte"], band=True)
    assert set(results.data_vars) == {
        "gp_gap",
        "gp_wte",
        *(f"{name}{end}{BAND}" for name in ("gp_gap", "gp_wte") for end in ("", DIFFERENCE)),
    }
    assert np.array_equal(results["gp_gap_band"], banded[0]["gp_gap_band"].isel(scenario=[0]))


def test_several_areas_carry_their_bands_side_by_side():
    results = dudley_sd.run(
        ["official_future"], footprints=["dudley", "walsall"], outputs=["gp_gap"], band=True
    )
    assert has_band(results)
    assert results["gp_gap_band"].dims == ("footprint", "statistic", "scenario", "year")
    single = results["gp_gap_band"].sel(statistic=SINGLE)
    assert np.allclose(single, results["gp_gap"], rtol=1e-9)


def test_a_band_of_pysd_is_refused_before_anything_is_run():
    with pytest.raises(InputError) as refused:
        dudley_sd.run(["official_future"], engine="pysd", band=True)
    assert refused.value.faults == [NO_BAND_BY_PYSD] or refused.value.faults == (NO_BAND_BY_PYSD,)


def test_a_band_tells_each_service_of_the_hospital(banded):
    run = banded[0]
    assert run.sizes["hospital_service"] == 4
    assert set(banded_indicators()) <= {name.removesuffix(BAND) for name in run.data_vars}
    assert band_of(run, "hospital_activity").dims == ("statistic", "scenario", "year", "service")
    assert with_band(run, xr.Dataset(attrs={"band": "{}"})).identical(run.assign_attrs(band="{}"))
