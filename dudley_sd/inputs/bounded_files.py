"""Reading files from outside within bounds of size, of what an archive unpacks to and where cells stand.

An archive is judged by its directory, and a workbook by the places of its cells, before any library that
reads workbooks sees it. Such a library allocates a whole rectangle for two cells that stand far apart, and
unpacks whatever is packed.
"""

from __future__ import annotations

import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TypeVar

from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean

Read = TypeVar("Read")


@dataclass(frozen=True)
class Bounds:
    """Most that is read of a file from outside.

    Attributes
    ----------
    file
        Bytes of the file. The largest that ONS publishes in these layouts has 30 million.
    unpacked
        Bytes of all members of an archive together.
    members
        Files in an archive.
    cells
        Cells of the rectangles around all cells with content, of all sheets together. Table 2 has 700,000.
    text
        Characters of text in all cells together.
    """

    file: int = 200_000_000
    unpacked: int = 400_000_000
    members: int = 2_000
    cells: int = 5_000_000
    text: int = 100_000_000


BOUNDS = Bounds()


def refuse_no_file(path: Path) -> None:
    """Refuse a folder, and a pipe or a device, which may have no end; a path that is not there passes.

    Raises
    ------
    InputError
        Naming the path and what it is.
    """
    if path.is_dir():
        raise InputError([Fault(str(path), "", "is a folder, not a file", "Name the file in it")])
    if path.exists() and not path.is_file():
        problem = "is a pipe or a device, not a file"
        raise InputError([Fault(str(path), "", problem, "Write the content into a file and name that")])


def where_is(path: Path, otherwise: str = "Check the path") -> str:
    """Remedy for a file that is not there: the files of its folder that are called much like it."""
    try:
        neighbours = [each.name for each in path.parent.iterdir() if each.is_file()]
    except OSError:
        return otherwise
    same = [name for name in neighbours if Path(name).stem.lower() == path.stem.lower()]
    near = same or difflib.get_close_matches(path.name, neighbours, cutoff=0.7)
    return did_you_mean((str(path.with_name(name)) for name in near[:3]), otherwise)


