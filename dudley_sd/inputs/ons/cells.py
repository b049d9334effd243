"""Rows of cells of a published file: XLS, XLSX, ODS, CSV, TSV or a zip of these."""

from __future__ import annotations

import csv
import io
import itertools
import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import xlrd
from python_calamine import CalamineWorkbook, SheetTypeEnum
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.bounded_files import BOUNDS, bounded_workbook, guarded, read_bytes, unpack

AGAIN = "Download it from ONS again; nothing of it was used"
KINDS_READ = "Give an XLS, XLSX, ODS, CSV, TSV or zip file as ONS publishes it"
MIME, MANIFEST = "mimetype", "META-INF/manifest.xml"
"""Members of an ODF file that say what it is, and whether it is under a password."""

OTHER_KINDS = {
    b"%PDF": ("is a PDF, not a table", KINDS_READ),
    b"\x89PNG": ("is a picture, not a table", KINDS_READ),
    b"\xff\xd8\xff": ("is a picture, not a table", KINDS_READ),
    b"PAR1": ("is a Parquet file", "Save it as CSV or XLSX, in the layout of ONS"),
    b"\x1f\x8b": ("is an archive of gzip", "Unpack it and give the file in it"),
    b"7z\xbc\xaf": ("is an archive of 7-Zip", "Unpack it and give the file in it"),
    b"Rar!": ("is an archive of RAR", "Unpack it and give the file in it"),
}
"""Files that are no tables of ONS, by how they begin."""

XML_SHEETS = (b"urn:schemas-microsoft-com:office:spreadsheet", b"<office:document")
AS_UTF8 = "In Excel choose Save As, 'CSV UTF-8 (comma delimited)', or save it as XLSX"


@dataclass(frozen=True)
class Sheet:
    """Rows of cells with their place.

    Attributes
    ----------
    file, part
        The file, and the sheet or the member of the archive in words: ``sheet Persons``.
    rows
        Cells by row, the first row first; empty cells are empty text. Every row has the same length.
    decimal_commas
        Whether a comma in a number may be a decimal point: text that is delimited by semicolons.
    """

    file: str
    part: str
    rows: list[list[Any]]
    decimal_commas: bool = False

    def fault(self, where: str, problem: str, remedy: str) -> Fault:
        """Fault at a place of this sheet, which is named if it has a name."""
        place = f"{self.part}, {where}" if self.part and where else self.part or where
        return Fault(self.file, place, problem, remedy)


@dataclass(frozen=True)
class Cells:
    """All that a file holds.

    Attributes
    ----------
    file
        Its path as the user gave it.
    sheets
        Sheets of a workbook, or CSV files.
    notes
        Texts that come with the figures: lines of a readme, names of files in the archive.
    readme
        Those of the notes that are lines of a readme.
    """

    file: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()
    readme: tuple[str, ...] = ()


def read_cells(path: Path | str) -> Cells:
    """Read a file by what it is, not by how it is called.

    Raises
    ------
    InputError
        If it is not there, empty, cut short, a web page, larger than `dudley_sd.inputs.bounded_files.BOUNDS`,
        or neither a workbook nor text.
    """
    path = Path(path)
    content = read_bytes(path)
    if not content:
        raise InputError([Fault(str(path), "", "the file is empty", AGAIN)])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_workbook(str(path), content)
    for start, (problem, remedy) in OTHER_KINDS.items():
        if content.startswith(start):
            raise InputError([Fault(str(path), "", problem, remedy)])
    if content.startswith(b"PK"):
        return _archive(str(path), content)
    return Cells(str(path), (_text(str(path), "", content),), (path.name,))


def _archive(file: str, content: bytes) -> Cells:
    """Read a zip: a workbook (XLSX or ODS), or CSV files with a readme."""
    members = unpack(file, content, lambda name: _is_text(name) or name in (MIME, MANIFEST))
    kind = members.get(MIME, b"").decode("ascii", errors="replace")
    if any(name.startswith(("word/", "ppt/")) for name in members) or "opendocument.text" in kind:
        problem = "is a document of a word processor or slides, not a workbook"
        raise InputError([Fault(file, "", problem, KINDS_READ)])
    if b"encryption-data" in members.get(MANIFEST, b""):
        problem = "the workbook is under a password"
        raise InputError([Fault(file, "", problem, "Open it and save it without a password")])
    if {"[Content_Types].xml", "content.xml"} & members.keys():
        return _workbook(file, content)
    texts = {name: text for name, text in members.items() if _is_text(name)}
    tables = {name: text for name, text in texts.items() if not name.lower().endswith(".txt")}
    if not tables and any(name.startswith("Index/") and name.endswith(".iwa") for name in members):
        problem, remedy = "is a document of Numbers", "In Numbers choose File, Export To, Excel"
        raise InputError([Fault(file, "", problem, remedy)])
    if not tables:
        books = [name for name in members if name.lower().endswith((".xls", ".xlsx", ".ods", ".zip"))]
        problem = f"the zip file holds no CSV file, only {', '.join(list(members)[:5]) or 'nothing'}"
        remedy = f"Unpack it and give {books[0]}" if books else "Give the zip file as ONS publishes it"
        raise InputError([Fault(file, "", problem, remedy)])
    readme = [
        line.strip()
        for name in texts.keys() - tables.keys()
        for line in texts[name].decode("utf-8", errors="replace").splitlines()
    ]
    sheets = tuple(_text(file, f"file {PurePosixPath(name).name}", text) for name, text in tables.items())
    return Cells(file, sheets, (*tables, *readme, Path(file).name), tuple(readme))


