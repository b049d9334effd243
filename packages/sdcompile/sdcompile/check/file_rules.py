"""Rules for the tables that equations read from files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from sdcompile.errors import Fault
from sdcompile.read.external import column_letters
from sdcompile.read.parse import Definition, ModelText
from sdcompile.read.trees import kind_of, walk

FROM_FILE = ("GetConstants", "GetData", "GetLookups")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CELL = re.compile(r"([A-Za-z]+)(\d+)(\*?)")


class Block(NamedTuple):
    """Cells that an equation reads: first row and column, counted from 0, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


def file_faults(text: ModelText) -> list[Fault]:
    """Rule 12: files other than CSV beside the model, or with blanks, text or a byte-order mark.

    Faults of the way a file is named point to the equation, faults of a file to the file. A file that cannot
    be read is reported once. Not looked at: which label a number stands beside, and constants with more
    than two ranges.
    """
    names = {each.name for each in text.written_ranges if isinstance(each.members, Mapping)}
    problem, remedy = "its elements are read from a file", "List the elements in the model file"
    entries = [entry for entry in text.source.entries if entry.name in names]
    faults = [text.source.fault(entry, problem, remedy) for entry in entries]
    for piece in text.definitions:
        for node in (node for node in walk(piece.tree) if kind_of(node) in FROM_FILE):
            named = _name(node)
            if named is None:
                faults += _content(text, piece, node)
            else:
                faults.append(text.source.fault(piece.entry, *named))
    return faults


def _name(node: Any) -> tuple[str, str] | None:
    """Problem and remedy of how a file is named."""
    if node.tab != ",":
        problem = f"it reads {node.file} with {node.tab!r} where the delimiter ',' must stand"
        return problem, "Save the table as CSV and write ','"
    posix, windows = PurePosixPath(node.file), PureWindowsPath(node.file)
    if windows.drive or windows.root or "\\" in node.file or ".." in posix.parts:
        remedy = "Put it into a folder beside the model and write a path like 'data/age.csv'"
        return f"it reads {node.file}, which is not a path inside the model's folder", remedy
    return None


def _content(text: ModelText, piece: Definition, node: Any) -> Iterator[Fault]:
    """Faults of what an equation reads, at most one."""
    path = text.source.path.parent / node.file
    reader = f"read by {piece.entry.name} ({piece.entry.where.split(',')[0]})"
    if not path.is_file():
        yield Fault(
            str(path), "", "the file does not exist, but the model reads it", "Correct its path or add it"
        )
        return
    content = path.read_bytes()
    if content.startswith(BYTE_ORDER_MARK):
        problem = "the file starts with a byte-order mark, which becomes part of its first cell"
        yield Fault(str(path), "", problem, "Save it as UTF-8 without byte-order mark")
        return
    try:
        cells = _cells(content)
    except (UnicodeDecodeError, csv.Error) as error:
        yield Fault(str(path), "", f"the file cannot be read ({error})", "Save it as CSV in UTF-8")
        return
    block = _block(text, piece, node, cells)
    if block is None:
        return
    bad = [
        (row, column, cells.get((row, column), ""))
        for row in range(block.row, block.row + block.rows)
        for column in range(block.column, block.column + block.columns)
        if not _is_number(cells.get((row, column), ""))
    ]
    if bad:
        row, column, cell = bad[0]
        where = f"row {row + 1}, column {column_letters(column)}, {reader}"
        what = f"{cell!r} is not a number" if cell else "the cell is blank"
        others = f"; so are {len(bad) - 1} more" if len(bad) > 1 else ""
        yield Fault(str(path), where, what + others, "Fill in a number, or correct the cell in the equation")


@lru_cache(maxsize=64)
def _cells(content: bytes) -> dict[tuple[int, int], str]:
    """Text of every cell that is not blank, by row and column counted from 0."""
    rows = csv.reader(content.decode("utf-8").splitlines(), strict=True)
    return {
        (number, column): text.strip()
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if text.strip()
    }


def _block(text: ModelText, piece: Definition, node: Any, cells: dict[tuple[int, int], str]) -> Block | None:
    """Cells that an equation reads; None where that is not looked at."""
    start = _CELL.fullmatch(node.cell)
    ranges = text.ranges
    sizes = [len(ranges.of(label)) for label in piece.entry.subscripts if label in ranges.elements]
    if start is None:
        return None
    row, column, turned = int(start[2]) - 1, _number(start[1]), bool(start[3])
    if kind_of(node) != "GetConstants":
        return _series(node, row, column, sizes, cells)
    if len(sizes) > 2:
        return None
    rows, columns = [1, 1, *sizes][-2:]
    return Block(row, column, *((columns, rows) if turned else (rows, columns)))


def _series(
    node: Any, row: int, column: int, sizes: list[int], cells: dict[tuple[int, int], str]
) -> Block | None:
    """Cells of a table over time (or over x), as far as its times go."""
    series = 1
    for size in sizes:
        series *= size
    along = str(getattr(node, "time_row_or_col", None) or node.x_row_or_col)
    if along.isdigit():
        times = [place[1] for place in cells if place[0] == int(along) - 1 and place[1] >= column]
        return Block(row, column, series, max(times, default=column) - column + 1)
    times = [place[0] for place in cells if place[1] == _number(along) and place[0] >= row]
    return Block(row, column, max(times, default=row) - row + 1, series)


def _number(letters: str) -> int:
    """Column ``A`` is 0, ``Z`` 25, ``AA`` 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
