"""Official files that are malformed are refused, each with its place and a remedy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.ons.layouts import read_releases
from tests.ons_files import (
    Rows,
    as_csv,
    write_xlsx,
    write_zip,
)
from tests.unit.inputs.ons_changes import (
    FEW,
    FIRST,
    NAME,
    Change,
    ages_as,
    archive,
    book,
    components,
    content,
    download,
    keep,
    text,
    z1_rows,
)


def all_sheets(change: Change) -> Callable[[dict[str, Rows]], None]:
    def each(sheets: dict[str, Rows]) -> None:
        for rows in sheets.values():
            if len(rows) > FIRST:
                change(rows)

    return each


def under_a_password() -> bytes:
    """Return a zip whose directory says that its member is encrypted."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.csv", "x")
    found = bytearray(file.getvalue())
    found[6] |= 1
    found[found.index(b"PK\x01\x02") + 8] |= 1
    return bytes(found)


def every_figure(word: str) -> Change:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            row[5:] = [word] * len(row[5:])

    return change


def codes_from_1(rows: Rows) -> None:
    rows[1:] = [[*row[:3], row[3] - 100, row[4]] for row in rows[1:] if row[3] != 200]


def estimates(rows: Rows) -> None:
    rows[:] = [
        ["Mid-2018 population estimates"],
        ["Code", "Name", "All ages", *range(91)],
        ["E08000027", "D", 1],
    ]


