"""Is money conserved, does doing nothing open a deficit, and when does shift pay?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.validation.bench import FUTURES, PORTFOLIO, Runner, at
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import PUBLISHED
from dudley_sd.validation.targets import judge

MILLION = 1e6
CLOSED = {"share of released beds closed": 1.0}
HELD_OPEN = {"share of released beds closed": 0.0}
TEN_YEARS_ON = 2028
"""By 2033 the hospital overflows without a shift, and relief pays even with all capacity held open."""

A_CONTRACT = "dudley_mcp"
"""A contract in force, under which money moves between all four bodies."""


def money_findings(run: Runner, step: float) -> list[Finding]:
    """Judge the rows about money."""
    every_step = [
        run(save_every=step),
        run(portfolio=PORTFOLIO, levers=CLOSED, save_every=step, contract=A_CONTRACT),
    ]
    opens = deficit_opens(run()["margin"].sel(body="Commissioner"))
    held_open, closed = (added_balance(run, levers) for levers in (HELD_OPEN, CLOSED))
    return [
        judge(PUBLISHED, "money_conserved", max(map(money_lost, every_step))),
        judge(PUBLISHED, "deficit_opens", opens, _deficits(run)),
        judge(
            PUBLISHED,
            "stranded",
            held_open["official_future"],
            _elsewhere(held_open, added_balance(run, HELD_OPEN, 2033)),
        ),
        judge(
            PUBLISHED,
            "closed",
            closed["official_future"],
            _elsewhere(closed, added_balance(run, CLOSED, 2033)),
        ),
    ]


def money_lost(results: xr.Dataset) -> float:
    """Largest difference between the bodies' balances and the system's, on the scale of a year's money."""
    apart = abs(results["balance"].sum("body") - results["system_balance"])
    return float((apart / results["system_funding"].max("year")).max())


def deficit_opens(margin: xr.DataArray) -> float:
    """Years from the start to the first mid-year from which on a body always pays more than it gets."""
    short = margin.to_numpy() < 0
    lasting = np.logical_and.accumulate(short[::-1])[::-1]
    if not lasting.any():
        return float("inf")
    return float(margin["year"][int(lasting.argmax())] - margin["year"][0])


def added_balance(run: Runner, levers: dict[str, float], year: int = TEN_YEARS_ON) -> dict[str, float]:
    """Balance of the whole system in a year with the portfolio, less that without, in each future, £m."""
    return {
        scenario: (
            at(run(scenario, PORTFOLIO, levers), "system_balance", year)
            - at(run(scenario), "system_balance", year)
        )
        / MILLION
        for scenario in FUTURES
    }


def _deficits(run: Runner) -> str:
    margin = run()["margin"].sel(body="Commissioner") / MILLION
    early, late = (float(-margin.sel(year=year)) for year in (2023, 2033))
    return f"£{early:.0f}m a year short by 2023, £{late:.0f}m by 2033"


def _elsewhere(added: dict[str, float], by_2033: dict[str, float]) -> str:
    others = [name for name in FUTURES if name != "official_future"]
    words = [f"{name.replace('_', ' ')} {added[name]:+,.0f}" for name in others]
    words.append(f"Official Future by 2033 {by_2033['official_future']:+,.0f}")
    return "; ".join(words).replace("-", "−") + " (£m)"
