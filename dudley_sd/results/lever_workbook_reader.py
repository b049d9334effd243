"""Reader of the workbook of levers: the values that a planner changed, and every fault by its cell."""

from __future__ import annotations

import calendar
import io
import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name
from sdcompile.read.levers import Lever, lever_values, levers, per_cent_advice, where_to_look
from sdcompile.read.model import Model, read_model

from dudley_sd.folders import models_folder
from dudley_sd.inputs.bounded_files import Bounds, bounded_workbook, guarded, read_bytes
from dudley_sd.inputs.population import thousands_may_be_parted
from dudley_sd.results.excel import READ_ME
from dudley_sd.results.lever_workbook import COLUMNS, DEFAULT, HIGH, LOW, NAME, UNIT, VALUE, addresses
from dudley_sd.settings.former_names import is_former, renewed

NOTHING = ("", "-", "–", "—", "n/a", "na", "none", "tbc")
"""What people write into a cell that they leave as it is."""

_YEARS = re.compile(r"(?:FY ?)?(\d{4})\s*[/–-]\s*(\d{2}|\d{4})", re.IGNORECASE)
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %Y", "%b %Y")
_NUMBER = re.compile(
    r"(?:£|GBP)?\s*(-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(%|k|m|mn|million|bn|billion)?",
    re.IGNORECASE,
)
_TIMES = {"%": 0.01, "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}


def is_blank(value: object) -> bool:
    """Whether nothing stands in a cell, or what people write for nothing."""
    return value is None or (isinstance(value, str) and value.strip().lower() in NOTHING)


def year_of(value: object) -> float | None:
    """Decimal year of a date, as a cell or as text; a financial year begins on 1 April.

    Returns
    -------
    float or None
        1 April 2021 and 2021/22 are 2021.25; None where no date is meant.
    """
    if isinstance(value, date):
        days = calendar.monthrange(value.year, value.month)[1]
        return value.year + (value.month - 1) / 12 + (value.day - 1) / days / 12
    if not isinstance(value, str):
        return None
    text = value.strip()
    years = _YEARS.fullmatch(text)
    if years and (int(years[1]) + 1) % 100 == int(years[2]) % 100:
        return int(years[1]) + 0.25
    for form in _DATES:
        try:
            return year_of(datetime.strptime(text, form))
        except ValueError:
            continue
    return None


def plain_number(text: str) -> float | None:
    """Return the number that a text with commas, or a word such as million, means; None if it is none."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    return float(re.sub(r"[, ]", "", found[1])) * _TIMES.get((found[2] or "").lower(), 1.0)


TEMPLATE = "Make a fresh one with 'dudley-sd template' and fill in the column Value"
SAME = 1e-9
FIRST_YEAR = 1900
"""A lever in years whose lower limit lies after this is a date, not a duration."""

BOUNDS = Bounds(file=10_000_000, unpacked=50_000_000, members=200, cells=200_000, text=5_000_000)
"""The template has 10,000 cells; notes and columns of one's own have room."""


@dataclass(frozen=True)
class Filled:
    """What was filled in.

    Attributes
    ----------
    levers
        Lever, or lever[element], to value, in the order of the workbook.
    defaults
        How many cells hold the default that stands beside them, and so change nothing.
    notes
        What a workbook of the first edition named otherwise, and what stands for it, in sentences.
    """

    levers: dict[str, float]
    defaults: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _KnownLever:
    """One address that the workbook may set."""

    lever: Lever
    address: str
    default: float


@dataclass(frozen=True)
class _Reading:
    """What is known of a workbook, and what was read of it so far.

    Attributes
    ----------
    known
        Addresses of today, by name as names are compared.
    older
        Whether it is of the first edition: unit, default and limits are then those that stand in the row.
    seen, found
        Cell of each address; its value, and the default beside it.
    """

    known: Mapping[str, _KnownLever]
    older: bool
    seen: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, sheet: Worksheet, row: int, text: object) -> _KnownLever | None:
        """Return the lever that a row is of; None where there is none of that name."""
        name = "" if text is None else str(text)
        one = self.known.get(same_name(name))
        if not self.older or (one is None and not is_former(name)):
            return one
        unit, default, low, high = (sheet.cell(row, column).value for column in (UNIT, DEFAULT, LOW, HIGH))
        low, high, default = (
            float(each) if isinstance(each, int | float) else otherwise
            for each, otherwise in ((low, -math.inf), (high, math.inf), (default, math.nan))
        )
        lever = Lever(name, name, str(unit or ""), "", low, high, None, default, (), ())
        return _KnownLever(lever, name, default)


