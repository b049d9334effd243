"""Table on a sheet: its headings, and the cells under them as labels and numbers."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sdcompile.errors import Fault

from dudley_sd.inputs.ons.cells import AGAIN, Sheet
from dudley_sd.inputs.ons.release import AREA_CODE
from dudley_sd.inputs.population import PARTED, PROBLEM, REMEDY, REMEDY_OF_AMBIGUOUS, thousands_may_be_parted

YEAR = re.compile(r"(?:mid[- ]?(?:year )?)?((?:19|20)\d\d)(?:\.0)?(?: ?\([a-z -]+\))?", re.IGNORECASE)
TWO_YEARS = re.compile(r"(?:19|20)\d\d ?[/\u2013-] ?(?:(?:19|20)?\d\d)")
DATE = re.compile(
    r"(\d\d?)[/.](\d\d?)[/.]((?:19|20)\d\d)(?: 00:00(?::00)?)?|((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[ T].*)?"
)
EXCEL_DAY_0 = datetime.date(1899, 12, 30)
LAST_ROW_OF_HEADER = 60
"""No published table starts lower."""


@dataclass(frozen=True)
class Heading:
    """Heading of a column of labels.

    Attributes
    ----------
    word
        As ONS writes it.
    also
        Pattern of what else stands for it, in capitals with one space between words.
    """

    word: str
    also: str = ""

    def matches(self, words: str) -> bool:
        """Whether a cell, in capitals, is this heading."""
        return words == self.word or re.fullmatch(self.also, words) is not None


_AREAS = "(?:AREA|GEOGRAPHY|ONS|GSS|LA|LAD|LOCAL AUTHORITY|CCG|HEALTH AREA|REGION|ICB|SUB ICB|STP)"
CODE = Heading("CODE", rf"(?:ONS |GSS )?(?:{_AREAS} )?CODE|[A-Z]{{2,6}}\d\dCD")
NAME = Heading("AREA", rf"(?:{_AREAS} )?NAME|{_AREAS}|[A-Z]{{2,6}}\d\dNM")
AGE = Heading("AGE GROUP", "AGE|AGES|AGE BAND|AGE GROUPS|AGEGROUP|AGE ?\\(?YEARS\\)?|FIVE[- ]YEAR AGE GROUP")
SEX = Heading("SEX", "GENDER")
COMPONENT = Heading("COMPONENT", "COMPONENTS|COMPONENTS? OF (?:POPULATION )?CHANGE")

Headings = Mapping[str, Heading]


@dataclass(frozen=True)
class Header:
    """Places of the headings.

    Attributes
    ----------
    row
        Index of their row among the rows of the sheet.
    columns
        Our name of a heading to its column.
    years
        Mid-year to its column, in the order of the sheet.
    twice
        Columns of a mid-year that stands over more than one; none as a rule.
    """

    row: int
    columns: dict[str, int]
    years: dict[int, int]
    twice: tuple[int, ...] = ()


def find_header(sheet: Sheet, headings: Headings) -> Header | None:
    """Return the first row with every heading and at least two years, or None.

    Parameters
    ----------
    sheet
        Where to look.
    headings
        Headings by our name; one whose name starts with ``?`` may be absent.
    """
    for number, row in enumerate(sheet.rows[:LAST_ROW_OF_HEADER]):
        columns = _columns(row, headings)
        wanted = {name for name in headings if not name.startswith("?")}
        if not wanted <= columns.keys():
            continue
        places = [(year, column) for column, cell in enumerate(row) if (year := _year(cell)) is not None]
        years = dict(places)
        if len(years) > 1:
            counted = Counter(year for year, _ in places)
            again = next((year for year, count in counted.items() if count > 1), None)
            twice = tuple(column for year, column in places if year == again)
            return Header(number, columns, years, twice)
    return None


def _columns(row: list[Any], headings: Headings) -> dict[str, int]:
    """Return our name of each heading that stands in a row, to its column: the published word first."""
    words = [re.sub(r"[\s_]+", " ", str(cell)).strip().upper() for cell in row]
    found = {}
    for name, heading in headings.items():
        exact = [column for column, word in enumerate(words) if word == heading.word]
        other = [column for column, word in enumerate(words) if word and heading.matches(word)]
        if exact or other:
            found[name.removeprefix("?")] = (exact or other)[0]
    return found


def _year(cell: Any) -> int | None:
    """Return the mid-year that a heading names: a year, 30 June of it, or a year formatted as a date."""
    if isinstance(cell, datetime.date):
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        serial = (day - EXCEL_DAY_0).days
        if 1900 <= serial <= 2100:
            return serial
        return day.year if (day.month, day.day) in MID_YEAR else None
    words = str(cell).strip()
    if found := YEAR.fullmatch(words):
        return int(found[1])
    if found := DATE.fullmatch(words):
        month_and_day = (int(found[2] or found[5]), int(found[1] or found[6]))
        return int(found[3] or found[4]) if month_and_day in MID_YEAR else None
    return None


MID_YEAR = {(6, 30), (7, 1)}
"""Month and day of the dates that are the middle of a year."""


def read_grid(
    sheet: Sheet, header: Header, may_be_empty: Collection[int] = (), unit: str | None = None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the rows under a header as labels and numbers, NaN where a cell holds no number.

    Rows without an area code and without figures (blank lines, notes at the foot) are left out.

    Parameters
    ----------
    sheet, header
        The sheet and where its headings stand.
    may_be_empty
        Mid-years in which an empty cell is no fault.
    unit
        Unit of the figures where it is known: it may settle what their points are.

    Returns
    -------
    pd.DataFrame, list of Fault
        Columns of the header by our names, then years; the index is the row number in the sheet.
    """
    rows = sheet.rows[header.row + 1 :]
    if header.twice:
        columns = " and ".join(map(_letter, header.twice))
        year = next(year for year, column in header.years.items() if column in header.twice)
        where = f"row {header.row + 1}"
        problem = f"the mid-year {year} stands over more than one column: {columns}"
        return _empty(header), [sheet.fault(where, problem, "Keep one table, each mid-year once")]
    if not rows:
        return _empty(header), [sheet.fault("", "no rows stand under the headings", AGAIN)]
    cells = np.array(rows, dtype=object)
    numbers = np.arange(header.row + 2, header.row + 2 + len(rows))
    place = header.columns["code"]
    codes = pd.Series(cells[:, place]).astype(str).str.strip()
    codes = codes.where(~codes.str.upper().str.fullmatch(AREA_CODE.pattern), codes.str.upper())
    cells[:, place] = codes
    figures = cells[:, list(header.years.values())]
    is_area = codes.str.fullmatch(AREA_CODE.pattern).to_numpy(dtype=bool)
    used = is_area | (figures != "").any(axis=1)
    shifted = _shift_faults(sheet, header, cells[used], numbers[used], is_area[used])
    if shifted:
        return _empty(header), shifted
    faults = []
    loose = np.flatnonzero(used & ~is_area)
    if len(loose):
        more = f"; {len(loose) - 1} more rows" if len(loose) > 1 else ""
        problem = f"{codes.iloc[loose[0]]!r} is not an area code, but figures stand beside it{more}"
        remedy = "Give the file as ONS publishes it, with a nine-character code in every row"
        faults.append(sheet.fault(f"row {numbers[loose[0]]}", problem, remedy))
    labels = {name: pd.Series(cells[is_area, column]) for name, column in header.columns.items()}
    table = pd.DataFrame({name: column.astype(str).str.strip() for name, column in labels.items()})
    values, found = _numbers(sheet, header, cells[is_area], numbers[is_area], may_be_empty, unit)
    table[list(header.years)] = values
    return table.set_index(numbers[is_area]), [*faults, *found]


