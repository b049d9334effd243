"""Do other areas open as Dudley does, and is a total the sum of its parts?"""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from sampling import sampled
from sdcompile.errors import InputError

import dudley_sd
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.footprints import Total
from dudley_sd.ratio import adds_up
from dudley_sd.results.assemble import one_area
from dudley_sd.results.invariants import check_invariants
from dudley_sd.results.tidy import tidy

AS_IN_DUDLEY = (
    "work_wanted",
    "practice_load",
    "continuity",
    "occupancy",
    "pressure_on_beds",
    "boarding_share",
    "vacancy_rate",
    "elective_wait",
    "unmet_community_share",
    "unmet_social_care_share",
    "hospital_margin_share",
    "perceived_strain",
    "activation",
    "isolation_index",
)
"""What tells how hard an area has it, whatever its size."""


@pytest.mark.parametrize("name", sampled(["sandwell_and_west_birmingham", "canterbury"], 1))
@pytest.mark.usefixtures("shared_folder")
def test_another_area_opens_as_hard_pressed_as_dudley(name):
    """Sizes are scaled with the use that its people make (`inputs/README.md`), so that loads are Dudley's.

    Shares of same-day demand and of all posts differ with the mix of people; sizes differ with how many.
    """
    found = dudley_sd.run(["official_future"], portfolio="none", footprints=["dudley", name])
    here, there = (one_area(found, each).isel(scenario=0).sel(year=2014) for each in ("dudley", name))
    for key in AS_IN_DUDLEY:
        np.testing.assert_allclose(there[key], here[key], rtol=1e-5, err_msg=key)
    assert float(abs(there["balance"]).max()) == 0
    for size in ("beds", "gp_wte", "people_delayed", "elective_waiting_list"):
        assert abs(float(there[size] / here[size]) - 1) > 0.1, size


@pytest.fixture(scope="module")
def black_country(shared_folder) -> xr.Dataset:
    """The partnership and its parts in one future."""
    assert shared_folder.is_dir()
    total = read_area("black_country", inputs_folder())
    assert isinstance(total, Total)
    names = [*total.parts, "black_country"]
    return dudley_sd.run(["official_future"], portfolio="as_evidenced", footprints=names)


def test_one_size_is_refused_for_several_areas():
    """739 beds in each of four areas would be 2,956 in the partnership."""
    with pytest.raises(InputError, match="beds in 2014: is a size, and one size cannot be right"):
        dudley_sd.run(["official_future"], footprint="black_country", levers={"beds in 2014": 739})


def test_footprint_is_the_first_dimension(black_country):
    assert black_country["gp_gap"].dims == ("footprint", "scenario", "year")
    assert black_country["staff_in_post"].dims == ("footprint", "scenario", "year", "staff")
    assert list(black_country["footprint"].to_numpy())[-1] == "black_country"


def test_the_stp_total_equals_the_sum_of_its_parts(black_country):
    parts = black_country.isel(footprint=slice(None, -1))
    total = black_country.sel(footprint="black_country")
    summed = [name for name, array in total.data_vars.items() if adds_up(array.attrs["units"])]
    assert {"population", "a_and_e_attendances", "staff_in_post", "beds", "system_balance"} <= set(summed)
    for name in summed:
        np.testing.assert_allclose(total[name], parts[name].sum("footprint"), rtol=1e-12, err_msg=str(name))


def test_shares_of_a_total_are_worked_out_again_and_lie_among_those_of_its_parts(black_country):
    parts = black_country.isel(footprint=slice(None, -1))
    total = black_country.sel(footprint="black_country")
    shares = ("unmet_same_day_share", "gps_per_10000", "occupancy", "vacancy_rate", "landed_share")
    for name in (*shares, "share_of_spending_outside_hospital", "perceived_strain", "elective_wait"):
        low, high = parts[name].min("footprint"), parts[name].max("footprint")
        assert bool(((total[name] >= low - 1e-12) & (total[name] <= high + 1e-12)).all()), name
    apart = total["gps_per_10000"] - parts["gps_per_10000"].mean("footprint")
    assert float(abs(apart).max()) > 1e-3  # no mean of the parts


def test_a_recipe_gives_the_models_own_ratio_of_one_area(black_country):
    """What is worked out again for a total is, for one area, what the model says of it."""
    from dudley_sd.indicators import ratios

    walsall = one_area(black_country, "walsall")
    for name, ratio in ratios().items():
        mine = ratio.of([walsall], walsall[name].dims).transpose(*walsall[name].dims)
        np.testing.assert_allclose(mine, walsall[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_what_cannot_be_told_of_a_total_is_left_out_and_named(black_country):
    total = one_area(black_country, "black_country")
    assert "practice_load" not in total
    assert "practice_load" in total.attrs["left_out"]
    check_invariants(total)
    rows = tidy(black_country, ["practice_load", "gp_gap"])
    load = rows[rows["variable"] == "practice_load"]
    assert "black_country" not in set(load["footprint"])
    assert not rows["value"].isna().any()


def test_every_output_of_a_borrowed_area_says_indicative(black_country):
    walsall, dudley = one_area(black_country, "walsall"), one_area(black_country, "dudley")
    assert walsall.attrs["indicative"].startswith("Indicative")
    assert "(indicative)" in walsall.attrs["title"]
    assert json.loads(walsall.attrs["manifest"])["indicative"]
    assert "indicative" not in dudley.attrs
    rows = tidy(black_country, ["gp_gap"])
    noted = set(rows[rows["note"] == "indicative"]["footprint"])
    assert noted == {"sandwell_and_west_birmingham", "walsall", "wolverhampton", "black_country"}


def test_a_single_run_is_what_stands_beside_others(black_country):
    alone = dudley_sd.run(["official_future"], portfolio="as_evidenced", footprint="walsall")
    xr.testing.assert_equal(alone["gp_gap"], one_area(black_country, "walsall")["gp_gap"])
