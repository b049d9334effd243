"""What ``dudley-sd compare`` makes: medians and ends of 8 in 10 runs of every portfolio in every future."""

from __future__ import annotations

from functools import cache

import pandas as pd

import dudley_sd.api
from dudley_sd.results.comparison import Comparison


@cache
def comparison() -> Comparison:
    """Everything that the command writes into files."""
    return dudley_sd.api.compare(band=True)


@cache
def statistics() -> pd.DataFrame:
    """Rows of its file, by statistic, scenario, portfolio, year and indicator."""
    index = ["statistic", "scenario", "portfolio", "year", "indicator"]
    return comparison().statistics.set_index(index).sort_index()
