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
A_CONTRACT = {
    "contract start date": 2019.0,
    "contract integration": 0.67,
    "share in contract[PracticeSameDay]": 0.5,
    "share in contract[AandE]": 0.3,
    "share in contract[EmergencyAdmission]": 0.3,
    "share in contract[CommunityContact]": 1.0,
    "share in contract[MentalHealthContact]": 0.5,
    "share in contract[SocialCarePackage]": 0.2,
    "share paid up front": 0.9,
    "outcome share": 0.1,
    "gain share": 0.5,
    "loss share": 0.5,
    "surplus kept first": 0.02,
    "surplus kept beyond": 0.5,
    "transformation money": 5e6,
}
"""A contract in which every payment between bodies that the model knows is made."""


def money_findings(run: Runner, step: float) -> list[Finding]:
    """Judge the rows about money."""
    every_step = [
        run(save_every=step),
        run(portfolio=PORTFOLIO, levers={**A_CONTRACT, **CLOSED}, save_every=step),
    ]
    opens = deficit_opens(run()["margin"].sel(body="Commissioner"))
    held_open, closed = (added_balance(run, levers) for levers in ({}, CLOSED))
    return [
        judge(PUBLISHED, "money_conserved", max(map(money_lost, every_step))),
        judge(PUBLISHED, "deficit_opens", opens, _deficits(run)),
        judge(PUBLISHED, "stranded", held_open["official_future"], _elsewhere(held_open)),
        judge(PUBLISHED, "closed", closed["official_future"], _elsewhere(closed)),
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


def added_balance(run: Runner, levers: dict[str, float]) -> dict[str, float]:
    """Balance of the whole system in 2033 with the portfolio, less that without, in each future, £m."""
    return {
        scenario: (
            at(run(scenario, PORTFOLIO, levers or None), "system_balance")
            - at(run(scenario), "system_balance")
        )
        / MILLION
        for scenario in FUTURES
    }


def _deficits(run: Runner) -> str:
    margin = run()["margin"].sel(body="Commissioner") / MILLION
    early, late = (float(-margin.sel(year=year)) for year in (2023, 2033))
    return f"£{early:.0f}m a year short by 2023, £{late:.0f}m by 2033"


def _elsewhere(added: dict[str, float]) -> str:
    others = [name for name in FUTURES if name != "official_future"]
    return (
        "; ".join(f"{name.replace('_', ' ')} {added[name]:+,.0f}" for name in others).replace("-", "−")
        + " (£m)"
    )
