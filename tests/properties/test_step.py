"""Is the step short enough?"""

from __future__ import annotations

import pytest
import xarray as xr

STEP = 0.0625
FUTURES = ("official_future", "state_supreme", "community_resilience", "corporate_rules")
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
    "gp_gap",
    "gp_heads",
    "gps_per_10000",
    "share_of_gps_55_and_over",
    "share_of_gps_65_and_over",
    "continuity",
)


@pytest.mark.parametrize("scenario", FUTURES)
@pytest.mark.parametrize("portfolio", ["none", "as_evidenced"])
def test_halving_the_step_moves_no_indicator(model_run, scenario: str, portfolio: str):
    """model.md: by no more than 0.5% of the maximum of its series, element by element.

    The departure from the projection, a few persons in 330,000, is held to it on the scale of the population.
    """
    usual, halved = (model_run(scenario, portfolio, time_step=step) for step in (STEP, STEP / 2))
    moved = {name: relative(usual[name], halved[name], usual[name]) for name in INDICATORS}
    departures = (results["departure_from_projection"] for results in (usual, halved))
    moved["departure_from_projection"] = relative(*departures, usual["total_population"])

    assert max(moved.values()) < 0.005, sorted(moved.items(), key=lambda item: -item[1])[:5]


def test_the_step_is_the_largest_that_passes(model_run):
    """At 1/8 an indicator moves too far in some future."""
    moved = 0.0
    for scenario in FUTURES:
        usual, halved = (model_run(scenario, "as_evidenced", time_step=step) for step in (2 * STEP, STEP))
        moved = max(moved, *(relative(usual[name], halved[name], usual[name]) for name in INDICATORS))

    assert moved > 0.005


def test_the_model_file_has_this_step(model_run):
    """What is tested here is what is run."""
    given, asked = model_run(), model_run(time_step=STEP)

    xr.testing.assert_identical(given, asked)


def relative(one: xr.DataArray, other: xr.DataArray, scale: xr.DataArray) -> float:
    """Largest distance of any element's series, on the scale of that element's largest value."""
    largest = abs(scale).max("year")
    distance = abs(one - other).max("year")
    return float((distance.where(distance > 0, 0.0) / largest.where(largest > 0, 1.0)).max())
