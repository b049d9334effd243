"""Agreement of the tables beside the model file with the inputs, and with the cells it reads them from."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sdcompile.arrays import Floats
from sdcompile.errors import Fault
from sdcompile.read.model import Model, Variable

from dudley_sd.checks.constants import AGES
from dudley_sd.inputs.ages import AGE_BANDS

ELEMENT = dict(zip(AGE_BANDS, AGES, strict=True))
"""Age bands as the tables label them to the elements of the model file."""

HEADER_ROW, LABEL_COLUMN = 1, 1
"""Where the labels of columns and of rows stand."""

_PIECE = re.compile(
    r"""[^\[=]*(?:\[(?P<subscripts>[^\]]*)\])?.*?
        GET\ DIRECT\ (?P<kind>CONSTANTS|DATA)\(\s*'data/(?P<file>[^']+)'\s*,\s*','\s*,
        (?:\s*'A'\s*,)?\s*'(?P<column>[A-Z]+)(?P<row>\d+)(?P<down>\*?)'""",
    re.VERBOSE | re.IGNORECASE,
)


class Reading(NamedTuple):
    """One piece of a variable that reads a table.

    Attributes
    ----------
    variable, file
        Who reads what.
    labels
        Subscripts on the left side as written, as ``Age, F1`` in ``reference onset[Age,F1]``.
    fixed
        Elements among them, as ``F1``.
    across, below
        Elements that follow each other to the right of the start cell and below it; empty if none do.
    column, row
        The start cell, counted from 1.
    yearly
        Whether the rows are years.
    """

    variable: Variable
    file: str
    labels: tuple[str, ...]
    fixed: tuple[str, ...]
    across: tuple[str, ...]
    below: tuple[str, ...]
    column: int
    row: int
    yearly: bool


def alignment_faults(model: Model, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Start cells from which the labels of a table are not the elements of the model, in order.

    Parameters
    ----------
    model
        The model file.
    tables
        File name to table, as `prepare` makes them.
    """
    faults = []
    for reading in readings(model):
        if reading.file not in tables:
            continue
        problem = _problem(reading, tables[reading.file])
        if problem:
            where = f"line {reading.variable.line}, {reading.variable.name}"
            remedy = "Correct the start cell, or the table in dudley_sd/inputs/model_data.py"
            faults.append(Fault(str(model.path), where, f"from data/{reading.file} {problem}", remedy))
    return faults


def readings(model: Model) -> list[Reading]:
    """Every piece of the model that reads a table, in file order."""
    pieces = [
        (variable, text)
        for variable in model.variables.values()
        for text in variable.equations
        if "GET DIRECT" in text.upper()  # the pattern is slow on long equations that are none
    ]
    found = [(variable, _PIECE.match(text)) for variable, text in pieces]
    return [_reading(model, variable, piece) for variable, piece in found if piece]


def _reading(model: Model, variable: Variable, piece: re.Match[str]) -> Reading:
    labels = [label.strip() for label in (piece["subscripts"] or "").split(",") if label.strip()]
    free = [model.ranges[label] for label in labels if label in model.ranges]
    yearly, down = piece["kind"].upper() == "DATA", bool(piece["down"])
    return Reading(
        variable=variable,
        file=piece["file"],
        labels=tuple(labels),
        fixed=tuple(label for label in labels if label not in model.ranges),
        across=free[-1] if free and not down else (),
        below=free[0] if free and (down or (len(free) == 2 and not yearly)) else (),
        column=_column_number(piece["column"]),
        row=int(piece["row"]),
        yearly=yearly,
    )


def numbers_read(model: Model, tables: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return what the variables that read some tables would read from others of the same shape.

    Parameters
    ----------
    model
        The model file.
    tables
        Numbers by file name, [row, column], without labels.

    Returns
    -------
    dict
        By key of each variable whose pieces all read one of the files, as
        `sdcompile.run.compiled.Compiled.with_numbers` takes them.
    """
    found: dict[str, Floats] = {}
    read = [reading for reading in readings(model) if reading.file in tables]
    for reading in read:
        variable, table = reading.variable, tables[reading.file]
        column, row = reading.column - LABEL_COLUMN - 1, reading.row - HEADER_ROW - 1
        rows = len(table) - row if reading.yearly else max(1, len(reading.below))
        block = table[row : row + rows, column : column + max(1, len(reading.across))]
        ranges = [model.ranges[name] for name in variable.subscripts]
        places = [
            [elements.index(each) for each in model.ranges.get(label, (label,))]
            for elements, label in zip(ranges, reading.labels, strict=True)
        ]
        if reading.yearly:
            ranges, places = [tuple(map(str, range(rows))), *ranges], [list(range(rows)), *places]
        shape = tuple(len(elements) for elements in ranges)
        array = found.setdefault(variable.key, np.full(shape, np.nan))
        array[np.ix_(*places)] = block.reshape([len(place) for place in places])
    yearly = {reading.variable.key for reading in read if reading.yearly}
    return {
        key: array.reshape(len(array), -1) if key in yearly else array.ravel()
        for key, array in found.items()
        if not np.isnan(array).any()
    }


def _problem(reading: Reading, table: pd.DataFrame) -> str:
    """Say what is not aligned; empty if all is."""
    header, rows = _elements(table.columns), _elements(table.index)
    column, row = reading.column - LABEL_COLUMN - 1, reading.row - HEADER_ROW - 1
    # A table of one element is named after it (reach_MDT.csv); one of several has blocks of columns.
    block = [label for label in reading.fixed if f"_{label}." not in reading.file]
    across = [" ".join((*block, element)) for element in reading.across]
    problem = _difference("column", header, across, column) or _difference("row", rows, reading.below, row)
    if problem:
        return problem
    if reading.yearly and row != 0:
        return f"it reads years from row {reading.row}, but they begin in row {HEADER_ROW + 1}"
    if reading.below and not reading.across:
        return _difference("column", header, [reading.variable.name], column)
    return ""


def _elements(labels: pd.Index) -> list[str]:
    """Labels of a table in the model's words: ``Well 0-4`` becomes ``Well A0``."""
    return [" ".join(ELEMENT.get(word, word) for word in str(label).split()) for label in labels]


def _difference(what: str, labels: Sequence[str], wanted: Sequence[str], first: int) -> str:
    for place, element in enumerate(wanted, start=first):
        found = labels[place] if 0 <= place < len(labels) else "nothing"
        if found != element:
            return f"{element} would be read from {what} {found!r}"
    return ""


def _column_number(letters: str) -> int:
    """Place of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


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
