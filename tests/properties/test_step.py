"""Is the step short enough?"""

from __future__ import annotations

import pytest
import xarray as xr

INDICATORS = (
    "total_population",
    "people_65_and_over",
    "people_75_and_over",
    "people_of_working_age",
    "people_by_need",
    "activity_before_shift",
    "activity_after_shift",
    "activity_delivered",
    "landed_shift",
    "unlanded_shift",
    "unlanded_share",
    "shift_as_share_of_demand",
    "vacancy_rate",
    "staff_in_post",
    "a_and_e_attendances",
    "unmet_same_day_share",
    "practice_load",
    "practice_wait",
    "gp_wte",
    "gp_wte_needed",
    "gp_heads",
    "gps_per_10000",
    "share_of_gps_55_and_over",
    "share_of_gps_65_and_over",
    "continuity",
)
DIFFERENCES = {"gp_gap": "gp_wte_needed", "departure_from_projection": "total_population"}


@pytest.mark.parametrize("portfolio", ["none", "as_evidenced"])
def test_halving_the_step_moves_no_indicator(model_run, portfolio: str):
    """model.md: by no more than 0.5% of the maximum of its series.

    The practice backlog, which the portfolio all but clears, is held to it where there is one, in the
    baseline. The GP gap and the departure from the projection are small differences of large numbers and cross zero;
    they are held to 0.5% of the numbers they are the difference of.
    """
    usual, halved = model_run(portfolio=portfolio), model_run(portfolio=portfolio, time_step=0.0625)
    scales = {name: name for name in INDICATORS} | DIFFERENCES

    moved = {name: relative(usual[name], halved[name], usual[scale]) for name, scale in scales.items()}
    assert max(moved.values()) < 0.005, sorted(moved.items(), key=lambda item: -item[1])[:5]


@pytest.mark.parametrize("name", ["gp_gap", "gp_gap_share", "practice_backlog", "giving_up"])
def test_the_baseline_passes_on_its_own_scale(baseline: xr.Dataset, model_run, name: str):
    """Where gap and backlog are large, as in the baseline, they pass on their own scale."""
    halved = model_run(time_step=0.0625)

    assert relative(baseline[name], halved[name], baseline[name]) < 0.005


def test_twice_the_step_would_not_pass(model_run, four_futures: xr.Dataset):
    """The step is the largest power of two that passes: at 1/4 some indicator moves too far."""
    live = four_futures.sel(scenario="official_future")
    coarse = model_run(portfolio="as_evidenced", time_step=0.25)
    moved = {name: relative(coarse[name], live[name], coarse[name]) for name in INDICATORS}

    assert max(moved.values()) > 0.005


def relative(one: xr.DataArray, other: xr.DataArray, scale: xr.DataArray) -> float:
    """Largest distance of any element's series, on the scale of that element's largest value."""
    largest = abs(scale).max("year")
    distance = abs(one - other).max("year")
    return float((distance.where(distance > 0, 0.0) / largest.where(largest > 0, 1.0)).max())
