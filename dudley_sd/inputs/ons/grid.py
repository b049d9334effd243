"""Where is the table on a sheet, and which of its cells are not what their heading says?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dudley_sd.errors import Fault
from dudley_sd.inputs.ons.cells import AGAIN, Sheet
from dudley_sd.inputs.ons.release import AREA_CODE

YEAR = re.compile(r"(?:mid[- ]?)?((?:19|20)\d\d)(?:\.0)?", re.IGNORECASE)
FIRST_SHOWN = 3
LAST_ROW_OF_HEADER = 60
"""No published table starts lower."""


@dataclass(frozen=True)
class Header:
    """Where the headings stand.

    Attributes
    ----------
    row
        Index of their row among the rows of the sheet.
    columns
        Our name of a heading to its column.
    years
        Mid-year to its column, in the order of the sheet.
    """

    row: int
    columns: dict[str, int]
    years: dict[int, int]


def find_header(sheet: Sheet, headings: Mapping[str, Sequence[str]]) -> Header | None:
    """Return the first row with every heading and at least two years, or None.

    Parameters
    ----------
    sheet
        Where to look.
    headings
        Our name to the words it may have in the sheet, in capitals; one that starts with ``?`` may be absent.
    """
    for number, row in enumerate(sheet.rows[:LAST_ROW_OF_HEADER]):
        words = [re.sub(r"[\s_]+", " ", str(cell)).strip().upper() for cell in row]
        columns = {
            name.removeprefix("?"): next(column for column, word in enumerate(words) if word in known)
            for name, known in headings.items()
            if set(words) & set(known)
        }
        years = {int(year[1]): column for column, word in enumerate(words) if (year := YEAR.fullmatch(word))}
        wanted = {name for name in headings if not name.startswith("?")}
        if wanted <= columns.keys() and len(years) > 1:
            return Header(number, columns, years)
    return None


def read_grid(sheet: Sheet, header: Header) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the rows under a header as labels and numbers, NaN where a cell holds no number.

    Rows without an area code and without figures (blank lines, notes at the foot) are left out.

    Returns
    -------
    pd.DataFrame, list of Fault
        Columns of the header by our names, then years; the index is the row number in the sheet.
    """
    rows = sheet.rows[header.row + 1 :]
    if not rows:
        return _empty(header), [Fault(sheet.file, sheet.part, "no rows stand under the headings", AGAIN)]
    cells = np.array(rows, dtype=object)
    numbers = np.arange(header.row + 2, header.row + 2 + len(rows))
    codes = pd.Series(cells[:, header.columns["code"]]).astype(str).str.strip()
    figures = cells[:, list(header.years.values())]
    is_area = codes.str.fullmatch(AREA_CODE.pattern).to_numpy(dtype=bool)
    used = is_area | (figures != "").any(axis=1)
    shifted = _shift_faults(sheet, header, cells[used], numbers[used], is_area[used])
    if shifted:
        return _empty(header), shifted
    faults = [
        Fault(
            sheet.file,
            place_in(sheet, f"row {numbers[place]}"),
            f"{codes.iloc[place]!r} is not an area code, but figures stand beside it",
            "Give the file as ONS publishes it, with a nine-character code in every row",
        )
        for place in np.flatnonzero(used & ~is_area)[:FIRST_SHOWN]
    ]
    labels = {name: pd.Series(cells[is_area, column]) for name, column in header.columns.items()}
    table = pd.DataFrame({name: column.astype(str).str.strip() for name, column in labels.items()})
    for year, column in header.years.items():
        table[year], found = _numbers(sheet, year, cells[is_area, column], numbers[is_area])
        faults += found
    return table.set_index(numbers[is_area]), faults


def missing_header(sheet: Sheet, wanted: str) -> Fault:
    """Say that a sheet has no row of headings where one belongs."""
    problem = f"no row among the first {LAST_ROW_OF_HEADER} holds the headings {wanted} and years"
    return Fault(sheet.file, sheet.part, problem, "Give the file as ONS publishes it, headings included")


def place_in(sheet: Sheet, where: str) -> str:
    """Return a place on a sheet with the name of the sheet, if it has one."""
    return f"{sheet.part}, {where}" if sheet.part else where


def _empty(header: Header) -> pd.DataFrame:
    return pd.DataFrame(columns=[*header.columns, *header.years])


def _shift_faults(
    sheet: Sheet, header: Header, cells: np.ndarray, numbers: np.ndarray, is_area: np.ndarray
) -> list[Fault]:
    """One fault where the codes of the areas, or figures, do not stand under their headings."""
    remedy = "The headings are shifted against the rows: give the file as ONS publishes it"
    if not len(cells):
        return [Fault(sheet.file, sheet.part, "no row under the headings holds figures", AGAIN)]
    heading = header.columns["code"]
    if not is_area.any():
        row = [str(cell).strip() for cell in cells[0]]
        found = next((place for place, cell in enumerate(row) if AREA_CODE.fullmatch(cell)), None)
        problem = f"no area code stands under its heading in column {_letter(heading)}, but {row[heading]!r}"
        if found is not None:
            problem += f"; the code {row[found]!r} is in column {_letter(found)}"
        return [Fault(sheet.file, place_in(sheet, f"row {numbers[0]}"), problem, remedy)]
    named = {*header.columns.values(), *header.years.values()}
    first = cells[np.argmax(is_area)]
    loose = [
        place
        for place, cell in enumerate(first)
        if place > min(header.years.values()) and place not in named and isinstance(cell, float)
    ]
    if not loose:
        return []
    problem = f"the figure {first[loose[0]]:g} in column {_letter(loose[0])} has no heading"
    return [Fault(sheet.file, place_in(sheet, f"row {numbers[np.argmax(is_area)]}"), problem, remedy)]


def _numbers(sheet: Sheet, year: int, cells: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, list[Fault]]:
    """Cells of one year as floats; one fault for all cells that are no number."""
    numeric = [
        cell if isinstance(cell, (str, float, int)) and not isinstance(cell, bool) else "" for cell in cells
    ]
    values = pd.to_numeric(pd.Series(numeric, dtype=object), errors="coerce").to_numpy(dtype=float)
    bad = np.flatnonzero(~np.isfinite(values))
    values[bad] = np.nan
    faults = []
    if len(bad):
        text = str(cells[bad[0]])[:30]
        problem = f"{text!r} is not a number" if text.strip() else "the cell is empty where a number belongs"
        faults.append(_cell_fault(sheet, year, rows[bad], problem))
    return values, faults


def _cell_fault(sheet: Sheet, year: int, rows: np.ndarray, problem: str) -> Fault:
    more = f"; {len(rows) - 1} more cells of this column, next in row {rows[1]}" if len(rows) > 1 else ""
    where = place_in(sheet, f"row {rows[0]}, column {year}")
    return Fault(sheet.file, where, problem + more, "Take the figure from the file as ONS publishes it")


def _letter(column: int) -> str:
    """Name of a column in Excel: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
