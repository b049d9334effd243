"""Excel workbook from tables: a sheet to read first, then one for each table, for screen and paper."""

from __future__ import annotations

import errno
import io
import math
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet
from sdcompile.scratch import atomic_file

from dudley_sd.results.table import Content, Table

TITLE = Font(name="Arial", size=16, bold=True, color="005EB8")
HEADING = Font(name="Arial", size=12, bold=True, color="005EB8")
HEADER = Font(name="Arial", size=10, bold=True, color="FFFFFF")
HEADER_EXTRAPOLATED = Font(name="Arial", size=10, bold=True, italic=True, color="FFFFFF")
PLAIN = Font(name="Arial", size=10)
BOLD = Font(name="Arial", size=10, bold=True)
ITALIC = Font(name="Arial", size=10, italic=True)
BLUE_FILL = PatternFill("solid", fgColor="005EB8")
RULE = Border(top=Side(style="medium", color="005EB8"))
WRAP = Alignment(wrap_text=True, vertical="top")
WRAP_TEXT = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
AFTER_NUMBERS = Alignment(horizontal="left", indent=1)
HEAD, HEAD_OF_NUMBERS = (
    Alignment(wrap_text=True, vertical="center", horizontal=side) for side in (None, "right")
)
LINE_HEIGHT = 13.5
GENERAL = "General"
YEAR_WIDTH, WIDEST = 13, 60
READ_ME, READ_ME_WIDTHS = "Read me", (26, 110)
PAGE_WIDTH = 210
"""Characters across a landscape A4 page at the least size that is comfortable to read, about 7 points."""

Words = Sequence[tuple[str, str]]
"""Rows of a word and what it means."""


def workbook(
    title: str, read_me: Words | Mapping[str, Words], tables: Sequence[Table], notes: Sequence[str] = ()
) -> Workbook:
    """Make a workbook: Read me, and a sheet for each table with a filter on every column.

    Parameters
    ----------
    title, notes
        What stands above Read me; the title is the workbook's too.
    read_me
        Its rows, or its rows below headings.
    tables
        The other sheets.
    """
    book = Workbook()
    book.remove(book.active)
    sheet = book.create_sheet(READ_ME)
    row = _put_title(sheet, title, notes)
    for heading, lines in (read_me if isinstance(read_me, Mapping) else {"": read_me}).items():
        if heading:
            put(sheet, row + 1, 1, heading, HEADING)
            row += 2
        for contents in lines:
            for column, content in enumerate(contents, start=1):
                put(sheet, row, column, content, BOLD if column == 1 else PLAIN)
            _wrap_row(sheet, row, READ_ME_WIDTHS)
            row += 1
    _set_widths(sheet, READ_ME_WIDTHS)
    _set_for_print(sheet)
    for table in tables:
        _put_sheet(book.create_sheet(table.name), table)
    book.properties.title, book.properties.creator = title, "dudley_sd"
    return book


def save_workbook(book: Workbook, path: Path | str) -> Path:
    """Write a workbook, whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written, or the folder for temporary files, which openpyxl uses, has no room.
    """
    with atomic_file(path) as scratch:
        try:
            scratch.write_bytes(workbook_bytes(book))
        except Exception as error:  # openpyxl leaves a traceback of lxml behind where the disk is full
            if not type(error).__module__.startswith("lxml"):
                raise
            problem = f"cannot be written, nor the temporary files that it needs ({error})"
            raise OSError(errno.EIO, problem, str(path)) from error
    return Path(path)


def workbook_bytes(book: Workbook) -> bytes:
    """Return a workbook as the content of a file."""
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def put(
    sheet: Worksheet, row: int, column: int, content: Content, font: Font = PLAIN, form: str = GENERAL
) -> Cell:
    """Write one cell. Text stays text even where it looks like a formula; no number, no content."""
    cell: Cell = sheet.cell(row, column)
    if isinstance(content, str):
        cell.value = content
        cell.data_type = "s"
    elif content is not None and math.isfinite(content):
        cell.value = content
    _dress(cell, font=font, **({} if form == GENERAL else {"number_format": form}))
    return cell


def _dress(cell: Cell, **looks: Font | Alignment | PatternFill | Border | str) -> None:
    """Set a cell's ``font``, ``alignment``, ``fill``, ``border`` or ``number_format``.

    openpyxl looks long for every style that it is given, so one that another cell of the book got the same
    way is copied from it.
    """
    known = _STYLES.setdefault(cell.parent.parent, {})
    before = tuple(cell._style) if cell.has_style else ()
    key = (before, *(look if isinstance(look, str) else id(look) for look in looks.values()))
    if key in known:
        cell._style = copy(known[key][0])
    else:
        for what, look in looks.items():
            setattr(cell, what, look)
        known[key] = (copy(cell._style), tuple(looks.values()))


