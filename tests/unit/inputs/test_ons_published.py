"""Official files, as published and as people pass them on, are read or refused with a remedy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook
from sdcompile.errors import InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.footprints import read_footprint
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.release import FileFacts, Release, file_facts, source_words, tidy_table
from dudley_sd.inputs.projections import read_projection
from tests.ons_files import (
    MADE_UP,
    UNITS_LINE,
    Rows,
    as_csv,
    in_bands,
    make_up,
    nomis_rows,
    single_year_rows,
    table_of_ages,
    table_of_components,
    write_xlsx,
    write_zip,
)

EXTRACT = Path(__file__).parent / "official" / "table3_2018_extract.xlsx"
PEOPLE = make_up(years=3)
SINGLE = PEOPLE["persons"]
BANDS = in_bands(SINGLE)[:, 1:]
FIRST = 7
NAME = "2018 SNPP Population persons.csv"
Change = Callable[[Rows], Any]


def z1_rows() -> Rows:
    return single_year_rows(SINGLE, "persons")


def read(path: Path, facts: FileFacts | None = None) -> Release:
    (release,) = read_releases([path], facts)
    return release


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def bands_of(release: Release) -> np.ndarray:
    """People by area, band and year, in persons."""
    table = tidy_table(release)
    table = table[table["age_group"] != "All ages"]
    wide = table.pivot_table(index=["area_code", "age_group"], columns="year", values="value", sort=False)
    return np.stack([wide.loc[code].to_numpy() for code in MADE_UP])


@pytest.mark.parametrize("footprint", ["dudley", "walsall"])
def test_the_real_table_3_gives_the_published_people(footprint):
    """ONS 2018-based Table 3 with its own titles: sheet Persons, rows All ages, columns 2018 and 2043."""
    area = read_footprint(footprint, inputs_folder())
    people = read_projection(str(EXTRACT), area, inputs_folder())
    assert people.attrs["projection"] == "2018-based"
    assert people.attrs["units"] == "Person"
    assert list(people["year"].to_numpy()) == list(range(2018, 2044))
    published = {"dudley": {2018: 320_626, 2043: 354_729.8}, "walsall": {2018: 283_378, 2043: 325_281.3}}
    for year, total in published[footprint].items():
        assert float(people.sel(year=year).sum()) == pytest.approx(total, abs=1.0)


def test_figures_in_units_are_persons(tmp_path):
    """The line of the published workbook, word for word."""
    sheets = table_of_ages(PEOPLE, unit="persons")
    assert sheets["Persons"][4] == [UNITS_LINE]
    release = read(write_xlsx(tmp_path / "table3.xlsx", sheets))
    assert release.unit == "persons"
    np.testing.assert_array_equal(bands_of(release), BANDS)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("Figures in units (to one decimal place)", "persons"),
        ("Units: Persons", "persons"),
        ("Unit of measure: number of people", "persons"),
        ("Numbers (rounded to the nearest thousand are not used here)", "persons"),
        ("Figures are in thousands, to one decimal place", "thousand persons"),
        ("000s", "thousand persons"),
        ("thousands", "thousand persons"),
    ],
)
def test_the_line_of_units_may_say_more(tmp_path, line, unit):
    sheets = table_of_ages(PEOPLE, unit="persons" if unit == "persons" else "thousands")
    for rows in sheets.values():
        if len(rows) > FIRST:
            rows[4], rows[5] = [line], []
    assert read(write_xlsx(tmp_path / "table3.xlsx", sheets)).unit == unit


def ods(sheets: Mapping[str, Rows]) -> bytes:
    """Return rows as the simplest OpenDocument spreadsheet."""

    def cell(value: object) -> str:
        if value == "":
            return "<table:table-cell/>"
        kind = "float" if isinstance(value, int | float) else "string"
        number = f' office:value="{value}"' if kind == "float" else ""
        text = f"<text:p>{value}</text:p></table:table-cell>"
        return f'<table:table-cell office:value-type="{kind}"{number}>{text}'

    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
    members = {
        "mimetype": mimetype,
        "META-INF/manifest.xml": (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{entry}</manifest:manifest>"
        ),
        "content.xml": f"<office:document-content{spaces}>{body}</office:document-content>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


def test_ods_is_read(tmp_path):
    path = write(tmp_path, "table3.ods", ods(table_of_ages(PEOPLE, unit="persons")))
    np.testing.assert_array_equal(bands_of(read(path)), BANDS)


def renamed(row: int, column: int, word: object) -> Change:
    return lambda rows: rows[row].__setitem__(column, word)


def ages_as(word_of: Callable[[str], str]) -> Change:
    def change(rows: Rows) -> None:
        for row in rows[1:]:
            row[4] = word_of(row[4])

    return change


def in_words(age: str) -> str:
    return {"0": "Under 1", "90 and over": "90 & over", "All ages": "Total"}.get(age, f"Aged {age} years")


def thousands(rows: Rows) -> None:
    for row in rows[1:]:
        row[5:] = [f"{cell:,.0f}" for cell in row[5:]]


def keep(_: Rows) -> None:
    """Leave the rows as they are."""


def headed(*words: str) -> Change:
    return lambda rows: rows[0].__setitem__(slice(0, len(words)), words)


AS_PASSED_ON: dict[str, tuple[Change, Callable[[Rows], bytes]]] = {
    "ages in words": (ages_as(in_words), as_csv),
    "codes of the geography portal": (headed("LAD20CD", "LAD20NM"), as_csv),
    "LA code and LA name": (headed("LA code", "LA name"), as_csv),
    "30 June as headings": (lambda rows: rows[0].__setitem__(slice(5, 8), DATES), as_csv),
    "mid-years as ISO dates": (
        lambda rows: rows[0].__setitem__(slice(5, 8), ["2018-06-30", "2019-06-30", "2020-06-30"]),
        as_csv,
    ),
    "separators of thousands": (thousands, as_csv),
    "semicolons": (keep, lambda rows: as_csv(rows, ";")),
    "tabs": (keep, lambda rows: as_csv(rows, "\t")),
    "UTF-16": (keep, lambda rows: as_csv(rows, "\t").decode().encode("utf-16")),
    "cp1252": (renamed(1, 1, "x"), lambda rows: as_csv(rows).replace(b"shire", b"\x96\xe9")),
    "sexes in a letter": (
        lambda rows: [row.__setitem__(3, "P") for row in rows[1:]],
        as_csv,
    ),
}
DATES = ["30/06/2018", "30/06/2019", "30/06/2020"]


@pytest.mark.parametrize("name", AS_PASSED_ON)
def test_text_as_people_pass_it_on(tmp_path, name):
    """Z1 as saved by Excel and others: the same people."""
    change, content = AS_PASSED_ON[name]
    rows = z1_rows()
    change(rows)
    np.testing.assert_array_equal(bands_of(read(write(tmp_path, NAME, content(rows)))), BANDS)


@pytest.mark.parametrize("as_date", [lambda year: datetime(year, 6, 30), lambda year: year])
def test_years_that_excel_holds_as_dates(tmp_path, as_date):
    """True dates; and the number 2018 in a cell with the format of a date, which then shows 1905."""
    sheets = table_of_ages(PEOPLE, unit="persons")
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if len(rows) > FIRST:
            for cell in sheet[FIRST][3:]:
                cell.value = as_date(cell.value)
                cell.number_format = "dd/mm/yyyy"
    path = tmp_path / "table3.xlsx"
    book.save(path)
    np.testing.assert_array_equal(bands_of(read(path)), BANDS)


def nomis(folder: Path, change: Change | None = None, columns: tuple[str, ...] = ()) -> Path:
    """Write a download, some columns of it when named."""
    rows = nomis_rows(PEOPLE, years=3)
    rows = [row[:-1] for row in rows if row[9] != 203]  # ages of ours, without RECORD_COUNT
    if columns:
        places = [rows[0].index(name) for name in columns]
        rows = [[row[place] for place in places] for row in rows]
    if change:
        change(rows)
    return write(folder, "nomis.csv", as_csv(rows))


FEW = ("GEOGRAPHY_CODE", "PROJECTED_YEAR_NAME", "GENDER", "C_AGE", "OBS_VALUE")


def test_nomis_with_ages_for_codes(tmp_path):
    """What programs keep of a download: C_AGE from 0 to 90, no All ages."""

    def change(rows: Rows) -> None:
        rows[1:] = [[*row[:3], row[3] - 101, row[4]] for row in rows[1:] if row[3] != 200]

    release = read(nomis(tmp_path, change, FEW), file_facts(2018))
    np.testing.assert_array_equal(bands_of(release), BANDS)


def test_a_variant_is_stated_or_found(tmp_path):
    """A variant that is not known runs under the name that the user gives it."""
    path = write_xlsx(tmp_path / "t.xlsx", table_of_ages(PEOPLE, variant="low fertility"))
    assert (
        read(path, file_facts(variant="Low fertility variant")).projection
        == "2018-based, low fertility variant"
    )
    assert read(path, file_facts(variant="principal")).projection == "2018-based"
    known = write_xlsx(tmp_path / "k.xlsx", table_of_ages(PEOPLE, variant="high international migration"))
    assert read(known).projection == "2018-based, high migration variant"


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (["S12000033", "S12000034", "S12000041"], "National Records of Scotland 2018-based subnational"),
        (["E92000001", "W92000004", "S92000003"], "ONS 2018-based national population projections"),
        (["E08000027", "S12000034", "N09000001"], "ONS and others 2018-based subnational"),
    ],
)
def test_the_publisher_of_other_countries_is_named(tmp_path, codes, words):
    def change(rows: Rows) -> None:
        old = dict(zip(MADE_UP, codes, strict=True))
        for row in rows[1:]:
            row[4] = old[row[4]]

    assert source_words(read(nomis(tmp_path, change))).startswith(words)


def test_table_5_keeps_the_people_of_its_base(tmp_path):
    release = read(write_xlsx(tmp_path / "t5.xlsx", table_of_components(years=4, unit="persons")))
    table = tidy_table(release)
    assert set(table.loc[table["year"] == 2018, "component"]) == {"population"}
    assert {"births", "deaths", "internal_net"} <= set(table.loc[table["year"] == 2019, "component"])


def book(change: Callable[[dict[str, Rows]], Any], **options: Any) -> Callable[[Path], Path]:
    """Return what writes Table 3 with something done to its sheets."""

    def make(folder: Path) -> Path:
        sheets = table_of_ages(PEOPLE, **options)
        change(sheets)
        return write_xlsx(folder / "table3.xlsx", sheets)

    return make


def text(change: Change, name: str = NAME, delimiter: str = ",") -> Callable[[Path], Path]:
    """Return what writes Z1 with something done to its rows."""

    def make(folder: Path) -> Path:
        rows = z1_rows()
        change(rows)
        return write(folder, name, as_csv(rows, delimiter))

    return make


def download(change: Change | None = None, columns: tuple[str, ...] = ()) -> Callable[[Path], Path]:
    return lambda folder: nomis(folder, change, columns)


def content(name: str, what: bytes | Callable[[], bytes]) -> Callable[[Path], Path]:
    return lambda folder: write(folder, name, what if isinstance(what, bytes) else what())


def archive(members: Mapping[str, bytes]) -> Callable[[Path], Path]:
    return lambda folder: write_zip(folder / "z1.zip", members)


def components(change: Change) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        sheets = table_of_components(years=4)
        change(sheets["Persons"])
        return write_xlsx(folder / "table5.xlsx", sheets)

    return make


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
