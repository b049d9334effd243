"""Tables as files: CSV for other programs, a workbook for readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from sdcompile.scratch import atomic_file

from dudley_sd.results.tidy import DIGITS
from dudley_sd.results.workbook_cells import (
    put,
    put_header,
    put_title,
    put_words,
    save,
    set_for_print,
    set_widths,
)

WIDEST, READ_ME_WIDTHS = 60, (26, 110)

Content = str | int | float


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: notes above a table that can be filtered.

    Attributes
    ----------
    name, title, notes
        On the tab, in the first row, and below it.
    heads, rows
        Of the table; all of it as readers see it. Years as heads stand at the right of what tells the rows.
    forms
        How Excel writes the numbers of each row; where there is none, as their size asks for.
    """

    name: str
    title: str
    notes: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Content]]
    forms: Sequence[str] = ()


def write_csv(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV, whole or not at all."""
    with atomic_file(path) as scratch:
        table.to_csv(scratch, index=False, float_format=DIGITS, lineterminator="\n")
    return path


def write_workbook(
    title: str, notes: Sequence[str], about: Sequence[tuple[str, str]], sheets: Sequence[Sheet], path: Path
) -> Path:
    """Write sheets as a workbook, whole or not at all.

    Parameters
    ----------
    title, notes, about
        Of the first sheet, Read me: what stands above, and rows of a word and what it means.
    sheets
        The others.
    path
        File to write.
    """
    book = Workbook()
    book.remove(book.active)
    _read_me(book, title, notes, about)
    for each in sheets:
        _table(book, each)
    book.properties.title = title
    book.properties.creator = "dudley_sd"
    with atomic_file(path) as scratch:
        save(book, scratch)
    return path


def _read_me(book: Workbook, title: str, notes: Sequence[str], about: Sequence[tuple[str, str]]) -> None:
    sheet = book.create_sheet("Read me")
    row = put_title(sheet, title, notes)
    put_words(sheet, row, about, READ_ME_WIDTHS)
    set_widths(sheet, READ_ME_WIDTHS)
    set_for_print(sheet)


def _table(book: Workbook, each: Sheet) -> None:
    sheet = book.create_sheet(each.name)
    first = row = put_title(sheet, each.title, each.notes)
    put_header(sheet, row, each.heads)
    for place, contents in enumerate(each.rows):
        row += 1
        for column, content in enumerate(contents, start=1):
            cell = put(sheet, row, column, content)
            if isinstance(content, float):
                cell.number_format = each.forms[place] if each.forms else _form(content)
    set_widths(sheet, [_width(head, place, each.rows) for place, head in enumerate(each.heads)])
    years = [place for place, head in enumerate(each.heads, 1) if head.rstrip("*").isdigit()]
    sheet.freeze_panes = sheet.cell(first + 1, years[0] if years else 1)
    if each.rows:
        sheet.auto_filter.ref = f"A{first}:{get_column_letter(len(each.heads))}{row}"
    set_for_print(sheet, first)


def _form(value: float) -> str:
    return "#,##0" if abs(value) >= 1000 else "0.000"


def _width(head: str, place: int, rows: Sequence[Sequence[Content]]) -> float:
    if head.rstrip("*").isdigit():
        return 13
    texts = [len(str(row[place])) for row in rows if not isinstance(row[place], float)]
    return min(WIDEST, max(10, len(head), *texts, 0) + 2)
