"""Log of numbers that nobody has published: what each acts on, its range, and its reason."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sdcompile.describe.catalogue import Catalogue
from sdcompile.describe.markdown import link, number, table

from dudley_sd.inputs.parameters import NOT_COUNTED

UNPUBLISHED = ("assumption", "judgement")
DICTIONARY = "../models/DICTIONARY.md"
HEAD = ("number", "unit", "low", "central", "high", "reliability", "acts on", "why", "source")
ROW_HEAD = ("element", "low", "central", "high", "status", "source", "why this value")
NAMED = 4
"""Variables that a number acts on which are named; the dictionary has the rest."""


def assumptions_part(
    catalogue: Catalogue,
    parameters: pd.DataFrame,
    evidence: Mapping[str, pd.DataFrame],
    count: tuple[int, int],
) -> str:
    """Write the generated part of the log.

    Parameters
    ----------
    catalogue
        The model, with its rows.
    parameters
        All rows of ``parameters.csv``.
    evidence
        Other tables of numbers that have a status, by file under ``inputs/``.
    count
        From `dudley_sd.inputs.parameters.count_assumptions`.
    """
    parts = [
        "Written from the inputs by `dudley-sd describe`. *Assumption*: nobody has published the number. "
        "*Judgement*: read from a source that gives words or a neighbouring number. Elements that say the "
        "same share a row; switches are left out. What a number acts on is where its effect enters.",
        f"{count[0]:,} of the model's {count[1]:,} numbers are assumptions. {NOT_COUNTED}. All rows:",
        _counts(parameters, evidence),
    ]
    for group in catalogue.model.groups:
        rows = [row for v in catalogue.in_group(group) for row in _rows(catalogue, v.key)]
        if rows:
            parts += [f"### {group}", table(HEAD, rows)]
    rest = parameters[(parameters["acts_through"] != "model") & parameters["status"].isin(UNPUBLISHED)]
    if len(rest):
        parts += [
            "### In the preparation of tables and reference flows",
            table(HEAD, map(_prepared, _records(rest))),
        ]
    for file, numbers in evidence.items():
        unpublished = numbers[numbers["status"].isin(UNPUBLISHED)]
        parts += [f"### `inputs/{file}`", _evidence(unpublished)] if len(unpublished) else []
    return "\n\n".join(parts)


def _counts(parameters: pd.DataFrame, evidence: Mapping[str, pd.DataFrame]) -> str:
    tables = {"parameters.csv": parameters, **evidence}
    statuses = sorted({status for rows in tables.values() for status in rows["status"]})
    lines = [
        [
            f"`inputs/{file}`",
            *(str(int((rows["status"] == status).sum())) for status in statuses),
            str(len(rows)),
        ]
        for file, rows in tables.items()
    ]
    return table(("rows of", *statuses, "all"), lines)


def _rows(catalogue: Catalogue, key: str) -> list[tuple[str, ...]]:
    """Rows of one constant; elements that say the same are together."""
    found = catalogue.rows.get(key)
    if found is None or catalogue.role(catalogue.model.variables[key]) == "switch":
        return []
    together: dict[tuple[str, ...], list[str]] = {}
    for row in _records(found[found["status"].isin(UNPUBLISHED)]):
        element = row["model_name"].partition("[")[2].rstrip("]")
        together.setdefault(_facts(row), []).append(element)
    variable = catalogue.model.variables[key]
    acts = _acts_on(catalogue, key)
    rows = []
    for facts, elements in together.items():
        named = [element for element in elements if element]
        whole = len(together) == 1 and len(named) == len(found)
        which = f": {', '.join(named)}" if named and not whole else ""
        rows.append((link(variable.name, DICTIONARY) + which, *facts[:5], acts, *facts[5:]))
    return rows


def _acts_on(catalogue: Catalogue, key: str) -> str:
    used_by = [used for used in catalogue.used_by.get(key, ()) if used != key]
    names = [link(catalogue.model.variables[used].name, DICTIONARY) for used in used_by]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more or "–"


def _prepared(row: Mapping[str, str]) -> tuple[str, ...]:
    facts = _facts(row)
    return (row["id"].replace("_", " "), *facts[:5], row["acts_through"], *facts[5:])


def _facts(row: Mapping[str, str]) -> tuple[str, ...]:
    numbers = [number(float(row[column])) for column in ("low", "central", "high")]
    source = "; ".join(part for part in (row["source"], row["locator"]) if part)
    return (row["unit"], *numbers, row["status"], row["note"] or "–", source or "–")


def _evidence(rows: pd.DataFrame) -> str:
    """Rows of another table: a row is known by whatever it has beside the numbers and their provenance."""
    known = ("low", "central", "high", "unit", "status", "source", "locator", "note")
    lines = []
    for row in _records(rows):
        which = ", ".join(str(value) for column, value in row.items() if column not in known and str(value))
        facts = _facts(row)
        lines.append((which, *facts[:5], *facts[5:]))
    return table([column for column in HEAD if column != "acts on"], lines)


def _records(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(key): str(value) for key, value in row.items()} for row in rows.to_dict("records")]


def parameter_rows(rows: pd.DataFrame) -> str:
    """Range, status and source of a constant; elements whose rows say the same share a line."""
    together: dict[tuple[str, ...], list[str]] = {}
    for _, row in rows.iterrows():
        element = str(row["model_name"]).partition("[")[2].rstrip("]") or "–"
        source = "; ".join(part for part in (str(row["source"]), str(row["locator"])) if part)
        numbers = (number(row["low"]), number(row["central"]), number(row["high"]))
        said = (*numbers, str(row["status"]), source or "–", str(row["note"]) or "–")
        together.setdefault(said, []).append(element)
    return table(ROW_HEAD, ((", ".join(elements), *said) for said, elements in together.items()))