REFUSED: dict[str, tuple[Callable[[Path], Path], str, str, str]] = {
    # what is wrong: (file, where, problem with its value, remedy)
    "variant that is not known": (
        book(lambda _: None, variant="low fertility"),
        "",
        "its title speaks of 'low fertility variant', which is no variant known here",
        "--variant principal, or --variant 'low fertility'",
    ),
    "variant in the name of the file": (
        text(keep, "2018 SNPP constant fertility variant.csv"),
        "",
        "speaks of 'constant fertility variant'",
        "--variant 'constant fertility'",
    ),
    "scenario in the title": (
        book(all_sheets(lambda rows: rows[1].__setitem__(0, f"{rows[1][0]}, growth scenario B"))),
        "",
        "its title speaks of 'growth scenario b', which is no variant known here",
        "--variant principal, or --variant 'growth scenario b'",
    ),
    "another projection of the council": (
        book(
            all_sheets(lambda rows: rows[0].__setitem__(0, "2018-based principal projections, dwelling-led"))
        ),
        "",
        "its title speaks of 'dwelling-led'",
        "--variant 'dwelling-led'",
    ),
    "base nowhere said": (
        text(keep, "people.csv"),
        "",
        "its first mid-year is 2018, but earlier ones may have been left out",
        "--base, 2018 if that is the base",
    ),
    "base nowhere said, columns cut": (
        text(lambda rows: [row.__delitem__(5) for row in rows], "people.csv"),
        "",
        "its first mid-year is 2019",
        "--base, one of 2014, 2016, 2018, 2022: the page of the download names it",
    ),
    "years from mid to mid": (
        text(lambda rows: rows[0].__setitem__(slice(5, 8), ["2018/19", "2019/20", "2020/21"])),
        "row 1",
        "'2018/19' is not one mid-year",
        "Head each column of figures with its mid-year, such as 2018",
    ),
    "dates at new year": (
        text(lambda rows: rows[0].__setitem__(slice(5, 8), ["01/01/2018", "01/01/2019", "01/01/2020"])),
        "row 1",
        "'01/01/2018' is not one mid-year",
        "Head each column of figures with its mid-year",
    ),
    "dates at new year in a workbook": (
        book(
            all_sheets(
                lambda rows: rows[6].__setitem__(slice(3, 6), [date(y, 1, 1) for y in (2018, 2019, 2020)])
            )
        ),
        "row 7",
        "'2018-01-01' is not one mid-year",
        "Head each column of figures with its mid-year",
    ),
    "one year only": (
        text(lambda rows: [row.__delitem__(slice(6, 8)) for row in rows]),
        "row 1",
        "1 mid-years among its headings",
        "Give a table with a column for each mid-year",
    ),
    "unknown heading of codes": (
        book(all_sheets(lambda rows: rows[6].__setitem__(0, "Council id"))),
        "row 7",
        "no heading CODE among Council id, AREA, AGE GROUP, 2018",
        "Head the columns CODE, AREA, AGE GROUP",
    ),
    "unknown heading of ages": (
        book(all_sheets(lambda rows: rows[6].__setitem__(2, "Quinary"))),
        "row 7",
        "no heading AGE GROUP among CODE, AREA, Quinary",
        "Head the columns",
    ),
    "last age 85+": (
        text(ages_as(lambda age: "85+" if age == "90 and over" else age)),
        "row 92",
        "'85+' is not a single year of age",
        "give a table whose last age is 90 and over",
    ),
    "single ages in a table of bands": (
        book(
            all_sheets(
                lambda rows: [row.__setitem__(2, f"Aged {n} years") for n, row in enumerate(rows[8:27])]
            )
        ),
        "row 9",
        "'Aged 0 years' is not one of the 19 five-year bands or All ages; 18 more",
        "its ages unchanged",
    ),
    "ages that Excel made months of": (
        book(all_sheets(lambda rows: rows[10].__setitem__(2, "14-Oct"))),
        "row 11",
        "'14-Oct' is not one of",
        "Excel makes dates of ages such as 10-14",
    ),
    "decimal commas": (
        text(every_figure("1000,5"), delimiter=";"),
        "row 2, column 2018",
        "'1000,5' may be a decimal comma or a separator of thousands; 827 more cells",
        "Save the file with decimal points",
    ),
    "points that part thousands": (
        text(every_figure("16.000"), delimiter=";"),
        "row 2, column 2018",
        "'16.000' may be a decimal or thousands",
        "without separators of thousands",
    ),
    "two points that part thousands": (
        text(lambda rows: rows[3].__setitem__(6, "1.065.000")),
        "row 4, column 2019",
        "'1.065.000' has points that part thousands",
        "without separators of thousands",
    ),
    "points that part thousands from Nomis": (
        download(lambda rows: [row.__setitem__(-1, "16.000") for row in rows[1:]], FEW),
        "row 2, column OBS_VALUE",
        "'16.000' may be a decimal or thousands",
        "without separators of thousands",
    ),
    "columns too narrow": (
        text(every_figure("#####")),
        "row 2, column 2018",
        "'#####' is what Excel shows where a column is too narrow; 827 more cells",
        "Widen the columns",
    ),
    "errors of formulas": (
        text(every_figure("#REF!")),
        "row 2, column 2018",
        "'#REF!' is an error of a formula",
        "Paste the figures as values",
    ),
    "no figure at all": (
        text(every_figure(":")),
        "row 2, column 2018",
        "':' is not a number; 827 more cells, next in row 2",
        "Take the figure from the file as ONS publishes it",
    ),
    "names for codes": (
        text(lambda rows: [row.__setitem__(0, "Dudley") for row in rows[1:93]]),
        "row 2",
        "'Dudley' is not an area code, but figures stand beside it; 91 more rows",
        "a nine-character code in every row",
    ),
    "headings alone": (
        lambda folder: write_zip(
            folder / "z1.zip",
            {NAME: as_csv(z1_rows()), "2018 SNPP Population males.csv": as_csv(z1_rows()[:1])},
        ),
        "file 2018 SNPP Population males.csv",
        "no rows stand under the headings",
        "Download it from ONS again",
    ),
    "nothing found by Nomis": (
        download(lambda rows: rows.__delitem__(slice(1, None))),
        "row 2",
        "no rows stand under the headings: Nomis found nothing",
        "Nomis keeps only the newest projection",
    ),
    "Nomis estimates": (
        download(columns=("GEOGRAPHY_CODE", "GENDER", "C_AGE", "OBS_VALUE")),
        "row 1",
        "this is a file of estimates (such as NM_2002_1), no projection",
        "Get NM_2006_1",
    ),
    "Nomis households": (
        download(lambda rows: rows[0].__setitem__(3, "HOUSEHOLD_TYPE"), FEW),
        "row 1",
        "this is a file of households, not of people by age",
        "Get NM_2006_1",
    ),
    "national ages from 1": (
        download(codes_from_1, FEW),
        "row 2, column C_AGE",
        "'1' counts ages from 1, as NM_2009_1 does: national projections",
        "Get NM_2006_1",
    ),
    "codes of ages that are none": (
        download(lambda rows: rows[1].__setitem__(3, 999), FEW),
        "row 2, column C_AGE",
        "'999' is not a code of an age without the column C_AGE_NAME",
        "Download it with the column C_AGE_NAME",
    ),
    "workbook of estimates": (
        book(lambda sheets: [estimates(rows) for rows in sheets.values()]),
        "",
        "its titles speak of estimates, no projection of people by age",
        "Get 'Population projections for local authorities: Table 2'",
    ),
    "workbook of households": (
        lambda folder: write_xlsx(
            folder / "h.xlsx", {"401": [["2018-based household projections"], ["Code", 1]]}
        ),
        "",
        "its titles speak of households",
        "Get 'Population projections for local authorities: Table 2'",
    ),
    "workbook in a zip": (
        archive({"table3.xls": b"x", "readme.pdf": b"x"}),
        "",
        "the zip file holds no CSV file, only table3.xls, readme.pdf",
        "Unpack it and give table3.xls",
    ),
    "zip under a password": (
        content("z1.zip", under_a_password),
        "",
        "the zip file is under a password",
        "save it without a password",
    ),
    "binary workbook": (
        archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}),
        "",
        "is a binary workbook (XLSB)",
        "Save it as XLSX",
    ),
    "letter of a word processor": (
        archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        "",
        "is a document of a word processor or slides, not a workbook",
        "Give an XLS, XLSX, ODS, CSV, TSV or zip file",
    ),
    "workbook under a password": (
        content("table3.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "",
        "the workbook is cut short or damaged",
        "Save it without a password where it has one",
    ),
    "UTF-16 without its mark": (
        content(NAME, lambda: as_csv(z1_rows()).decode().encode("utf-16-le")),
        "",
        "it is text in UTF-16 without a mark that says so",
        "In Excel choose Save As, 'CSV UTF-8 (comma delimited)'",
    ),
    "text in an unknown encoding": (
        content(NAME, lambda: as_csv(z1_rows()).replace(b"shire", b"\x81\x8d")),
        "",
        "its text is neither UTF-8 nor what Excel writes",
        "'CSV UTF-8 (comma delimited)'",
    ),
    "prose": (
        content("notes.txt", b"Dear all,\r\nplease find the projections on the page of ONS.\r\n"),
        "",
        "the layout is not one that can be read",
        "Give one of Table 2 or 3",
    ),
    "two units": (
        book(lambda sheets: sheets["Males"].__setitem__(5, ["Figures in units"]), unit="thousands"),
        "",
        "sheet Males says persons",
        "one table has one unit",
    ),
    "a flow of the base year in one row": (
        components(lambda rows: rows[8].__setitem__(3, 4.5)),
        "sheet Persons, row 8, column 2018",
        "the cell is empty where a number belongs",
        "Take the figure from the file as ONS publishes it",
    ),
    "no people in the base year": (
        components(lambda rows: rows[6].__setitem__(3, "")),
        "sheet Persons, row 7, column 2018",
        "the cell is empty where a number belongs",
        "Take the figure from the file as ONS publishes it",
    ),
    "a sheet without its sex": (
        book(lambda sheets: (sheets.__setitem__("S1", sheets.pop("Males")), sheets["S1"].__setitem__(2, []))),
        "sheet S1",
        "neither its name nor its title says persons, males or females",
        "Give the file as ONS publishes it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_file_is_refused_with_a_remedy(tmp_path, name):
    """One fault for one cause (in each sheet), with place, value and what to do; nothing is written."""
    make, where, problem, remedy = REFUSED[name]
    path = make(tmp_path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(InputError) as raised:
        read_releases([path])
    fault = next((each for each in raised.value.faults if problem in each.problem), raised.value.faults[0])
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.file == str(path)
    assert fault.where.endswith(where)
    assert len(raised.value.faults) <= 3
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match=r"is a folder, not a file\. Name the file in it"):
        read_releases([tmp_path])
