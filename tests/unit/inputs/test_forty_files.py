"""Forty malformed files of every kind that a user hands over: each is refused by its place, with what to do.

Each lies beside those of `test_ons_published`, `test_ons_faults`, `test_lever_workbook`, `test_plan_file` and
`test_hostile_toml`, and repeats none of them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import time
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.inputs.areas import read_area, read_footprint
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.projections import read_projection
from dudley_sd.results.lever_workbook import write_levers
from dudley_sd.results.lever_workbook_reader import read_levers
from dudley_sd.runs.areas import find_areas
from dudley_sd.saved_plan import read_plan_file
from dudley_sd.settings.portfolios import read_portfolio
from tests.ons_files import Rows, as_csv, make_up, single_year_rows, table_of_ages, write_xlsx, write_zip

INPUTS = inputs_folder()
DUDLEY = read_footprint("dudley", INPUTS)
PEOPLE = make_up(years=3)
Z1 = "2018 SNPP Population persons.csv"
TIDY = (INPUTS / DUDLEY.population).read_text(encoding="utf-8")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
AREA = 'id = "mine"\nname = "M"\narea_code = "E38000191"\nsized_like = "dudley"\nreason = "r"\n'
PLAN = (
    'title = "A"\ndate = 2026-01-01\nscenarios = ["official_future"]\nportfolio = "as_evidenced"\n'
    'contract = "as_now"\nfootprints = ["dudley"]\nprojection = "2014"\nformat = 1\n'
)
PORTFOLIO = (INPUTS / "portfolios" / "as_evidenced.toml").read_text(encoding="utf-8")
Case = tuple[Callable[[Path], object], str, str]


def official(name: str, content: bytes | str | dict[str, bytes]) -> Callable[[Path], object]:
    """Read a file of bytes, or an archive, as official."""

    def read(folder: Path) -> object:
        path = folder / name
        if isinstance(content, dict):
            write_zip(path, content)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_releases([path])

    return read


def z1(change: Callable[[Rows], object], name: str = Z1) -> Callable[[Path], object]:
    """Read Z1 with something done to its rows."""
    rows = single_year_rows(PEOPLE["persons"], "persons")
    change(rows)
    return official(name, as_csv(rows))


def table3(change: Callable[[dict[str, Rows]], object]) -> Callable[[Path], object]:
    def read(folder: Path) -> object:
        sheets = table_of_ages(PEOPLE)
        change(sheets)
        return read_releases([write_xlsx(folder / "table3.xlsx", sheets)])

    return read


def projection(content: str, name: str = "people.csv") -> Callable[[Path], object]:
    """Read a tidy table of people of Dudley."""

    def read(folder: Path) -> object:
        (folder / name).write_text(content, encoding="utf-8")
        return read_projection(str(folder / name), DUDLEY, INPUTS)

    return read


@cache
def template(folder: Path) -> bytes:
    """Return the workbook of levers as it is written, once for all tests."""
    return write_levers(read_model(models_folder() / "dudley.mdl"), folder / "template.xlsx").read_bytes()


def levers(change: Callable[[Workbook], object]) -> Callable[[Path], object]:
    def read(folder: Path) -> object:
        path = folder / "levers.xlsx"
        book = load_workbook(BytesIO(template(folder.parent)))
        change(book)
        book.save(path)
        return read_levers(path)

    return read


def value(lever: str, given: object, column: str = "C") -> Callable[[Path], object]:
    """Read a workbook of levers with one cell changed."""

    def change(book: Workbook) -> None:
        for sheet in book.worksheets:
            for row in range(1, sheet.max_row + 1):
                if sheet.cell(row, 1).value == lever:
                    sheet[f"{column}{row}"] = given
                    return

    return levers(change)


def plan(old: str, new: str) -> Callable[[Path], object]:
    def read(folder: Path) -> object:
        assert old in PLAN
        (folder / "plan.toml").write_text(PLAN.replace(old, new), encoding="utf-8")
        return read_plan_file(folder / "plan.toml")

    return read


def area(text: str, run: bool = False) -> Callable[[Path], object]:
    """Read a footprint of the user's own, and prepare it if it is to be run."""

    def read(folder: Path) -> object:
        (folder / "mine.toml").write_text(text, encoding="utf-8")
        return find_areas(["mine"]) if run else read_area("mine", INPUTS)

    return read


