"""Is the table of all CCGs what ONS published, and is a damaged one refused?"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from sdcompile.errors import InputError

from dudley_sd.checks.input_files import input_file_faults
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import CCG_TABLE, area_people, ccg_names, ccg_people, estimated_people
from dudley_sd.inputs.footprints import Footprint

INPUTS = inputs_folder()


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Return a folder that holds a table to be spoiled."""
    (tmp_path / CCG_TABLE).parent.mkdir()
    shutil.copy(INPUTS / CCG_TABLE, tmp_path / CCG_TABLE)
    return tmp_path


def spoil(inputs: Path, old: str, new: str) -> None:
    text = gzip.decompress((inputs / CCG_TABLE).read_bytes()).decode("utf-8")
    assert old in text
    (inputs / CCG_TABLE).write_bytes(gzip.compress(text.replace(old, new, 1).encode("utf-8")))


def test_all_195_ccgs_are_there_with_published_figures():
    """Cells of ONS Table 3, 2018-based, sheet Persons, read from the workbook."""
    names = ccg_names(INPUTS)
    assert len(names) == 195
    assert names["E38000220"] == "NHS Birmingham and Solihull CCG"
    for code, age, year, persons in (
        ("E38000046", "0-4", 2018, 19102.0),
        ("E38000046", "0-4", 2019, 18784.1),
        ("E38000001", "90+", 2033, 2485.0),
        ("E38000102", "0-4", 2033, 13274.3),
    ):
        people = ccg_people((code,), INPUTS)
        assert people is not None
        assert float(people.sel(age=age, year=year)) == persons, (code, age, year)


def test_a_code_that_is_no_ccg_is_refused_with_what_to_do():
    area = Footprint(id="borough", name="Some borough", area_code="E08000027")
    assert ccg_people(area.codes, INPUTS) is None
    with pytest.raises(InputError, match=r"Some borough \(E08000027\) is no CCG of mid-2018.*dudley-sd area"):
        area_people(area, INPUTS)
    with pytest.raises(InputError, match="is no CCG"):
        estimated_people(area, INPUTS)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("E38000046,NHS Dudley CCG,2018-based,persons,ons_snpp_2018_ccg,5-9,", "x,x,x,x,x,5-9,-", "no count"),
        (
            "E38000046,NHS Dudley CCG,2018-based,persons,ons_snpp_2018_ccg,0-4,1",
            "a,b,c,d,e,0-4,2",
            "sum of its",
        ),
        ("ons_snpp_2018_ccg,0-4,", "ons_snpp_2018_ccg,0-9,", "has not each of the 19 bands"),
        ("area_code,area_name", "code,area_name", "the columns are code"),
    ],
)
def test_a_damaged_table_is_refused_by_place(inputs, old, new, message):
    spoil(inputs, old, new)
    with pytest.raises(InputError, match=message) as caught:
        ccg_names(inputs)
    assert "Restore it from the repository" in str(caught.value)


def test_a_table_cut_short_or_lost_is_refused_and_found_by_check(inputs):
    path = shutil.copytree(INPUTS, inputs / "all") / CCG_TABLE
    inputs = inputs / "all"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match="cannot be read"):
        ccg_people(("E38000046",), inputs)
    assert any(fault.file == str(path) for fault in input_file_faults(inputs))
    path.unlink()
    with pytest.raises(InputError, match="does not exist"):
        ccg_names(inputs)
