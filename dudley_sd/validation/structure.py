"""Tests of structure: boundary, units and rules of the model file, its numbers, extreme conditions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pandas as pd
import xarray as xr
from sdcompile.check.lint import model_faults
from sdcompile.check.unit_faults import dimension_faults
from sdcompile.read.model import Model

from dudley_sd.checks.citations import citation_faults
from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.elements import INTERVENTION, STATUSES, elements
from dudley_sd.inputs.parameters import NOT_COUNTED, is_counted, parameter_table
from dudley_sd.results.invariants import BrokenInvariantError, check_invariants
from dudley_sd.results.provenance import TABLES
from dudley_sd.validation.bench import PORTFOLIO, Runner, at
from dudley_sd.validation.outcome import (
    BOUNDARY,
    DIMENSIONS,
    EXTREMES,
    PARAMETERS,
    Outcome,
    reported,
    stated,
)

SECTORS = {
    "scenario": "Scenario",
    "people": "People",
    "need": "Need",
    "demand": "Demand",
    "practices": "Practices",
    "urgent care": "Urgent care",
    "inpatients": "Inpatients",
    "elective list": "Elective list",
    "harm": "Harm",
    "evidence": "Evidence",
    "work": "Work",
    "labour pool": "Labour pool",
    "posts": "Posts",
    "landing": "Landing",
    "spread": "Spread",
    "hospital value": "Hospital value",
    "money": "Money",
    "contract": "Contract",
    "carers": "Carers",
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
    return [
        stated(
            BOUNDARY,
            "boundary_sectors",
            "Sectors that the specification asks for",
            f"all {len(SECTORS)}",
            f"{there} of {len(SECTORS)}" + (f"; not: {', '.join(missing)}" if missing else ""),
            not missing,
            documented=TO_COME,
        ),
        stated(
            BOUNDARY,
            "boundary_told",
            "Sectors of the model file told in the table of models/README.md",
            "all",
            f"not told: {', '.join(unsummable)}" if unsummable else f"all {len(groups - {CONTROL})}",
            not unsummable,
        ),
    ]


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
    return [
        stated(
            DIMENSIONS,
            "units",
            "Equations whose two sides differ in unit",
            "none",
            f"{len(units)} of {count} variables" if units else f"none of {count} variables",
            not units,
            "All services share the unit Activity, so this would not notice bed days added to admissions",
        ),
        stated(
            DIMENSIONS,
            "rules",
            "Breaches of the rules for authors of the model file: a unit and a sentence for every variable, "
            "slices named, no trap that an engine would let pass",
            "none",
            f"{len(rules)}: {_first(str(rules[0]))}" if rules else "none",
            not rules,
        ),
    ]


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
    return [
        stated(
            PARAMETERS,
            "numbers_known",
            "Numbers without unit, range, status or, unless assumed, a source that is listed",
            "none",
            f"{len(faults)}: {faults[0]}" if faults else f"none of {len(rows):,}",
            not faults,
        ),
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


ROW = "extremes"
COMMUNITY = "CommunityStaff"


def extreme_outcomes(run: Runner) -> list[Outcome]:
    """Push the model to its limits, one at a time."""
    extremes = (
        no_gps, no_community_staff, no_funding, everything_shifted, no_effect, no_births, more_staff
    )  # fmt: skip
    return [replace(each(run), row=ROW) for each in extremes]


def no_gps(run: Runner) -> Outcome:
    """No GPs: from mid-2018 none joins, and all go within a few years."""
    usual = run()
    gone = {f"GP leaving rate[{stage}]": 1.0 for stage in ("YoungGP", "MiddleGP", "LateGP", "OldestGP")}
    empty = run(levers={**gone, "GP joining multiplier": 0.0})
    left, unmet = at(empty, "gp_wte"), at(empty, "unmet_same_day_share")
    more = at(empty, "a_and_e_attendances") / at(usual, "a_and_e_attendances") - 1
    extra = at(empty, "deaths_since_2018") - at(usual, "deaths_since_2018")
    return stated(
        EXTREMES,
        "no_gps",
        "Every GP leaves and none joins",
        "finite; no GP by 2033; over half of same-day demand unmet; A&E up by a fifth or more; more deaths",
        f"{left:.1f} WTE; {unmet:.0%} unmet; A&E {more:+.0%}; {extra:+,.0f} deaths",
        sound(empty) and left < 1 and unmet > 0.5 and more > 0.2 and extra > 0,
    )


def no_community_staff(run: Runner) -> Outcome:
    """No community staff in 2014: they are hired, and little is lost to practices."""
    usual = run(portfolio=PORTFOLIO)
    empty = run(portfolio=PORTFOLIO, levers={f"staff in post in 2014[{COMMUNITY}]": 0.0})
    staff = at(empty, "staff_in_post", staff=COMMUNITY)
    apart = at(empty, "practice_load") / at(usual, "practice_load") - 1
    return stated(
        EXTREMES,
        "no_community_staff",
        "No community staff and no posts for them in 2014",
        "finite; no post and no staff from nothing but those of the plan; practice load within 10%",
        f"{staff:,.0f} WTE in 2033 (usual {at(usual, 'staff_in_post', staff=COMMUNITY):,.0f}); "
        f"practice load {apart:+.1%}",
        sound(empty) and staff < at(usual, "staff_in_post", staff=COMMUNITY) and abs(apart) < 0.1,
    )


def no_funding(run: Runner) -> Outcome:
    """No public money by 2033: care is cut as far as it can be, people die and the hospital sinks."""
    usual, poor = run(), run(levers={"state share of GDP in 2033": 0.0})
    unmet = [at(poor, name) for name in ("unmet_community_share", "unmet_social_care_share")]
    margin = at(poor, "hospital_margin_share")
    extra = at(poor, "deaths_since_2018") - at(usual, "deaths_since_2018")
    return stated(
        EXTREMES,
        "no_funding",
        "No public money by 2033",
        "finite; over a third of community and social care unmet; a deeper hospital deficit; more deaths",
        f"{unmet[0]:.0%} and {unmet[1]:.0%} unmet; margin −{-margin:.0%}; {extra:+,.0f} deaths",
        sound(poor) and min(unmet) > 1 / 3 and margin < at(usual, "hospital_margin_share") and extra > 0,
    )


def everything_shifted(run: Runner) -> Outcome:
    """Full coverage, the best evidence, everything lands: large, never more than all."""
    full = {f"coverage[{name}]": 1.0 for name in elements(inputs_folder(), INTERVENTION)}
    best = {"expert opinion that holds": 0.8, "evidence factor": 1.6}
    moved = run(levers={**full, **best, "usual effort": 1.0, "loop R3 switch": 0.0})
    a_and_e = 1 - at(moved, "a_and_e_attendances") / at(moved, "a_and_e_attendances_before_shift")
    share = at(moved, "share_of_hospital_care_moved")
    return stated(
        EXTREMES,
        "everything_shifted",
        "Everything shifted: full coverage, best evidence, all of it lands",
        "finite; large but never more than all",
        f"A&E down {a_and_e:.0%}; {share:.0%} of hospital value moved",
        sound(moved) and 0.1 < a_and_e < 0.6 and 0.03 < share < 0.6,
    )


def no_effect(run: Runner) -> Outcome:
    """No effect holds: nothing moves."""
    none = run(portfolio=PORTFOLIO, levers={"evidence switch": 0.0})
    most = float(abs(none["hospital_value_moved"]).max())
    return stated(
        EXTREMES,
        "no_effect",
        "No effect of any intervention holds",
        "nothing moves",
        f"£{most:,.1f}m of hospital care moved",
        sound(none) and most < 1e-9,
    )


def no_births(run: Runner) -> Outcome:
    """No births from 2014 on: the youngest bands empty, nobody else is missed before they would have come.

    Without children care is less pressed and harms fewer of the old; that is cut to look at who is missed.
    """
    usual, none = run(), run(levers={"fertility multiplier": 0.0})
    youngest = at(none, "people_by_age", age="A0") / at(usual, "people_by_age", age="A0")
    harmless, without = (
        run(levers={"harm switch": 0.0, "fertility multiplier": births}) for births in (1.0, 0.0)
    )
    old = at(without, "people_65_and_over") / at(harmless, "people_65_and_over") - 1
    more = at(none, "people_65_and_over") / at(usual, "people_65_and_over") - 1
    return stated(
        EXTREMES,
        "no_births",
        "No births",
        "finite; children under five nearly gone by 2033; people over 65 within 0.2% where care does no harm "
        "and a little more where it does",
        f"children under five {youngest:.0%} of usual; over 65 {old:+.2%} and {more:+.1%}".replace("-", "−"),
        sound(none)
        and at(none, "total_births") == 0
        and youngest < 0.1
        and abs(old) < 0.002
        and 0 < more < 0.03,
    )


def more_staff(run: Runner) -> Outcome:
    """More external staff: fewer vacancies, more of the shift lands and fewer people die."""
    live = run(portfolio=PORTFOLIO)
    more = run(portfolio=PORTFOLIO, levers={"external supply of staff in 2033": 3.0})
    vacant = [at(each, "overall_vacancy_rate") for each in (live, more)]
    landed = [at(each, "landed_share") for each in (live, more)]
    fewer = at(more, "deaths_since_2018") - at(live, "deaths_since_2018")
    return stated(
        EXTREMES,
        "more_staff",
        "Three times the external supply of staff",
        "fewer vacancies, more of the shift lands, fewer deaths",
        f"vacancies {vacant[0]:.0%} to {vacant[1]:.0%}; landed {landed[0]:.0%} to {landed[1]:.0%}; "
        f"{fewer:+,.0f} deaths".replace("-", "−"),
        sound(more) and vacant[1] < vacant[0] and landed[1] > landed[0] and fewer < 0,
    )


def sound(results: xr.Dataset) -> bool:
    """Whether a run keeps every invariant: finite, nothing negative, shares in range, people conserved."""
    try:
        check_invariants(results)
    except BrokenInvariantError:
        return False
    return True
