"""Do areas that a user makes grow as ONS projects, and not as Dudley does?

Figures: ONS 2018-based Table 3 (24 March 2020), sheet Persons, growth from mid-2018 to mid-2033.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr

import dudley_sd
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.new_areas import write_area
from dudley_sd.results.manifest import base_text

GROWTH = {
    "luton": ("E38000102", -0.0489, 0.2110, -0.0554, 203_648.1),
    "southampton": ("Southampton", 0.0564, 0.3104, 0.0430, 267_049.8),
    "birmingham_and_solihull": ("NHS Birmingham and Solihull CCG", 0.0650, 0.2237, 0.0595, 1_255_656.9),
    "northumberland": ("", 0.0445, 0.5631, -0.0475, 334_516.2),
    "canterbury": ("", 0.0913, 0.4906, 0.0408, 233_095.5),
}
"""Code or name of those that are not shipped; people of all ages, 75 and over, 15 to 64; people in 2033."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Iterator[xr.Dataset]:
    """The projection alone, for a city that falls, one of students, the largest, and two that are shipped."""
    assert shared_folder.is_dir()
    own = tmp_path_factory.mktemp("areas")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUDLEY_SD_AREAS", str(own))
        for code in (each[0] for each in GROWTH.values() if each[0]):
            write_area([code], "", inputs_folder(), own)
        yield dudley_sd.run(["reference"], footprints=list(GROWTH))


@pytest.mark.parametrize("area", list(GROWTH))
def test_an_area_grows_or_falls_as_ons_projects(runs, area):
    _, everyone, old, working, last = GROWTH[area]
    run = runs.sel(footprint=area, scenario="reference", year=slice(2018, None))
    people = run["people_by_age"]
    bands = [str(band) for band in people[people.dims[-1]].to_numpy()]
    for wanted, first, until in ((everyone, 0, 19), (old, 15, 19), (working, 3, 13)):
        total = people.transpose("year", ...).to_numpy()[:, first:until].sum(axis=1)
        assert total[-1] / total[0] - 1 == pytest.approx(wanted, abs=6e-5), (area, bands[first:until])
    assert float(run["total_population"].sel(year=2033)) == pytest.approx(last, abs=0.6)


def test_each_is_on_the_2018_base_and_says_that_all_else_is_dudleys(runs):
    from dudley_sd.results.assemble import one_area

    for area in GROWTH:
        found = one_area(runs, area)
        assert base_text(found) == "2018-based"
        assert "use at each age is that of Dudley" in found.attrs["indicative"]
        assert "carried on" not in found.attrs["indicative"]
