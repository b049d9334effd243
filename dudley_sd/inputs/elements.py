"""Elements of the model's subscript ranges, in order, with reader words; interventions with their numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from sdcompile.errors import Fault, InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.tables import Scan, number_column, read_table, scan_table, text_column

FILE, INTERVENTIONS_FILE = "elements.csv", "interventions.csv"

INTERVENTION = "Intervention"
"""Range of the model file."""

SCHEMA = pa.DataFrameSchema(
    {"range": text_column(), "element": text_column(), "words": text_column()}, unique=["element"]
)
INTERVENTION_COLUMNS = {
    "intervention": pa.Column(
        str,
        pa.Check.str_matches(r"^[A-Za-z]\w*$", error="is not one word, as HospitalAtHome"),
        metadata={"remedy": "Write its name in the model file; what readers call it stands in words"},
    ),
    "words": text_column(),
    "label": text_column(),
    "what": text_column(),
    "dispute": text_column(),
}
"""Name in the model file, reader words, and what the slider of its coverage says."""

READINGS = ("low", "central", "high")
STATUSES = ("published", "derived", "judgement", "assumption")
"""How a number is known, from the firmest to the loosest."""

OWN_NUMBER = {
    **{reading: number_column(nullable=True) for reading in READINGS},
    "status": text_column(("", *STATUSES)),
    **{name: text_column(empty=True) for name in ("source", "locator", "note")},
}
"""Columns that an intervention's own number has, each after the number's id and a point."""


def read_elements(inputs: Path) -> dict[str, dict[str, str]]:
    """Elements of each range that the input tables decide on, in order, with their reader words.

    Parameters
    ----------
    inputs
        Folder of inputs with ``elements.csv`` and ``interventions.csv``.

    Returns
    -------
    dict
        By range of the model file: element to reader words.

    Raises
    ------
    InputError
        All faults of both tables at once: an element without words, an element listed twice.
    """
    interventions = _reader_words(read_interventions(inputs / INTERVENTIONS_FILE), "intervention")
    return read_ranges(inputs) | {INTERVENTION: interventions}


def read_ranges(inputs: Path) -> dict[str, dict[str, str]]:
    """Elements of each range of ``elements.csv``, as `read_elements`."""
    table = read_table(inputs / FILE, SCHEMA)
    return {str(name): _reader_words(rows, "element") for name, rows in table.groupby("range", sort=False)}


def elements(inputs: Path, name: str) -> tuple[str, ...]:
    """Elements of one range in order, see `read_elements`; refuses a range that the tables do not have."""
    known = read_elements(inputs)
    if name not in known:
        remedy = "Add a row for each of its elements"
        raise InputError([Fault(str(inputs / FILE), f"range {name}", "there are no rows of it", remedy)])
    return tuple(known[name])


def element_names(inputs: Path, name: str) -> tuple[str, ...] | None:
    """Elements of one range, whatever else is wrong with their rows; None where there are none to read."""
    file, column = (INTERVENTIONS_FILE, "intervention") if name == INTERVENTION else (FILE, "element")
    found: list[str] = []
    with suppress(OSError, UnicodeDecodeError, csv.Error), (inputs / file).open(encoding="utf-8-sig") as text:
        for row in csv.DictReader(text):
            if row.get("range", name) == name:
                found.append((row.get(column) or "").strip())
    return tuple(dict.fromkeys(each for each in found if each)) or None


def element_text(element: str) -> str:
    """Return what readers call an element; its own name where there is no other."""
    return _all_words(inputs_folder()).get(element, element)


@lru_cache(maxsize=4)
def _all_words(inputs: Path) -> dict[str, str]:
    return {name: words for each in read_elements(inputs).values() for name, words in each.items()}


def _reader_words(rows: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(rows[key], rows["words"], strict=True))


def read_interventions(path: Path) -> pd.DataFrame:
    """Rows of the interventions, with whatever own numbers the table has columns for.

    Parameters
    ----------
    path
        ``interventions.csv``.

    Raises
    ------
    InputError
        Faults of `dudley_sd.inputs.tables.read_table`.
    """
    return read_table(path, interventions_schema(path))


def scan_interventions(path: Path) -> Scan:
    """Rows of the interventions as `read_interventions` types them, the faulty ones too, and their faults.

    The index is the line; a cell that holds no number where one belongs is not a number (NaN).

    Raises
    ------
    InputError
        Only where no rows can be looked at.
    """
    scan = scan_table(path, interventions_schema(path))
    table = scan.text.copy()
    for name in own_numbers(table.columns):
        for reading in READINGS:
            table[f"{name}.{reading}"] = pd.to_numeric(table[f"{name}.{reading}"], errors="coerce")
    return Scan(scan.text, table, scan.faults)


def interventions_schema(path: Path) -> pa.DataFrameSchema:
    """Columns of ``interventions.csv``, with those of each own number that its first line names."""
    return _interventions_schema(tuple(own_numbers(_header(path))))


def own_numbers(columns: Iterable[str]) -> list[str]:
    """Ids of the numbers that interventions have columns of their own for."""
    return list(dict.fromkeys(name.partition(".")[0] for name in columns if "." in name))


def _header(path: Path) -> list[str]:
    """Names of the columns; none where the reader of tables says what is wrong with the file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


@lru_cache(maxsize=16)
def _interventions_schema(ids: tuple[str, ...]) -> pa.DataFrameSchema:
    own = {f"{name}.{field}": column for name in ids for field, column in OWN_NUMBER.items()}
    return pa.DataFrameSchema({**INTERVENTION_COLUMNS, **own}, unique=["intervention"])


def own_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of the interventions that give one number its own values; columns as `OWN_NUMBER`.

    Parameters
    ----------
    table
        From `read_interventions`.
    name
        Id of the number.
    """
    if f"{name}.central" not in table:
        return pd.DataFrame(columns=[*OWN_NUMBER, "intervention"])
    rows = table[[f"{name}.{field}" for field in OWN_NUMBER]].set_axis(list(OWN_NUMBER), axis=1)
    filled = rows[list(READINGS)].notna().any(axis=1) | (rows[["status", "note"]] != "").any(axis=1)
    return rows[filled].assign(intervention=table["intervention"])
