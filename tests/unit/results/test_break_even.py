"""When what was decided has paid for itself, on balances small enough to check by eye."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr

from dudley_sd.results.derived import accumulated_gain, break_even_text, first_year_without_loss, has_balance


def balance(*scenarios: list[float]) -> xr.DataArray:
    """One list of millions of pounds for each scenario, from 2018 on."""
    years = list(range(2018, 2018 + len(scenarios[0])))
    names = [f"future_{place}" for place in range(len(scenarios))]
    return xr.DataArray(
        np.array(scenarios, dtype=float), dims=("scenario", "year"), coords={"scenario": names, "year": years}
    )


@pytest.mark.parametrize(
    ("gain", "year"),
    [
        ([0, -4, -6, -1, 3], 2022),  # lost, then won back
        ([0, -4, -6, 0, 3], 2021),  # level is enough
        ([0, 2, -1, 1, 4], 2021),  # ahead, behind, ahead for good
        ([0, -1, 2, -1, 4], 2022),  # the first time does not last
        ([0, -4, -6, -7, -8], math.nan),  # never won back
        ([0, -4, 2, 3, -1], math.nan),  # won back and lost again
        ([0, 1, 2, 3, 4], 2018),  # never behind
        ([0, 0, 0, 0, 0], 2018),  # no difference
        ([0, -1e-7, 0, 0, 0], 2018),  # ten pence is rounding
    ],
)
def test_the_year_is_the_one_after_the_last_loss(gain, year):
    found = first_year_without_loss(balance(gain))
    assert found.dims == ("scenario",)
    assert found.attrs["units"] == "Year"
    assert found.item() == pytest.approx(year, nan_ok=True)


def test_each_scenario_has_its_own_year():
    found = first_year_without_loss(balance([0, -1, 1], [0, -1, -2], [0, 1, 1]))
    assert found.to_numpy() == pytest.approx([2020, math.nan, 2018], nan_ok=True)


def test_the_order_of_dimensions_does_not_matter():
    gain = balance([0, -1, 1], [0, -1, -2])
    xr.testing.assert_identical(first_year_without_loss(gain.transpose()), first_year_without_loss(gain))


def test_the_gain_is_the_difference_of_the_balances():
    run = xr.Dataset({"system_balance": balance([0, -10, -30])})
    without = xr.Dataset({"system_balance": balance([0, -12, -29])})
    gain = accumulated_gain(run, without)
    assert gain.to_numpy() == pytest.approx(np.array([[0, 2, -1]]))
    assert gain.attrs["units"] == "MillionPound"


def test_money_is_told_only_where_both_runs_have_it():
    run = xr.Dataset({"system_balance": balance([0, 1])})
    assert has_balance(run, run)
    assert not has_balance(run, None)
    assert not has_balance(run, xr.Dataset())
    assert not has_balance(xr.Dataset(), run)


@pytest.mark.parametrize(
    ("year", "words"), [(2027.0, "2027"), (math.nan, "not by 2033"), (2018.0, "never behind")]
)
def test_a_year_is_said_in_words(year, words):
    assert break_even_text(year, 2018, 2033) == words
