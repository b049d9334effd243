"""What must hold in every result, whatever was asked for: checked each time, not only in tests.

One gate for `dudley_sd.run`, ensembles, the dashboard and its files: each computes the variables of `GATE`,
whether or not it keeps them, and hands them to `check_invariants`. Settings inside their limits break no rule
(`tests/properties/test_random_levers.py`).
"""

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
PEOPLE = (
    "total_population",
    "reference_total_population",
    "departure_by_births",
    "departure_by_deaths",
    "departure_by_migration",
)
SHIFT = ("activity_before_shift", "activity_after_shift", "landed_shift", "unlanded_shift", "potential_shift")
MONEY = ("balance", "system_balance", "system_funding")
GATE = (*NOT_NEGATIVE, *SHARES, *PEOPLE, *SHIFT, *MONEY)
"""Keys of all variables that a rule looks at."""

ROUNDING = 1e-9


def check_invariants(results: xr.Dataset) -> None:
    """Refuse a result that cannot be true.

    Parameters
    ----------
    results
        From `assemble`; only the rules whose variables are there are checked.

    Raises
    ------
    BrokenInvariantError
        A value that is not finite; a negative stock or flow of joiners; a share outside [0, 1]; people not
        conserved (the total is not the projection's plus what births, deaths and migration explain); activity
        that does not add up over the shift, or money that appears or vanishes between bodies, to one part in
        10^9 of the turnover or the largest balance. Every broken rule is named with its worst place.
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
        f"{name} is not finite at {_place(results, str(name), ~np.isfinite(variable.values))}"
        for name, variable in results.variables.items()
        if name in results.data_vars and not np.isfinite(variable.values).all()
    ]


def _negative(results: xr.Dataset) -> list[str]:
    return [
        f"{name} is negative at {_place(results, name, results.variables[name].values < 0)}"
        for name in NOT_NEGATIVE
        if name in results.variables and results.variables[name].values.min(initial=0.0) < -ROUNDING
    ]


def _no_share(results: xr.Dataset) -> list[str]:
    found = []
    for name in SHARES:
        if name in results.variables:
            values = results.variables[name].values
            if values.min(initial=0.0) < -ROUNDING or values.max(initial=0.0) > 1 + ROUNDING:
                outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
                found.append(f"{name} is outside [0, 1] at {_place(results, name, outside)}")
    return found


def _people(results: xr.Dataset) -> list[str]:
    arrays = _arrays(results, *PEOPLE)
    if not arrays:
        return []
    people, reference, *departures = arrays
    return _unequal(
        results, "total_population", "people are not conserved", people, reference + sum(departures)
    )


def _shift(results: xr.Dataset) -> list[str]:
    arrays = _arrays(results, *SHIFT)
    if not arrays:
        return []
    before, after, landed, unlanded, potential = arrays
    apart = "landed and unlanded shift do not add up"
    return [
        *_unequal(results, "activity_before_shift", "activity is lost in the shift", before, after + landed),
        *_unequal(results, "potential_shift", apart, potential, landed + unlanded),
    ]


def _money(results: xr.Dataset) -> list[str]:
    """Compare balances of bodies with what came in less what went out: what one pays another receives."""
    arrays = _arrays(results, *MONEY)
    if not arrays:
        return []
    balance, system, funding = arrays
    bodies = [dim for dim in balance.dims if dim not in system.dims]
    size = np.maximum(np.maximum(funding.max("year"), abs(balance).max([*bodies, "year"])), 1.0)
    broken = (abs(balance.sum(bodies) - system) > ROUNDING * size).transpose(*system.dims).values
    return [f"money is not conserved at {_place(results, 'system_balance', broken)}"] if broken.any() else []


def _arrays(results: xr.Dataset, *names: str) -> list[xr.Variable]:
    """Arrays without their labels, which take most of the time of an operation; none if one is not there."""
    return [results.variables[name] for name in names] if set(names) <= set(results.variables) else []


def _unequal(results: xr.Dataset, name: str, text: str, left: xr.Variable, right: xr.Variable) -> list[str]:
    apart = (abs(left - right) > ROUNDING * np.maximum(abs(left), 1.0)).transpose(*left.dims).values
    return [f"{text} at {_place(results, name, apart)}"] if apart.any() else []


def _place(results: xr.Dataset, name: str, where: np.ndarray) -> str:
    """Name the first place where a condition holds in an array."""
    found = zip(results[name].dims, np.argwhere(where)[0], strict=True)
    return ", ".join(f"{dim} {results[dim].values[at]}" for dim, at in found)
