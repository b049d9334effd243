"""Is what is wrong with an official file said with its place and what to do, and is nothing left behind?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.release import FileFacts, file_facts
from dudley_sd.inputs.ons.write import write_releases
from tests.ons_files import (
    SEXES,
    Rows,
    as_csv,
    make_up,
    nomis_rows,
    single_year_rows,
    table_of_ages,
    table_of_components,
    write_xlsx,
    write_zip,
    z1,
)

PEOPLE = make_up(years=16)
XLS = Path(__file__).parent / "official"
FIRST = 7
"""Index of the first row of figures in Tables 2 and 3: six rows of titles and one of headings stand above."""

Sheets = dict[str, Rows]


def faults(path: Path, known: FileFacts | None = None) -> list[str]:
    """Everything that is said of a file that must be refused."""
    with pytest.raises(InputError) as raised:
        read_releases([path], known)
    assert all(fault.file == str(path) for fault in raised.value.faults)
    assert all(fault.remedy for fault in raised.value.faults)
    return [f"{fault.where}: {fault.problem}. {fault.remedy}" for fault in raised.value.faults]


def spoil(path: Path, change: Callable[[Sheets], Any], **options: Any) -> Path:
    """Write Table 3 with something done to its sheets."""
    sheets = table_of_ages(PEOPLE, **options)
    change(sheets)
    return write_xlsx(path / "table3.xlsx", sheets)


def set_cell(sheet: str, row: int, column: int, value: object) -> Callable[[Sheets], None]:
    """Return a change of one cell, row and column counted from 0."""

    def change(sheets: Sheets) -> None:
        sheets[sheet][row][column] = value

    return change


def drop_rows(sheet: str, *words: str) -> Callable[[Sheets], None]:
    """Return a change that drops the rows of a sheet with all of the words in their first three cells."""

    def change(sheets: Sheets) -> None:
        sheets[sheet] = [row for row in sheets[sheet] if not set(words) <= set(map(str, row[:3]))]

    return change


def drop_column(sheets: Sheets) -> None:
    """Take the mid-year 2021 out of every sheet."""
    for name in ("Persons", "Males", "Females"):
        sheets[name] = [row[:6] + row[7:] if len(row) > 6 else row for row in sheets[name]]


def no_unit(sheets: Sheets) -> None:
    """Take out the line of units, and the lone name of the sex."""
    for name in ("Persons", "Males", "Females"):
        sheets[name][2] = []
        sheets[name][5] = []


def shift_header(sheets: Sheets) -> None:
    """Put an empty cell before the headings of Males."""
    sheets["Males"][FIRST - 1].insert(0, "")


def shift_years(sheets: Sheets) -> None:
    """Take out the heading of the first mid-year, so that the others stand one to the left."""
    for name in ("Persons", "Males", "Females"):
        del sheets[name][FIRST - 1][3]


SPOILED = {
    "shifted header": (
        shift_header,
        {},
        ["sheet Males, row 8", "'E92000001' is in column A", "headings are shifted"],
    ),
    "shifted years": (shift_years, {}, ["sheet Persons", "start in 2019, a 2018-based table starts in 2018"]),
    "thousands as persons": (
        lambda sheets: [
            rows.__setitem__(5, ["", "", "", "persons"]) for rows in sheets.values() if len(rows) > 5
        ],
        {},
        ["E92000001 has", "people in 2018 if the figures are in persons", "it must say thousands"],
    ),
    "persons as thousands": (
        lambda sheets: [
            rows.__setitem__(5, ["", "", "", "thousands"]) for rows in sheets.values() if len(rows) > 5
        ],
        {"unit": "persons"},
        ["people in 2018 if the figures are in thousand persons", "3 of 3 areas are too small or too large"],
    ),
    "no unit": (
        no_unit,
        {},
        ["no line above the table says persons or thousands", "--unit persons or --unit"],
    ),
    "an area missing in one sheet": (
        drop_rows("Females", "E38000902"),
        {},
        ["sheet Females: 1 areas of sheet Persons, sheet Males are missing: E38000902 NHS Sampleton CCG"],
    ),
    "an age missing": (
        drop_rows("Persons", "E38000901", "85-89"),
        {},
        ["sheet Persons: age 85-89 of area E38000901 is missing"],
    ),
    "a row twice": (
        lambda sheets: sheets["Persons"].insert(FIRST + 3, list(sheets["Persons"][FIRST + 2])),
        {},
        ["sheet Persons, rows 10, 11: E92000001 5-9 stands more than once"],
    ),
    "text in a number": (
        set_cell("Persons", FIRST + 4, 8, "n/a"),
        {},
        ["sheet Persons, row 12, column 2023: 'n/a' is not a number"],
    ),
    "an empty cell": (
        set_cell("Males", FIRST + 4, 8, ""),
        {},
        ["sheet Males, row 12, column 2023: the cell is empty where a number belongs"],
    ),
    "an age that is a date": (
        set_cell("Persons", FIRST + 3, 2, date(2018, 10, 14)),
        {},
        [
            "sheet Persons, row 11: '2018-10-14' is not one of the 19 five-year bands",
            "dates of ages such as 10-14",
        ],
    ),
    "unknown base": (
        lambda _: None,
        {"base": 2017},
        ["the base 2017-based is not known", "2014-based, 2016-based"],
    ),
    "a year missing": (drop_column, {}, ["headings: the mid-years run from 2018 to 2033 without 2021"]),
    "title of another base": (
        lambda sheets: [
            rows.__setitem__(slice(2), [["Table 3: 2016-based projections"], []]) for rows in sheets.values()
        ],
        {},
        ["the mid-years start in 2018, a 2016-based table starts in 2016"],
    ),
    "a total that is none": (
        set_cell("Persons", FIRST, 3, 999.9),
        {},
        ["sheet Persons: All ages of E92000001 in 2018 is 999.9 but its ages add to"],
    ),
    "sexes that are not persons": (
        set_cell("Males", FIRST + 20 + 4, 3, 99.9),
        {},
        ["males and females of E38000901 15-19 in 2018 add to"],
    ),
    "a negative figure": (
        set_cell("Persons", FIRST + 4, 5, -3.1),
        {},
        ["sheet Persons, row 12, column 2020: -3.1 people"],
    ),
    "no headings": (
        lambda sheets: sheets["Females"].__delitem__(FIRST - 1),
        {},
        ["sheet Females: no row among the first 60 holds the headings CODE, AREA, AGE GROUP and years"],
    ),
    "a figure without area": (
        set_cell("Persons", FIRST + 4, 0, "Dudley"),
        {},
        ["sheet Persons, row 12: 'Dudley' is not an area code, but figures stand beside it"],
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_table_is_refused_in_plain_words(tmp_path, name):
    change, options, words = SPOILED[name]
    found = " | ".join(faults(spoil(tmp_path, change, **options)))
    for part in words:
        assert part in found
    assert [path.name for path in tmp_path.iterdir()] == ["table3.xlsx"]


def test_an_xls_with_shifted_headings():
    """The older format: figures start in column A, headings in column B; every sheet is named."""
    found = faults(XLS / "shifted_header.xls")
    assert len(found) == 3
    for sheet, fault in zip(("Persons", "Males", "Females"), found, strict=True):
        assert fault.startswith(f"sheet {sheet}, row 8: no area code stands under its heading in column B")
        assert "the code 'E38000901' is in column A" in fault


@pytest.mark.parametrize("kept", [0.3, 0.95])
@pytest.mark.parametrize("kind", ["zip", "xlsx", "xls"])
def test_a_file_cut_short(tmp_path, kind, kept):
    """A download that broke off, whatever it was."""
    whole = {
        "zip": lambda: write_zip(tmp_path / "whole", z1(PEOPLE)),
        "xlsx": lambda: write_xlsx(tmp_path / "whole", table_of_ages(PEOPLE)),
        "xls": lambda: XLS / "table_3_2014_based.xls",
    }[kind]().read_bytes()
    path = tmp_path / f"short.{kind}"
    path.write_bytes(whole[: int(len(whole) * kept)])
    (fault,) = faults(path)
    assert "cut short or damaged" in fault
    assert re.search("Download it (from ONS )?again", fault)


OTHER_FILES = {
    "a web page": (b"<!DOCTYPE html><html>Too many requests", "a web page, not a table"),
    "nothing": (b"", "the file is empty"),
    "a picture": (
        b"\x89PNG\r\n\x1a\n\xff\xfe",
        "is a picture, not a table. Give an XLS, XLSX, ODS",
    ),
    "another table": (b"a,b\n1,2\n", "the layout is not one that can be read"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_a_file_that_is_something_else(tmp_path, name):
    content, words = OTHER_FILES[name]
    path = tmp_path / "file"
    path.write_bytes(content)
    assert words in faults(path)[0]


def test_an_archive_without_tables(tmp_path):
    (fault,) = faults(write_zip(tmp_path / "z1.zip", {"picture.png": b"\x89PNG"}))
    assert "holds no CSV file, only picture.png" in fault


def test_no_file(tmp_path):
    assert "the file does not exist" in faults(tmp_path / "nowhere.xls")[0]


def test_all_faults_of_all_files_come_at_once(tmp_path):
    """Two cells and a sheet of one file, and another file."""

    def change(sheets: Sheets) -> None:
        sheets["Persons"][FIRST + 1][4] = "x"
        sheets["Males"][FIRST + 2][5] = ".."
        del sheets["Females"][FIRST - 1]

    paths = [spoil(tmp_path, change), tmp_path / "nowhere.zip"]
    with pytest.raises(InputError) as raised:
        read_releases(paths)
    assert len(raised.value.faults) == 4


def test_z1_without_an_age(tmp_path):
    """Persons lack age 17 of one area."""
    rows = [
        row for row in single_year_rows(PEOPLE["persons"], "persons") if row[0::4][:2] != ["E38000901", "17"]
    ]
    members = z1(PEOPLE) | {"2018 SNPP Population persons.csv": as_csv(rows)}
    (fault,) = faults(write_zip(tmp_path / "z1.zip", members))
    assert fault.startswith("file 2018 SNPP Population persons.csv: age 17 of area E38000901 is missing")


def test_z1_of_males_alone(tmp_path):
    path = write_zip(tmp_path / "z1.zip", z1(PEOPLE, sexes=["males"]))
    with pytest.raises(InputError, match="only males are there, which do not make persons"):
        write_releases(read_releases([path]), tmp_path / "tidy")
    assert not (tmp_path / "tidy").exists()


def spoil_nomis(path: Path, change: Callable[[Rows], Any]) -> Path:
    rows = nomis_rows(PEOPLE)
    change(rows)
    file = path / "nomis.csv"
    file.write_bytes(as_csv(rows))
    return file


NOMIS = {
    "ended early": (lambda rows: rows.__delitem__(slice(5000, None)), "of the 13,392 that RECORD_COUNT says"),
    "no column of ages": (
        lambda rows: rows.__setitem__(0, ["X" if "C_AGE" in word else word for word in rows[0]]),
        "there is no column C_AGE or C_AGE_NAME",
    ),
    "text in a value": (
        lambda rows: rows[9].__setitem__(13, ":"),
        "row 10, column OBS_VALUE: ':' is not a number",
    ),
    "a row twice": (
        lambda rows: rows.append(list(rows[40])),
        "1 rows repeat a cell; first E92000001, persons, age 2",
    ),
    "unknown base": (
        lambda rows: [row.__setitem__(slice(0, 2), [2011, 2011]) for row in rows[1:]],
        "the base 2011-based is not known",
    ),
    "an unknown sex": (
        lambda rows: rows[3].__setitem__(8, "Sum"),
        "row 4, column GENDER_NAME: 'Sum' is none of",
    ),
}


@pytest.mark.parametrize("name", NOMIS)
def test_a_spoiled_download_from_nomis(tmp_path, name):
    change, words = NOMIS[name]
    assert words in " | ".join(faults(spoil_nomis(tmp_path, change)))


def test_a_download_from_nomis_that_lacks_cells(tmp_path):
    """Without RECORD_COUNT the hole itself is found."""
    rows = [row[:-1] for row in nomis_rows(PEOPLE)]
    path = tmp_path / "nomis.csv"
    path.write_bytes(as_csv(rows[:50] + rows[51:]))
    (fault,) = faults(path)
    assert "1 cells are missing; first E92000001, 3, 2019" in fault


def test_components_that_do_not_net(tmp_path):
    """Natural change is births less deaths."""
    sheets = table_of_components()
    natural = next(row for row in sheets["Persons"] if row[2:3] == ["Natural Change"])
    natural[10] += 5
    (fault,) = faults(write_xlsx(tmp_path / "table5.xlsx", sheets))
    assert "natchange of E92000001 in 2025 is not births less deaths; 1 cells are off" in fault


def test_what_the_user_says_does_not_overrule_the_file(tmp_path):
    """--base and --unit fill gaps; against the file's own words they are faults."""
    path = write_xlsx(tmp_path / "table3.xlsx", table_of_ages(PEOPLE))
    found = faults(path, file_facts(2016, "persons"))
    assert "the file says 2018-based, --base says 2016" in found[0]
    assert "the table says thousand persons, --unit says persons" in found[1]
    with pytest.raises(InputError, match="is not a unit of these tables"):
        file_facts(None, "millions")


