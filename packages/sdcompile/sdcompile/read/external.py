"""Numbers that live outside the model file, read by PySD's own readers so that they are the same numbers.

Two things are read here and not there: the lines of a text file, because PySD leaves blank ones out and then
counts cells wrongly, and which cells hold words, because PySD takes those of a series for gaps.
"""

from __future__ import annotations

import csv
import math
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdcompile.arrays import Floats
from sdcompile.errors import RefusedError

_WORKBOOKS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".odf", ".ods", ".odt"}

Words = npt.NDArray[np.object_]
_READ: dict[Path, Words] = {}
"""By PySD's own key for a sheet: the word in each cell that holds one, else None."""
READING = threading.RLock()
"""Held while a model is read: what PySD remembers of files is shared by all threads of a process."""


def forget_files() -> None:
    """Make PySD read every file again: it remembers files by name, and what its last run made of gaps."""
    from pysd.py_backend.external import Excels, External

    Excels.clean()
    External.missing = "warning"
    _READ.clear()


def refuse_blank_lines(folder: Path, file: str) -> None:
    """Refuse a text file with blank lines, for a range whose cells PySD would count without them."""
    path = folder / file
    if path.suffix.lower() in _WORKBOOKS or not path.is_file():
        return
    lines = path.read_text(encoding="utf-8-sig").rstrip("\r\n").splitlines()
    blank = next((number for number, line in enumerate(lines, start=1) if not line.strip()), None)
    if blank is not None:
        raise ValueError(f"{file}, line {blank}, is blank, and the cells of a range are counted without it")


