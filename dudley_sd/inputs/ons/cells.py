"""Which rows of cells does a published file hold, be it XLS, XLSX, CSV, TSV or a zip of these?"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlrd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum
from xlrd.compdoc import CompDocError

from dudley_sd.errors import Fault, InputError

AGAIN = "Download it from ONS again; nothing of it was used"


@dataclass(frozen=True)
class Sheet:
    """Rows of cells with their place.

    Attributes
    ----------
    file, part
        The file, and the sheet or the member of the archive in words: ``sheet Persons``.
    rows
        Cells by row, the first row first; empty cells are empty text. Every row has the same length.
    """

    file: str
    part: str
    rows: list[list[Any]]


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
    """

    file: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


def read_cells(path: Path | str) -> Cells:
    """Read a file by what it is, not by how it is called.

    Raises
    ------
    InputError
        If it is not there, empty, cut short, a web page, or neither a workbook nor text in UTF-8.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", "Check the path")]) from None
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise InputError([Fault(str(path), "", problem, "Name a file that you may read")]) from None
    if not content:
        raise InputError([Fault(str(path), "", "the file is empty", AGAIN)])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_workbook(str(path), content)
    if content.startswith(b"PK"):
        return _archive(str(path), content)
    return Cells(str(path), (_text(str(path), "", content),), (path.name,))


def _archive(file: str, content: bytes) -> Cells:
    """Read a zip: a workbook of today, or CSV files with a readme."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            if "[Content_Types].xml" in names:
                return _workbook(file, content)
            members = {name: archive.read(name) for name in names if _is_text(name)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        problem = f"the zip file is cut short or damaged ({error})"
        raise InputError([Fault(file, "", problem, AGAIN)]) from None
    tables = {name: text for name, text in members.items() if not name.lower().endswith(".txt")}
    if not tables:
        problem = f"the zip file holds no CSV file, only {', '.join(names) or 'nothing'}"
        raise InputError([Fault(file, "", problem, "Give the zip file as ONS publishes it, or its files")])
    readme = [
        line.strip()
        for name in members.keys() - tables.keys()
        for line in members[name].decode("utf-8", errors="replace").splitlines()
    ]
    sheets = tuple(_text(file, f"file {Path(name).name}", text) for name, text in tables.items())
    return Cells(file, sheets, (*tables, *readme, Path(file).name))


def _is_text(name: str) -> bool:
    """Whether a member is a table or a readme; what macOS adds to archives is neither."""
    return name.lower().endswith((".csv", ".tsv", ".txt")) and not name.startswith("__MACOSX")


def _old_workbook(file: str, content: bytes) -> Cells:
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
        sheets = tuple(
            Sheet(file, f"sheet {sheet.name}", [sheet.row_values(row) for row in range(sheet.nrows)])
            for sheet in book.sheets()
        )
    except (xlrd.XLRDError, CompDocError, struct.error, LookupError, ValueError, AssertionError) as error:
        problem = f"the workbook is cut short or damaged ({error or type(error).__name__})"
        raise InputError([Fault(file, "", problem, AGAIN)]) from None
    return Cells(file, sheets, (Path(file).name,))


def _workbook(file: str, content: bytes) -> Cells:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        sheets = tuple(
            Sheet(file, f"sheet {name}", book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in names
        )
    except CalamineError as error:
        problem = f"the workbook is cut short or damaged ({error})"
        raise InputError([Fault(file, "", problem, AGAIN)]) from None
    return Cells(file, sheets, (Path(file).name,))


def _text(file: str, part: str, content: bytes) -> Sheet:
    if content.lstrip()[:1] == b"<":
        problem = "a web page, not a table"
        raise InputError([Fault(file, part, problem, "Open it in a browser to see what ONS said; " + AGAIN)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"neither a workbook nor UTF-8 text (byte {error.start})"
        raise InputError([Fault(file, part, problem, AGAIN)]) from None
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError([Fault(file, part, f"not readable as CSV: {error}", AGAIN)]) from None
    width = max(map(len, rows), default=0)
    return Sheet(file, part, [row + [""] * (width - len(row)) if len(row) < width else row for row in rows])
