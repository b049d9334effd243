"""Which values did a planner change in the workbook of levers, and what is wrong with it, cell by cell?"""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.levers import Lever, levers
from dudley_sd.model.names import nearest, same_name
from dudley_sd.model.variables import Model, read_model
from dudley_sd.places import models_folder
from dudley_sd.results.lever_workbook import COLUMNS, DEFAULT, NAME, READ_ME, UNIT, VALUE, addresses

TEMPLATE = "Make a fresh one with 'dudley-sd template' and fill in the column Value"
SAME = 1e-9


@dataclass(frozen=True)
class _Known:
    """One address that the workbook may set."""

    lever: Lever
    address: str
    default: float


def read_levers(path: Path | str, model: Model | None = None) -> dict[str, float]:
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
    dict
        Lever, or lever[element], to value, in the order of the workbook; empty where nothing was filled in. A
        value that is the default is set too: it wins over what a portfolio sets.

    Raises
    ------
    InputError
        All faults at once, each named by sheet and cell: a lever that the model does not have, one that
        stands there twice, a value that is no number or out of range, a unit or a default that is not the
        model's. Before that, a file that is no workbook, or one without levers.
    """
    path = Path(path)
    model = model or read_model(models_folder() / "dudley.mdl")
    known = {
        same_name(address): _Known(lever, address, default)
        for lever in levers(model).values()
        for address, _, default in addresses(lever)
    }
    cells, formulas = _open(path, data_only=True), _open(path, data_only=False)
    found: dict[str, float] = {}
    seen: dict[str, str] = {}
    faults: list[Fault] = []
    headed = False
    for name, sheet in cells.items():
        start = _header(sheet)
        if start is None:
            if name != READ_ME and name in model.groups:
                problem = f"no row with the headings {', '.join(COLUMNS[:DEFAULT])} in columns A to D"
                faults.append(Fault(path.name, name, problem, TEMPLATE))
            continue
        headed = True
        faults += _merged_faults(path, sheet, start)
        for row in range(start + 1, sheet.max_row + 1):
            faults += _row(path, sheet, formulas[name], row, known, seen, found)
    if not headed and not faults:
        faults.append(Fault(path.name, "", "no sheet holds levers", TEMPLATE))
    if faults:
        raise InputError(faults)
    return found


def _open(path: Path, *, data_only: bool) -> dict[str, Worksheet]:
    if path.is_dir():
        raise InputError([Fault(str(path), "", "is a folder, not a workbook", "Name the file in it")])
    try:
        book = load_workbook(path, data_only=data_only)
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", "Check the path")]) from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
        problem = f"is no Excel workbook that can be read ({str(error) or type(error).__name__})"
        raise InputError([Fault(str(path), "", problem, f"Save it as .xlsx. {TEMPLATE}")]) from None
    return {sheet.title: sheet for sheet in book.worksheets}


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


def _row(
    path: Path,
    sheet: Worksheet,
    formulas: Worksheet,
    row: int,
    known: dict[str, _Known],
    seen: dict[str, str],
    found: dict[str, float],
) -> list[Fault]:
    """Look at one row; add the value to what was found where it is sound and not the default."""
    text = sheet.cell(row, NAME).value
    value = sheet.cell(row, VALUE).value
    if text is None and value is None:
        return []
    place = _cell(sheet, row, NAME)
    one = known.get(same_name(str(text))) if text is not None else None
    if one is None:
        return [_unknown(path, place, text, known)]
    if one.address in seen:
        problem = f"{one.address} stands here and in {seen[one.address]}"
        return [Fault(path.name, place, problem, "Take one of the rows out")]
    seen[one.address] = place
    faults = _label_faults(path, sheet, row, one)
    new, number = _number(path, sheet, formulas, row, one)
    if not new and number is not None:
        found[one.address] = number
    return faults + new


def _unknown(path: Path, place: str, text: object, known: dict[str, _Known]) -> Fault:
    if text is None:
        return Fault(
            path.name, place, "a value stands in a row without a lever", "Name the lever, or clear it"
        )
    near = nearest(str(text), [each.address for each in known.values()])
    remedy = f"Did you mean {' or '.join(near)}" if near else TEMPLATE
    return Fault(path.name, place, f"the model has no lever named {str(text)!r}", remedy)


def _label_faults(path: Path, sheet: Worksheet, row: int, one: _Known) -> list[Fault]:
    """Refuse another unit or default than the model's: the number may mean something else."""
    faults = []
    unit = str(sheet.cell(row, UNIT).value or "").strip()
    if unit != one.lever.units:
        problem = f"the unit of {one.address} is {unit!r} here and {one.lever.units!r} in the model"
        remedy = f"Write {one.lever.units!r} again and give the value in that unit"
        faults.append(Fault(path.name, _cell(sheet, row, UNIT), problem, remedy))
    default = sheet.cell(row, DEFAULT).value
    same = isinstance(default, int | float) and math.isclose(default, one.default, rel_tol=SAME, abs_tol=SAME)
    if not same:
        problem = f"the default of {one.address} is {default!r} here and {one.default:g} in the model"
        remedy = "Change the column Value instead; if the workbook is older than the model, make a fresh one"
        faults.append(Fault(path.name, _cell(sheet, row, DEFAULT), problem, remedy))
    return faults


def _number(
    path: Path, sheet: Worksheet, formulas: Worksheet, row: int, one: _Known
) -> tuple[list[Fault], float | None]:
    """Value of a row; None where it is empty and so not set."""
    value = sheet.cell(row, VALUE).value
    place = _cell(sheet, row, VALUE)
    lever = one.lever
    limits = f"{lever.low:g} to {lever.high:g}{'' if lever.units == 'Dmnl' else ' ' + lever.units}"
    if value is None:
        if formulas.cell(row, VALUE).value is None:
            return [], None
        problem = f"the formula {formulas.cell(row, VALUE).value!r} has no value yet"
        return [Fault(path.name, place, problem, "Open and save it in a spreadsheet program")], None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        problem = f"{value!r} is not a number"
        remedy = f"{one.address} takes {limits}; use a point"
        if isinstance(value, str) and _is_number(value):
            problem, remedy = f"{value!r} is text", "Make the cell a number: format it so and type it again"
        return [Fault(path.name, place, problem, remedy)], None
    if not lever.low <= value <= lever.high:
        problem = f"{value:g} is out of range for {one.address}"
        remedy = f"Give a value in the range {limits}"
        if lever.units == "Dmnl" and lever.low <= value / 100 <= lever.high:
            remedy = f"Is {value:g} per cent meant? Write {value / 100:g}; the range is {limits}"
        return [Fault(path.name, place, problem, remedy)], None
    return [], float(value)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _cell(sheet: Worksheet, row: int, column: int) -> str:
    return f"{sheet.title}!{sheet.cell(row, column).coordinate}"
