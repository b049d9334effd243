"""The parts of the check that compare two things, on real things made to differ."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from sdcompile.read.model import Model, read_model

from dudley_sd.checks.constants import constant_faults, label_faults, model_constants, request_faults
from dudley_sd.checks.model_tables import alignment_faults, readings, stale_faults, table_name_faults
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.elements import read_elements
from dudley_sd.inputs.model_data import ModelData, prepare, write_model_data
from dudley_sd.inputs.parameters import Parameters, read_parameters

CHECKOUT = Path(__file__).parents[3]
INPUTS = CHECKOUT / "inputs"
TABLE = INPUTS / "parameters.csv"


@pytest.fixture(scope="module")
def model() -> Model:
    """Read the model file of the repository."""
    return read_model(CHECKOUT / "models" / "dudley.mdl")


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    """Read the parameter table of the repository."""
    return read_parameters(TABLE, INPUTS / "sources.csv")


@pytest.fixture(scope="module")
def data(parameters: Parameters) -> ModelData:
    """Prepare the tables of Dudley."""
    return prepare(read_footprint("dudley", INPUTS), INPUTS, parameters)


@pytest.mark.parametrize("name", read_elements(INPUTS))
def test_two_elements_in_each_others_place_are_found(model, name):
    first, second, *others = model.ranges[name]
    swapped = dataclasses.replace(model, ranges=model.ranges | {name: (second, first, *others)})
    faults = label_faults(swapped, INPUTS)
    assert [fault.where for fault in faults] == [f"range {name}"]
    assert f"element 1 is {second} but {first}" in faults[0].problem
    assert "Run `dudley-sd prepare`" in faults[0].remedy


def test_a_range_that_is_shorter_or_gone_is_found(model):
    shorter = dataclasses.replace(model, ranges=model.ranges | {"Age": model.ranges["Age"][:-1]})
    assert "18 elements but there are 19, in elements.csv" in label_faults(shorter, INPUTS)[0].problem
    without = {name: members for name, members in model.ranges.items() if name != "Need"}
    gone = label_faults(dataclasses.replace(model, ranges=without), INPUTS)
    assert [fault.problem for fault in gone] == ["the model file has no such range"]


def test_every_reading_of_a_table_is_understood(model):
    """A piece that the pattern missed would never be checked."""
    pieces = [text for variable in model.variables.values() for text in variable.equations]
    assert len(readings(model)) == sum("GET DIRECT" in text for text in pieces) > 40


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        (
            "use_rate.csv",
            lambda table: table.iloc[::-1],
            "PracticeRoutine would be read from row 'CareHomePlace'",
        ),
        ("use_rate.csv", lambda table: table.iloc[:, :-1], "A90 would be read from column 'nothing'"),
        (
            "relative_use.csv",
            lambda table: table.iloc[:, [1, 0, 2]],
            "Well would be read from column 'LongTerm'",
        ),
        ("reach_MDT.csv", lambda table: table.iloc[:, ::-1], "A0 would be read from column 'A90'"),
        (
            "age.csv",
            lambda table: table.iloc[:, [0, 2, 1, 3, 4, 5]],
            "is of working age would be read from column 'is 65 and over'",
        ),
    ],
)
def test_a_table_in_another_order_is_found(model, data, file, change, problem):
    tables = data.tables | {file: change(data.tables[file])}
    faults = alignment_faults(model, tables)
    assert faults
    assert problem in faults[0].problem
    assert f"from data/{file}" in faults[0].problem


def test_a_table_that_nothing_reads_or_nothing_makes_is_found(model, data):
    tables = {name: table for name, table in data.tables.items() if name != "share_of_fifth.csv"}
    faults = table_name_faults(model, tables | {"idle.csv": data.tables["share_of_fifth.csv"]})
    assert [fault.where.split(", ")[-1] for fault in faults] == ["share of fifth", "data/idle.csv"]
    assert "no equation reads it" in faults[1].problem


def test_tables_written_now_are_not_stale(data, tmp_path):
    write_model_data(data, tmp_path)
    assert stale_faults(tmp_path, data.tables) == []


@pytest.mark.parametrize("factor", [1 + 1e-12, 1 - 1e-12])
def test_the_last_digits_of_another_machine_are_not_stale(data, tmp_path, factor):
    elsewhere = {name: table.map(lambda cell: scaled(cell, factor)) for name, table in data.tables.items()}
    write_model_data(dataclasses.replace(data, tables=elsewhere), tmp_path)
    assert stale_faults(tmp_path, data.tables) == []


def test_a_stale_table_is_told_by_its_first_cell(data, tmp_path):
    write_model_data(data, tmp_path)
    path = tmp_path / "share_of_fifth.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("5-9,", "5-9,1", 1), encoding="utf-8")
    (tmp_path / "age.csv").write_text("age\n0-4\n", encoding="utf-8")
    (tmp_path / "effect_central.csv").write_bytes(b"intervention,\xff\n")
    found = {Path(fault.file).name: fault for fault in stale_faults(tmp_path, data.tables)}
    assert set(found) == {"share_of_fifth.csv", "age.csv", "effect_central.csv"}
    assert found["share_of_fifth.csv"].where == "row 3 (5-9), column F1"
    assert (
        "the file has 2 rows of 1 cells but the inputs now give 20 rows of 7 cells"
        in found["age.csv"].problem
    )
    assert "cannot be read" in found["effect_central.csv"].problem
    assert all("dudley-sd prepare" in fault.remedy for fault in found.values())


def test_every_constant_is_one_row(model, parameters):
    """A count of both sides, independent of the comparison."""
    constants = model_constants(model)
    rows = parameters.table.query("acts_through == 'model'")
    assert len(rows) == len(constants) > 250
    assert constants["coverage[MDT]"].variable.name == "coverage"
    assert "TIME STEP" not in constants


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("central", 0.020000001, "central 0.020000001 but the model file has 0.02"),
        ("central", math.nextafter(0.02, 1), None),
        ("unit", "1/year", "unit '1/year' but the model file has '1/Year'"),
        ("low", -0.5, "low -0.5 is outside the limits -0.02 to 0.06 of the lever"),
        ("high", 0.06, None),
        ("model_name", "GDP  growth", "no constant 'GDP  growth'"),
    ],
)
def test_a_row_and_its_constant_are_compared(model, parameters, column, value, problem):
    table = parameters.table.copy()
    line = table.index[table["id"] == "gdp_growth"][0]
    table.loc[line, column] = value
    problems = [fault.problem for fault in constant_faults(TABLE, Parameters(table), model)]
    assert (problem is None) == (problems == [])
    assert problem is None or any(problem in found for found in problems)


def test_a_constant_that_preparation_asks_for_is_found(data, parameters):
    """`data` comes first: only then is known what preparation asks for."""
    assert data.tables
    assert request_faults(TABLE, parameters) == []
    table = parameters.table.copy()
    table.loc[table["id"] == "boys_per_girl", "acts_through"] = "model"
    changed = Parameters(table)
    changed.requested = set(parameters.requested)
    faults = request_faults(TABLE, changed)
    assert len(faults) == 1
    assert "acts through 'model' but preparation asks for it" in faults[0].problem


def scaled(cell: object, factor: float) -> object:
    return cell * factor if isinstance(cell, float) else cell
