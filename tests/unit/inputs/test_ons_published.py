"""Official files, as published and as people pass them on, are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.release import FileFacts, Release, file_facts, source_text, tidy_table
from dudley_sd.inputs.projections import read_projection
from tests.ons_files import (
    MADE_UP,
    UNITS_LINE,
    Rows,
    as_csv,
    in_bands,
    table_of_ages,
    table_of_components,
    write_xlsx,
)
from tests.unit.inputs.ons_changes import (
    FEW,
    FIRST,
    NAME,
    PEOPLE,
    SINGLE,
    Change,
    ages_as,
    keep,
    nomis,
    write,
    z1_rows,
)

EXTRACT = Path(__file__).parent / "official" / "table3_2018_extract.xlsx"


BANDS = in_bands(SINGLE)[:, 1:]


def read(path: Path, facts: FileFacts | None = None) -> Release:
    (release,) = read_releases([path], facts)
    return release


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


def in_words(age: str) -> str:
    return {"0": "Under 1", "90 and over": "90 & over", "All ages": "Total"}.get(age, f"Aged {age} years")


def thousands(rows: Rows) -> None:
    for row in rows[1:]:
        row[5:] = [f"{cell:,.0f}" for cell in row[5:]]


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

    assert source_text(read(nomis(tmp_path, change))).startswith(words)


def test_table_5_keeps_the_people_of_its_base(tmp_path):
    release = read(write_xlsx(tmp_path / "t5.xlsx", table_of_components(years=4, unit="persons")))
    table = tidy_table(release)
    assert set(table.loc[table["year"] == 2018, "component"]) == {"population"}
    assert {"births", "deaths", "internal_net"} <= set(table.loc[table["year"] == 2019, "component"])
