"""What should each figure be, within what tolerance, and who says so?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.columns import number_column, text_column
from dudley_sd.inputs.parameters import SOURCES
from dudley_sd.inputs.tables import read_table, scan_table
from dudley_sd.places import inputs_folder
from dudley_sd.validation.finding import Finding, verdict_of

UNITS = ("change", "share", "people", "WTE", "number", "years", "age", "ratio", "text")
"""``change``: a share with its sign."""

ROUNDING_DIGITS = 6
"""A figure that is asked for to so many digits is there to show that it is nothing."""

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


def read_targets(path: Path | str) -> pd.DataFrame:
    """Read what the model must reproduce; index = id.

    Raises
    ------
    InputError
        All faults at once: those of `read_table`, and a low end above the high one.
    """
    scan = scan_table(path, TARGETS)
    faults = [
        *scan.faults,
        *(
            Fault(str(path), f"row {line}", f"low {row['low']} above high {row['high']}", "Swap them")
            for line, row in scan.valid.iterrows()
            if row["low"] > row["high"]
        ),
    ]
    if faults:
        raise InputError(faults)
    return scan.valid.set_index("id")


def judge(test: str, name: str, value: float, note: str = "") -> Finding:
    """Return the finding for a figure that has a row in ``inputs/validation/targets.csv``.

    Parameters
    ----------
    test
        Kind of test.
    name
        Id of the row.
    value
        What the model gives; not a number fails.
    note
        What to add to the note of the row.
    """
    row = _targets(inputs_folder())[name]
    passes = bool(row["low"] <= value <= row["high"])
    documented = str(row["documented"])
    notes = [str(row["note"]), note, "" if passes else documented]
    return Finding(
        id=name,
        test=test,
        row=str(row["row"]),
        what=str(row["what"]),
        found=shown(value, str(row["unit"]), int(row["digits"])),
        expected=str(row["expected"]),
        tolerance=str(row["tolerance"]),
        verdict=verdict_of(passes, documented),
        note=". ".join(part.rstrip(".") for part in notes if part),
        source=f"{source_title(str(row['source']))}: {row['locator']}",
    )


def shown(value: float, unit: str, digits: int) -> str:
    """Write a figure as a reader sees it: ``+4.1%``, ``14,400 people``, ``nothing but rounding``."""
    if unit in ("change", "share"):
        text = f"{100 * value:{'+' if unit == 'change' else ''},.{digits}f}%"
    elif digits >= ROUNDING_DIGITS and abs(value) < 10**-digits:
        return "nothing but rounding" if value else "nothing"
    else:
        text = f"{value:,.{digits}f}"
    words = {"people": " people", "WTE": " WTE", "years": " years"}.get(unit, "")
    return text.replace("-", "−") + words


def source_title(name: str) -> str:
    """Title, publisher and year of a publication, by its id."""
    row = _sources(inputs_folder())[name]
    year = f", {row['year']}" if row["year"] != "-" else ""
    return f"{row['title']}. {row['publisher']}{year}"


@lru_cache(maxsize=4)
def _targets(inputs: Path) -> dict[str, pd.Series]:
    return dict(read_targets(inputs / "validation" / "targets.csv").iterrows())


@lru_cache(maxsize=4)
def _sources(inputs: Path) -> dict[str, pd.Series]:
    return dict(read_table(inputs / "sources.csv", SOURCES).set_index("id").iterrows())