def missing_header(sheet: Sheet, headings: Headings) -> Fault:
    """Say which of the headings are missing, and what stands in the row that is most like headings."""
    wanted = {name: heading.word for name, heading in headings.items() if name[0] != "?"}
    words = ", ".join(wanted.values())
    best: dict[str, int] = {}
    number = 0
    for place, row in enumerate(sheet.rows[:LAST_ROW_OF_HEADER]):
        found = _columns(row, headings)
        if len(found) + bool(_odd_years(row)) > len(best):
            best, number = found | ({"": 0} if _odd_years(row) else {}), place
    if not best:
        problem = f"no row among the first {LAST_ROW_OF_HEADER} holds the headings {words} and years"
        return sheet.fault("", problem, "Give the file as ONS publishes it, headings included")
    row = sheet.rows[number]
    lacking = [word for name, word in wanted.items() if name not in best]
    years = [cell for cell in row if _year(cell) is not None]
    odd = _odd_years(row)
    problems = [f"no heading {' and no heading '.join(lacking)} among {_first_text(row)}"] if lacking else []
    remedies = [f"Head the columns {words}"] if lacking else []
    if odd:
        problems.append(f"{str(odd[0])!r} is not one mid-year")
        remedies.append("Head each column of figures with its mid-year, such as 2018")
    elif len(years) < 2:
        problems.append(f"{len(years)} mid-years among its headings")
        remedies.append("Give a table with a column for each mid-year")
    return sheet.fault(f"row {number + 1}", "; ".join(problems), "; ".join(remedies))


def _odd_years(row: list[Any]) -> list[Any]:
    """Headings such as 2018/19, or dates that are not the middle of a year."""
    return [
        cell
        for cell in row
        if _year(cell) is None
        and (
            isinstance(cell, datetime.date)
            or TWO_YEARS.fullmatch(str(cell).strip())
            or DATE.fullmatch(str(cell).strip())
        )
    ]


def _first_text(row: list[Any]) -> str:
    words = [str(cell).strip() for cell in row if str(cell).strip()]
    return ", ".join(words[:6]) + (" ..." if len(words) > 6 else "")