def read_bytes(
    path: Path, bounds: Bounds = BOUNDS, remedy: str = "Give only the areas or years that you need"
) -> bytes:
    """Return the content of a file; ``remedy`` says what to do about one that is larger than the bound.

    Raises
    ------
    InputError
        If it is not there, is no file, may not be read, or is larger than the bound.
    """
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(bounds.file + 1)
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", where_is(path))]) from None
    except (OSError, ValueError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise InputError([Fault(str(path), "", problem, "Name a file that you may read")]) from None
    if len(content) > bounds.file:
        problem = f"is larger than {_size(bounds.file)}, more than any file of this kind has"
        raise InputError([Fault(str(path), "", problem, remedy)])
    return content


def unpack(
    file: str, content: bytes, wanted: Callable[[str], bool] | None = None, bounds: Bounds = BOUNDS
) -> dict[str, bytes]:
    """Return the members of a zip file by name, unpacked.

    Parameters
    ----------
    file, content
        What to call it in messages, and its bytes.
    wanted
        Which members to unpack, by name; all when not given. Names of the others have no content.
    bounds
        What its directory may say at most, before anything is unpacked.

    Raises
    ------
    InputError
        If it is no zip file, damaged, under a password, or would unpack to more than the bounds allow.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            chosen = [info for info in members if wanted is None or wanted(info.filename)]
            size = sum(info.file_size for info in chosen)
            if len(members) > bounds.members or size > bounds.unpacked:
                problem = (
                    f"holds {len(members):,} files that unpack to {_size(size)}; at most "
                    f"{bounds.members:,} files and {_size(bounds.unpacked)} are read"
                )
                raise InputError([Fault(file, "", problem, "Give the file as it was published")])
            unpacked = {info.filename: archive.read(info) for info in chosen}
            return {info.filename: unpacked.get(info.filename, b"") for info in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        problem = f"the zip file is cut short or damaged ({error})"
        if "password" in str(error):
            problem = "the zip file is under a password"
        remedy = "Download it again, or save it without a password; nothing of it was used"
        raise InputError([Fault(file, "", problem, remedy)]) from None


def bounded_workbook(file: str, content: bytes, bounds: Bounds = BOUNDS) -> bytes:
    """Return an XLSX or ODS workbook, packed anew without compression, that is safe to hand to a reader.

    Its members are those that were looked at: a reader that trusts no directory finds nothing else.

    Raises
    ------
    InputError
        As `unpack`; for XLSB; if text declares a document type; if cells stand so far apart, or repeat so
        often, that a reader would need more cells or more text than the bounds allow, naming the sheet.
    """
    members = unpack(file, content, bounds=bounds)
    if "xl/workbook.bin" in members:
        raise InputError([Fault(file, "", "is a binary workbook (XLSB)", "Save it as XLSX")])
    for name, text in members.items():
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xfe\xff", b"\xff\xfe"):
            problem = f"its part {name} is not written as a spreadsheet program writes it"
            raise InputError([Fault(file, "", problem, "Open it and save it as XLSX again")])
    strings = [max(sizes) for sizes in zip_longest(*map(_string_lengths, members.values()), fillvalue=0)]
    cells = letters = 0
    for name, text in members.items():
        here, more = _of_ods(text) if name == "content.xml" else _of_sheet(text, strings)
        cells, letters = cells + here, letters + more
        if cells > bounds.cells or letters > bounds.text:
            problem = (
                f"{Path(name).stem} reaches over {here:,} cells and {more:,} letters; at most "
                f"{bounds.cells:,} cells and {bounds.text:,} letters of a workbook are read"
            )
            remedy = "Delete what stands far from the table (Ctrl+End shows the last cell) and save it again"
            raise InputError([Fault(file, "", problem, remedy)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def guarded(file: str, read: Callable[[], Read], remedy: str) -> Read:
    """Do what a library for workbooks is asked to do; whatever it raises is a damaged workbook.

    Readers of other people's formats raise what they please when a file is damaged, and one written in Rust
    raises a panic, which is no Exception.

    Raises
    ------
    InputError
        Instead of anything but a request to stop and a lack of memory.
    """
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError, InputError):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic is no Exception)
        problem = f"the workbook is cut short or damaged ({error or type(error).__name__})"
        raise InputError([Fault(file, "", problem, remedy)]) from None


_ATTRIBUTES = rb"(\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?(/?)>"
"""Attributes of a tag up to its end; a value in quotes may hold the sign that ends one."""

_TAG = re.compile(rb"<(?:\w+:)?(row|c)" + _ATTRIBUTES)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d{1,9})[\"']")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
_VALUE = re.compile(rb"\s*<(?:\w+:)?v>\s*(\d+)")


def _of_sheet(text: bytes, strings: list[int]) -> tuple[int, int]:
    """Cells of the rectangle around the cells with content of a sheet of XLSX, and letters of their text."""
    row, column, letters = 0, 0, 0
    places: list[tuple[int, int]] = []
    for tag in _TAG.finditer(text):
        attributes = tag[2] or b""
        place = _PLACE.search(attributes)
        if tag[1] == b"row":
            row, column = (int(place[2]) if place else row + 1), 0
            continue
        column += 1
        at = row
        if place:
            at, column = int(place[2]), _column(place[1])
        if tag[3] or text.startswith(b"</", tag.end()):
            continue  # a format without content
        places.append((at, column))
        if _SHARED.search(attributes) and (value := _VALUE.match(text, tag.end())):
            index = int(value[1][:9])
            letters += strings[index] if index < len(strings) else 0
    return _rectangle(places), letters


def _string_lengths(text: bytes) -> list[int]:
    """Bytes of every text that cells of XLSX share, by its number."""
    starts = [found.start() for found in re.finditer(rb"<(?:\w+:)?si[\s/>]", text)]
    return [after - start for start, after in pairwise([*starts, len(text)])]


_ODS = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)" + _ATTRIBUTES)
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d+)[\"']")


def _of_ods(text: bytes) -> tuple[int, int]:
    """As `_of_sheet`, of all sheets of an ODS; rows and cells may stand for many."""
    cells = letters = 0
    places: list[tuple[int, int]] = []
    row = column = rows = 0
    for tag, end in _with_ends(text):
        attributes = tag[2] or b""
        repeated = _REPEATED.search(attributes)
        count = int(repeated[1][:9]) if repeated else 1
        if tag[1] == b"table":
            cells += _rectangle(places)
            places, row, rows = [], 0, 0
        elif tag[1] == b"table-row":
            row, column, rows = row + rows, 0, count
        else:
            column += count
            if not tag[3]:
                places += [(row + 1, column - count + 1), (row + rows, column)]
                letters += (end - tag.end()) * count * rows
    return cells + _rectangle(places), letters


def _with_ends(text: bytes) -> Iterator[tuple[re.Match[bytes], int]]:
    """Tags of tables, rows and cells, each with where the next one starts."""
    before: re.Match[bytes] | None = None
    for tag in _ODS.finditer(text):
        if before is not None:
            yield before, tag.start()
        before = tag
    if before is not None:
        yield before, len(text)


def _rectangle(places: list[tuple[int, int]]) -> int:
    if not places:
        return 0
    rows, columns = [place[0] for place in places], [place[1] for place in places]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper()[:7]:
        number = number * 26 + letter - 64
    return number


def _size(count: int) -> str:
    return f"{count / 1e6:,.0f} MB" if count >= 1e6 else f"{count:,} bytes"
