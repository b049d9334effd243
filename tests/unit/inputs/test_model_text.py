"""Elements and numbers of the input tables, written into the model file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sdcompile.errors import InputError
from sdcompile.read.model import read_model

from dudley_sd.checks.constants import model_constants
from dudley_sd.inputs.model_text import refuse_other_elements, write_model, written_model
from dudley_sd.inputs.parameters import parameter_table

CHECKOUT = Path(__file__).parents[3]
INPUTS, MODEL = CHECKOUT / "inputs", CHECKOUT / "models" / "dudley.mdl"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Copy the input tables that are written into the model file."""
    (tmp_path / "inputs").mkdir()
    for name in ("elements.csv", "interventions.csv", "parameters.csv", "sources.csv"):
        shutil.copy(INPUTS / name, tmp_path / "inputs")
    return tmp_path / "inputs"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_the_model_file_holds_the_doubles_of_the_tables():
    table = parameter_table(INPUTS).query("acts_through == 'model'")
    wanted = dict(zip(table["model_name"], table["central"], strict=True))
    constants = model_constants(read_model(MODEL))
    assert {name: constant.value for name, constant in constants.items()} == wanted
    assert written_model(MODEL, INPUTS) == MODEL.read_text(encoding="utf-8")


def test_a_number_is_written_where_it_stands_and_nothing_else_moves(inputs, tmp_path):
    change(inputs / "parameters.csv", "GDP growth,model,1/Year,0,0.02,", "GDP growth,model,1/Year,0,0.025,")
    change(inputs / "interventions.csv", "5.35,10.7,16.05,", "5.35,11,16.05,")
    path = Path(shutil.copy(MODEL, tmp_path))
    assert write_model(path, inputs)
    assert not write_model(path, inputs)
    before, after = (file.read_text(encoding="utf-8").split("\n") for file in (MODEL, path))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    posts = "\t0, 0, 0, 0, 0, 0, {}, 0, 0, 0, 0"
    assert changed == [("\t0.02", "\t0.025"), (posts.format("10.7"), posts.format("11"))]


def test_an_intervention_taken_out_takes_its_tables_and_numbers_along(inputs, tmp_path):
    table = inputs / "interventions.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith("VirtualWard,")), encoding="utf-8")
    path = Path(shutil.copy(MODEL, tmp_path))
    with pytest.raises(InputError, match="element 10 is VirtualWard but Prevention"):
        refuse_other_elements(path, inputs)
    write_model(path, inputs)
    refuse_other_elements(path, inputs)
    model = read_model(path)
    assert "VirtualWard" not in path.read_text(encoding="utf-8")
    assert len(model.variables["coverage"].numbers or ()) == len(model.ranges["Intervention"]) == 10
    assert len(model.variables["reach_by_age"].equations) == 10


def test_a_model_file_without_lines_of_its_own_is_refused(inputs, tmp_path):
    path = Path(shutil.copy(MODEL, tmp_path))
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text[: text.index("GDP growth=")] + "GDP growth= 3 ~ 1/Year ~ Growth. |", encoding="utf-8"
    )
    with pytest.raises(InputError, match="no line of it begins with ~"):
        written_model(path, inputs)
