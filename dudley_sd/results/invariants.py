"""What must hold in every result, whatever was asked for: checked each time, not only in tests."""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.results.broken import BrokenInvariantError

NOT_NEGATIVE = (
    "population",
    "gps",
    "future_gps_in_training",
    "staff_in_post",
    "staff_in_training",
    "beds",
    "people_delayed",
    "elective_waiting_list",
    "practice_backlog",
    "usual_recruits",
    "gp_joiners",
)
SHARES = (
    "landed_share",
    "unlanded_share",
    "unmet_same_day_share",
    "vacancy_rate",
    "share_of_gps_55_and_over",
    "share_of_gps_65_and_over",
    "maturity",
    "delivered_coverage",
    "shift_as_share_of_demand",
    "activity_left_in_place",
    "technology_take_up",
    "state_share_of_gdp",
    "share_of_the_way",
    "overall_vacancy_rate",
    "affordable_share_of_new_posts",
    "funded_share_of_base_posts",
    "commissioner_cover",
    "council_cover",
    "mcp_cover",
    "outcome_score",
    "claim_maturity",
    "left_by_claim",
    "electives_cancelled",
    "acute_staffing",
    "share_bought_through_contract",
    "covered_share_of_service",
    "hospital_share_moved",
    "closed_share_of_hospital_capacity",
    "share_of_activity_outside_hospital",
    "share_of_spending_outside_hospital",
    "share_of_older_activity_landed",
    "time_at_home",
    "scenario_progress",
)
ROUNDING = 1e-9


def check_invariants(results: xr.Dataset) -> None:
    """Refuse a result that cannot be true.

    Parameters
    ----------
    results
        From `assemble`; only the invariants whose variables are there are checked.

    Raises
    ------
    BrokenInvariantError
        A value that is not finite; a negative stock or flow of recruits; a share outside [0, 1]; people not
        conserved (the total is not the projection's plus what births, deaths and migration explain); activity
        that does not add up over the shift, or money that appears or vanishes between bodies, to one part in
        10^9. Every broken rule is named with its worst place.
    """
    broken = [
        *_not_finite(results),
        *_negative(results),
        *_no_share(results),
        *_people(results),
        *_shift(results),
        *_money(results),
    ]
    if broken:
        raise BrokenInvariantError("The result breaks what must always hold:\n  " + "\n  ".join(broken))


def _not_finite(results: xr.Dataset) -> list[str]:
    return [
        f"{name} is not finite at {_place(results[name].copy(data=~np.isfinite(results[name].to_numpy())))}"
        for name in results.data_vars
        if not np.isfinite(results.variables[name].to_numpy()).all()
    ]


def _negative(results: xr.Dataset) -> list[str]:
    return [
        f"{name} is negative at {_place(results[name] < 0)}"
        for name in NOT_NEGATIVE
        if name in results and (results.variables[name].to_numpy() < -ROUNDING).any()
    ]


def _no_share(results: xr.Dataset) -> list[str]:
    found = []
    for name in SHARES:
        if name in results:
            values = results.variables[name].to_numpy()
            outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
            if outside.any():
                found.append(f"{name} is outside [0, 1] at {_place(results[name].copy(data=outside))}")
    return found


def _people(results: xr.Dataset) -> list[str]:
    parts = ("departure_by_births", "departure_by_deaths", "departure_by_migration")
    names = ("total_population", "reference_total_population", *parts)
    if not all(name in results for name in names):
        return []
    explained = results["reference_total_population"] + sum(results[name] for name in parts)
    return _unequal("people are not conserved", results["total_population"], explained)


def _shift(results: xr.Dataset) -> list[str]:
    names = (
        "activity_before_shift",
        "activity_after_shift",
        "landed_shift",
        "unlanded_shift",
        "potential_shift",
    )
    if not all(name in results for name in names):
        return []
    after = results["activity_after_shift"] + results["landed_shift"]
    whole = results["landed_shift"] + results["unlanded_shift"]
    return [
        *_unequal("activity is lost in the shift", results["activity_before_shift"], after),
        *_unequal("landed and unlanded shift do not add up", results["potential_shift"], whole),
    ]


def _money(results: xr.Dataset) -> list[str]:
    """Compare balances of bodies with what came in less what went out: what one pays another receives."""
    names = ("balance", "system_balance", "system_funding")
    if not all(name in results for name in names):
        return []
    apart = abs(results["balance"].sum("body") - results["system_balance"])
    turnover = results["system_funding"].max("year").clip(min=1.0)
    broken = apart > ROUNDING * turnover
    return [f"money is not conserved at {_place(broken)}"] if bool(broken.any()) else []


def _unequal(text: str, left: xr.DataArray, right: xr.DataArray) -> list[str]:
    apart = abs(left - right) > ROUNDING * abs(left).clip(min=1.0)
    return [f"{text} at {_place(apart)}"] if bool(apart.any()) else []


def _place(where: xr.DataArray) -> str:
    """Name the first place where a condition holds."""
    at = np.argwhere(where.to_numpy())[0]
    return ", ".join(
        f"{dim} {where[dim].to_numpy()[place]}" for dim, place in zip(where.dims, at, strict=True)
    )
