"""Are the small calculations behind the outcomes right?"""

from __future__ import annotations

import pandas as pd
import pytest
import xarray as xr

from dudley_sd.validation.bench import relative
from dudley_sd.validation.comparisons import years_to_half
from dudley_sd.validation.published import lost, money_lost, opens
from dudley_sd.validation.sensitivity import candidates, number_text, reach_of
from dudley_sd.validation.structure import boundary_table


def yearly(*values: float, units: str = "Person") -> xr.DataArray:
    years = list(range(2018, 2018 + len(values)))
    return xr.DataArray(list(values), dims="year", coords={"year": years}, attrs={"units": units})


def test_halving_is_measured_on_the_largest_value_of_the_series():
    """2 apart on a series whose largest value is 40."""
    assert relative(yearly(10, 40), yearly(12, 40), yearly(10, 40)) == pytest.approx(2 / 40)
    assert relative(yearly(0, 0), yearly(0, 0), yearly(0, 0)) == 0


def test_a_deficit_opens_where_it_stays():
    """Above 3% in 2019, below in 2020, above from 2021: three years."""
    short = yearly(0.01, 0.04, 0.01, 0.04, 0.05)

    assert opens(short, 0.03) == 3
    assert opens(short, 0.1) == float("inf")


def test_money_that_vanishes_is_seen():
    """One pound in a hundred that nobody accounts for."""
    money = xr.Dataset({"money_unaccounted_for": yearly(0, -1), "system_funding": yearly(100, 90)})

    assert money_lost(money) == pytest.approx(1 / 100)


def test_what_is_lost_between_a_stock_and_its_flows_is_seen():
    """10 and 3 a year in less 1 a year out make 12 after a year; 12.5 is half too many."""
    run = xr.Dataset({"people": yearly(10, 12.5), "births": yearly(3, 3), "deaths": yearly(1, 1)})

    assert lost(run, 1.0, "people", {"births": 1.0, "deaths": -1.0}) == pytest.approx(0.5)


def test_half_the_effect_is_found_between_years():
    """0, 0, 4, 8: half of 8 is reached in the second year; 0, 2, 8: a third of the way through the second."""
    assert years_to_half(yearly(0, 0, 4, 8)) == pytest.approx(2)
    assert years_to_half(yearly(0, 2, 8)) == pytest.approx(1 + 2 / 6)


def test_numbers_are_ranked_by_their_share_of_the_widest_move():
    columns = pd.MultiIndex.from_product([["beds", "gap"], ["low", "high"]])
    moves = pd.DataFrame(
        [[-1, 10, 0, 0], [0, 5, -4, 1], [0, 0, 0, 2]], index=["a", "b", "c"], columns=columns
    )
    reach = reach_of(moves)

    assert reach.to_dict() == {"a": 1, "b": 1, "c": 0.5}


def test_no_switch_and_no_decision_is_among_the_uncertain_numbers():
    names = pd.Series(candidates().index)

    assert len(names) > 150
    assert not names.str.startswith("coverage[").any()
    for word in ("switch", "start date", "contract", "share of released posts"):
        assert not names.str.contains(word, regex=False).any(), word


def test_numbers_have_names_that_can_be_read():
    assert number_text("time to embed") == "time to embed"
    assert number_text("use rate[AandE]") == "use rate: A&E attendances"


def test_the_boundary_is_read_from_the_documents():
    found = boundary_table()

    assert set(found) == {"endogenous", "exogenous", "left out"}
    assert "ONS projection" in found["exogenous"]
