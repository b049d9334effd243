"""Which footprints there are, what they may say, and how one that is not Dudley is projected and sized."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.area_people import estimated_people
from dudley_sd.inputs.areas import read_area, read_footprint
from dudley_sd.inputs.basis import area_basis, carried_on
from dudley_sd.inputs.footprints import Footprint, Total, footprint_names
from dudley_sd.inputs.model_data import prepare
from dudley_sd.inputs.own_projection import own_projection
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.inputs.projections import read_projection
from dudley_sd.inputs.scaling import read_rules
from dudley_sd.inputs.years import PROJECTED, START

INPUTS = inputs_folder()
DUDLEY = read_footprint("dudley", INPUTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the inputs that a test may spoil."""
    return shutil.copytree(INPUTS, tmp_path / "inputs")


def dudleys_own():
    parameters = read_parameters(INPUTS / "parameters.csv", INPUTS / "sources.csv")
    basis = area_basis(DUDLEY, INPUTS, parameters)
    return basis, basis.trajectory()


def test_the_areas_of_the_issue_are_there():
    names = set(footprint_names(INPUTS))
    assert {"dudley", "sandwell_and_west_birmingham", "walsall", "wolverhampton", "black_country"} <= names
    assert {"stockport", "erewash", "rushcliffe", "northumberland", "wakefield", "canterbury"} <= names
    assert "west_hampshire" in names
    assert isinstance(read_area("black_country", INPUTS), Total)


def test_dudleys_own_start_gives_dudleys_table():
    """The rates of a table applied to its own start are that table, to rounding."""
    basis, trajectory = dudleys_own()
    known = basis.population.sel(year=slice(START, PROJECTED))
    own = own_projection(known, trajectory, basis.assumptions)
    np.testing.assert_allclose(own.population, basis.population, rtol=1e-11)
    assert own.births == pytest.approx(float(trajectory["births"][0]), rel=1e-12)
    assert own.deaths == pytest.approx(float(trajectory["deaths"].sum("age")[0]), rel=1e-12)


def test_twice_the_people_stay_twice_the_people():
    basis, trajectory = dudleys_own()
    start = basis.population.sel(year=slice(START, PROJECTED))
    twice = own_projection(2 * start, trajectory, basis.assumptions).population
    np.testing.assert_allclose(twice, 2 * basis.population, rtol=1e-11)


@pytest.mark.parametrize("name", ["walsall", "canterbury"])
def test_the_flows_solved_again_are_the_flows_that_made_the_table(name):
    """Births, deaths and migration per head of Dudley are found again in the area's reference flows.

    Before mid-2018 they are not: its people are carried back along Dudley's estimates, not along its rates.
    """
    _, trajectory = dudleys_own()
    area = read_footprint(name, INPUTS)
    data = prepare(area, INPUTS, population=carried_on(area, INPUTS))
    for flow, first in (("deaths", 0), ("ageing", PROJECTED - START)):
        mine, other = (
            each[flow][:-1].to_numpy() / mean_people(each) for each in (data.trajectory, trajectory)
        )
        np.testing.assert_allclose(mine[first:], other[first:], rtol=1e-9)
    assert "indicative" in data.trajectory.attrs["projection"]
    assert "Dudley" in data.indicative


def test_an_area_without_people_by_fifth_takes_dudleys_shares_and_says_so():
    dudley, walsall = (prepare(read_footprint(name, INPUTS), INPUTS) for name in ("dudley", "walsall"))
    assert dudley.tables["share_of_fifth.csv"].equals(walsall.tables["share_of_fifth.csv"])
    assert (dudley.fifths_indicative, dudley.indicative) == ("", "")
    assert walsall.fifths_indicative == "people by deprivation fifth at each age are those of Dudley"
    assert "people before mid-2018 follow the estimates of Dudley" in walsall.indicative


def test_an_area_of_its_own_history_and_fifths_uses_them(folder):
    """Rows of another area: everybody in the most deprived fifth twice, and twice as many in mid-2014."""
    shares = folder / "deprivation" / "people_by_fifth_dudley.csv"
    rows = [line for line in shares.read_text().splitlines() if "All ages" not in line]
    more = [line.replace(",2017,", ",2017,1") if ",F1," in line else line for line in rows]
    (folder / "deprivation" / "people_by_fifth_walsall.csv").write_text("\n".join(more))
    path = folder / "footprints" / "walsall.toml"
    path.write_text('fifths = "deprivation/people_by_fifth_walsall.csv"\n' + path.read_text())
    before, after = (prepare(read_footprint("walsall", inputs), inputs) for inputs in (INPUTS, folder))
    assert after.fifths_indicative == ""
    first = [data.tables["share_of_fifth.csv"]["F1"] for data in (before, after)]
    assert (first[1] > first[0]).all()
    assert after.tables["reference_people.csv"].equals(before.tables["reference_people.csv"])


