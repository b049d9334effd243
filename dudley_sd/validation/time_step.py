"""Integration error test: what moves, and how far, when the time step is halved."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import xarray as xr

from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner
from dudley_sd.validation.outcome import INTEGRATION, Outcome, judge

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
    "occupancy",
    "beds",
    "people_delayed",
    "elective_waiting_list",
    "elective_wait",
    "overall_vacancy_rate",
    "agency_staff",
    "acute_spending",
    "hospital_cost",
    "community_cost",
    "practice_cost",
    "social_care_cost",
    "system_cost",
    "system_balance",
    "stranded_cost",
    "share_of_activity_outside_hospital",
    "share_of_spending_outside_hospital",
)
BALANCES = ("balance", "margin")
"""What one body gets less what it pays: a small difference of large sums, judged apart."""

DEPARTURE = "departure_from_projection"
"""A few persons in 330,000: held to the tolerance on the scale of the population."""

PARTS: dict[str, Callable[[xr.Dataset], xr.DataArray]] = {
    "landed_shift": lambda run: run["potential_shift"],
    "unlanded_shift": lambda run: run["potential_shift"],
    "shift_as_share_of_demand": lambda run: run["potential_shift"] / run["activity_before_shift"],
    "stranded_cost": lambda run: run["hospital_fixed_cost"],
}
"""Parts of a whole. What is spare once base care is given, a small rest of a large number, decides how large
the part is, nearly nothing in Community Resilience: held to the tolerance on the scale of the whole."""

Run = tuple[str, str]


def step_outcomes(run: Runner, step: float) -> list[Outcome]:
    """Halve the step in every future, with and without the portfolio."""
    every = movements(run, step, step / 2)
    of_bodies = every["indicator"].isin(BALANCES)
    table, bodies = every[~of_bodies], every[of_bodies]
    return [
        judge(INTEGRATION, "halving", float(table["moved"].max()), _most(table)),
        judge(INTEGRATION, "halving_balances", float(bodies["moved"].max()), _most(bodies)),
    ]


def _most(table: pd.DataFrame) -> str:
    row = table.loc[table["moved"].idxmax()]
    return f"Most of all: {row['indicator']}, in {row['run']}"


def movements(
    run: Runner, usual: float, halved: float, portfolios: tuple[str, ...] = ("none", PORTFOLIO)
) -> pd.DataFrame:
    """How far each indicator moves between two steps, in the run in which it moves furthest.

    Returns
    -------
    pd.DataFrame
        Columns ``indicator``, ``moved`` (share of its series' maximum) and ``run``, largest first.
    """
    moved: dict[str, dict[str, float]] = {}
    for scenario in FUTURES:
        for portfolio in portfolios:
            runs = [run(scenario, portfolio, time_step=step) for step in (usual, halved)]
            moved[f"{scenario}, portfolio {portfolio}".replace("_", " ")] = between(*runs)
    table = pd.DataFrame(moved)
    worst = pd.DataFrame(
        {"indicator": table.index, "moved": table.max(axis=1).to_numpy(), "run": table.idxmax(axis=1)}
    )
    worst["indicator"] = worst["indicator"].str.replace("_", " ")
    return worst.sort_values("moved", ascending=False).reset_index(drop=True)


def between(one: xr.Dataset, other: xr.Dataset) -> dict[str, float]:
    """How far each indicator moves between two runs."""
    moved = {
        name: relative(one[name], other[name], PARTS[name](one) if name in PARTS else one[name])
        for name in (*INDICATORS, *BALANCES)
    }
    moved[DEPARTURE] = relative(one[DEPARTURE], other[DEPARTURE], one["total_population"])
    return moved


def relative(one: xr.DataArray, other: xr.DataArray, scale: xr.DataArray) -> float:
    """Largest distance of any element's series, on the scale of that element's largest value."""
    largest = abs(scale).max("year")
    distance = abs(one - other).max("year")
    return float((distance.where(distance > 0, 0.0) / largest.where(largest > 0, 1.0)).max())
