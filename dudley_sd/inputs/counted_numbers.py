"""Numbers of the inputs that can be assumptions: one rule, and one count, for every page and file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dudley_sd.inputs.elements import STATUSES
from dudley_sd.inputs.parameters import parameter_table

OTHER_TABLES = (
    "effects.csv",
    "reach.csv",
    "activity/use_rates.csv",
    "activity/relative_use.csv",
)
"""Files of the inputs, beside parameters.csv, whose rows have a status."""

SWITCH_NOTES = ("A switch", "For tests of extremes")
DECISION_NOTES = (
    "A policy",
    "A decision",
    "As now; set by",
    "Set by portfolios",
    "None unless a plan claims",
)
"""How the notes of switches and of decisions begin."""

SCENARIO_NOTE = "set by scenario"
"""Stands in the note of a number that is a level of a future."""

NOT_COUNTED = "Switches, structural zeros, definitions, decisions and scenario levels are not counted"


def is_counted(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether each row is a number of the world that somebody has to know, so that it can be an assumption.

    Parameters
    ----------
    rows
        Columns ``low, central, high`` (numbers), ``status`` and ``note``.
    """
    same = rows["low"].astype(float) == rows["high"].astype(float)
    central = rows["central"].astype(float)
    structural = same & (central.isin([0.0, 1.0, -1.0]) | (rows["status"] == "derived"))
    chosen = rows["note"].str.startswith((*SWITCH_NOTES, *DECISION_NOTES))
    return ~(structural | chosen | rows["note"].str.contains(SCENARIO_NOTE, regex=False))


def count_assumptions(inputs: Path) -> tuple[int, int]:
    """Return how many of the model's numbers are assumptions, and how many numbers that is of."""
    others = [pd.read_csv(inputs / file, keep_default_na=False) for file in OTHER_TABLES]
    tables = [parameter_table(inputs), *others]
    counted = pd.concat([table.loc[is_counted(table), "status"] for table in tables])
    return int((counted == STATUSES[-1]).sum()), len(counted)
