"""All levers as an Excel workbook that a planner changes: one sheet for each sector of the model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, levers
from sdcompile.read.model import Model
from sdcompile.scratch import atomic_file

from dudley_sd.inputs.parameters import PARAMETERS, sources_of
from dudley_sd.inputs.tables import read_table
from dudley_sd.places import inputs_folder
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.words import element_words
from dudley_sd.results.workbook_cells import (
    BOLD,
    put,
    put_header,
    put_title,
    save,
    set_for_print,
    set_widths,
    wrap_row,
)

COLUMNS = ("Lever", "Unit", "Value", "Default", "Min", "Max", "Step", "Meaning", "Of", "Status", "Source")
WIDTHS = (46, 18, 14, 12, 10, 12, 8, 60, 30, 14, 50)
NAME, UNIT, VALUE, DEFAULT = 1, 2, 3, 4
HEADER_ROW = 4
READ_ME = "Read me"
TO_FILL = PatternFill("solid", fgColor="FFF4D6")
HOW = (
    ("What this is", "Every number of dudley_sd that can be set, by sector of the model, with its range."),
    (
        "Change",
        "Column C, Value, and nothing else. What is left empty, or holds -, is not set. A start takes a "
        "date, or a year with decimals: 2021.25 is 1 April 2021, when the financial year 2021/22 begins. "
        "One workbook holds one set of values.",
    ),
    ("Then run", "dudley-sd run --from levers.xlsx; whatever is wrong is named by sheet and cell."),
    (
        "Which wins",
        "A value given here wins over what scenario, portfolio and contract set. A value that is the default "
        "shown beside it changes nothing; to put a number back to its default against a portfolio, type it: "
        "dudley-sd run --lever 'coverage[MDT]=0'.",
    ),
    ("Areas", "Sizes (staff, beds, money) are Dudley's; left empty, other areas keep their own."),
)


def write_levers(model: Model, path: Path | str) -> Path:
    """Write the workbook, whole or not at all.

    Parameters
    ----------
    model
        The model file.
    path
        File to write; a file of that name is replaced.

    Returns
    -------
    Path
        The file. A sheet to read first, then one for each sector that has levers: a row for each lever, or
        for each element of one, with the columns `COLUMNS`. Value is empty and takes numbers between Min
        and Max only.
    """
    book = Workbook()
    book.remove(book.active)
    _read_me(book)
    known = levers(model)
    sources = _sources()
    for group in model.groups:
        found = [known[v.name] for v in model.variables.values() if v.group == group and v.name in known]
        if found:
            _sheet(book.create_sheet(group[:31]), group, found, sources)
    book.properties.title = "Levers of dudley_sd"
    book.properties.creator = "dudley_sd"
    with atomic_file(path) as scratch:
        save(book, scratch)
    return Path(path)


def addresses(lever: Lever) -> list[tuple[str, str, float]]:
    """Every address of a lever, what it is of, and the value it has in the model file."""
    if not lever.elements:
        return [(lever.name, "", float(lever.default))]
    values = np.ravel(np.asarray(lever.default))
    return [
        (f"{lever.name}[{element}]", ", ".join(map(element_words, element.split(","))), float(value))
        for element, value in zip(lever.elements, values, strict=True)
    ]


def _read_me(book: Workbook) -> None:
    sheet = book.create_sheet(READ_ME)
    widths = (20, 100)
    first = put_title(sheet, "Levers of dudley_sd")
    for place, (name, text) in enumerate(HOW):
        row = first + place
        put(sheet, row, 1, name, BOLD)
        put(sheet, row, 2, text)
        wrap_row(sheet, row, widths)
    set_widths(sheet, widths)
    set_for_print(sheet)


def _sheet(sheet: Worksheet, group: str, found: list[Lever], sources: dict[str, tuple[str, str]]) -> None:
    put_title(sheet, group, ["Change the column Value only; a value must lie between Min and Max."])
    put_header(sheet, HEADER_ROW, COLUMNS)
    row = HEADER_ROW
    for lever in found:
        for address, of, value in addresses(lever):
            row += 1
            status, source = sources.get(same_name(address), sources.get(same_name(lever.name), ("", "")))
            cells = (address, lever.units, None, value, lever.low, lever.high, lever.step, lever.sentence)
            for column, content in enumerate((*cells, of, status, source), 1):
                put(sheet, row, column, content)
            wrap_row(sheet, row, WIDTHS)
            cell = sheet.cell(row, VALUE)
            cell.fill = TO_FILL
            cell.protection = Protection(locked=False)
    _allow(sheet, row)
    set_widths(sheet, WIDTHS)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, DEFAULT)
    set_for_print(sheet, HEADER_ROW)


def _allow(sheet: Worksheet, last_row: int) -> None:
    """Let Excel refuse what is no number between Min and Max of the same row."""
    first = HEADER_ROW + 1
    rule = DataValidation(
        type="decimal", operator="between", formula1=f"$E{first}", formula2=f"$F{first}", allow_blank=True
    )
    rule.errorTitle = "Out of range"
    rule.error = "Give a number between Min and Max of this row, or leave it empty for the default."
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"C{first}:C{last_row}")


def _sources() -> dict[str, tuple[str, str]]:
    """Status and sources of every number of the model, by address or by lever."""
    titles = source_titles()
    table: pd.DataFrame = read_table(inputs_folder() / "parameters.csv", PARAMETERS)
    found = {}
    for _, row in table[table["model_name"] != ""].iterrows():
        cited = "; ".join(titles.get(name, name) for name in sorted(sources_of(row["source"])))
        place = f"{cited}, {row['locator']}" if cited and row["locator"] else cited or str(row["note"])
        found[same_name(str(row["model_name"]))] = (str(row["status"]), place)
    return found
