"""Reading a CSV: what is accepted, what is refused, and where the message points."""

import pandera.pandas as pa
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.tables import number_column, read_table, text_column

SCHEMA = pa.DataFrameSchema(
    {
        "id": text_column(),
        "kind": text_column(("stock", "flow")),
        "count": number_column(whole=True),
        "share": number_column(0, 1, nullable=True, remedy="Give a share, not a per cent"),
        "note": text_column(empty=True),
    },
    unique=["id"],
)
HEADER = "id,kind,count,share,note\n"


def write(tmp_path, rows, header=HEADER):
    path = tmp_path / "table.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


def faults(path):
    with pytest.raises(InputError) as raised:
        read_table(path, SCHEMA)
    return [str(fault) for fault in raised.value.faults]


def test_rows_come_typed_with_their_line_numbers(tmp_path):
    table = read_table(write(tmp_path, 'a,stock,3,0.5,"x, y"\nb,flow,-4,,\n'), SCHEMA)
    assert table.index.to_list() == [2, 3]
    assert table["count"].to_list() == [3, -4]
    assert table.loc[2, "note"] == "x, y"
    assert table["share"].isna().to_list() == [False, True]


def test_columns_come_in_the_order_of_the_schema_and_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("note,share,count,kind,id\nx,0.5,3,stock,a\n", encoding="utf-8-sig")
    assert list(read_table(path, SCHEMA).columns) == list(SCHEMA.columns)


def test_a_line_break_in_a_cell_does_not_shift_the_line_numbers(tmp_path):
    path = write(tmp_path, 'a,stock,3,0.5,"two\nlines"\nb,stock,x,0.5,\n')
    assert "row 4, column count: value 'x' is not a whole number" in faults(path)[0]


@pytest.mark.parametrize("text", ["1_000", "1,5", "12%", "nan", "inf", "1e999", "£3", "0x10", "-"])
def test_text_that_is_not_a_finite_number_is_refused(tmp_path, text):
    fault, *_ = faults(write(tmp_path, f'a,stock,3,"{text}",\n'))
    assert "row 2, column share: value" in fault
    assert repr(text) in fault


def test_every_fault_is_reported_with_its_remedy(tmp_path):
    rows = "a,stock,3,50,\nb,flux,3.5,0.5,\nb,flow,,-1,\n,flow,1,1,\n"
    found = "\n".join(faults(write(tmp_path, rows)))
    for words in (
        "row 2, column share: value '50' is above 1. Give a share, not a per cent",
        "row 3, column count: value '3.5' is not a whole number",
        "row 3, column kind: value 'flux' is not known; known are stock, flow",
        "row 4, column count: empty where a whole number belongs",
        "row 4, column share: value '-1' is negative",
        "row 5, column id: value '' is empty",
        "rows 3, 4: the same id 'b'",
    ):
        assert words in found, found


def test_missing_extra_and_doubled_columns_are_named_together(tmp_path):
    found = faults(write(tmp_path, "a,3,3,x\n", header="id,count,count,remark\n"))
    assert [fault.split(": ")[1].split(". ")[0] for fault in found] == [
        "column kind is missing",
        "column share is missing",
        "column note is missing",
        "column remark is not expected",
        "column count appears twice",
    ]


def test_an_unclosed_quote_is_refused(tmp_path):
    (fault,) = faults(write(tmp_path, 'a,stock,3,0.5,"never closed\n'))
    assert "row 2: not readable as CSV" in fault


def test_checks_across_columns_are_kept(tmp_path):
    schema = pa.DataFrameSchema(
        {"low": number_column(), "high": number_column()},
        checks=pa.Check(lambda table: table["low"] <= table["high"], error="low is above high"),
    )
    with pytest.raises(InputError, match="row 3: low is above high"):
        read_table(write(tmp_path, "1,2\n5,4\n", header="low,high\n"), schema)


def test_a_whole_number_may_be_absent_where_the_column_says_so(tmp_path):
    schema = pa.DataFrameSchema({"count": number_column(whole=True, nullable=True), "id": text_column()})
    table = read_table(write(tmp_path, "3,a\n,b\n", header="count,id\n"), schema)
    assert table["count"].isna().to_list() == [False, True]
