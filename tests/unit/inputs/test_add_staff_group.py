"""The recipe "Add a staff group" of CONTRIBUTING, followed in a copy: rows, and equations like another's."""

from __future__ import annotations

import re
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
LIKE = "SocialCareStaff"
NUMBERS = {
    "staff in post in 2014[{}]": ("WTE", "40", "60", "80"),
    "vacancy in 2014[{}]": ("Dmnl", "0.04", "0.06", "0.08"),
    "growth of staff in 2014[{}]": ("1/Year", "0", "0.01", "0.02"),
    "registered share[{}]": ("Dmnl", "0.1", "0.2", "0.3"),
    "stage share[{},EarlyStage]": ("Dmnl", "0.3", "0.3", "0.3"),
    "stage share[{},MidStage]": ("Dmnl", "0.5", "0.5", "0.5"),
    "stage share[{},LateStage]": ("Dmnl", "0.2", "0.2", "0.2"),
    "usual quit rate[{}]": ("1/Year", "0.05", "0.1", "0.15"),
    "agency cover wanted[{}]": ("Dmnl", "0.2", "0.4", "0.6"),
}
RULE = f"""
["staff in post in 2014[{NAME}]"]
with = {{ SocialCarePackage = 1 }}
reason = "For the test of the recipe"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the commands read, with the rows of the recipe added."""
    folder = tmp_path_factory.mktemp("recipe")
    for name in ("dudley_sd", "inputs", "models"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    inputs = folder / "inputs"
    add_row(inputs / "elements.csv", {"range": "Staff", "element": NAME, "words": "reablement staff"})
    for name, numbers in NUMBERS.items():
        add_number(inputs, name.format(NAME), *numbers)
    with (inputs / "scaling.toml").open("a", encoding="utf-8") as file:
        file.write(RULE)
    model = folder / "models" / "dudley.mdl"
    text = model.read_text(encoding="utf-8")
    beyond = re.search(r"(?m)^StaffBeyondPractices: .*$", text)
    assert beyond
    model.write_text(text.replace(beyond[0], f"{beyond[0]}, {NAME}"), encoding="utf-8")
    return folder


def add_number(inputs: Path, name: str, unit: str, *readings: str) -> None:
    words = {"id": name.lower().replace(" ", "_"), "model_name": name, "acts_through": "model", "unit": unit}
    known = {"status": "assumption", "note": "For the test of the recipe"}
    add_row(
        inputs / "parameters.csv",
        words | known | dict(zip(("low", "central", "high"), readings, strict=True)),
    )


def like_another(text: str, variable: str) -> str:
    """Return the model file with the equation of another group, written for the new one, after it."""
    found = re.search(rf"(?ms)^{re.escape(variable)}\[{LIKE}\]=.*?^\t\|\n", text)
    assert found, variable
    return text.replace(found[0], found[0] + found[0].replace(LIKE, NAME))


COST = f"staff cost in 2014[{LIKE}] * staff in post in 2014[{NAME}] / staff in post in 2014[{LIKE}]"
"""What the group cost when the model opens: as much for each of them as one like it."""


def paid_for(text: str) -> str:
    """Return the model file with the cost of the group, and with the council paying for it."""
    text, found = re.subn(
        rf"(staff cost in 2014\[{NAME}\]=\n\t).*?(?=\n\t~)", rf"\g<1>{COST}", text, flags=re.DOTALL
    )
    bills = f"pay bill[{LIKE}] + pay bill[VoluntaryStaff]"
    assert (found, text.count(bills)) == (1, 1)
    return text.replace(bills, f"{bills} + pay bill[{NAME}]")


def test_a_staff_group_is_added_by_rows_and_equations(copy):
    """Each equation that is left out is named; with them all, the group is recruited and paid for."""
    inputs, model = copy / "inputs", copy / "models" / "dudley.mdl"
    missing = []
    while len(missing) < 20:
        try:
            write_model(model, inputs)  # as `dudley-sd prepare` does
            break
        except InputError as error:
            assert "it has no equation; the others differ" in str(error)
            missing.append(error.faults[0].where.partition("[")[0])
            text = like_another(model.read_text(encoding="utf-8"), missing[-1])
            model.write_text(text, encoding="utf-8", newline="\n")
    assert missing == [
        "work wanted", "load before limits", "money cut", "funded share", "funded share in 2014", "posts",
        "staff cost in 2014",
    ]  # fmt: skip
    model.write_text(paid_for(model.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    assert read_rules(inputs)[f"staff in post in 2014[{NAME}]"].with_ == {"SocialCarePackage": 1}

    command(copy, "run", "official_future", "--no-band", "--format", "nc", "--out", "results")
    (file,) = (copy / "results").rglob("*.nc")
    with xr.open_dataset(file) as results:
        now = results.sel(year=2014).squeeze()
        bills = now["pay_bill"].sel(staff=[LIKE, "VoluntaryStaff", NAME])
        assert float(bills[2]) == pytest.approx(60 / 2979 * float(bills[0]), rel=0.05)
        rest = 100 * (1 - 0.8)  # what was spent in 2014 but not on staff
        assert float(now["social_care_cost"]) == pytest.approx(float(bills.sum()) + rest, rel=1e-6)
        staff = results["staff_in_post"].sel(staff=NAME).squeeze()
        assert float(staff.sel(year=2014)) == pytest.approx(60)
        assert np.isfinite(staff).all()
        assert float(staff.sel(year=2033)) != 60


def test_a_number_that_is_left_out_is_named(copy, tmp_path):
    inputs = shutil.copytree(copy / "inputs", tmp_path / "inputs")
    table = inputs / "parameters.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text(
        "".join(row for row in rows if f",usual quit rate[{NAME}]," not in row), encoding="utf-8"
    )
    with pytest.raises(
        InputError, match=rf"usual quit rate: there is no row for usual quit rate.{NAME}.\. Add it"
    ):
        write_model(copy / "models" / "dudley.mdl", inputs)