@pytest.mark.parametrize("sex", SEXES)
def test_no_sheet_is_taken_on_trust(tmp_path, sex):
    """A digit too many in any sheet is found, by the totals of that sheet or against the others."""

    def change(sheets: Sheets) -> None:
        row = sheets[sex.capitalize()][FIRST + 25]
        row[7] = np.round(row[7] * 10, 1)

    assert faults(spoil(tmp_path, change))


def test_nothing_half_written_is_left_behind(tmp_path, monkeypatch):
    """A disk that fills while the second of two tables is written: no file, no folder, no scratch."""
    releases = read_releases(
        [
            write_xlsx(tmp_path / "one.xlsx", table_of_ages(PEOPLE)),
            write_xlsx(tmp_path / "two.xlsx", table_of_ages(PEOPLE, 2016)),
        ]
    )
    before = sorted(path.name for path in tmp_path.iterdir())
    written = Path.write_text
    calls = []

    def fill_up(path: Path, text: str, **options: Any) -> int:
        calls.append(path)
        if len(calls) == 2:
            written(path, "half")
            raise OSError(28, "No space left on device")
        return written(path, text, **options)

    monkeypatch.setattr(Path, "write_text", fill_up)
    with pytest.raises(InputError, match="No space left on device"):
        write_releases(releases, tmp_path / "tidy")
    assert len(calls) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == before
