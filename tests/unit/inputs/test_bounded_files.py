"""Files from outside are refused by their directory and the places of their cells, before cells are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sdcompile.errors import InputError

from dudley_sd.inputs.bounded_files import Bounds, bounded_workbook, guarded, read_bytes, unpack, where_is
from tests.ons_files import make_up, table_of_ages, write_xlsx


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(*places: tuple[int, int]) -> bytes:
    """Return a workbook with a text in some cells."""
    book, file = Workbook(), io.BytesIO()
    for row, column in places:
        book.active.cell(row, column, "x")
    book.save(file)
    return file.getvalue()


def refusal(content: bytes, bounds: Bounds) -> str:
    with pytest.raises(InputError) as raised:
        bounded_workbook("file.xlsx", content, bounds)
    (fault,) = raised.value.faults
    assert fault.file == "file.xlsx"
    assert fault.remedy
    return fault.problem


def test_a_workbook_within_bounds_has_the_same_cells(tmp_path):
    path = write_xlsx(tmp_path / "table.xlsx", table_of_ages(make_up(years=3)))
    before, after = (
        load_workbook(io.BytesIO(content), read_only=True)
        for content in (path.read_bytes(), bounded_workbook("table.xlsx", path.read_bytes()))
    )
    for name in before.sheetnames:
        assert list(before[name].values) == list(after[name].values)


def test_cells_far_apart_are_refused_by_their_places():
    content = workbook((1, 1), (60, 40))
    assert bounded_workbook("file.xlsx", content, Bounds(cells=2400))
    assert "sheet1 reaches over 2,400 cells" in refusal(content, Bounds(cells=2399))


def test_cells_without_content_do_not_count():
    """Formats that reach to the last row hold nothing."""
    book, file = Workbook(), io.BytesIO()
    book.active["A1"] = 1
    book.active["ZZ900"].number_format = "0.0"
    book.save(file)
    assert bounded_workbook("file.xlsx", file.getvalue(), Bounds(cells=10))


def test_places_that_a_sheet_leaves_out_are_counted():
    """Cells without an address stand one after another; rows too."""
    sheet = (
        b"<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row r='50'><c><v>3</v></c></row>"
    )
    content = packed({"xl/worksheets/anything.xml": sheet})
    assert "reaches over 100 cells" in refusal(content, Bounds(cells=99))
    assert bounded_workbook("file.xlsx", content, Bounds(cells=100))


def test_the_end_of_a_tag_in_quotes_hides_no_place():
    sheet = b"<worksheet><sheetData><row><c><v>1</v></c><c t='>' r='J50'><v>3</v></c></row>"
    assert "reaches over 500 cells" in refusal(packed({"a.xml": sheet}), Bounds(cells=499))
    ods = b'<table:table><table:table-row><table:table-cell a=">" table:number-columns-repeated="9"><text:p/>'
    assert "reaches over 9 cells" in refusal(packed({"content.xml": ods}), Bounds(cells=8))


def test_a_text_that_cells_share_is_counted_as_often_as_it_stands_there():
    cell = b'<c t="s"><v>1</v></c>'
    content = packed(
        {
            "xl/sharedStrings.xml": b"<sst><si><t>a</t></si><si><t>" + b"x" * 1000 + b"</t></si></sst>",
            "xl/worksheets/sheet1.xml": b"<worksheet><row>" + cell * 20 + b"</row></worksheet>",
        }
    )
    assert "20 cells and 20," in refusal(content, Bounds(text=20_000))
    assert bounded_workbook("file.xlsx", content, Bounds(text=21_000))


@pytest.mark.parametrize(
    ("body", "cells"),
    [
        ('<table:table-row table:number-rows-repeated="30"><table:table-cell office:value="1"/>', 0),
        ('<table:table-row table:number-rows-repeated="30"><table:table-cell><text:p>1</text:p>', 30),
        ('<table:table-row><table:table-cell table:number-columns-repeated="40"><text:p>1</text:p>', 40),
        (
            '<table:table-row table:number-rows-repeated="9"/><table:table-row><table:table-cell><text:p/>'
            '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="9"/>'
            "<table:table-row><table:table-cell><text:p/>",
            11,
        ),
    ],
)
def test_repeated_rows_and_cells_of_ods(body, cells):
    content = packed({"content.xml": f'<office:body><table:table table:name="a">{body}'.encode()})
    assert bounded_workbook("file.ods", content, Bounds(cells=cells))
    if cells:
        with pytest.raises(InputError, match=f"reaches over {cells} cells"):
            bounded_workbook("file.ods", content, Bounds(cells=cells - 1))


def test_an_archive_is_refused_by_its_directory():
    content = packed({"a.csv": b"1" * 500, "b.csv": b"2" * 600})
    assert unpack("z.zip", content, bounds=Bounds(unpacked=1100)) == {
        "a.csv": b"1" * 500,
        "b.csv": b"2" * 600,
    }
    for bounds in (Bounds(unpacked=1099), Bounds(members=1)):
        with pytest.raises(InputError, match="holds 2 files that unpack to 1,100 bytes"):
            unpack("z.zip", content, bounds=bounds)
    assert unpack("z.zip", content, lambda name: name == "a.csv", Bounds(unpacked=500))["b.csv"] == b""


def test_a_directory_that_says_too_little_is_a_damaged_file():
    """Only as much is unpacked as the directory says; then the checksum does not fit."""
    content = packed({"a.csv": b"1" * 5000})
    assert content.count((5000).to_bytes(4, "little")) == 2
    with pytest.raises(InputError, match="cut short or damaged"):
        unpack("z.zip", content.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little")))


def test_what_no_spreadsheet_program_writes():
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    assert "not written as a spreadsheet" in refusal(packed({"xl/worksheets/sheet1.xml": entity}), Bounds())
    assert "XLSB" in refusal(packed({"xl/workbook.bin": b"1"}), Bounds())


def test_a_file_is_read_up_to_its_bound(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"x" * 100)
    assert len(read_bytes(path, Bounds(file=100))) == 100
    with pytest.raises(InputError, match="is larger than 99 bytes"):
        read_bytes(path, Bounds(file=99))
    with pytest.raises(InputError, match="is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_bytes(Path("nowhere.csv"))


def test_whatever_a_reader_raises_is_a_damaged_workbook():
    class Panic(BaseException):
        """As a library in another language raises it."""

    def fail() -> None:
        raise Panic("index out of bounds")

    with pytest.raises(InputError, match="cut short or damaged \\(index out of bounds\\)"):
        guarded("file.xlsx", fail, "Save it again")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded("file.xlsx", stop, "Save it again")


def test_a_file_that_is_not_there_names_those_called_like_it(tmp_path: Path) -> None:
    (tmp_path / "levers.xlsx").touch()
    (tmp_path / "table3.xls").touch()
    for name, near in (("lever.xlsx", "levers.xlsx"), ("table3.xlsx", "table3.xls")):
        with pytest.raises(InputError, match=rf"does not exist\. Did you mean .*{near}\?"):
            read_bytes(tmp_path / name)
    assert where_is(tmp_path / "people.csv") == where_is(tmp_path / "none" / "table3.xls") == "Check the path"
