"""Does the band say what the members of the default ensemble say, and does the single run agree with it?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import dudley_sd
from dudley_sd.ensembles import default_ensemble as made
from dudley_sd.ensembles import job as jobs
from dudley_sd.ensembles.default_ensemble import MEMBERS, SEED, Bands, default_bands
from dudley_sd.ensembles.plan import key_outputs, unsummable
from dudley_sd.ensembles.ranges import find_ranges
from dudley_sd.request import Request
from dudley_sd.results.band import BAND, DIFFERENCE, HIGH, LOW, MEDIAN, SINGLE
from dudley_sd.results.derived import AGAINST, banded, banded_variables
from dudley_sd.runs.areas import find_all, make_runs, with_parts

pytestmark = pytest.mark.usefixtures("shared_folder")

FUTURES = ["official_future", "state_supreme"]
ENDS = (0.5, 0.1, 0.9)


def bands(footprints: list[str], futures: list[str], portfolio: str = "as_evidenced") -> Bands:
    request = Request(futures, portfolio, footprints=footprints)
    areas, (runs,) = find_all([request])
    areas = with_parts(areas)
    nothing = None if portfolio == "none" else make_runs(areas, request.do_nothing())
    return default_bands(areas.footprints, runs, nothing)


@pytest.fixture(scope="module")
def dudley(shared_folder) -> Bands:  # noqa: ARG001
    return bands(["dudley"], FUTURES)


@pytest.fixture(scope="module")
def ensembles(shared_folder, tmp_path_factory) -> tuple[xr.Dataset, xr.Dataset]:  # noqa: ARG001
    """What ``dudley-sd ensemble`` stores of the same, and of do nothing."""
    folder = tmp_path_factory.mktemp("ensembles")
    both = [
        dudley_sd.ensemble(FUTURES, members=MEMBERS, seed=SEED, portfolio=name, out=folder / f"{name}.zarr")
        for name in ("as_evidenced", "none")
    ]
    return both[0].load(), both[1].load()


def test_it_is_the_ensemble_that_the_command_stores(dudley, ensembles):
    plan, nothing = ensembles
    run = dudley.run["dudley"]
    shared = set(key_outputs()) & set(banded()) - {"landed_share"}
    assert len(shared) > 15
    for name in shared:
        for key, values in ((name, plan[name]), (name + DIFFERENCE, plan[name] - nothing[name])):
            expected = values.quantile(ENDS, "member").transpose("quantile", "scenario", "year")
            found = run[key + BAND].sel(statistic=[MEDIAN, LOW, HIGH])
            assert np.allclose(found, expected, rtol=1e-12, atol=1e-9), key


def test_what_is_divided_is_divided_member_by_member(dudley, ensembles):
    admissions = ensembles[0]["emergency_admissions"]
    growth = admissions.sel(year=2033) / admissions.sel(year=2018) - 1
    found = dudley.run["dudley"]["emergency_admissions_since_2018_band"].sel(year=2033, statistic=MEDIAN)
    assert np.allclose(found, growth.median("member"), rtol=1e-12)


def test_the_year_of_break_even_is_one_that_some_member_has(dudley, ensembles):
    plan, nothing = (each["system_balance"] for each in ensembles)
    band = dudley.run["dudley"]["break_even_year_band"]
    assert set(band.to_numpy().ravel()[np.isfinite(band.to_numpy().ravel())]) <= set(range(2018, 2034))
    for future in FUTURES:
        lost = ((plan - nothing).sel(scenario=future, year=2033) < -5e-7).mean("member")
        never = np.isnan(band.sel(scenario=future, statistic=[LOW, MEDIAN, HIGH]))
        assert never.to_numpy().tolist() == [float(lost) > share for share in (0.9, 0.5, 0.1)]


def test_the_single_run_is_that_of_the_command_run(dudley):
    single = dudley_sd.run(FUTURES)
    nothing = dudley_sd.run(FUTURES, portfolio="none")
    for run, band in ((single, dudley.run["dudley"]), (nothing, dudley.do_nothing["dudley"])):
        for key, each in banded().items():
            found = band[key + BAND].sel(statistic=SINGLE)
            expected = each.recipe(run).transpose(*found.dims).to_numpy()
            assert np.allclose(found, expected, rtol=1e-9, atol=1e-6, equal_nan=True), key
    assert set(dudley.do_nothing["dudley"]) == {key + BAND for key in banded()}


def test_low_median_and_high_stand_in_order_and_have_units(dudley):
    for name, array in dudley.run["dudley"].items():
        low, median, high = (array.sel(statistic=each).to_numpy() for each in (LOW, MEDIAN, HIGH))
        told = np.isfinite(low) & np.isfinite(high)
        assert (low <= median)[told].all(), name
        assert (median <= high)[told].all(), name
        assert array.attrs["units"], name
        assert array.attrs["long_name"], name


def test_members_that_are_all_alike_have_a_band_without_width(dudley, monkeypatch):
    monkeypatch.setattr(
        made,
        "find_ranges",
        lambda *given, **more: replace(find_ranges(*given, **more), columns=(), undecided=()),
    )
    monkeypatch.setattr(jobs, "number_of_references", lambda _: 0)

    found = bands(["dudley"], FUTURES).run["dudley"]

    for name in found:
        for statistic in (LOW, MEDIAN, HIGH):
            single = dudley.run["dudley"][name].sel(statistic=SINGLE)
            assert np.allclose(found[name].sel(statistic=statistic), single, rtol=1e-12, equal_nan=True), name


def test_do_nothing_has_no_difference_and_the_same_band_whoever_asks(dudley):
    alone = bands(["dudley"], FUTURES, portfolio="none")

    xr.testing.assert_identical(alone.run["dudley"], dudley.do_nothing["dudley"])
    xr.testing.assert_identical(alone.run["dudley"], alone.do_nothing["dudley"])


def test_a_total_is_added_up_member_by_member_and_every_indicator_can_be_told_of_it(ensembles, tmp_path):
    found = bands(["black_country"], FUTURES[:1])
    names = list(found.run)
    assert names[-1] == "black_country"
    assert len(names) == 5
    assert set(found.run["black_country"]) == set(found.run["dudley"])

    many = dudley_sd.ensemble(
        FUTURES[:1],
        members=MEMBERS,
        seed=SEED,
        footprints=names[:-1],
        outputs=["gp_gap", "gp_wte_needed"],
        out=tmp_path / "parts.zarr",
    ).load()
    whole = many.sum("footprint").isel(scenario=0)
    for name, values in (
        ("gp_gap", whole["gp_gap"]),
        ("gp_gap_share", whole["gp_gap"] / whole["gp_wte_needed"]),
    ):
        band = found.run["black_country"][name + BAND].isel(scenario=0)
        expected = values.quantile(ENDS, "member").transpose("quantile", "year")
        assert np.allclose(band.sel(statistic=[MEDIAN, LOW, HIGH]), expected, rtol=1e-9)
    of_medians = sum(found.run[name]["gp_gap_band"].sel(statistic=MEDIAN) for name in names[:-1])
    assert not np.allclose(of_medians, found.run["black_country"]["gp_gap_band"].sel(statistic=MEDIAN))
    middle = many["gp_gap"].sel(footprint="dudley").isel(scenario=0).quantile(0.5, "member")
    own = found.run["dudley"]["gp_gap_band"].sel(statistic=MEDIAN).isel(scenario=0)
    assert np.allclose(own, middle, rtol=1e-9)
    alone = ensembles[0]["gp_gap"].isel(scenario=0).quantile(0.5, "member")
    assert not np.allclose(alone, middle)  # among others Dudley runs on their base


def test_twice_the_same_request_gives_the_same_band_to_the_last_bit(dudley):
    again = bands(["dudley"], FUTURES)
    xr.testing.assert_identical(again.run["dudley"], dudley.run["dudley"])


def test_totals_can_tell_what_indicators_are_worked_out_from():
    (_, (plans,)) = find_all([Request(FUTURES[:1], "none")])
    assert unsummable(plans["dudley"].model, banded_variables()) == []
    assert not set(banded()) & set(AGAINST)
