"""The recipe "Add a staff group" of CONTRIBUTING, followed in a copy: rows and one equation."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from sdcompile.errors import InputError

from dudley_sd.inputs.model_text import write_model
from dudley_sd.inputs.scaling import read_rules
from tests.unit.inputs.test_add_intervention import CHECKOUT, add_row, command

NAME = "ReablementStaff"
NUMBERS = {
    "staff in post in 2018": ("WTE", "40", "60", "80"),
    "turnover": ("1/Year", "0.1", "0.2", "0.3"),
    "time to train": ("Year", "0.125", "0.25", "0.5"),
    "agency cover": ("Dmnl", "0.1", "0.3", "0.5"),
    "paid by the council": ("Dmnl", "1", "1", "1"),
}
WORK = f"workload weight[{NAME},SocialCarePackage]"
COST = f"""cost of a post[{NAME}]=
	cost of a post[SocialCareStaff]
	~	Pound/(WTE*Year)
	~	What a filled post costs in a year, as social care staff do.
	|
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the commands read, with the rows of the recipe added."""
    folder = tmp_path_factory.mktemp("recipe")
    for name in ("dudley_sd", "inputs", "models"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    inputs = folder / "inputs"
    add_row(inputs / "elements.csv", {"range": "Staff", "element": NAME, "words": "reablement staff"})
    add_number(inputs, WORK, "Dmnl", "1", "1", "1")
    for name, numbers in NUMBERS.items():
        add_number(inputs, f"{name}[{NAME}]", *numbers)
    return folder


def add_number(inputs: Path, name: str, unit: str, *readings: str) -> None:
    words = {"id": name.lower().replace(" ", "_"), "model_name": name, "acts_through": "model", "unit": unit}
    known = {"status": "assumption", "note": "For the test of the recipe"}
    add_row(
        inputs / "parameters.csv",
        words | known | dict(zip(("low", "central", "high"), readings, strict=True)),
    )


def test_a_staff_group_is_added_by_rows_and_its_cost(copy):
    """What is left out is named; with it all is sound, and the group is recruited and paid for."""
    inputs, model = copy / "inputs", copy / "models" / "dudley.mdl"
    with pytest.raises(InputError, match=rf"cost of a post.{NAME}.: it has no equation; the others"):
        write_model(model, inputs)
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace("cost of a post[PracticeStaff]=", COST + "cost of a post[PracticeStaff]="))
    assert write_model(model, inputs)  # as `dudley-sd prepare` does
    assert read_rules(inputs)[f"staff in post in 2018[{NAME}]"].with_ == {"SocialCarePackage": 1}

    command(copy, "run", "official_future", "--no-band", "--format", "nc", "--out", "results")
    (file,) = (copy / "results").rglob("*.nc")
    with xr.open_dataset(file) as results:
        staff = results["staff_in_post"].sel(staff=NAME).squeeze()
        assert float(staff.sel(year=2018)) == 60
        assert np.isfinite(staff).all()
        assert float(staff.sel(year=2033)) != 60


def test_a_number_that_is_left_out_is_named(copy, tmp_path):
    inputs = shutil.copytree(copy / "inputs", tmp_path / "inputs")
    table = inputs / "parameters.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if f",turnover[{NAME}]," not in row), encoding="utf-8")
    with pytest.raises(InputError, match=rf"turnover: there is no row for turnover.{NAME}.\. Add it"):
        write_model(copy / "models" / "dudley.mdl", inputs)