def read_levers(path: Path | str, model: Model | None = None) -> Filled:
    """Return the values that were filled in, by lever.

    Parameters
    ----------
    path
        Workbook from `dudley_sd.results.lever_workbook.write_levers`, changed. Values that are formulas count
        as the spreadsheet program left them.
    model
        The model file; the one that is shipped when not given.

    Returns
    -------
    Filled
        Values by lever; none where nothing was filled in. A value that is the default shown beside it is no
        change: what scenario, portfolio and contract set stays. Of a workbook of the first edition, what its
        values are called today.

    Raises
    ------
    InputError
        All faults at once, each named by sheet and cell: a lever that the model does not have, one that
        stands there twice, a value that is no number or out of range, a unit or a default that is not the
        model's, a second column of values. Before that, a file that is no workbook, or one without levers.
    """
    path = Path(path)
    model = model or read_model(models_folder() / "dudley.mdl")
    known = {
        same_name(address): _KnownLever(lever, address, default)
        for lever in levers(model).values()
        for address, _, default in addresses(lever)
    }
    cells, formulas = _open(path)
    starts = {name: _header(sheet) for name, sheet in cells.items()}
    reading = _Reading(known, any(_names_former(cells[name]) for name, start in starts.items() if start))
    faults: list[Fault] = []
    for name, sheet in cells.items():
        start = starts[name]
        if start is None:
            if name != READ_ME and name in model.groups:
                problem = f"no row with the headings {', '.join(COLUMNS[:DEFAULT])} in columns A to D"
                faults.append(Fault(path.name, name, problem, TEMPLATE))
            continue
        faults += [*_merged_faults(path, sheet, start), *_column_faults(path, sheet, start)]
        for row in range(start + 1, sheet.max_row + 1):
            faults += _row(path, sheet, formulas[name], row, reading)
    if not any(starts.values()) and not faults:
        faults.append(Fault(path.name, "", "no sheet holds levers", TEMPLATE))
    found = reading.found
    changed = {name: value for name, (value, default) in found.items() if not _same(value, default)}
    defaults = len(found) - len(changed)
    changed, notes = renewed(changed) if reading.older else (changed, ())
    faults += _faults_of_today(path, model, changed) if reading.older else []
    if faults:
        raise InputError(faults)
    return Filled(changed, defaults, notes)


def _names_former(sheet: Worksheet) -> bool:
    """Whether a sheet names a lever that is now called otherwise, or gone."""
    return any(is_former(str(cell.value)) for cell in sheet["A"] if cell.value is not None)


def _faults_of_today(path: Path, model: Model, settings: Mapping[str, float]) -> list[Fault]:
    """Faults of what an older workbook sets, under the names of today."""
    try:
        lever_values(model, settings)
    except InputError as error:
        return [replace(fault, file=path.name) for fault in error.faults]
    return []


def _open(path: Path) -> tuple[dict[str, Worksheet], dict[str, Worksheet]]:
    """Sheets with the values that formulas left, and with the formulas."""
    remedy = f"Save it as .xlsx. {TEMPLATE}"
    content = read_bytes(path, BOUNDS, TEMPLATE)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise InputError([Fault(str(path), "", "is no Excel workbook, or damaged", remedy)])
    if b"content.xml" in content:
        raise InputError([Fault(str(path), "", "is a workbook of OpenDocument (ODS)", remedy)])
    content = bounded_workbook(str(path), content, BOUNDS)

    def read(data_only: bool) -> dict[str, Worksheet]:
        book = load_workbook(io.BytesIO(content), data_only=data_only)
        return {sheet.title: sheet for sheet in book.worksheets}

    return guarded(str(path), lambda: read(True), remedy), guarded(str(path), lambda: read(False), remedy)


def _column_faults(path: Path, sheet: Worksheet, start: int) -> list[Fault]:
    """Refuse a second column of values, which would be passed over in silence; notes may stand anywhere."""
    faults = []
    for column in range(DEFAULT + 1, sheet.max_column + 1):
        head = str(sheet.cell(start, column).value or "").strip()
        if head in COLUMNS:
            continue
        rows = range(start + 1, sheet.max_row + 1)
        number = next((row for row in rows if isinstance(sheet.cell(row, column).value, int | float)), None)
        if number is not None or head.lower().startswith("value"):
            problem = f"the column {head!r} is not the template's; only values in column C, Value, are read"
            remedy = "Make a workbook for each set of values, and run each; notes may be text"
            faults.append(Fault(path.name, _cell(sheet, number or start, column), problem, remedy))
    return faults


def _merged_faults(path: Path, sheet: Worksheet, start: int) -> list[Fault]:
    """Refuse merged cells of levers: only the first of them holds anything, whatever a reader sees."""
    return [
        Fault(
            path.name,
            f"{sheet.title}!{area.coord}",
            "the cells are merged, so that all rows but the first lose what stood in them",
            "Split the cells and give each row its own value",
        )
        for area in sheet.merged_cells.ranges
        if area.max_row > start and area.min_col <= DEFAULT
    ]


def _header(sheet: Worksheet) -> int | None:
    """Row that holds the headings of the first four columns."""
    wanted = [text.lower() for text in COLUMNS[:DEFAULT]]
    for row in range(1, min(sheet.max_row, 20) + 1):
        heads = [str(sheet.cell(row, column).value or "").strip().lower() for column in range(1, DEFAULT + 1)]
        if heads == wanted:
            return row
    return None