def mean_people(trajectory):
    people = trajectory["people"].to_numpy()
    return (people[:-1] + people[1:]) / 2


def test_sizes_follow_people_and_the_use_of_their_ages():
    data = prepare(read_footprint("walsall", INPUTS), INPUTS)
    walsall = float(estimated_people(read_footprint("walsall", INPUTS), INPUTS).sum())
    dudley = float(estimated_people(DUDLEY, INPUTS).sum())
    assert data.scaling is not None
    assert data.scaling.ratios["cost at full coverage"] == pytest.approx(walsall / dudley)
    assert data.scaling.ratios["beds in 2014"] < walsall / dudley  # Walsall is younger than Dudley
    assert prepare(DUDLEY, INPUTS).scaling is None


def test_areas_on_one_base_use_services_at_the_same_rates():
    """Rates of use are Dudley's on the base that both run on, not those of its 2014-based people."""
    dudley, walsall = (
        prepare(area, INPUTS, population=read_projection("2018", area, INPUTS))
        for area in (DUDLEY, read_footprint("walsall", INPUTS))
    )
    for name in [name for name in dudley.tables if name.startswith("use_rate")]:
        assert dudley.tables[name].equals(walsall.tables[name]), name
    assert any(name.startswith("use_rate") for name in dudley.tables)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("black country", "Write it so: black_country."),
        ("blackcountry", "Write it so: black_country."),
        ("black_countri", "Did you mean black_country? Choose one of: black_country, canterbury"),
        (
            "Sandwell",
            "Choose one of: sandwell_and_west_birmingham, black_country, canterbury, dudley, erewash,",
        ),
        ("walsal", "Choose one of: walsall, black_country, canterbury, dudley"),
        ("dudley,Walsall", "Give each by itself: dudley, walsall."),
        ("Lutin", "Did you mean E38000102 Luton or "),
        (
            "Kent",
            "Did you mean E38000156 South Kent Coast or E38000199 West Kent? Choose one of",
        ),
        ("zzz", "Choose one of: black_country, canterbury, dudley"),
        ("", "Choose one of: black_country, canterbury, dudley"),
    ],
)
def test_a_name_written_otherwise_gets_a_hint(name, hint):
    with pytest.raises(InputError, match="there is none of that name") as caught:
        read_area(name, INPUTS)
    assert hint in str(caught.value)


def test_a_total_is_no_area_of_its_own():
    with pytest.raises(InputError, match=r"sum of several areas. Name one of its parts: dudley"):
        read_footprint("black_country", INPUTS)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sized_like = "dudley"', 'sized_like = "dudly"', "there is no footprint 'dudly'"),
        ('sized_like = "dudley"', 'sized_like = "wolverhampton"', "has no figures of its own"),
        ('sized_like = "dudley"', 'sized_like = "black_country"', "is itself a sum of areas"),
        ("reason", "# reason", "need a reason"),
    ],
)
def test_a_footprint_that_leans_on_nothing_is_refused(folder, old, new, message):
    path = folder / "footprints" / "walsall.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_area("walsall", folder)


def test_parts_named_twice_are_refused(folder):
    path = folder / "footprints" / "black_country.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"walsall"', '"dudley"'), encoding="utf-8")
    with pytest.raises(InputError, match="parts are named twice: dudley"):
        read_area("black_country", folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("EmergencyBedDay = 1 ", "EmergencyBedDay = 0.9 ", "add to 1"),
        ("EmergencyBedDay", "EmergencyBedDays", "no services: EmergencyBedDays"),
        ('\nwith = "people"', '\nwith = "heads"', "people"),
    ],
)
def test_a_rule_that_scales_nothing_is_refused(folder, old, new, message):
    path = folder / "scaling.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_rules(folder)


def test_every_footprint_says_what_it_leans_on():
    for name in footprint_names(INPUTS):
        area = read_area(name, INPUTS)
        assert isinstance(area, Total) or area == DUDLEY or area.reason
        assert isinstance(area, Footprint | Total)
