"""The recipe "Add an area" of CONTRIBUTING, followed in the folder of the user's areas."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import dudley_sd
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_area
from dudley_sd.inputs.footprints import Total
from dudley_sd.inputs.new_areas import write_area
from dudley_sd.results.assemble import one_area
from dudley_sd.results.provenance import provenance

OWN_FIGURE = """
[sizes."beds in 2014"]
value = 600
reason = "For the test of the recipe"
source = "su_scenarios_2018"
locator = "Made up"
"""
TOTAL = """id = "two_towns"
name = "Two towns"
parts = ["dudley", "luton"]
"""


def test_an_area_is_added_by_a_file_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its own figure is used, alone and in a sum of areas; moved to the inputs it is shipped."""
    areas = tmp_path / "areas"
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(areas))
    (path,) = write_area(["E38000102"], "", inputs_folder(), areas).written  # dudley-sd area new E38000102
    with path.open("a", encoding="utf-8") as file:
        file.write(OWN_FIGURE)
    (areas / "two_towns.toml").write_text(TOTAL, encoding="utf-8")
    found = dudley_sd.run(["official_future"], footprints=["dudley", "luton", "two_towns"])
    dudley, luton, both = found["beds"].sel(year=2014).squeeze().to_numpy()
    assert luton == 600
    assert both == pytest.approx(dudley + luton)
    for area, part in (("luton", "local size"), ("two_towns", "local size, luton")):
        rows = provenance(one_area(found, area)).query(f"part == '{part}'")
        assert rows[["name", "central", "status", "locator", "note"]].to_numpy().tolist() == [
            ["beds in 2014", 600.0, "local figure", "Made up", "For the test of the recipe"]
        ]

    shipped = shutil.copytree(inputs_folder(), tmp_path / "inputs")
    for file in areas.iterdir():
        file.rename(shipped / "footprints" / file.name)
    monkeypatch.setenv("DUDLEY_SD_AREAS", str(tmp_path / "none"))
    assert isinstance(read_area("two_towns", shipped), Total)
