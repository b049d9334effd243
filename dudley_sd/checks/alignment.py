"""Whether each table is read from the cell where the labels of its elements begin.

Engines read tables by position and ignore labels: a start cell one column off would give every element its
neighbour's numbers without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from sdcompile.errors import Fault
from sdcompile.read.model import Model, Variable

from dudley_sd.checks.labels import AGES
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
    fixed
        Elements on the left side, as ``Well`` in ``reference deaths[Age,Well]``.
    across, below
        Elements that follow each other to the right of the start cell and below it; empty if none do.
    column, row
        The start cell, counted from 1.
    yearly
        Whether the rows are years.
    """

    variable: Variable
    file: str
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
    pieces = [(variable, text) for variable in model.variables.values() for text in variable.equations]
    found = [(variable, _PIECE.match(text)) for variable, text in pieces]
    return [_reading(model, variable, piece) for variable, piece in found if piece]


def _reading(model: Model, variable: Variable, piece: re.Match[str]) -> Reading:
    labels = [label.strip() for label in (piece["subscripts"] or "").split(",") if label.strip()]
    free = [model.ranges[label] for label in labels if label in model.ranges]
    yearly, down = piece["kind"].upper() == "DATA", bool(piece["down"])
    return Reading(
        variable=variable,
        file=piece["file"],
        fixed=tuple(label for label in labels if label not in model.ranges),
        across=free[-1] if free and not down else (),
        below=free[0] if free and (down or (len(free) == 2 and not yearly)) else (),
        column=_column_number(piece["column"]),
        row=int(piece["row"]),
        yearly=yearly,
    )


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
