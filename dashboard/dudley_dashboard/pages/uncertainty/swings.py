"""What does each number alone, at the ends of its range, do to the plan and to what it is held against?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dudley_dashboard.pages.uncertainty.answer import NUMBERS, TEXT, Answer
from dudley_sd.ensembles.explore import tornado
from dudley_sd.ensembles.job import Job
from dudley_sd.results.measures import Measure

BOTH = ("variable", "parameter")
ROUNDING = 1e-9
"""Share of a measure's largest value below which two results are the same."""


def swings_of(job: Job, against: Job | None) -> pd.DataFrame:
    """Change one number at a time, in the plan and in the run it is held against.

    Returns
    -------
    pd.DataFrame
        Columns of `Answer.swings`; NaN for the other run where there is none,
        or where no number moves it.
    """
    found = tornado(job)
    columns = {"at_low": "against_at_low", "at_high": "against_at_high"}
    if against is None:
        return found.assign(**dict.fromkeys(columns.values(), float("nan")))[[*TEXT, *NUMBERS]]
    other = tornado(against).rename(columns=columns)[[*BOTH, *columns.values()]]
    return found.merge(other, "left", on=list(BOTH), validate="one_to_one")[[*TEXT, *NUMBERS]]


def series_of(measure: Measure) -> str:
    """Name of a measure's numbers in `Answer.swings`."""
    return measure.variable if measure.element is None else f"{measure.variable}[{measure.element[1]}]"


def pulls(answer: Answer, measure: Measure) -> tuple[float, float]:
    """Return how far all numbers, one at a time, pull a measure of the last year down and up, added up."""
    table = answer.swings[answer.swings["variable"] == series_of(measure)]
    low, high = table[["at_low", "at_high"]].min(axis=1), table[["at_low", "at_high"]].max(axis=1)
    down = (table["at_central"] - low).clip(lower=0).sum()
    return float(down), float((high - table["at_central"]).clip(lower=0).sum())


def harmful(answer: Answer, measure: Measure) -> list[str] | None:
    """Name the numbers that alone, at an end of their range, make the plan worse than doing nothing.

    Returns
    -------
    list of str or None
        Names in the model; None where this was not worked out, or the measure is no judgement.
    """
    table = answer.swings[answer.swings["variable"] == series_of(measure)]
    plan = table[["at_low", "at_high"]].to_numpy(dtype=float)
    against = table[["against_at_low", "against_at_high"]].to_numpy(dtype=float)
    if table.empty or not measure.better or bool(np.isnan(against).any()):
        return None
    small = ROUNDING * float(np.abs(plan).max())
    gain = plan - against if measure.better == "high" else against - plan
    return [str(name) for name in table["parameter"][gain.min(axis=1) < -small]]
