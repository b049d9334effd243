"""What is in the model, what is given to it, what is left out; do its units balance, are its rules kept?"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pandas as pd
from sdcompile.check.lint import model_faults
from sdcompile.check.unit_faults import dimension_faults
from sdcompile.read.model import Model

from dudley_sd.folders import MODEL_FILE, models_folder
from dudley_sd.validation.claims import Claim, settle
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import BOUNDARY, DIMENSIONS

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


def boundary_findings(model: Model) -> list[Finding]:
    """Whether the sectors that were asked for are there, and whether the documents tell every sector."""
    groups = {each.group for each in model.variables.values()}
    missing = [words for words, group in SECTORS.items() if group not in groups]
    text = (models_folder() / "README.md").read_text(encoding="utf-8")
    untold = sorted(group for group in groups - {CONTROL} if f"| {group} |" not in text)
    there = len(SECTORS) - len(missing)
    claims = (
        Claim(
            "boundary_sectors",
            "Sectors that the specification asks for",
            f"all {len(SECTORS)}",
            f"{there} of {len(SECTORS)}" + (f"; not: {', '.join(missing)}" if missing else ""),
            not missing,
            documented=TO_COME,
        ),
        Claim(
            "boundary_told",
            "Sectors of the model file told in the table of models/README.md",
            "all",
            f"not told: {', '.join(untold)}" if untold else f"all {len(groups - {CONTROL})}",
            not untold,
        ),
    )
    return [settle(BOUNDARY, claim) for claim in claims]


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


def dimension_findings(model: Model, path: Path | None = None) -> list[Finding]:
    """Whether units balance in every equation, and whether the rules for authors are kept."""
    path = path or models_folder() / MODEL_FILE
    units, rules = dimension_faults(path), model_faults(path)
    count = len(model.variables)
    claims = (
        Claim(
            "units",
            "Equations whose two sides differ in unit",
            "none",
            f"{len(units)} of {count} variables" if units else f"none of {count} variables",
            not units,
            "All services share the unit Activity, so this would not notice bed days added to admissions",
        ),
        Claim(
            "rules",
            "Breaches of the rules for authors of the model file: a unit and a sentence for every variable, "
            "slices named, no trap that an engine would let pass",
            "none",
            f"{len(rules)}: {_first(str(rules[0]))}" if rules else "none",
            not rules,
        ),
    )
    return [settle(DIMENSIONS, claim) for claim in claims]


def _first(text: str) -> str:
    return re.split(r"[\n]", text)[0][:160]
