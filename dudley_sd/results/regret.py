"""How far from the best does each option end in every future, and which is least bad at its worst?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dudley_sd.results.measures import MEASURES

JUDGED = {measure.key: measure.better for measure in MEASURES if measure.better}
"""Measures that portfolios and contracts are judged by, and which way is better."""

CASE = ["footprint", "measure", "scenario"]
OPTION = ["portfolio", "contract"]
REGRET_COLUMNS = [*CASE, *OPTION, "unit", "value", "best", "regret"]
WORST_COLUMNS = ["footprint", "measure", *OPTION, "unit", "regret", "scenario", "least_at_worst"]
SAME = 1e-9


def regret_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return how far each portfolio and contract is from the best in each scenario, in the last year.

    Parameters
    ----------
    table
        From `dudley_sd.results.comparison.compare`.

    Returns
    -------
    pd.DataFrame
        Columns ``footprint, measure, scenario, portfolio, contract, unit, value, best, regret``: for each of
        `JUDGED`, `best` is the best value of all options in that scenario and `regret` the distance from it,
        never below nothing. Options of which a measure cannot be told are not ranked by it. Empty where
        there are fewer than two options.
    """
    if len(table[OPTION].drop_duplicates()) < 2:
        return pd.DataFrame(columns=REGRET_COLUMNS)
    last = table[(table["year"] == table["year"].max()) & table["measure"].isin(list(JUDGED))]
    last = last.dropna(subset="value").copy()
    sign = np.where(last["measure"].map(JUDGED) == "high", 1.0, -1.0)
    signed = last["value"] * sign
    best = signed.groupby([last[key] for key in CASE], sort=False).transform("max")
    last["best"] = best * sign
    last["regret"] = best - signed
    return pd.DataFrame(last[REGRET_COLUMNS].reset_index(drop=True))


def worst_regret(regret: pd.DataFrame) -> pd.DataFrame:
    """Return each option's largest regret over scenarios, and which option has the least of these.

    Parameters
    ----------
    regret
        From `regret_table`.

    Returns
    -------
    pd.DataFrame
        Columns ``footprint, measure, portfolio, contract, unit, regret``, the ``scenario`` in which it is
        that large, and ``least_at_worst``: true for the option to choose by minimax regret, or for several
        that share the least. An option that was not judged in every scenario is left out; so are
        measures with fewer than two options left.
    """
    if regret.empty:
        return pd.DataFrame(columns=WORST_COLUMNS)
    option = ["footprint", "measure", *OPTION]
    judged = regret.groupby(option, sort=False)["scenario"].transform("nunique")
    full = regret[judged == regret["scenario"].nunique()]
    worst = full.loc[full.groupby(option, sort=False)["regret"].idxmax()].copy()
    groups = worst.groupby(["footprint", "measure"], sort=False)["regret"]
    worst["least_at_worst"] = worst["regret"] <= groups.transform("min") * (1 + SAME) + SAME
    return worst[groups.transform("size") > 1][WORST_COLUMNS].reset_index(drop=True)
