"""The recipe "Add an intervention" of CONTRIBUTING, followed in a copy: rows alone, then the commands."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import xarray as xr

CHECKOUT = Path(__file__).parents[3]
NAME = "HospitalAtHome"

ROW = {
    "intervention": NAME,
    "words": "hospital at home",
    "label": "Hospital at home",
    "what": "Nurses and doctors treat at home who would otherwise lie in a hospital bed.",
    "dispute": "Hospitals doubt that the beds close.",
    "share_people_take_up_themselves.low": "0",
    "share_people_take_up_themselves.central": "0.5",
    "share_people_take_up_themselves.high": "0.8",
    "share_people_take_up_themselves.status": "assumption",
    "share_people_take_up_themselves.note": "For the test of the recipe",
}
NUMBER = {
    "low": "0",
    "central": "0.2",
    "high": "0.4",
    "unit": "Dmnl",
    "status": "assumption",
    "note": "As above",
}
REACHED = {"intervention": NAME, "service": "EmergencyBedDay"}
PORTFOLIO = f"""
[interventions.{NAME}]
coverage = 0.5
start = 2019
reason = "For the test of the recipe"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the commands read, with the rows of the recipe added."""
    folder = tmp_path_factory.mktemp("recipe")
    for name in ("dudley_sd", "inputs", "models"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docs").mkdir()
    shutil.copy(CHECKOUT / "docs" / "assumptions.md", folder / "docs")
    inputs = folder / "inputs"
    add_row(inputs / "interventions.csv", ROW)
    add_row(inputs / "effects.csv", REACHED | NUMBER)
    add_row(inputs / "reach.csv", REACHED | NUMBER | {"age_from": "65", "age_to": "120"})
    with (inputs / "portfolios" / "as_evidenced.toml").open("a", encoding="utf-8") as file:
        file.write(PORTFOLIO)
    return folder


def test_an_intervention_is_added_by_rows_and_runs(copy):
    """The model file is refused until it is prepared; then all is sound and the intervention acts."""
    words = " ".join(command(copy, "check", fails=True).split())
    assert "it has 11 elements but there are 12, in interventions.csv" in words
    assert "dudley-sd prepare" in words
    words = " ".join(command(copy, "run", "--out", "early", fails=True).split())
    assert "dudley-sd prepare" in words

    assert "Wrote elements and numbers" in command(copy, "prepare")
    command(copy, "describe")
    assert "sound" in command(copy, "check")
    command(
        copy, "run", "official_future", "--lever", f"coverage[{NAME}]=1", "--no-band", "--out", "results/all"
    )
    (file,) = (copy / "results" / "all").rglob("*.nc")
    with xr.open_dataset(file) as results:
        avoided = results["share_of_bed_days_avoided"].sel(intervention=NAME, year=2033)
        assert 0.05 < float(avoided.squeeze()) <= 0.2


def command(folder: Path, *words: str, fails: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dudley_sd", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def add_row(path: Path, row: Mapping[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    assert set(row) <= set(columns)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(row)