def _is_text(name: str) -> bool:
    """Whether a member is a table or a readme; what macOS adds to archives is neither."""
    return name.lower().endswith((".csv", ".tsv", ".txt")) and not name.startswith("__MACOSX")


def _old_workbook(file: str, content: bytes) -> Cells:
    def read() -> tuple[Sheet, ...]:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True
        )
        left = BOUNDS.cells
        sheets = []
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            left -= sheet.nrows * sheet.ncols
            if left < 0:
                problem = f"sheet {name} reaches over {sheet.nrows * sheet.ncols:,} cells"
                remedy = "Delete what stands far from the table and save it again"
                raise InputError([Fault(file, "", problem, remedy)])
            sheets.append(Sheet(file, f"sheet {name}", _old_rows(book, sheet)))
            book.unload_sheet(name)
        return tuple(sheets)

    remedy = f"Save it without a password where it has one. {AGAIN}"
    return Cells(file, guarded(file, read, remedy), (Path(file).name,))


def _old_rows(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> list[list[Any]]:
    """Cells of a sheet of XLS, dates as dates; every row as long as the longest."""
    return [
        [
            xlrd.xldate_as_datetime(value, book.datemode) if kind == xlrd.XL_CELL_DATE else value
            for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        ]
        + [""] * (sheet.ncols - sheet.row_len(row))
        for row in range(sheet.nrows)
    ]


def _workbook(file: str, content: bytes) -> Cells:
    safe = bounded_workbook(file, content)

    def read() -> tuple[Sheet, ...]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(safe))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return tuple(
            Sheet(file, f"sheet {name}", book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in names
        )

    return Cells(file, guarded(file, read, AGAIN), (Path(file).name,))


def _text(file: str, part: str, content: bytes) -> Sheet:
    if any(each in content[:4000] for each in XML_SHEETS):
        remedy = "Open it in Excel or LibreOffice and save it as XLSX"
        raise InputError([Fault(file, part, "is a workbook in XML, which is not read", remedy)])
    if content.lstrip()[:1] == b"<":
        problem = "a web page, not a table"
        raise InputError([Fault(file, part, problem, f"Open it in a browser to see what ONS said. {AGAIN}")])
    text = _decoded(file, part, content)
    delimiter = _delimiter(text)
    ended = text if text.endswith("\n") else f"{text}\n"
    rows: list[list[Any]] = []
    try:
        rows.extend(csv.reader(io.StringIO(ended + END, newline=""), delimiter=delimiter))
    except csv.Error as error:
        if "larger than field limit" not in str(error):
            raise InputError([Fault(file, part, f"not readable as CSV: {error}", AGAIN)]) from None
        rows.append([])  # the row whose cell goes on and on
    lone = _lone_quotation_mark(rows, delimiter)
    if lone is not None:
        problem = "a cell goes over rows of the table: a quotation mark opens it and none closes it"
        where = f"row {lone}" if not part else f"{part}, row {lone}"
        raise InputError([Fault(file, where, problem, "Take out the lone quotation mark")])
    rows.pop()
    width = max(map(len, rows), default=0)
    if width * len(rows) > BOUNDS.cells * 10:
        problem = f"it has {len(rows):,} rows and one of them {width:,} cells"
        raise InputError([Fault(file, part, problem, AGAIN)])
    rows = [row + [""] * (width - len(row)) if len(row) < width else row for row in rows]
    return Sheet(file, part, rows, delimiter == ";")


def _lone_quotation_mark(rows: list[list[str]], delimiter: str) -> int | None:
    """Return the row, from 1, with a cell that takes in the line `END` or rows of the table; else None."""
    if rows[-1] != [END]:
        return len(rows)
    columns = statistics.mode(map(len, rows[:-1])) if len(rows) > 1 else 0
    if columns < LEAST_COLUMNS:
        return None
    for number, row in enumerate(rows, start=1):
        for cell in row:
            counts = [line.count(delimiter) for line in cell.split("\n")] if "\n" in cell else []
            if any(one + next_one >= columns - 1 for one, next_one in itertools.pairwise(counts)):
                return number
    return None


def _decoded(file: str, part: str, content: bytes) -> str:
    """Return text in UTF-8, in UTF-16 with its mark, or as Excel saves CSV in Western Europe (cp1252)."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        control = _CONTROL.search(content)
        if control is None:
            return _decoded_bytes(content)
        problem = f"neither a workbook nor text (byte {control.start()})"
        remedy = KINDS_READ
        if any(half.count(0) * 10 > len(half) * 8 for half in (content[::2], content[1::2])):
            problem, remedy = "it is text in UTF-16 without a mark that says so", AS_UTF8
    except UnicodeDecodeError as error:
        problem = f"its text is neither UTF-8 nor what Excel writes (byte {error.start})"
        remedy = f"{AS_UTF8}; or download it again"
    raise InputError([Fault(file, part, problem, remedy)])


def _decoded_bytes(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""Bytes that no text has."""

END = "end of the file"
"""Line added to a CSV file: a cell that is never closed takes it in."""

LEAST_COLUMNS = 4
"""Of a table: fewer delimiters in two lines of a cell may as well be those of prose."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _delimiter(text: str) -> str:
    """Return comma, tab, semicolon or bar: which stands most often in the line with the most years."""
    lines = text[:100_000].splitlines()[:60] or [""]
    count: Callable[[str], int] = lambda line: len(_YEAR.findall(line))  # noqa: E731
    fullest = max(lines, key=count)
    if not count(fullest):
        fullest = max(lines, key=len)
    return max(",\t;|", key=fullest.count)
