"""Integration error test: what moves, and how far, when the time step is halved."""

from __future__ import annotations

import pandas as pd
import xarray as xr

from dudley_sd.indicators import ITSELF, Indicator, indicators
from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner
from dudley_sd.validation.outcome import INTEGRATION, Outcome, judge

BALANCES = ("balance", "margin")
"""What one body gets less what it pays: a small difference of large sums, judged apart."""

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
    return {
        row.key: relative(one[row.key], other[row.key], _scale(row, one))
        for row in indicators().values()
        if row.step_scale
    }


def _scale(row: Indicator, run: xr.Dataset) -> xr.DataArray:
    """Return on which scale an indicator moves.

    A small rest of a large number, such as what is spare once base care is given, is held to the tolerance on
    the scale of the whole, and a departure of a few persons on that of the population.
    """
    if row.step_scale == ITSELF:
        return run[row.key]
    whole, *parts = (run[name.strip()] for name in row.step_scale.split("/"))
    return whole / parts[0] if parts else whole


def relative(one: xr.DataArray, other: xr.DataArray, scale: xr.DataArray) -> float:
    """Largest distance of any element's series, on the scale of that element's largest value."""
    largest = abs(scale).max("year")
    distance = abs(one - other).max("year")
    return float((distance.where(distance > 0, 0.0) / largest.where(largest > 0, 1.0)).max())
