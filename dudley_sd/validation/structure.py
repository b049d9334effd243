"""Structure tests: boundary of the model, units and rules of its file, how its numbers are known."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pandas as pd
from sdcompile.check.lint import model_faults
from sdcompile.check.unit_faults import dimension_faults
from sdcompile.read.model import Model

from dudley_sd.checks.citations import citation_faults
from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.elements import STATUSES
from dudley_sd.inputs.parameters import NOT_COUNTED, is_counted, parameter_table
from dudley_sd.results.provenance import TABLES
from dudley_sd.validation.outcome import (
    BOUNDARY,
    DIMENSIONS,
    PARAMETERS,
    Outcome,
    Statement,
    outcome_of,
    reported,
)

SECTORS = {
    "people": "Population",
    "need": "Need",
    "demand": "Demand",
    "left shift": "Left shift",
    "primary care access": "Primary care access",
    "hospital flow": "Hospital flow",
    "GP workforce": "GP workforce",
    "other staff": "Other staff",
    "money": "Money",
    "community and society": "Community and society",
    "indicators": "Indicators",
}
"""Sectors that the specification asks for, each with its group in the model file."""

TO_COME = "Not in this version of the model. What rests on it is not claimed: see the boundary table."
STATES = ("stock", "smooth")
GIVEN = ("external", "data", "table")
CONTROL = "Control"
BOUNDARY_HEADS = ("endogenous", "exogenous", "left out")


def boundary_outcomes(model: Model) -> list[Outcome]:
    """Whether the sectors that were asked for are there, and whether the documents tell every sector."""
    groups = {each.group for each in model.variables.values()}
    missing = [words for words, group in SECTORS.items() if group not in groups]
    text = (models_folder() / "README.md").read_text(encoding="utf-8")
    unsummable = sorted(group for group in groups - {CONTROL} if f"| {group} |" not in text)
    there = len(SECTORS) - len(missing)
    statements = (
        Statement(
            "boundary_sectors",
            "Sectors that the specification asks for",
            f"all {len(SECTORS)}",
            f"{there} of {len(SECTORS)}" + (f"; not: {', '.join(missing)}" if missing else ""),
            not missing,
            documented=TO_COME,
        ),
        Statement(
            "boundary_told",
            "Sectors of the model file told in the table of models/README.md",
            "all",
            f"not told: {', '.join(unsummable)}" if unsummable else f"all {len(groups - {CONTROL})}",
            not unsummable,
        ),
    )
    return [outcome_of(BOUNDARY, statement) for statement in statements]


def boundary_table() -> dict[str, str]:
    """Read from ``models/README.md`` what the model explains, is given and leaves out."""
    lines = (models_folder() / "README.md").read_text(encoding="utf-8").splitlines()
    found = {}
    for name in BOUNDARY_HEADS:
        heads = [place for place, line in enumerate(lines) if line.startswith(f"| {name} |")]
        if heads:
            rows = takewhile(lambda line: line.startswith("|"), lines[heads[0] + 2 :])
            found[name] = "; ".join(row.strip().strip("|").split("|")[0].strip() for row in rows)
    return found


def sector_table(model: Model) -> pd.DataFrame:
    """How many variables of each kind each sector has, in the order of the file; index = sector."""
    groups = list(dict.fromkeys(each.group for each in model.variables.values() if not each.control))
    counted = Counter((each.group, _kind(each.kind)) for each in model.variables.values() if not each.control)
    kinds = ("states", "equations", "constants", "tables from data")
    rows = {group: {kind: counted[group, kind] for kind in kinds} for group in groups}
    return pd.DataFrame.from_dict(rows, orient="index")


def _kind(kind: str) -> str:
    if kind in STATES:
        return "states"
    if kind in GIVEN:
        return "tables from data"
    return "constants" if kind == "constant" else "equations"


def dimension_outcomes(model: Model, path: Path | None = None) -> list[Outcome]:
    """Whether units balance in every equation, and whether the rules for authors are kept."""
    path = path or models_folder() / MODEL_FILE
    units, rules = dimension_faults(path), model_faults(path)
    count = len(model.variables)
    statements = (
        Statement(
            "units",
            "Equations whose two sides differ in unit",
            "none",
            f"{len(units)} of {count} variables" if units else f"none of {count} variables",
            not units,
            "All services share the unit Activity, so this would not notice bed days added to admissions",
        ),
        Statement(
            "rules",
            "Breaches of the rules for authors of the model file: a unit and a sentence for every variable, "
            "slices named, no trap that an engine would let pass",
            "none",
            f"{len(rules)}: {_first(str(rules[0]))}" if rules else "none",
            not rules,
        ),
    )
    return [outcome_of(DIMENSIONS, statement) for statement in statements]


def _first(text: str) -> str:
    return re.split(r"[\n]", text)[0][:160]


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


def parameter_outcomes() -> list[Outcome]:
    """Whether every number says how it is known, how many are assumed and how many have no range."""
    rows = all_numbers()
    numbers = rows[rows["kind"] == "number"]
    inputs = inputs_folder()
    faults = [*input_file_faults(inputs), *citation_faults(inputs)]
    assumed = numbers["status"] == "assumption"
    flat = numbers[numbers["low"] == numbers["high"]]
    known = outcome_of(
        PARAMETERS,
        Statement(
            "numbers_known",
            "Numbers without unit, range, status or, unless assumed, a source that is listed",
            "none",
            f"{len(faults)}: {faults[0]}" if faults else f"none of {len(rows):,}",
            not faults,
        ),
    )
    return [
        known,
        reported(
            PARAMETERS,
            "numbers_assumed",
            "Numbers that are assumptions",
            f"{assumed.sum():,} of {len(numbers):,} ({assumed.mean():.0%})",
            f"{NOT_COUNTED} ({len(rows) - len(numbers):,}). "
            "An assumption is told as one and has a range: argue with it",
        ),
        reported(
            PARAMETERS,
            "numbers_flat",
            "Numbers without a range",
            f"{len(flat):,} of {len(numbers):,}",
            "; ".join(sorted(set(flat["name"]))) or "Every one has a range",
        ),
    ]
