"""Tables of an ensemble as files: CSV for other programs, a workbook for readers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from dudley_sd.results.atomic import in_one_go
from dudley_sd.results.tidy import DIGITS
from dudley_sd.results.workbook_cells import put, put_header, put_title, set_for_print, set_widths

WIDEST = 60


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, whole or not at all."""
    with in_one_go(path) as scratch:
        table.to_csv(scratch, index=False, float_format=DIGITS, lineterminator="\n")
    return path


def write_workbook(tables: Mapping[str, tuple[str, pd.DataFrame]], path: Path) -> Path:
    """Write tables as a workbook, a sheet for each.

    Parameters
    ----------
    tables
        By name of the sheet: a note that says how to read it, and the table.
    path
        File to write, whole or not at all.
    """
    book = Workbook()
    book.remove(book.active)
    for name, (note, table) in tables.items():
        sheet = book.create_sheet(name)
        row = put_title(sheet, name, [note])
        heads = [str(column).replace("_", " ") for column in table.columns]
        put_header(sheet, row, heads)
        for values in table.itertuples(index=False):
            row += 1
            for column, value in enumerate(values, start=1):
                cell = put(sheet, row, column, _content(value))
                if isinstance(value, float):
                    cell.number_format = "#,##0" if abs(value) >= 1000 else "0.000"
        set_widths(sheet, [_width(head, table.iloc[:, place]) for place, head in enumerate(heads)])
        first = row - len(table)
        sheet.freeze_panes = f"A{first + 1}"
        if len(table):
            sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(heads))}{row}"
        set_for_print(sheet, first)
    with in_one_go(path) as scratch:
        book.save(scratch)
    return path


def _content(value: object) -> str | float | int:
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    return value if isinstance(value, (int, float, str)) else str(value)


def _width(head: str, column: pd.Series) -> float:
    if column.dtype.kind == "f":
        return max(12, len(head) + 2)
    longest = int(column.astype(str).str.len().max()) if len(column) else 0
    return min(WIDEST, max(10, longest, len(head)) + 2)
