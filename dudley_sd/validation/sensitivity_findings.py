"""What does the sensitivity analysis say, in sentences?"""

from __future__ import annotations

import re

import pandas as pd

from dudley_sd.inputs.elements import element_words
from dudley_sd.validation.finding import REPORTED, Finding
from dudley_sd.validation.kinds import SENSITIVITY
from dudley_sd.validation.sensitivity import INDICATORS, Indicator, Sensitivity
from dudley_sd.validation.targets import shown

TOP = 15


def sensitivity_findings(found: Sensitivity) -> list[Finding]:
    """Name the number that moves each indicator most, and what the top numbers and policy rest on."""
    findings = [_most(found, indicator) for indicator in INDICATORS]
    top = found.rows.loc[found.reach.index[:TOP], "status"]
    assumed = int((top == "assumption").sum())
    findings.append(
        _reported(
            "sensitivity_rests_on",
            f"The {TOP} numbers that matter most, by how they are known",
            f"{assumed} of {TOP} are assumptions",
            "; ".join(f"{count} {status}" for status, count in top.value_counts().items()),
        )
    )
    still = found.relief > 0
    against = still.index[~still.all(axis=1)]
    findings.append(
        _reported(
            "sensitivity_policy",
            "Numbers at whose low or high end the portfolio would no longer lower emergency bed days by 2033",
            f"{len(against)} of {len(still)}",
            "; ".join(number_words(str(name)) for name in against)
            or f"The smallest fall is {found.relief.min().min():,.0f} bed days, at "
            f"an end of {number_words(str(found.relief.min(axis=1).idxmin()))}",
        )
    )
    return findings


def ends_words(indicator: Indicator, base: float, low: float, high: float) -> str:
    """Return an indicator at the low and the high end of a number: ``2 to 22 WTE``."""
    lower, upper = (value_words(indicator, value) for value in sorted((base + low, base + high)))
    unit = f" {indicator.unit}"
    return f"{lower.removesuffix(unit)} to {upper}"


def value_words(indicator: Indicator, value: float) -> str:
    """Return a value of an indicator as a reader sees it."""
    if indicator.unit in ("share", "millions"):
        return shown(value, indicator.unit, 1 if indicator.unit == "share" else 0)
    return f"{shown(value, 'number', 0)} {indicator.unit}".strip()


def _most(found: Sensitivity, indicator: Indicator) -> Finding:
    moves = found.moves[indicator.title]
    name = str(moves.abs().T.max().idxmax())
    row, base = found.rows.loc[name], float(found.base[indicator.title])
    ends = ends_words(indicator, base, float(moves.loc[name, "low"]), float(moves.loc[name, "high"]))
    return _reported(
        f"sensitivity_{indicator.output} {indicator.element}".strip().lower().replace(" ", "_"),
        f"What moves {indicator.title.lower().replace('gps', 'GPs').replace('a&e', 'A&E')} in 2033 most",
        f"{number_words(name)}: {ends} (central {value_words(indicator, base)})",
        f"{row['status']}, {_number(row['low'])} to {_number(row['high'])}"
        + (", the outside world" if row["world"] else ""),
    )


def _number(value: object) -> str:
    return f"{float(str(value)):g}".replace("-", "−")


def _reported(name: str, what: str, found: str, note: str) -> Finding:
    return Finding(name, SENSITIVITY, "", what, found, "", "", REPORTED, note)


def number_words(name: str) -> str:
    """Return ``growth not due to age: emergency bed days`` for ``growth not due to age[EmergencyBedDay]``."""
    plain, _, elements = name.removesuffix("]").partition("[")
    words = [element_words(part) for part in re.split(r"\s*,\s*", elements) if part]
    return ": ".join(part for part in (plain, ", ".join(words)) if part)


def top_table(found: Sensitivity) -> pd.DataFrame:
    """Return the numbers that matter most: status, range and indicators at both ends; index = number."""
    rows = {}
    for name in found.reach.index[:TOP]:
        row = found.rows.loc[name]
        cells = {"status": str(row["status"]), "range": f"{_number(row['low'])} to {_number(row['high'])}"}
        for indicator in INDICATORS:
            low, high = (float(found.moves.loc[name, (indicator.title, end)]) for end in ("low", "high"))
            base = float(found.base[indicator.title])
            same = value_words(indicator, base + low) == value_words(indicator, base + high)
            cells[indicator.title] = "–" if same else ends_words(indicator, base, low, high)
        rows[str(name)] = cells
    return pd.DataFrame.from_dict(rows, orient="index")