def _row(path: Path, sheet: Worksheet, formulas: Worksheet, row: int, reading: _Reading) -> list[Fault]:
    """Look at one row; add the value to what was found where it is sound."""
    text = sheet.cell(row, NAME).value
    value = sheet.cell(row, VALUE).value
    one = reading.of(sheet, row, text)
    if is_blank(value) and one is None and (text is None or _is_note(sheet, row)):
        return []
    place = _cell(sheet, row, NAME)
    if one is None:
        return [_unknown(path, place, text, reading.known)]
    if one.address in reading.seen:
        problem = f"{one.address} stands here and in {reading.seen[one.address]}"
        return [Fault(path.name, place, problem, "Take one of the rows out")]
    reading.seen[one.address] = place
    faults = [] if reading.older else _label_faults(path, sheet, row, one)
    new, number = _number(path, sheet, formulas, row, one)
    if not new and number is not None:
        reading.found[one.address] = (number, one.default)
    return faults + new


def _is_note(sheet: Worksheet, row: int) -> bool:
    """Whether a row that names no lever is a remark of the user's: nothing of one stands beside it."""
    return all(sheet.cell(row, column).value is None for column in (UNIT, DEFAULT))


def _unknown(path: Path, place: str, text: object, known: Mapping[str, _KnownLever]) -> Fault:
    if text is None:
        return Fault(
            path.name, place, "a value stands in a row without a lever", "Name the lever, or clear it"
        )
    near = nearest(str(text), [each.address for each in known.values()])
    remedy = did_you_mean(near, where_to_look(str(text), known))
    return Fault(path.name, place, f"the model has no lever named {str(text)!r}", remedy)


def _label_faults(path: Path, sheet: Worksheet, row: int, one: _KnownLever) -> list[Fault]:
    """Refuse another unit or default than the model's: the number may mean something else."""
    faults = []
    unit = str(sheet.cell(row, UNIT).value or "").strip()
    if unit != one.lever.units:
        problem = f"the unit of {one.address} is {unit!r} here and {one.lever.units!r} in the model"
        remedy = f"Write {one.lever.units!r} again and give the value in that unit"
        faults.append(Fault(path.name, _cell(sheet, row, UNIT), problem, remedy))
    default = sheet.cell(row, DEFAULT).value
    if not (isinstance(default, int | float) and _same(default, one.default)):
        problem = f"the default of {one.address} is {default!r} here and {one.default:g} in the model"
        remedy = "Change the column Value instead; if the workbook is older than the model, make a fresh one"
        faults.append(Fault(path.name, _cell(sheet, row, DEFAULT), problem, remedy))
    return faults


def _number(
    path: Path, sheet: Worksheet, formulas: Worksheet, row: int, one: _KnownLever
) -> tuple[list[Fault], float | None]:
    """Value of a row; None where it is empty and so not set."""
    value = sheet.cell(row, VALUE).value
    place = _cell(sheet, row, VALUE)
    lever = one.lever
    limits = f"{lever.low:g} to {lever.high:g}{'' if lever.units == 'Dmnl' else ' ' + lever.units}"
    if is_blank(value):
        if not str(formulas.cell(row, VALUE).value or "").startswith("="):
            return [], None
        problem = f"the formula {formulas.cell(row, VALUE).value!r} has no value yet"
        return [Fault(path.name, place, problem, "Open and save it in a spreadsheet program")], None
    year = year_of(value)
    if year is not None and lever.units == "Year" and lever.low > FIRST_YEAR and isinstance(value, date):
        value = year
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [Fault(path.name, place, *_no_number(value, year, one, limits))], None
    if not lever.low <= value <= lever.high:
        problem = f"{value:g} is out of range for {one.address}"
        remedy = per_cent_advice(lever, float(value)) or f"Give a value in the range {limits}"
        return [Fault(path.name, place, problem, remedy)], None
    return [], float(value)


def _no_number(value: object, year: float | None, one: _KnownLever, limits: str) -> tuple[str, str]:
    """Problem and remedy of a value that is no number, by what was meant."""
    if isinstance(value, date):
        problem = f"{value:%d %B %Y} is a date, and {one.address} takes none"
        return problem, f"Format the cell as a number and type a value in the range {limits}"
    if year is not None:
        return f"{value!r} is text", f"Write the year as a number: {year:g}; {one.address} takes {limits}"
    if isinstance(value, time):
        problem = f"{value:%H:%M} is a time of day, and {one.address} takes none"
        return problem, f"Format the cell as a number and type a value in the range {limits}"
    if isinstance(value, str) and (parted := thousands_may_be_parted([value])):
        problem = f"{parted!r} is text that may be a decimal or thousands"
        return problem, f"Make the cell a number: {one.address} takes {limits}"
    number = plain_number(value) if isinstance(value, str) else None
    if number is not None:
        problem = f"{value!r} is text, not a number"
        return problem, f"Make the cell a number, without signs, commas or letters: {number:.10g}"
    return f"{value!r} is not a number", f"{one.address} takes {limits}, with a point for decimals"


def _same(value: float, default: float) -> bool:
    return math.isclose(value, default, rel_tol=SAME, abs_tol=SAME)


def _cell(sheet: Worksheet, row: int, column: int) -> str:
    return f"{sheet.title}!{sheet.cell(row, column).coordinate}"
