"""Prepared areas: their key holds all that numbers depend on; that of the content holds nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.runs.model_folder import ModelFolder, prepared_area

OWN = """\
id = "{0}"
name = "{0}"
area_code = "E38000046"
population = '{1}'
"""
BORROWING = """\
sized_like = "mine"
reason = "a test"
"""
TABLE = inputs_folder() / "ons" / "population_2014_based.csv"


@pytest.fixture
def areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of the user's own areas; one of them has a table outside the folder of inputs."""
    folder = tmp_path / "areas"
    folder.mkdir()
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(folder))
    shutil.copy(TABLE, tmp_path / "people.csv")
    (folder / "mine.toml").write_text(OWN.format("mine", tmp_path / "people.csv"), encoding="utf-8")
    return folder


def prepared(name: str, projection: str = "2014") -> ModelFolder:
    return prepared_area(read_footprint(name, inputs_folder()), projection)


def people(area: ModelFolder) -> float:
    table = pd.read_csv(area.path / "data" / "reference_people.csv", index_col=0)
    return float(table.loc[2018].sum())


def test_a_table_of_the_users_own_is_read_again_when_it_has_changed(areas):
    table = areas.parent / "people.csv"
    assert people(prepared("mine")) == pytest.approx(318_700)
    table.write_text(table.read_text(encoding="utf-8").replace(",2018,19.2,", ",2018,19.3,", 1), "utf-8")
    assert people(prepared("mine")) == pytest.approx(318_800)


def test_so_is_that_of_an_area_that_sizes_are_borrowed_from(areas):
    (areas / "other.toml").write_text(OWN.format("other", TABLE) + BORROWING, encoding="utf-8")
    before = prepared("other").area.scaling
    table = areas.parent / "people.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",2018,19.2,", ",2018,19.3,", 1), "utf-8")
    assert prepared("other").area.scaling != before


def test_the_same_file_of_people_elsewhere_is_the_same_area(tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        shutil.copy(TABLE, tmp_path / name / "people.csv")
    here, there = (prepared("dudley", str(tmp_path / name / "people.csv")) for name in ("here", "there"))
    assert here.key == there.key != prepared("dudley", "own").key
