"""Whether the tables beside the model file are the ones it reads and the ones the inputs give now."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from sdcompile.errors import Fault
from sdcompile.read.model import Model

TOLERANCE = 1e-9
"""Relative and absolute: another machine's last digits are not another table."""

MAKE_AGAIN = "Run `dudley-sd prepare` to write the tables again"
READS = re.compile(r"GET DIRECT \w+\(\s*'data/([^']+)'", re.IGNORECASE)


def table_name_faults(model: Model, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Tables that the model reads and preparation does not make, and the reverse.

    Parameters
    ----------
    model
        The model file.
    tables
        File name to table, as `prepare` makes them.
    """
    read = {
        name: variable
        for variable in model.variables.values()
        for equation in variable.equations
        for name in READS.findall(equation)
    }
    faults = [
        Fault(
            str(model.path),
            f"line {variable.line}, {variable.name}",
            f"it reads data/{name}, which preparation does not make",
            "Correct the name, or make the table in dudley_sd/inputs/model_data.py",
        )
        for name, variable in read.items()
        if name not in tables
    ]
    return faults + [
        Fault(
            str(model.path),
            f"data/{name}",
            "preparation makes this table but no equation reads it",
            "Read it with GET DIRECT, or leave it out in dudley_sd/inputs/model_data.py",
        )
        for name in tables
        if name not in read
    ]


def stale_faults(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Files beside the model file that are not what the inputs give now.

    Parameters
    ----------
    folder
        The folder ``data`` beside the model file.
    tables
        File name to table, as `prepare` makes them for the footprint that is shipped.

    Returns
    -------
    list of Fault
        One for each file: missing, different (the first cell), or not made by anything.
    """
    faults = []
    for name, table in tables.items():
        path = folder / name
        if not path.is_file():
            faults.append(Fault(str(path), "", "the file does not exist", MAKE_AGAIN))
            continue
        difference = _first_difference(path, table)
        if difference:
            faults.append(Fault(str(path), *difference, MAKE_AGAIN))
    extra = sorted(path for path in folder.glob("*") if path.name not in tables)
    return faults + [
        Fault(str(path), "", "nothing makes this file and the model does not read it", "Delete it")
        for path in extra
    ]


def _first_difference(path: Path, table: pd.DataFrame) -> tuple[str, str] | None:
    """Where a file first departs from a table, and how."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        return "", f"the file cannot be read ({error})"
    now = list(csv.reader(io.StringIO(table.to_csv(lineterminator="\n"))))
    shapes = [f"{len(rows)} rows of {len(rows[0]) if rows else 0} cells" for rows in (found, now)]
    if [len(row) for row in found] != [len(row) for row in now]:
        return "", f"the file has {shapes[0]} but the inputs now give {shapes[1]}"
    for line, (ours, theirs) in enumerate(zip(found, now, strict=True), start=1):
        for column, (cell, value) in enumerate(zip(ours, theirs, strict=True)):
            if not _same(cell, value):
                place = f"row {line} ({theirs[0]}), column {now[0][column]}"
                return place, f"{cell!r} but the inputs now give {value!r}"
    return None


def _same(cell: str, value: str) -> bool:
    if cell == value:
        return True
    try:
        return math.isclose(float(cell), float(value), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    except ValueError:
        return False
