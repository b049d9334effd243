"""The workbook of levers goes out, comes back changed, and every fault is named by its cell."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sdcompile.errors import InputError
from sdcompile.read.levers import levers
from sdcompile.read.model import read_model

from dudley_sd.commands.options import Options, options_of
from dudley_sd.folders import models_folder
from dudley_sd.results.lever_workbook import COLUMNS, FIRST_ROW, addresses, write_levers
from dudley_sd.results.lever_workbook_reader import Filled, read_levers

MODEL = read_model(models_folder() / "dudley.mdl")


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """Return the workbook as it is written, to copy."""
    return write_levers(MODEL, tmp_path_factory.mktemp("levers") / "levers.xlsx")


def changed(template: Path, tmp_path: Path, cells: dict[str, object]) -> Path:
    """Return a copy with some cells changed, named as ``Sheet!C5``."""
    book = load_workbook(template)
    for place, value in cells.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    path = tmp_path / "changed.xlsx"
    book.save(path)
    return path


def place_of(template: Path, address: str, column: str = "C") -> str:
    for sheet in load_workbook(template).worksheets:
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, 1).value == address:
                return f"{sheet.title}!{column}{row}"
    raise AssertionError(address)


def test_every_lever_stands_there_with_its_unit_range_and_source(template):
    rows = {}
    for sheet in load_workbook(template).worksheets[1:]:
        assert [sheet.cell(FIRST_ROW - 1, column).value for column in range(1, len(COLUMNS) + 1)] == list(
            COLUMNS
        )
        for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True):
            rows[row[0]] = row
    wanted = {address for lever in levers(MODEL).values() for address, _, _ in addresses(lever)}
    assert set(rows) == wanted
    row = rows["contacts per WTE"]
    assert row[1:7] == ("Activity/(WTE*Year)", None, 1100, 500, 2500, 50)
    assert row[9] and row[10]


def test_excel_refuses_what_is_out_of_range(template):
    sheet = load_workbook(template)["Money"]
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.type, rule.operator) == ("decimal", "between")
    assert str(rule.sqref).startswith(f"C{FIRST_ROW}:C")


def test_changed_values_come_back_as_levers(template, tmp_path):
    places = {place_of(template, "coverage[MDT]"): 0.7, place_of(template, "GDP growth"): 0.01}
    filled = read_levers(changed(template, tmp_path, places))
    assert filled == Filled({"GDP growth": 0.01, "coverage[MDT]": 0.7}, 0)


def test_an_untouched_workbook_sets_nothing(template):
    assert read_levers(template) == Filled({}, 0)


def test_all_defaults_copied_change_nothing(template, tmp_path):
    """The portfolio and the future keep what they set; before, all of it was put back in silence."""
    book = load_workbook(template)
    cells = 0
    for sheet in book.worksheets[1:]:
        for row in range(FIRST_ROW, sheet.max_row + 1):
            sheet.cell(row, 3).value = sheet.cell(row, 4).value
            cells += 1
    book["Spread"][place_of(template, "coverage[MDT]").split("!")[1]] = 0.7
    path = tmp_path / "copied.xlsx"
    book.save(path)
    assert read_levers(path) == Filled({"coverage[MDT]": 0.7}, cells - 1)
    found = options_of(Options(None, None, None, None, None, {}), [], path)
    assert found.lines[0].endswith(f"1 lever set; {cells - 1} cells hold their default, which is no change")


@pytest.mark.parametrize("value", [datetime(2021, 4, 1), date(2021, 4, 1), 2021.25])
def test_a_date_is_a_decimal_year(template, tmp_path, value):
    cells = {place_of(template, "contract start date"): value}
    assert read_levers(changed(template, tmp_path, cells)).levers == {"contract start date": 2021.25}


@pytest.mark.parametrize("nothing", ["-", "–", " ", "n/a"])
def test_what_people_write_for_nothing_is_nothing(template, tmp_path, nothing):
    cells = {place_of(template, "coverage[MDT]"): nothing}
    assert read_levers(changed(template, tmp_path, cells)) == Filled({}, 0)


def test_notes_may_stand_under_and_beside_the_table(template, tmp_path):
    book = load_workbook(template)
    book["Spread"].append(["Checked by AB, 3 May"])
    book["Spread"].cell(FIRST_ROW - 1, len(COLUMNS) + 1).value = "Remarks"
    book["Spread"].cell(FIRST_ROW, len(COLUMNS) + 1).value = "why not"
    path = tmp_path / "noted.xlsx"
    book.save(path)
    assert read_levers(path) == Filled({}, 0)


@pytest.mark.parametrize("head", ["Value 2", "Option B", None])
def test_a_second_column_of_values_is_refused(template, tmp_path, head):
    """Before, it was passed over without a word."""
    book = load_workbook(template)
    sheet = book["Spread"]
    sheet.cell(FIRST_ROW - 1, len(COLUMNS) + 1).value = head
    sheet.cell(FIRST_ROW + 1, len(COLUMNS) + 1).value = 0.5
    path = tmp_path / "two.xlsx"
    book.save(path)
    with pytest.raises(InputError, match=r"only values in column C, Value, are read\. Make a workbook"):
        read_levers(path)


def test_a_workbook_with_a_cell_far_away_is_refused(template, tmp_path):
    path = changed(template, tmp_path, {"Spread!A1000000": "far away"})
    with pytest.raises(InputError, match=r"reaches over .* cells"):
        read_levers(path)


@pytest.mark.parametrize(
    ("address", "column", "value", "message"),
    [
        ("coverage[MDT]", "C", 80, "80 is out of range.*Is 80 per cent meant. Write 0.8"),
        ("coverage[MDT]", "C", "0,8", "'0,8' is not a number"),
        ("coverage[MDT]", "C", "80%", "'80%' is text, not a number. Make the cell a number.*: 0.8"),
        ("price of a major A and E attendance", "C", "1,200", "without signs, commas or letters: 1200"),
        ("price of a major A and E attendance", "C", "£1.2m", "without signs, commas or letters: 1200000"),
        ("contract start date", "C", "2021/22", "Write the year as a number: 2021.25"),
        ("contract start date", "C", "01/04/2021", "Write the year as a number: 2021.25"),
        ("contract start date", "C", datetime(1950, 4, 1), "1950.25 is out of range"),
        ("coverage[MDT]", "C", datetime(2021, 4, 1), "01 April 2021 is a date, and coverage.MDT. takes none"),
        (
            "evidence factor",
            "C",
            5,
            "5 is out of range for evidence factor. Give a value in the range -1.6 to 1.6",
        ),
        ("coverage[MDT]", "A", "nurses", "no lever named 'nurses'"),
        ("coverage[MDT]", "C", "#REF!", "'#REF!' is not a number"),
        ("coverage[MDT]", "C", "nan", "'nan' is not a number"),
        ("coverage[MDT]", "C", "1e999", "'1e999' is not a number"),
        ("coverage[MDT]", "C", True, "True is not a number"),
        ("coverage[MDT]", "C", "0.8", "'0.8' is text, not a number. Make the cell a number"),
        ("coverage[MDT]", "C", "=1/2", "the formula '=1/2' has no value yet"),
        ("coverage[MDT]", "A", "coverage[MTD]", "no lever named 'coverage.MTD.'.*Did you mean coverage.MDT."),
        ("coverage[MDT]", "A", "coverage[Prevention]", "stands here and in|stands here"),
        ("beds in 2014", "B", "WTE", "the unit of beds in 2014 is 'WTE' here and 'Bed' in the model"),
        ("beds in 2014", "D", 700, "the default of beds in 2014 is 700 here and 739 in the model"),
    ],
)
def test_every_fault_is_named_by_its_cell(template, tmp_path, address, column, value, message):
    place = place_of(template, address, column)
    with pytest.raises(InputError, match=message) as caught:
        read_levers(changed(template, tmp_path, {place: value}))
    assert len(caught.value.faults) == 1
    twice = "stands here" in str(caught.value)
    assert twice or caught.value.faults[0].where == place


def test_merged_cells_are_refused(template, tmp_path):
    """A planner sees one value for three levers; the file has it for the first alone."""
    path = changed(template, tmp_path, {place_of(template, "coverage[MDT]"): 0.5})
    book = load_workbook(path)
    row = int(place_of(template, "coverage[MDT]").split("!C")[1])
    book["Spread"].merge_cells(f"C{row}:C{row + 2}")
    book.save(path)
    with pytest.raises(InputError, match=rf"Spread!C{row}:C{row + 2}: the cells are merged.*Split"):
        read_levers(path)


def test_all_faults_come_at_once(template, tmp_path):
    cells = {
        place_of(template, "GDP growth"): "much",
        place_of(template, "beds in 2014"): 5,
        place_of(template, "price of a major A and E attendance", "B"): "Pound",
    }
    with pytest.raises(InputError) as caught:
        read_levers(changed(template, tmp_path, cells))
    assert {fault.where for fault in caught.value.faults} == set(cells)


def test_a_sheet_without_its_header_is_named(template, tmp_path):
    with pytest.raises(InputError, match="Money: no row with the headings Lever, Unit, Value, Default"):
        read_levers(changed(template, tmp_path, {f"Money!A{FIRST_ROW - 1}": "Levers"}))


def test_what_is_no_workbook_of_levers_is_refused(template, tmp_path):
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_levers(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_levers(tmp_path / "nothing.xlsx")
    torn = tmp_path / "torn.xlsx"
    torn.write_bytes(template.read_bytes()[:5000])
    with pytest.raises(InputError, match="is no Excel workbook, or damaged"):
        read_levers(torn)
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    with pytest.raises(InputError, match="no sheet holds levers"):
        read_levers(other)


def test_a_value_beside_no_lever_is_refused(template, tmp_path):
    cells = {place_of(template, "coverage[MDT]", "A"): None, place_of(template, "coverage[MDT]"): 0.5}
    with pytest.raises(InputError, match="a value stands in a row without a lever"):
        read_levers(changed(template, tmp_path, cells))


ROWS_OF_BEFORE = [
    ("Hospital", "beds in 2018", "Bed", None, 669, 300, 1500),
    ("Staff", "agency cover[AcuteStaff]", "Dmnl", 0.5, 0.7, 0, 1),
    ("Staff", "turnover[GPs]", "1/Year", "-", 0.1, 0, 1),
    ("Money", "transformation money", "Pound/Year", 3e6, 0, 0, 2e7),
    ("Money", "other care in 2018", "Pound/Year", 9e7, 9e7, 0, 2e8),
    ("Left shift", "coverage[MDT]", "Dmnl", 0.7, 0, 0, 1),
    ("Left shift", "claim delay", "Year", 2, 3, 0, 10),
    ("GPs", "sensitivity of leaving to workload", "Dmnl", 4, 2, 0, 6),
]
"""Sheet, lever, unit, value, default and limits of a workbook of the first edition."""


def of_before(folder: Path, cells: dict[str, object] | None = None) -> Path:
    """Return a workbook as the first edition wrote it, filled in, with other values of some levers."""
    book = Workbook()
    for sheet, lever, *rest in ROWS_OF_BEFORE:
        if sheet not in book.sheetnames:
            book.create_sheet(sheet).append(COLUMNS)
        unit, value, *others = rest
        book[sheet].append([lever, unit, (cells or {}).get(lever, value), *others])
    path = folder / "before.xlsx"
    book.save(path)
    return path


def test_a_workbook_of_the_first_edition_is_read_under_the_names_of_today(tmp_path):
    path = of_before(tmp_path)
    filled = read_levers(path)
    assert filled.levers == {
        "agency cover wanted[AcuteStaff]": 0.5,
        "transformation money": 3.0,
        "coverage[MDT]": 0.7,
    }
    assert filled.defaults == 1
    renamed, pounds, gone, beyond = filled.notes
    assert renamed == "agency cover[AcuteStaff] is agency cover wanted[AcuteStaff] now, 0.5."
    assert pounds == "transformation money is in millions of pounds now, 3."
    assert gone.startswith("claim delay is gone: what a plan claims")
    assert beyond == "sensitivity of leaving to workload is load to leaving now, which cannot be 4: left out."
    found = options_of(Options(None, None, None, None, None, {}), [], path)
    assert found.settings == filled.levers
    assert f"  {gone}" in found.lines


@pytest.mark.parametrize(
    ("lever", "value", "message"),
    [
        ("coverage[MDT]", 7, r"Left shift!C2: 7 is out of range for coverage.MDT."),
        ("transformation money", 2.5e8, r"Money!C2: 2.5e\+08 is out of range for transformation money"),
        ("claim delay", "two", r"Left shift!C3: 'two' is not a number"),
    ],
)
def test_a_fault_in_a_workbook_of_the_first_edition_is_named_by_its_cell(tmp_path, lever, value, message):
    with pytest.raises(InputError, match=message) as caught:
        read_levers(of_before(tmp_path, {lever: value}))
    assert len(caught.value.faults) == 1