def range_elements(where: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Read the elements of a range from a file.

    Raises
    ------
    ValueError, OSError
        If it cannot be read, has a blank line or holds none.
    """
    from pysd.py_backend.external import ExtSubscript

    refuse_blank_lines(folder, where["file"])
    cells = ExtSubscript(
        file_name=where["file"],
        tab=where["tab"],
        firstcell=where["firstcell"],
        lastcell=where["lastcell"],
        prefix=where["prefix"],
        root=folder,
    )
    if not cells.subscript:
        raise ValueError(f"{where['file']} has no elements at {where['firstcell']}")
    return tuple(cells.subscript)


def _sheet(file: Path, tab: str) -> Words:
    """Read a sheet where PySD will find it, every line counted; return the words in its cells."""
    key = file.joinpath(tab)
    if key in _READ:
        return _READ[key]
    import pandas as pd

    if file.suffix.lower() in _WORKBOOKS:
        cells = pd.read_excel(file, sheet_name=tab, header=None, keep_default_na=False, na_values=[""]).values
        words = np.array([[cell if isinstance(cell, str) else None for cell in row] for row in cells], object)
        words = words.reshape(cells.shape)
    else:
        words = _lines(file, tab)
    _READ[key] = words
    return words


def _lines(file: Path, tab: str) -> Words:
    """Read a text file and hand its numbers to PySD."""
    import pandas as pd
    from pysd.py_backend.external import Excels

    usual = "," if file.suffix.lower() == ".csv" else "\t"
    mark = tab if tab and not tab[0].isalnum() else usual
    if len(mark) != 1:
        raise RefusedError(f"the cells of {file.name} are divided by {mark!r}", "Name one character")
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text, delimiter=mark))
    width = max((len(row) for row in rows), default=0)
    if width == 0:
        raise RefusedError(f"{file.name} is empty", "Fill the file")
    words = np.full((len(rows), width), None, dtype=object)
    for place, row in enumerate(rows):
        words[place, : len(row)] = [cell.strip() for cell in row]
    words[words == ""] = None
    frame = pd.read_csv(
        file, sep=mark, header=None, names=range(width), index_col=False, skip_blank_lines=False
    )
    numbers = np.array([pd.to_numeric(row, errors="coerce") for row in frame.values])
    if numbers.shape[0] != len(rows):
        raise RefusedError(f"the lines of {file.name} cannot be counted", "Save it again as CSV")
    words[np.isfinite(numbers) & np.array([[_is_number(cell) for cell in row] for row in words])] = None
    Excels._Excels[file.joinpath(tab)] = numbers
    return words


def _is_number(cell: str | None) -> bool:
    """Say whether a cell holds a number that a computer can hold."""
    try:
        return math.isfinite(float(cell or "nan"))
    except ValueError:
        return False


@dataclass(frozen=True)
class Reader:
    """Reads external constants, data and lookups for one equation.

    Attributes
    ----------
    folder
        The model's folder: paths in the model are relative to it.
    name
        The variable, for messages.
    coordinates
        PySD's coordinates of the equation's left-hand side.
    shape
        Elements along each axis of the equation, single elements left out.
    """

    folder: Path
    name: str
    coordinates: dict[str, list[str]]
    shape: tuple[int, ...]

    def constants(self, structure: Any) -> Floats:
        """Read GET ... CONSTANTS; a blank or a word is an error."""
        from pysd.py_backend.external import ExtConstant

        where = (structure.file, structure.tab, structure.cell)
        reader = ExtConstant(*where, self.coordinates, self.folder, self.coordinates, self.name)
        self._initialize(reader, structure)
        values = np.asarray(getattr(reader.data, "values", reader.data), dtype=float)
        if not np.isfinite(values).all():
            problem = f"{(~np.isfinite(values)).sum()} of {values.size} cells from {where} are not numbers"
            raise RefusedError(problem, "Fill the cells")
        return values.reshape(self.shape)

    def lookups(self, structure: Any) -> tuple[Floats, Floats]:
        """Read GET ... LOOKUPS: x, and y with the equation's axes behind."""
        from pysd.py_backend.external import ExtLookup

        where = (structure.file, structure.tab, structure.x_row_or_col, structure.cell)
        reader = ExtLookup(*where, self.coordinates, self.folder, self.coordinates, self.name)
        return self._series(reader, structure)

    def data(self, structure: Any, method: str | None) -> tuple[Floats, Floats]:
        """Read GET ... DATA: times, and values with the equation's axes behind."""
        from pysd.py_backend.external import ExtData

        where = (structure.file, structure.tab, structure.time_row_or_col, structure.cell)
        reader = ExtData(*where, method, self.coordinates, self.folder, self.coordinates, self.name)
        return self._series(reader, structure)

    def _series(self, reader: Any, structure: Any) -> tuple[Floats, Floats]:
        asked: list[tuple[list[Any], list[Any]]] = []
        get = reader._get_data_from_file

        def noted(rows: list[Any], cols: list[Any]) -> Any:
            asked.append((rows, cols))
            return get(rows, cols)

        reader._get_data_from_file = noted
        words = self._initialize(reader, structure)
        if len(asked) == 2:
            self._refuse_text(structure, words, *asked)
        x = np.asarray(reader.data[reader.data.dims[0]].values, dtype=float)
        y = np.asarray(reader.data.values, dtype=float)
        return x, y.reshape((len(x), *self.shape))

    def _refuse_text(
        self,
        structure: Any,
        words: Words,
        series: tuple[list[Any], list[Any]],
        data: tuple[list[Any], list[Any]],
    ) -> None:
        """Refuse a word within a series or its values: PySD would fill it from the cells beside it."""
        from pysd.py_backend.external import Excels

        numbers = Excels._Excels[(self.folder / structure.file).resolve().joinpath(structure.tab)]
        along = 0 if _extent(series[0], words.shape[0]) > 1 else 1
        points, values = (_cut(numbers, part, along) for part in (series, data))
        said, written = (_cut(words, part, along) for part in (series, data))
        used = ~np.isnan(points).all(axis=1)
        for place in range(len(points)):
            filled = used[place] or not np.isnan(values[place]).all()
            for part, found in ((series, said[place]), (data, written[place])):
                at = next((k for k, word in enumerate(found) if word is not None), None)
                if filled and at is not None:
                    cell = _cell(part, along, place, at)
                    problem = f"{structure.file}, cell {cell}, holds {found[at]!r}, which is not a number"
                    raise RefusedError(problem, "Write a number, or leave the cell empty")
            if filled and not used[place] and used[place:].any():
                cell = _cell(series, along, place, 0)
                raise RefusedError(f"{structure.file}, cell {cell}, is empty beside a value", "Fill the cell")

    def _initialize(self, reader: Any, structure: Any) -> Words:
        """Run PySD's reader; gaps in a series are filled by its method, as PySD and Vensim fill them."""
        file = (self.folder / structure.file).resolve()
        if not file.is_file():
            raise RefusedError(
                f"there is no file {structure.file!r} beside the model", "Add it or correct its name"
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                words = _sheet(file, structure.tab)
                reader.initialize()
        except (ValueError, OSError, LookupError, AttributeError, TypeError, csv.Error) as error:
            problem = f"{structure.file} cannot be read: {' '.join(str(error).split())}"
            raise RefusedError(problem, "Correct the file or the reference") from error
        return words


def _extent(part: list[Any], whole: int) -> int:
    return int(whole if part[1] is None else part[1]) - int(part[0])


def _cut(table: npt.NDArray[Any], part: tuple[list[Any], list[Any]], along: int) -> npt.NDArray[Any]:
    """Cut a block out of a sheet: what goes along the series first."""
    block = table[part[0][0] : part[0][1], part[1][0] : part[1][1]]
    return block if along == 0 else block.T


def _cell(part: tuple[list[Any], list[Any]], along: int, place: int, across: int) -> str:
    """Name a cell the way a workbook does."""
    row, column = (place, across) if along == 0 else (across, place)
    return f"{column_letters(part[1][0] + column)}{part[0][0] + row + 1}"


def column_letters(number: int) -> str:
    """Name a column the way a workbook does: 0 is ``A``."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
