"""UnitingCare's terms on a 65+ population: the arithmetic, and its history compared, never fitted.

Lewisham CCG, New Models of Care: a rapid review (2016), case study 1: five years; £800m, about £160m in the
first year; a ceiling of £752m; a bid of £726m; up to 15% by outcomes in the latter years; a 10% saving taken
for granted; £34m more asked for within the first year, then withdrawal.
"""

from __future__ import annotations

import pytest
import xarray as xr

FIRST_YEAR, CEILING, BID, ASKED = 160e6, 752e6, 726e6, 34e6


@pytest.fixture(scope="module")
def contract(model_run) -> xr.Dataset:
    return model_run(portfolio="as_evidenced", contract="uniting_care")


def test_the_sum_is_what_care_for_those_over_65_cost_less_the_discount(contract: xr.Dataset):
    """Mid-2018: spending on the services in the contract x share used by 65+ x 726 / 752."""
    start = contract.sel(year=2018)
    over_65 = start["spending_by_service_in_2018"] * start["covered_share_in_2018"]
    in_contract = float((over_65 * start["share_in_contract"]).sum())

    assert float(start["covered_people"]) == pytest.approx(float(start["people_65_and_over"]))
    assert float(start["contract_sum"]) == pytest.approx(in_contract * 0.965, rel=1e-9)
    assert float(start["contract_price"]) == pytest.approx(BID / CEILING, abs=0.0005)


def test_its_history_beside_the_model(contract: xr.Dataset):
    """The model's shortfall at the real contract's size: a few million in year one, far more over five.

    The £34m asked for lies between: no number of the model was chosen for that. It says that the terms fail
    through their assumptions (saving, outcomes, growth), not through the discount of the bid alone.
    """
    years = contract.sel(year=slice(2018, 2022))
    sums, cost = years["contract_sum"], years["cost_of_care_in_contract"]
    shortfall = cost - sums * years["payment_share"]
    size = FIRST_YEAR / float(cost.sel(year=2018))
    first, five = float(shortfall.sel(year=2018)) * size, float(shortfall.sum()) * size

    assert 0 < first < ASKED < five
    assert float(shortfall.sel(year=2022)) > 3 * float(shortfall.sel(year=2018))


def test_five_years_of_the_model_s_sum_are_near_the_bid(contract: xr.Dataset):
    """At the real contract's size the sums of 2018 to 2022 add up to about £726m.

    £160m is read as what care cost; the review gives it as the value of the first year, with a saving of 10%
    over five years taken for granted. Tolerance: 5%, for how the saving is phased in and for growth.
    """
    cost = float(contract["cost_of_care_in_contract"].sel(year=2018))
    sums = contract["contract_sum"].sel(year=slice(2018, 2022))

    assert float(sums.sum()) * FIRST_YEAR / cost == pytest.approx(BID, rel=0.05)
