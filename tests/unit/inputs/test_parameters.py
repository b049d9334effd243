"""The parameter table: what a row must say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import examples
from sdcompile.errors import InputError

from dudley_sd.inputs.parameters import (
    MOST_NUMBERS,
    Parameters,
    count_numbers,
    read_parameters,
    read_source_ids,
    sources_of,
)

INPUTS = Path(__file__).parents[3] / "inputs"
HEADER = "id,model_name,acts_through,unit,low,central,high,status,source,locator,note\n"
SOURCES = (
    "id,title,publisher,year,where,licence,note\none,A title,Us,2020,-,MIT,\ntwo,Another,Us,2020,-,MIT,\n"
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with a list of two sources."""
    path = tmp_path_factory.mktemp("parameters")
    (path / "sources.csv").write_text(SOURCES, encoding="utf-8")
    return path


def read(folder, rows) -> Parameters:
    (folder / "parameters.csv").write_text(HEADER + rows, encoding="utf-8")
    return read_parameters(folder / "parameters.csv", folder / "sources.csv")


def faults(folder, rows):
    with pytest.raises(InputError) as raised:
        read(folder, rows)
    return [str(fault) for fault in raised.value.faults]


@examples(15)
@given(low=NUMBERS, central=NUMBERS, high=NUMBERS)
def test_numbers_come_back_as_they_stand_if_they_are_in_order(folder, low, central, high):
    row = f"x,,preparation,Dmnl,{low!r},{central!r},{high!r},assumption,,,because\n"
    if low <= central <= high:
        assert read(folder, row).central("x") == central
    else:
        assert len(faults(folder, row)) == 1


@examples(15)
@given(
    numbers=st.lists(NUMBERS, min_size=2, max_size=6),
    places=st.permutations(["model", "preparation", "reference flows"]),
)
def test_order_of_rows_does_not_matter(folder, numbers, places):
    rows = [
        f"x{i},{f'x {i}' if places[i % 3] == 'model' else ''},{places[i % 3]},Dmnl,{number!r},{number!r},"
        f"{number!r},assumption,,,because\n"
        for i, number in enumerate(numbers)
    ]
    forwards, backwards = read(folder, "".join(rows)), read(folder, "".join(reversed(rows)))
    assert all(forwards.central(f"x{i}") == backwards.central(f"x{i}") for i in range(len(rows)))
    assert forwards.of_model().to_dict() == backwards.of_model().to_dict()


ONE_FAULT = {
    "x,,preparation,Dmnl,1,2,3,published,one,,\n": "published number without source and locator",
    "x,,preparation,Dmnl,1,2,3,published,,Table 2,\n": "published number without source and locator",
    "x,,preparation,Dmnl,1,2,3,published,three,Table 2,\n": "source 'three' is not in sources.csv",
    "x,,preparation,Dmnl,1,2,3,published,one;three,Table 2,\n": "source 'three' is not in sources.csv",
    "x,,preparation,Dmnl,1,2,3,assumption,,,\n": "a number by assumption with neither source nor note",
    "x,,preparation,Dmnl,1,2,3,guess,,,because\n": "value 'guess' is not known; known are published",
    "x,,preparation,Dmnl,2,1,3,assumption,,,because\n": "low 2.0, central 1.0, high 3.0 are out of order",
    "x,,preparation,,1,2,3,assumption,,,because\n": "value '' is empty",
    "x,,preparation,Dmnl,1,,3,assumption,,,because\n": "empty where a number belongs",
    "x,,preparation,Dmnl,1,inf,3,assumption,,,because\n": "value 'inf' is not a number",
    "x,,model,Dmnl,1,2,3,assumption,,,because\n": "acts through 'model' with model_name ''",
    "x,x,preparation,Dmnl,1,2,3,assumption,,,because\n": "acts through 'preparation' with model_name 'x'",
    "x,,magic,Dmnl,1,2,3,assumption,,,because\n": "value 'magic' is not known; known are model, preparation",
    "x,,preparation,Dmnl,1,2,3,assumption,,,a\nx,,preparation,Dmnl,1,2,3,assumption,,,b\n": "the same id 'x'",
}


@pytest.mark.parametrize("rows", ONE_FAULT)
def test_a_faulty_row_is_refused(folder, rows):
    found = faults(folder, rows)
    assert len(found) == 1, found
    assert ONE_FAULT[rows] in found[0]
    assert "parameters.csv, row" in found[0]


def test_all_faults_come_at_once(folder):
    rows = "".join(row.replace("x,", f"x{i},", 1) for i, row in enumerate(list(ONE_FAULT)[:10]))
    assert len(faults(folder, rows)) == 10


def test_several_sources_may_be_cited(folder):
    parameters = read(folder, "x,,preparation,Dmnl,1,2,3,published,one; two,Table 2,\n")
    assert sources_of(parameters.table["source"].iloc[0]) == {"one", "two"}


def test_what_is_requested_is_remembered(folder):
    parameters = read(
        folder, "x,,preparation,Dmnl,1,2,3,assumption,,,a\ny,,preparation,Dmnl,1,2,3,assumption,,,a\n"
    )
    assert parameters.requested == set()
    assert parameters.central("x") == 2.0
    assert parameters.requested == {"x"}
    with pytest.raises(InputError, match="id z: there is no such row"):
        parameters.central("z")


def test_the_tables_of_the_repository_are_read():
    ids = read_source_ids(INPUTS / "sources.csv")
    assert "su_scenarios_2018" in ids
    parameters = read_parameters(INPUTS / "parameters.csv", INPUTS / "sources.csv")
    assert parameters.of_model()["GP heads in 2014"] == 198
    assert parameters.unit("boys_per_girl") == "Dmnl"


def test_the_model_holds_no_more_numbers_than_agreed():
    """Specification, Parsimony: at most 450 numbers, each with a status."""
    assert 350 < count_numbers(INPUTS) <= MOST_NUMBERS == 450


def test_two_rows_for_one_element_are_refused_and_faults_of_elements_hide_no_others(tmp_path: Path):
    for name in ("elements.csv", "sources.csv"):
        (tmp_path / name).write_text((INPUTS / name).read_text(encoding="utf-8"), encoding="utf-8")
    head = "intervention,words,label,what,dispute\n"
    (tmp_path / "interventions.csv").write_text(head + "MDT,teams,Teams,They meet.,Some do not.\n")
    rows = "a,x[Need],model,Dmnl,1,2,3,assumption,,,b\nc,x[Well],model,Dmnl,1,2,3,assumption,,,b\n"
    read(tmp_path, rows)  # an element's own row goes before that of its range
    wide = (
        'd,"y[Need,Need]",model,Dmnl,1,2,3,assumption,,,b\ne,"y[Need,Well]",model,Dmnl,1,2,3,assumption,,,b\n'
    )
    found = faults(tmp_path, wide)
    assert all("has another row too" in fault for fault in found), found
    with (tmp_path / "elements.csv").open("a", encoding="utf-8") as file:
        file.write("Need,Well,again\n")
    found = faults(tmp_path, rows + "f,z,model,Dmnl,3,2,1,assumption,,,b\n")
    assert any("out of order" in fault for fault in found)
    assert any("elements.csv" in fault for fault in found)