def _empty(header: Header) -> pd.DataFrame:
    return pd.DataFrame(columns=[*header.columns, *header.years])


def _shift_faults(
    sheet: Sheet, header: Header, cells: np.ndarray, numbers: np.ndarray, is_area: np.ndarray
) -> list[Fault]:
    """One fault where the codes of the areas, or figures, do not stand under their headings."""
    remedy = "The headings are shifted against the rows: give the file as ONS publishes it"
    if not len(cells):
        return [sheet.fault("", "no row under the headings holds figures", AGAIN)]
    heading = header.columns["code"]
    if not is_area.any():
        row = [str(cell).strip() for cell in cells[0]]
        found = next((place for place, cell in enumerate(row) if AREA_CODE.fullmatch(cell)), None)
        problem = f"no area code stands under its heading in column {_letter(heading)}, but {row[heading]!r}"
        if found is not None:
            problem += f"; the code {row[found]!r} is in column {_letter(found)}"
        return [sheet.fault(f"row {numbers[0]}", problem, remedy)]
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
    return [sheet.fault(f"row {numbers[np.argmax(is_area)]}", problem, remedy)]


def _numbers(
    sheet: Sheet,
    header: Header,
    cells: np.ndarray,
    rows: np.ndarray,
    may_be_empty: Collection[int],
    unit: str | None,
) -> tuple[np.ndarray, list[Fault]]:
    """Figures by row and year, NaN where a cell holds none; one fault for all cells with the same cause."""
    years = list(header.years)
    figures = cells[:, list(header.years.values())]
    parted = thousands_may_be_parted((cell for row in figures for cell in row), unit)
    if parted is not None:
        row, column = next(
            (row, column)
            for row, column in np.ndindex(figures.shape)
            if str(figures[row, column]).strip() == parted
        )
        where = f"row {rows[row]}, column {years[column]}"
        return np.full(figures.shape, np.nan), [
            sheet.fault(where, PROBLEM.format(repr(parted)), REMEDY_OF_AMBIGUOUS)
        ]
    numbers = [[np.nan if _no_figure(cell) else cell for cell in column] for column in figures.T]
    columns = [pd.to_numeric(pd.Series(column, dtype=object), errors="coerce") for column in numbers]
    values = np.array(columns, dtype=float).T
    causes: dict[str, list[tuple[int, int]]] = {}
    for row, column in np.argwhere(~np.isfinite(values)).tolist():
        number, cause = _number(figures[row, column], sheet.decimal_commas)
        values[row, column] = number
        if cause and not (cause == "empty" and years[column] in may_be_empty):
            causes.setdefault(cause, []).append((row, column))
    faults = []
    for cause, places in causes.items():
        row, column = places[0]
        text = repr(str(figures[row, column])[:30])
        problem, remedy = CAUSES[cause]
        more = (
            f"; {len(places) - 1:,} more cells, next in row {rows[places[1][0]]}" if len(places) > 1 else ""
        )
        where = f"row {rows[row]}, column {years[column]}"
        faults.append(sheet.fault(where, problem.format(text) + more, remedy))
    return values, faults


CAUSES = {
    "empty": (
        "the cell is empty where a number belongs",
        "Take the figure from the file as ONS publishes it",
    ),
    "text": ("{} is not a number", "Take the figure from the file as ONS publishes it"),
    "comma": (
        "{} may be a decimal comma or a separator of thousands",
        "Save the file with decimal points and without separators of thousands: columns delimited by commas",
    ),
    "points": ("{} has points that part thousands", REMEDY),
    "hashes": (
        "{} is what Excel shows where a column is too narrow",
        "Widen the columns, or set their format to General, and save again",
    ),
    "error": (
        "{} is an error of a formula",
        "Paste the figures as values, or give the file as ONS publishes it",
    ),
}
"""What is wrong with a cell that holds no number, and what to do."""

_GROUPED = re.compile(r"-?\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?")


def _no_figure(cell: Any) -> bool:
    return isinstance(cell, bool) or not isinstance(cell, str | float | int)


def _number(cell: Any, decimal_commas: bool) -> tuple[float, str]:
    """Return the number of a cell that Python does not read as one, and the cause where there is none."""
    text = "" if cell is None else str(cell).strip()
    if _no_figure(cell) or not text:
        return np.nan, "text" if text else "empty"
    if decimal_commas and "," in text and re.fullmatch(r"-?[\d,. ]+", text):
        return np.nan, "comma"
    if _GROUPED.fullmatch(text):
        return float(re.sub(r"[^\d.-]", "", text)), ""
    if PARTED.fullmatch(text):
        return np.nan, "points"
    if set(text) == {"#"}:
        return np.nan, "hashes"
    return np.nan, "error" if text.startswith("#") else "text"


def _letter(column: int) -> str:
    """Name of a column in Excel: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
