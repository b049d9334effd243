"""Targets that the model must reproduce, and findings of others: the tables of the validation report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.tables import number_column, scan_table, text_column

UNITS = ("change", "share", "people", "WTE", "number", "years", "age", "ratio", "millions", "text")
"""How a figure is shown; ``change`` is a share with its sign."""

TARGETS = pa.DataFrameSchema(
    {
        "id": text_column(),
        "row": text_column(),
        "what": text_column(),
        "expected": text_column(),
        "low": number_column(),
        "high": number_column(),
        "unit": text_column(UNITS),
        "digits": number_column(0, 9, whole=True),
        "tolerance": text_column(),
        "source": text_column(),
        "locator": text_column(),
        "note": text_column(empty=True),
        "documented": text_column(empty=True),
    },
    unique=["id"],
)
OTHERS = pa.DataFrameSchema(
    {
        "id": text_column(),
        "what": text_column(),
        "others_found": text_column(),
        "unit": text_column(UNITS),
        "digits": number_column(0, 9, whole=True),
        "source": text_column(),
        "locator": text_column(),
        "why": text_column(),
    },
    unique=["id"],
)


def read_targets(path: Path | str) -> pd.DataFrame:
    """Read what the model must reproduce; index = line number in the file.

    Raises
    ------
    InputError
        All faults at once: those of `read_table`, and a low end above the high one.
    """
    scan = scan_table(path, TARGETS)
    wrong = scan.valid[scan.valid["low"] > scan.valid["high"]]
    faults = [
        *scan.faults,
        *(
            Fault(str(path), f"row {line}", f"low {row['low']} is above high {row['high']}", "Swap them")
            for line, row in wrong.iterrows()
        ),
    ]
    refuse(faults)
    return scan.valid


def read_others_found(path: Path | str) -> pd.DataFrame:
    """Read what others found, to be set beside the model; index = line number in the file.

    Raises
    ------
    InputError
        All faults of the file at once.
    """
    scan = scan_table(path, OTHERS)
    refuse(scan.faults)
    return scan.valid
