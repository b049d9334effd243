"""The workbook says what it is, and its numbers are the result's."""

from __future__ import annotations

from itertools import product

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import coordinate_to_tuple
from sdcompile.read.model import read_model

from dudley_sd.folders import inputs_folder, models_folder
from dudley_sd.indicators import Selection, topics
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.parameters import parameter_table
from dudley_sd.results.derived import hospital_services
from dudley_sd.results.excel import put
from dudley_sd.results.workbook import LEAD, write_xlsx


@pytest.fixture(scope="module")
def book(four_futures, tmp_path_factory):
    return load_workbook(write_xlsx(four_futures, tmp_path_factory.mktemp("book") / "results.xlsx"))


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def header_of(sheet):
    return next(row for row in sheet.iter_rows() if row[0].value == LEAD[0] and row[1].value == LEAD[1])


def test_sheets_come_in_the_order_of_the_story(book):
    assert book.sheetnames == [
        "Read me",
        "Headlines",
        *topics(),
        "Departure from ONS",
        "Notes and sources",
    ]


def test_every_variable_of_a_topic_is_in_the_model():
    variables = read_model(models_folder() / "dudley.mdl").variables
    assert {name for names in topics().values() for name in names} | set(Selection("departure")) <= set(
        variables
    )


def test_read_me_tells_what_to_know(book, four_futures):
    told = " ".join(texts(book["Read me"]))
    for title in four_futures["scenario_title"].to_numpy():
        assert title in told
    for words in (
        "Community Resilience (reconstructed)",
        "not a forecast",
        "dudley-sd run",
        "2033",
        "As evidenced",
    ):
        assert words in told


@pytest.mark.parametrize("topic", list(topics()))
def test_numbers_of_a_topic_equal_the_result(book, four_futures, topic):
    """Tolerance: openpyxl writes 16 significant digits."""
    sheet = book[topic]
    years = [int(year) for year in four_futures["year"].to_numpy()]
    rows = {}
    for row in sheet.iter_rows(min_row=header_of(sheet)[0].row + 1, values_only=True):
        rows[row[:3]] = row[4 : 4 + len(years)]
        assert row[3], "a unit is missing"
    count = 0
    for place, title in enumerate(four_futures["scenario_title"].to_numpy()):
        for name in topics()[topic]:
            array = four_futures[name].isel(scenario=place)
            indicator = array.attrs["model_name"]
            dims = [dim for dim in array.dims if dim != "year"]
            for elements in product(*(array[dim].to_numpy() for dim in dims)):
                words = ", ".join(element_text(str(element)) for element in elements) or None
                key = (str(title), indicator[0].upper() + indicator[1:], words)
                expected = array.sel(dict(zip(dims, elements, strict=True))).to_numpy()
                assert list(rows[key]) == pytest.approx(expected.tolist(), rel=1e-15, abs=0)
                count += 1
    assert count == len(rows)


def test_extrapolated_years_are_marked_and_panes_frozen(book):
    sheet = book["GPs"]
    header = header_of(sheet)
    last = header[4 + 19]
    assert last.value == "2033*"
    assert last.font.italic
    assert sheet.cell(header[0].row + 1, last.column).font.italic
    assert header[4].value == "2014"
    assert sheet.freeze_panes == sheet.cell(header[0].row + 1, 5).coordinate


@pytest.fixture(scope="module")
def compared(two_futures, two_do_nothings, tmp_path_factory):
    path = tmp_path_factory.mktemp("compared") / "results.xlsx"
    return load_workbook(write_xlsx(two_futures, path, two_do_nothings))