def portfolio(pattern: str, new: str) -> Callable[[Path], object]:
    def read(folder: Path) -> object:
        text, count = re.subn(pattern, new, PORTFOLIO, count=1)
        assert count
        (folder / "portfolios").mkdir()
        (folder / "portfolios" / "own.toml").write_text(text, encoding="utf-8")
        return read_portfolio("own", folder)

    return read


REFUSED: dict[str, Case] = {
    # what it is: (how it is read, place and problem, remedy)
    "PDF": (official("t.pdf", b"%PDF-1.4\n%\xe2\xe3\n"), "is a PDF, not a table", "as ONS publishes it"),
    "picture": (official("t.png", b"\x89PNG\r\n\x1a\n" + bytes(99)), "is a picture", "XLSX, ODS, CSV"),
    "gzip": (official("t.csv.gz", gzip.compress(b"a,b")), "is an archive of gzip", "Unpack it"),
    "7-Zip": (official("t.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60)), "is an archive of 7-Zip", "Unpack it"),
    "Parquet": (official("t.parquet", b"PAR1" + bytes(60)), "is a Parquet file", "Save it as CSV or XLSX"),
    "JSON": (official("t.json", '{"years": [2018]}'), 'it begins with \'{"years"', "Give one of Table 2"),
    "message of Nomis": (
        official("n.csv", "Error: the query would return more than 25,000 cells."),
        "it begins with 'Error: the query",
        "Give one of Table 2 or 3",
    ),
    "workbook in XML": (
        official("t.xls", '<?xml version="1.0"?><W xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
        "is a workbook in XML",
        "save it as XLSX",
    ),
    "flat ODS": (official("t.fods", "<office:document/>"), "is a workbook in XML", "save it as XLSX"),
    "ODS under a password": (
        official("t.ods", {"mimetype": ODS, "META-INF/manifest.xml": b"<encryption-data/>"}),
        "the workbook is under a password",
        "save it without a password",
    ),
    "text document": (
        official("t.odt", {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        "is a document of a word processor",
        "Give an XLS, XLSX, ODS",
    ),
    "Numbers": (official("t.numbers", {"Index/Document.iwa": b"x"}), "of Numbers", "Export To, Excel"),
    "zip in a zip": (official("t.zip", {"z1.zip": b"PK"}), "only z1.zip", "Unpack it and give z1.zip"),
    "empty sheets": (table3(lambda s: (s.clear(), s.update(A=[], B=[]))), "it holds nothing", "Table 2 or 3"),
    "lone quotation mark": (
        official(
            Z1, as_csv(single_year_rows(PEOPLE["persons"], "persons")).replace(b",Popul", b',"Popul', 1)
        ),
        "row 2: a cell goes over rows of the table",
        "Take out the lone quotation mark",
    ),
    "a year over two columns": (
        z1(lambda rows: rows[0].__setitem__(6, 2018)),
        "row 1: the mid-year 2018 stands over more than one column: F and G",
        "each mid-year once",
    ),
    "two tables side by side": (
        table3(lambda s: s["Persons"][6].extend([2018, 2019])),
        "sheet Persons, row 7: the mid-year 2018 stands over",
        "Keep one table",
    ),
    "births among people": (
        z1(lambda rows: rows[4].__setitem__(2, "Births")),
        "row 5: 'Births' stands among rows of Population",
        "Keep the rows of Population alone",
    ),
    "two sheets of persons": (
        table3(lambda s: s.__setitem__("Persons (2)", s["Persons"])),
        "sheet Persons and sheet Persons (2) are both of persons",
        "Keep one of them",
    ),
    "two bases in the titles": (
        table3(lambda s: s["Males"].__setitem__(1, ["Table 3: 2016-based Population Projections"])),
        "its titles name 2018-based and 2016-based",
        "say it with --base",
    ),
    "people below zero": (
        z1(lambda rows: rows[4].__setitem__(6, -3)),
        "row 5, column 2019: -3 people, below zero",
        "Download it from ONS again",
    ),
    "suppressed figures": (
        z1(lambda rows: rows[4].__setitem__(6, "[c]")),
        "row 5, column 2019: '[c]' is not a number",
        "Take the figure from the file as ONS publishes it",
    ),
    "tidy table with semicolons": (
        projection(TIDY.replace(",", ";")),
        "row 1: its columns are separated by semicolons",
        "'CSV UTF-8 (comma delimited)'",
    ),
    "tidy table without its sources": (
        projection(TIDY.replace(",source\n", ",src\n", 1)),
        "row 1: column source is missing",
        "Add it",
    ),
    "tidy table in an unknown unit": (
        projection(TIDY.replace("thousand persons", "millions", 1)),
        "row 2, column unit: value 'millions' is not known",
        "Correct it",
    ),
    "address of a page": (
        lambda _: read_projection("https://www.ons.gov.uk/table3.xls", DUDLEY, INPUTS),
        "is an address, not a file",
        "Download it",
    ),
    "base in words": (
        lambda _: read_projection("2018-based", DUDLEY, INPUTS),
        "is no file",
        "Write --projection 2018",
    ),
    "levers in ODS": (
        lambda folder: read_levers(write_zip(folder / "l.ods", {"mimetype": ODS, "content.xml": b"<a/>"})),
        "is a workbook of OpenDocument (ODS)",
        "Save it as .xlsx",
    ),
    "thousands dot in a lever": (
        value("beds in 2014", "1.500"),
        "'1.500' is text that may be a decimal or thousands",
        "Make the cell a number",
    ),
    "time of day for a lever": (
        value("contract start date", time(9, 30)),
        "09:30 is a time of day, and contract start date takes none",
        "Format the cell as a number",
    ),
    "range for a lever": (
        value("coverage[MDT]", "0.4-0.6"),
        "'0.4-0.6' is not a number",
        "takes 0 to 1, with a point",
    ),
    "column of units deleted": (
        levers(lambda book: book["Spread"].delete_cols(2)),
        "Spread: no row with the headings Lever, Unit, Value, Default",
        "Make a fresh one with 'dudley-sd template'",
    ),
    "plan with one scenario as text": (
        plan('["official_future"]', '"official_future"'),
        "scenarios: Input should be a valid list",
        "Write a list",
    ),
    "plan with a base as a number": (
        plan('"2014"', "2014"),
        "projection: Input should be a valid string, found 2014",
        "Write it in quotes",
    ),
    "plan with an American date": (
        plan("2026-01-01", '"01/31/2026"'),
        "date: Input should be a valid date",
        "Write year, month and day: 2026-01-31",
    ),
    "plan with marks of a merge": (plan("title", "<<<<<<< HEAD\ntitle"), "at line 1", "Correct the line"),
    "area of another name": (
        area(AREA.replace('"mine"', '"yours"')),
        "id: id 'yours' is not the name of the file",
        "Write 'mine', or rename the file",
    ),
    "area whose table is not there": (
        area(f'{AREA}population = "ons/none.csv"\n', run=True),
        "none.csv: the file does not exist",
        "Correct its path",
    ),
    "area whose table is a workbook": (
        area(
            f"{AREA}population = '{Path(__file__).parent / 'official' / 'table3_2018_extract.xlsx'}'\n", True
        ),
        "is a workbook, not CSV",
        "imported with dudley-sd ons FILE",
    ),
    "area of a council": (
        area(AREA.replace("E38000191", "E08000030"), run=True),
        "area_code: M (E08000030) is no CCG of mid-2018",
        "Find its code with dudley-sd area list WORD",
    ),
    "sum of one area": (
        area('id = "mine"\nname = "M"\nparts = ["dudley"]\n'),
        "parts: Tuple should have at least 2 items",
        "Name one more",
    ),
    "coverage in per cent as text": (
        portfolio(r"coverage = [\d.]+", 'coverage = "80%"'),
        "MDT.coverage: Input should be a valid number, found '80%'",
        "Write a number without quotes, with a point for decimals: 0.8",
    ),
    "start as a date": (
        portfolio(r"start = [\d.]+", "start = 2021-04-01"),
        "MDT.start: Input should be a valid number",
        "Write a number without quotes",
    ),
    "portfolio without a title": (
        portfolio("title = .*", ""),
        "title: is missing",
        "Add it; compare with the other files",
    ),
}


def test_there_are_forty():
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_file_is_refused_with_its_place_and_a_remedy(tmp_path, monkeypatch, name):
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path))
    read, problem, remedy = REFUSED[name]
    with pytest.raises(InputError) as raised:
        read(tmp_path)
    told = [str(fault) for fault in raised.value.faults]
    found = next((each for each in told if problem in each), told[0])
    assert problem in found
    assert remedy in found
    assert all(fault.remedy and fault.file for fault in raised.value.faults)