_STYLES: WeakKeyDictionary[Workbook, dict[tuple[Any, ...], tuple[Any, object]]] = WeakKeyDictionary()
"""By workbook: the style of a cell that had one style and was given looks, which are kept for their ids."""


def _put_title(sheet: Worksheet, title: str, notes: Sequence[str] = ()) -> int:
    """Title in the first row and notes below; returns the next free row, one left empty."""
    put(sheet, 1, 1, title, TITLE)
    for place, note in enumerate(notes, start=2):
        put(sheet, place, 1, note, ITALIC)
    return len(notes) + 3


def _put_sheet(sheet: Worksheet, table: Table) -> None:
    """Lay out a table, the one below it if there is one, and the sheet for screen and paper."""
    top = _put_title(sheet, table.title, table.notes)
    last = _put_rows(sheet, top, table)
    _set_widths(sheet, table.widths or [_width(table, column) for column in range(len(table.heads))])
    if table.below is not None:
        put(sheet, last + 2, 1, table.below.title, HEADING)
        _put_rows(sheet, last + 3, table.below)
        _set_for_print(sheet)
        return
    sheet.freeze_panes = sheet.cell(top + 1, table.lead + 1)
    if table.rows:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(table.heads))}{last}"
    _set_for_print(sheet, top)


def _put_rows(sheet: Worksheet, top: int, table: Table) -> int:
    """Write heads and rows, numbers and their heads at the right; returns the last row.

    A head with an asterisk is a year beyond the projection: it and its numbers are in italics.
    """
    numeric = [any(_is_number(row[at]) for row in table.rows) for at in range(len(table.heads))]
    beyond = [head.endswith("*") for head in table.heads]
    for at, head in enumerate(table.heads):
        cell = put(sheet, top, at + 1, head, HEADER_EXTRAPOLATED if beyond[at] else HEADER)
        _dress(cell, fill=BLUE_FILL, alignment=HEAD_OF_NUMBERS if numeric[at] else HEAD)
    number = top
    for place, contents in enumerate(table.rows):
        number += 1
        forms = table.forms[place] if table.forms else GENERAL
        for at, content in enumerate(contents):
            bold = at in table.bold_columns or place in table.bold_rows
            font = BOLD if bold else ITALIC if beyond[at] else PLAIN
            text = isinstance(content, str)
            form = GENERAL if text else forms if isinstance(forms, str) else forms[at]
            cell = put(sheet, number, at + 1, content, font, form)
            if text and at and numeric[at - 1] and not numeric[at]:
                _dress(cell, alignment=AFTER_NUMBERS)
        if table.wraps:
            _wrap_row(sheet, number, table.widths)
        if table.block is not None and place and contents[table.block] != table.rows[place - 1][table.block]:
            for column in range(1, len(table.heads) + 1):
                _dress(sheet.cell(number, column), border=RULE)
    return number


def _is_number(content: Content) -> bool:
    return isinstance(content, (int, float)) and not isinstance(content, bool)


def _width(table: Table, column: int) -> float:
    """Width of a column that its text asks for."""
    head = table.heads[column]
    if head.rstrip("*").isdigit():
        return YEAR_WIDTH
    texts = [len(str(row[column])) for row in table.rows if not isinstance(row[column], float)]
    return min(WIDEST, max(10, len(head), *texts, 0) + 2)


def _set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Column widths in characters, from the first column on."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _wrap_row(sheet: Worksheet, row: int, widths: Sequence[float]) -> None:
    """Wrap the text of a row and make it as high as its longest cell needs."""
    lines = 1
    for column, width in enumerate(widths, start=1):
        cell = sheet.cell(row, column)
        _dress(cell, alignment=WRAP_TEXT if column > 1 and isinstance(cell.value, str) else WRAP)
        if isinstance(cell.value, str):
            lines = max(lines, math.ceil(len(cell.value) * 0.95 / width))
    sheet.row_dimensions[row].height = lines * LINE_HEIGHT


def _set_for_print(sheet: Worksheet, header_row: int | None = None) -> None:
    """Landscape A4, on as many pages side by side as can be read, head and first columns on every page.

    Call it last: it counts the columns' widths, and repeats those that are frozen.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    widths = [each.width for each in sheet.column_dimensions.values()]
    frozen = coordinate_to_tuple(sheet.freeze_panes)[1] - 1 if sheet.freeze_panes else 0
    again = sum(widths[:frozen])
    across = 1
    if sum(widths) > PAGE_WIDTH:
        across += math.ceil((sum(widths) - PAGE_WIDTH) / max(PAGE_WIDTH - again, PAGE_WIDTH / 2))
        if frozen:
            sheet.print_title_cols = f"A:{get_column_letter(frozen)}"
    sheet.page_setup.fitToWidth = across
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.sheet_view.showGridLines = False
    if header_row is not None:
        sheet.print_title_rows = f"{header_row}:{header_row}"
