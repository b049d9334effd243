"""How a sheet is laid out: titles, header rows, text that wraps, numbers with their formats."""

from __future__ import annotations

import errno
import io
import math
from collections.abc import Sequence
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
LINE_HEIGHT = 13.5
GENERAL = "General"

Content = str | float | int | None

PAGE_WIDTH = 210
"""Characters across a landscape A4 page at the least size that is comfortable to read, about 7 points."""


def save(book: Workbook, path: Path) -> None:
    """Write a workbook in one piece: its own writer leaves a traceback behind where the disk is full.

    Raises
    ------
    OSError
        If it cannot be written, or the folder for temporary files, which openpyxl uses, has no room.
    """
    packed = io.BytesIO()
    try:
        book.save(packed)
    except Exception as error:
        if not type(error).__module__.startswith("lxml"):
            raise
        problem = f"cannot be written, nor the temporary files that it needs ({error})"
        raise OSError(errno.EIO, problem, str(path)) from error
    path.write_bytes(packed.getvalue())


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
    dress(cell, font=font, **({} if form == GENERAL else {"number_format": form}))
    return cell


def dress(cell: Cell, **looks: Font | Alignment | PatternFill | Border | str) -> None:
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


def put_title(sheet: Worksheet, title: str, notes: Sequence[str] = ()) -> int:
    """Title in the first row and notes below; returns the next free row, one left empty."""
    put(sheet, 1, 1, title, TITLE)
    for place, note in enumerate(notes):
        put(sheet, 2 + place, 1, note, ITALIC)
    return len(notes) + 3


def put_header(sheet: Worksheet, row: int, heads: Sequence[str], numbers_from: int = 99) -> None:
    """White on blue; a head with an asterisk, a year beyond the projection, is in italics.

    Years, and heads after the column ``numbers_from``, stand at the right as the numbers below them do.
    """
    for column, head in enumerate(heads, start=1):
        cell = put(sheet, row, column, head, HEADER_EXTRAPOLATED if head.endswith("*") else HEADER)
        cell.fill = BLUE_FILL
        to_numbers = head.rstrip("*").isdigit() or column > numbers_from
        cell.alignment = Alignment(
            wrap_text=True, vertical="center", horizontal="right" if to_numbers else None
        )


def rule_above(sheet: Worksheet, row: int, columns: int) -> None:
    """Draw a line between blocks."""
    for column in range(1, columns + 1):
        dress(sheet.cell(row, column), border=RULE)


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Column widths in characters, from the first column on."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def wrap_row(sheet: Worksheet, row: int, widths: Sequence[float]) -> None:
    """Wrap the text of a row and make it as high as its longest cell needs."""
    lines = 1
    for column, width in enumerate(widths, start=1):
        cell = sheet.cell(row, column)
        dress(cell, alignment=WRAP_TEXT if column > 1 and isinstance(cell.value, str) else WRAP)
        if isinstance(cell.value, str):
            lines = max(lines, math.ceil(len(cell.value) * 0.95 / width))
    sheet.row_dimensions[row].height = lines * LINE_HEIGHT


def put_words(sheet: Worksheet, row: int, lines: Sequence[tuple[str, str]], widths: Sequence[float]) -> int:
    """Write rows of a word and what it means; returns the next free row."""
    for name, text in lines:
        put(sheet, row, 1, name, BOLD)
        put(sheet, row, 2, text)
        wrap_row(sheet, row, widths)
        row += 1
    return row


def set_for_print(sheet: Worksheet, header_row: int | None = None) -> None:
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
