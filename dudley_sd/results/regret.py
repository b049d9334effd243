"""Regret: how far from the best each option ends in every future, and which holds up best in the worst.

Regret is worked out run by run: how far an option ends from the best of the options in the same run of the
same future; run 17 has the same draws everywhere. What is told, here and on every page and in every file, is
the median over the runs, with 8 in 10 runs; the largest regret of an option is the largest of these medians
over the futures. Without draws it is the regret of the single runs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dudley_sd.indicators import JUDGED
from dudley_sd.results.band import HIGH, LOW, MEDIAN, SINGLE, statistics_of

RUN_BY_RUN = (
    "Regret is worked out run by run, with the same draws for every option; the median is shown, and where 8 "
    "in 10 runs lie. The largest regret is the largest of these medians."
)
"""What readers are told of the rule above."""

CASE = ["footprint", "indicator", "scenario"]
OPTION = ["portfolio", "contract"]
ENDS = ["regret_low", "regret_high"]
REGRET_COLUMNS = [*CASE, *OPTION, "unit", "value", "best", "regret", *ENDS]
WORST_COLUMNS = ["footprint", "indicator", *OPTION, "unit", "regret", *ENDS, "scenario", "least_at_worst"]
SAME = 1e-9


def regret_table(table: pd.DataFrame, runs: np.ndarray) -> pd.DataFrame:
    """Return how far each portfolio and contract is from the best in each scenario, in the last year.

    Parameters
    ----------
    table
        Columns ``footprint, indicator, scenario, portfolio, contract, unit, year``, one row for each number.
    runs
        What runs have in each row, [row, run]: the single run first, then members with the same draws in
        every row, if there are any.

    Returns
    -------
    pd.DataFrame
        Columns ``footprint, indicator, scenario, portfolio, contract, unit, value, best, regret, regret_low,
        regret_high``: for each of `JUDGED`, the medians of the option's own value, of the best value of all
        options in that scenario, and of the distance from it, never below nothing, with the ends of 8 in 10
        runs; with one run its own numbers, and no ends (NaN). Options without a number of an
        indicator are not ranked by it. Empty where there are fewer than two options.
    """
    if len(table[OPTION].drop_duplicates()) < 2:
        return pd.DataFrame(columns=REGRET_COLUMNS)
    told = (table["year"] == table["year"].max()) & table["indicator"].isin(list(JUDGED))
    kept = told.to_numpy() & ~np.isnan(runs).all(axis=1)
    last, runs = table[kept].reset_index(drop=True), runs[kept]
    sign = np.where(last["indicator"].map(lambda key: JUDGED[key].better) == "high", 1.0, -1.0)[:, None]
    best = np.empty_like(runs)
    for places in last.groupby(CASE, sort=False).indices.values():
        best[places] = np.fmax.reduce((runs * sign)[places], axis=0)
    regret = statistics_of((best - runs * sign).T)
    first = MEDIAN if MEDIAN in regret else SINGLE
    for name, values in (("value", runs), ("best", best * sign)):
        last[name] = statistics_of(values.T)[first]
    last["regret"] = regret[first]
    for name, end in zip(ENDS, (LOW, HIGH), strict=True):
        last[name] = regret.get(end, np.nan)
    return pd.DataFrame(last[REGRET_COLUMNS])


def worst_regret(regret: pd.DataFrame) -> pd.DataFrame:
    """Return each option's largest regret over scenarios, and which option has the least of these.

    Parameters
    ----------
    regret
        From `regret_table`.

    Returns
    -------
    pd.DataFrame
        Columns ``footprint, indicator, portfolio, contract, unit, regret, regret_low, regret_high``, the
        ``scenario`` in which it is that large, and ``least_at_worst``: true for the option to choose by
        minimax regret, or for several that share the least. An option that was not judged in every scenario
        is left out; so are indicators with fewer than two options left.
    """
    if regret.empty:
        return pd.DataFrame(columns=WORST_COLUMNS)
    option = ["footprint", "indicator", *OPTION]
    judged = regret.groupby(option, sort=False)["scenario"].transform("nunique")
    full = regret[judged == regret["scenario"].nunique()]
    worst = full.loc[full.groupby(option, sort=False)["regret"].idxmax()].copy()
    groups = worst.groupby(["footprint", "indicator"], sort=False)["regret"]
    worst["least_at_worst"] = worst["regret"] <= groups.transform("min") * (1 + SAME) + SAME
    return worst[groups.transform("size") > 1][WORST_COLUMNS].reset_index(drop=True)
