"""Excel workbook of all levers, which a planner changes: one sheet for each sector of the model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sdcompile.names import same_name
from sdcompile.read.levers import Lever, levers
from sdcompile.read.model import Model

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.parameters import parameter_table, sources_of
from dudley_sd.results.excel import save_workbook, workbook
from dudley_sd.results.provenance import source_titles
from dudley_sd.results.table import Content, Table

COLUMNS = ("Lever", "Unit", "Value", "Default", "Min", "Max", "Step", "Meaning", "Of", "Status", "Source")
WIDTHS = (46, 18, 14, 12, 10, 12, 8, 60, 30, 14, 50)
NAME, UNIT, VALUE, DEFAULT, LOW, HIGH = 1, 2, 3, 4, 5, 6
FIRST_ROW = 5
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
    known, sources = levers(model), _sources()
    tables = []
    for group in model.groups:
        found = [known[v.name] for v in model.variables.values() if v.group == group and v.name in known]
        if found:
            tables.append(_table(group, found, sources))
    book = workbook("Levers of dudley_sd", HOW, tables)
    for table in tables:
        _let_fill_in(book[table.name], FIRST_ROW + len(table.rows) - 1)
    return save_workbook(book, path)


def addresses(lever: Lever) -> list[tuple[str, str, float]]:
    """Every address of a lever, what it is of, and the value it has in the model file."""
    if not lever.elements:
        return [(lever.name, "", float(lever.default))]
    values = np.ravel(np.asarray(lever.default))
    return [
        (f"{lever.name}[{element}]", ", ".join(map(element_text, element.split(","))), float(value))
        for element, value in zip(lever.elements, values, strict=True)
    ]


def _table(group: str, found: list[Lever], sources: dict[str, tuple[str, str]]) -> Table:
    rows: list[list[Content]] = []
    for lever in found:
        for address, of, value in addresses(lever):
            status, source = sources.get(same_name(address), sources.get(same_name(lever.name), ("", "")))
            limits = (lever.low, lever.high, lever.step)
            rows.append([address, lever.units, None, value, *limits, lever.sentence, of, status, source])
    note = "Change the column Value only; a value must lie between Min and Max."
    return Table(group[:31], group, [note], COLUMNS, rows, lead=VALUE, widths=WIDTHS, wraps=True)


def _let_fill_in(sheet: Worksheet, last_row: int) -> None:
    """Colour and unlock the values; let Excel refuse what is no number between Min and Max of the row."""
    for row in range(FIRST_ROW, last_row + 1):
        cell = sheet.cell(row, VALUE)
        cell.fill = TO_FILL
        cell.protection = Protection(locked=False)
    sheet.auto_filter.ref = None
    rule = DataValidation(
        type="decimal",
        operator="between",
        formula1=f"$E{FIRST_ROW}",
        formula2=f"$F{FIRST_ROW}",
        allow_blank=True,
    )
    rule.errorTitle = "Out of range"
    rule.error = "Give a number between Min and Max of this row, or leave it empty for the default."
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"C{FIRST_ROW}:C{last_row}")


def _sources() -> dict[str, tuple[str, str]]:
    """Status and sources of every number of the model, by address or by lever."""
    titles = source_titles()
    table: pd.DataFrame = parameter_table(inputs_folder())
    found = {}
    for _, row in table[table["model_name"] != ""].iterrows():
        cited = "; ".join(titles.get(name, name) for name in sorted(sources_of(row["source"])))
        place = f"{cited}, {row['locator']}" if cited and row["locator"] else cited or str(row["note"])
        found[same_name(str(row["model_name"]))] = (str(row["status"]), place)
    return found
