"""What should each figure be, within what tolerance, and who says so?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.expectations import read_targets
from dudley_sd.inputs.parameters import SOURCES
from dudley_sd.inputs.tables import read_table
from dudley_sd.validation.finding import Finding, verdict_of

ROUNDING_DIGITS = 6
"""A figure that is asked for to so many digits is there to show that it is nothing."""


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
    if unit == "millions":
        return f"£{value:+,.{digits}f}m".replace("£+", "+£").replace("£-", "−£")
    if unit in ("change", "share"):
        text = f"{100 * value:{'+' if unit == 'change' else ''},.{digits}f}%"
    elif digits >= ROUNDING_DIGITS and abs(value) < 10**-digits:
        return "nothing but rounding" if value else "nothing"
    else:
        text = f"{value:,.{digits}f}"
    words = {"people": " people", "WTE": " WTE", "years": " years"}.get(unit, "")
    return unsigned_nothing(text).replace("-", "−") + words


def unsigned_nothing(text: str) -> str:
    """Take the sign from a figure that rounds to nothing: ``0.0%`` for ``-0.0%``."""
    return text.lstrip("+-") if not text.strip("+-0.,%") else text


def source_title(name: str) -> str:
    """Title, publisher and year of a publication, by its id."""
    row = _sources(inputs_folder())[name]
    year = f", {row['year']}" if row["year"] != "-" else ""
    return f"{row['title']}. {row['publisher']}{year}"


@lru_cache(maxsize=4)
def _targets(inputs: Path) -> dict[str, pd.Series]:
    table = read_targets(inputs / "validation" / "targets.csv").set_index("id")
    return {str(name): row for name, row in table.iterrows()}


@lru_cache(maxsize=4)
def _sources(inputs: Path) -> dict[str, pd.Series]:
    table = read_table(inputs / "sources.csv", SOURCES).set_index("id")
    return {str(name): row for name, row in table.iterrows()}
