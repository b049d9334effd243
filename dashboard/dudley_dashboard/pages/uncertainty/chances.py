"""Shares of runs: beyond a threshold, better than doing nothing, broken even."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from dudley_dashboard.pages.uncertainty.answer import Answer
from dudley_dashboard.pages.uncertainty.asked import ABOVE
from dudley_sd.ensembles.bands import break_even, crossing
from dudley_sd.results.break_even import BALANCE, accumulated_gain
from dudley_sd.results.measures import Measure

BETTER, SAME, WORSE = "better", "the same", "worse"
OUTCOMES = (BETTER, SAME, WORSE)
"""Of a plan against doing nothing; better is lower where a measure is no judgement."""

ROUNDING = 1e-9
"""Share of a measure's largest value below which two runs are the same."""


def crossed(array: xr.DataArray, measure: Measure, threshold: float, side: str) -> pd.DataFrame:
    """Share of the runs beyond a threshold, year by year.

    Parameters
    ----------
    array
        Dims (member, year), in the unit of the model.
    threshold
        In the unit that readers see.
    side
        ``above`` or ``below``: strictly so.

    Returns
    -------
    pd.DataFrame
        Columns ``year, share_in_year, share_by_year`` from `dudley_sd.ensembles.bands.crossing`.
    """
    sign = ">" if side == ABOVE else "<"
    text = f"{measure.key}{sign}{threshold * measure.scale!r}"
    return crossing(array.rename(measure.key).to_dataset(), [text])[
        ["year", "share_in_year", "share_by_year"]
    ]


def usual_threshold(answer: Answer, measure: Measure) -> float:
    """Where the middle run of doing nothing ends, as readers see it: what a box holds before they type."""
    for runs in (answer.nothing, answer.plan):
        if runs is not None and measure.key in runs:
            middle = float(runs[measure.key].isel(year=-1).median())
            if np.isfinite(middle):
                return round(middle / measure.scale, max(0, measure.decimals))
    return 0.0


def better_shares(answer: Answer, measure: Measure) -> xr.DataArray:
    """Share of the runs in which the plan is better than doing nothing, the same, or worse.

    Returns
    -------
    xr.DataArray
        Dims (outcome, year), from the second year on: in the first all runs start alike.
    """
    if answer.nothing is None:
        raise ValueError("there is no run of doing nothing")
    plan, nothing = (runs[measure.key].isel(year=slice(1, None)) for runs in (answer.plan, answer.nothing))
    gain = (plan - nothing) if measure.better == "high" else (nothing - plan)
    small = ROUNDING * float(abs(xr.concat([plan, nothing], "member")).max())
    shares = [
        (gain > small).mean("member"),
        (abs(gain) <= small).mean("member"),
        (gain < -small).mean("member"),
    ]
    return xr.concat(shares, pd.Index(OUTCOMES, name="outcome"))


def breaking_even(answer: Answer) -> pd.DataFrame:
    """Share of the runs that break even in each year, and by then; in the first: never behind."""
    if answer.nothing is None:
        raise ValueError("there is no run of doing nothing")
    return break_even(accumulated_gain(answer.plan[[BALANCE]], answer.nothing[[BALANCE]]))