def test_the_sheet_against_do_nothing_holds_both_runs_and_their_difference(
    compared, two_futures, two_do_nothings
):
    """Tolerance: openpyxl writes 16 significant digits, of which a difference loses some."""
    assert compared.sheetnames.index("Against do nothing") == 2
    sheet = compared["Against do nothing"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Scenario")
    rows = {row[:3]: row[4:24] for row in sheet.iter_rows(min_row=header[0].row + 1, values_only=True)}
    assert len(rows) == sheet.max_row - header[0].row
    for indicator, key in (("A&E attendances", "a_and_e_attendances"), ("GP gap", "gp_gap")):
        for place, title in enumerate(two_futures["scenario_title"].to_numpy()):
            run, do_nothing = (each[key][place].to_numpy() for each in (two_futures, two_do_nothings))
            assert rows[title, indicator, "with the portfolio"] == pytest.approx(run)
            assert rows[title, indicator, "do nothing"] == pytest.approx(do_nothing)
            assert rows[title, indicator, "difference"] == pytest.approx(run - do_nothing, abs=1e-9)
    ways = [row for key, row in rows.items() if key[2].startswith("of the difference")]
    wholes = [row for key, row in rows.items() if key[2] == "difference" and key[1] in hospital_services()]
    assert sum(map(sum, ways)) == pytest.approx(sum(map(sum, wholes)))


def test_read_me_and_headlines_tell_do_nothing(book, compared):
    told = " ".join(texts(compared["Read me"]))
    assert "in which no intervention is put in place" in told
    assert "Against do nothing" in told
    assert "GP gap, 2033*, do nothing" in texts(compared["Headlines"])
    assert "Do nothing was not run" in " ".join(texts(book["Read me"]))
    assert "Against do nothing" not in " ".join(texts(book["Read me"]))


def test_money_and_contract_are_told(with_money, tmp_path):
    """Break-even is a year where there is one and words where there is none; Headlines are in £ million."""
    run = with_money[0].assign_attrs(contract="nuka", contract_title="NUKA, whole budget")
    book = load_workbook(write_xlsx(run, tmp_path / "money.xlsx", with_money[1]))
    rows = {row[0]: row[3:5] for row in book["Headlines"].iter_rows(values_only=True)}
    assert rows["Breaks even with doing nothing"] == (2022, "not by 2033")
    gain = rows["System balance added up to 2033*, against doing nothing"]
    assert gain == pytest.approx((11, -30))
    told = {row[0]: row[1] for row in book["Read me"].iter_rows(values_only=True)}
    assert told["Contract"].startswith("NUKA, whole budget. Southcentral Foundation in Alaska")
    lines = list(book["Against do nothing"].iter_rows(values_only=True))
    balance = [row for row in lines if row[:2] == ("Official Future", "System balance")]
    assert [row[2:4] for row in balance] == [
        ("with portfolio and contract", "£ million"),
        ("do nothing", "£ million"),
        ("difference", "£ million"),
    ]


def test_do_nothing_itself_has_no_sheet_against_it(two_do_nothings, tmp_path):
    path = write_xlsx(two_do_nothings, tmp_path / "none.xlsx", two_do_nothings)
    assert "Against do nothing" not in load_workbook(path).sheetnames


def test_departure_and_its_causes_add_up(book, four_futures):
    sheet = book["Departure from ONS"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Scenario")
    for place in range(four_futures.sizes["scenario"]):
        row = [cell.value for cell in sheet[header[0].row + 1 + place]]
        assert row[0] == four_futures["scenario_title"].to_numpy()[place]
        assert row[3] == pytest.approx(sum(row[4:7]), abs=1e-6)
        assert row[2] - row[1] == pytest.approx(row[3], abs=1e-6)


def test_notes_hold_every_parameter_with_its_source(book):
    sheet = book["Notes and sources"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Part")
    heads = [cell.value for cell in header]
    rows = [
        dict(zip(heads, row, strict=True))
        for row in sheet.iter_rows(min_row=header[0].row + 1, values_only=True)
    ]
    parameters = parameter_table(inputs_folder())
    first = rows[: len(parameters)]
    assert [row["Central"] for row in first] == parameters["central"].tolist()
    assert all(row["Unit"] and row["Status"] for row in rows)
    assert all(row["Source"] and row["Locator"] for row in rows if row["Status"] == "published")
    named = next(row for row in rows if row["Name"] == "state share of GDP in 2033")
    assert "The Strategy Unit, 2018" in named["Source"]
    assert named["In State Supreme"] == 0.45
    assert named["In Official Future"] is None


def test_a_result_with_few_variables_has_few_sheets(four_futures, tmp_path):
    path = write_xlsx(four_futures[["gp_gap", "gp_wte"]], tmp_path / "few.xlsx")
    assert load_workbook(path).sheetnames == ["Read me", "GPs", "Notes and sources"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    book = Workbook()
    put(book.active, 1, 1, "=1+1")
    put(book.active, 2, 1, float("nan"))
    book.save(tmp_path / "book.xlsx")
    sheet = load_workbook(tmp_path / "book.xlsx").active
    assert sheet["A1"].data_type == "s"
    assert sheet["A2"].value is None


def test_sheets_are_printed_on_a4_so_that_they_can_be_read(book):
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9), (
            sheet.title
        )
        widths = [each.width for each in sheet.column_dimensions.values()]
        frozen = coordinate_to_tuple(sheet.freeze_panes)[1] - 1 if sheet.freeze_panes else 0
        across = sheet.page_setup.fitToWidth
        repeated = (across - 1) * sum(widths[:frozen]) if sheet.print_title_cols else 0
        assert (sum(widths) + repeated) / across <= 225, sheet.title
        if across > 1 and frozen:
            assert sheet.print_title_cols
        if sheet.freeze_panes:
            assert sheet.print_title_rows, sheet.title
