"""How is each number known: published, derived, judged or assumed, and with what range?"""

from __future__ import annotations

import pandas as pd

from dudley_sd.checks.citations import citation_faults
from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import STATUSES
from dudley_sd.inputs.parameters import NOT_COUNTED, is_counted, parameter_table
from dudley_sd.results.provenance import TABLES
from dudley_sd.validation.claims import Claim, settle
from dudley_sd.validation.finding import REPORTED, Finding
from dudley_sd.validation.kinds import PARAMETERS

ORDER = tuple(STATUSES)


def all_numbers() -> pd.DataFrame:
    """Every number of the inputs that has a status.

    Returns
    -------
    pd.DataFrame
        Columns ``part``, ``name``, ``low``, ``central``, ``high``, ``status``, ``note`` and ``kind``:
        ``number``, or ``fixed`` where `dudley_sd.inputs.parameters.is_counted` leaves it out.
    """
    inputs = inputs_folder()
    tables = {"constants and closure": parameter_table(inputs)}
    tables |= {part: pd.read_csv(inputs / file, keep_default_na=False) for part, (file, _) in TABLES.items()}
    parts = []
    for part, table in tables.items():
        name = table["model_name"] if "model_name" in table else table.iloc[:, 0]
        parts.append(
            table.assign(part=part, name=name)[["part", "name", "low", "central", "high", "status", "note"]]
        )
    rows = pd.concat(parts, ignore_index=True)
    rows["kind"] = is_counted(rows).map({True: "number", False: "fixed"})
    return rows


def status_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the numbers of each status in each part; index = part, columns = statuses."""
    return pd.crosstab(rows["part"], rows["status"]).reindex(columns=list(ORDER), fill_value=0)


def parameter_findings() -> list[Finding]:
    """Whether every number says how it is known, how many are assumed and how many have no range."""
    rows = all_numbers()
    numbers = rows[rows["kind"] == "number"]
    inputs = inputs_folder()
    faults = [*input_file_faults(inputs), *citation_faults(inputs)]
    assumed = numbers["status"] == "assumption"
    flat = numbers[numbers["low"] == numbers["high"]]
    known = settle(
        PARAMETERS,
        Claim(
            "numbers_known",
            "Numbers without unit, range, status or, unless assumed, a source that is listed",
            "none",
            f"{len(faults)}: {faults[0]}" if faults else f"none of {len(rows):,}",
            not faults,
        ),
    )
    return [
        known,
        _reported(
            "numbers_assumed",
            "Numbers that are assumptions",
            f"{assumed.sum():,} of {len(numbers):,} ({assumed.mean():.0%})",
            f"{NOT_COUNTED} ({len(rows) - len(numbers):,}). "
            "An assumption is told as one and has a range: argue with it",
        ),
        _reported(
            "numbers_flat",
            "Numbers without a range",
            f"{len(flat):,} of {len(numbers):,}",
            "; ".join(sorted(set(flat["name"]))) or "Every one has a range",
        ),
    ]


def _reported(name: str, what: str, found: str, note: str) -> Finding:
    return Finding(
        id=name,
        test=PARAMETERS,
        row="",
        what=what,
        found=found,
        expected="",
        tolerance="",
        verdict=REPORTED,
        note=note,
    )
