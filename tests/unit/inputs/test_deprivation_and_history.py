"""People by fifth and history of an area: what is read and refused; any area has a reference."""

from __future__ import annotations

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.areas import read_area, read_footprint
from dudley_sd.inputs.basis import area_basis
from dudley_sd.inputs.deprivation import fifth_shares, read_people_by_fifth, risk_by_fifth
from dudley_sd.inputs.footprints import Footprint, footprint_names
from dudley_sd.inputs.history import carried_back, read_ratios
from dudley_sd.inputs.parameters import read_parameters
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projections import read_projection
from dudley_sd.inputs.years import END, PROJECTED, START

INPUTS = inputs_folder()
FIFTHS = INPUTS / "deprivation" / "people_by_fifth_dudley.csv"
OUTTURN = INPUTS / "ons" / "population_outturn_dudley.csv"
PARAMETERS = read_parameters(INPUTS / "parameters.csv", INPUTS / "sources.csv")
AREAS = [name for name in footprint_names(INPUTS) if isinstance(read_area(name, INPUTS), Footprint)]
FURTHEST = ["E38000186", "E38000132", "E38000037"]
"""Tower Hamlets, Nottingham City and Corby: the CCGs whose flows lie nearest to what is impossible."""


@pytest.mark.parametrize("name", [*AREAS, *FURTHEST])
def test_every_area_has_a_reference_that_is_its_projection(name):
    basis = area_basis(read_footprint(name, INPUTS), INPUTS, PARAMETERS)
    trajectory = basis.trajectory()
    assert (trajectory["year"][0], trajectory["year"][-1]) == (START, END)
    table = basis.population.sel(year=slice(PROJECTED, None))
    np.testing.assert_allclose(trajectory["people"].sel(year=table["year"]), table, rtol=0, atol=1e-9)
    assert min(trajectory[flow].min() for flow in ("onset", "progression")) > 0
    assert (basis.fifths_of == "") == (name == "dudley")


def test_dudley_on_another_base_keeps_its_fifths_and_history():
    dudley = read_footprint("dudley", INPUTS)
    people = read_projection("2018", dudley, INPUTS)
    basis = area_basis(dudley, INPUTS, PARAMETERS, people)
    assert (basis.history_of, basis.fifths_of) == ("", "")
    trajectory = basis.trajectory()
    np.testing.assert_allclose(trajectory["people"].sel(year=people["year"]), people, rtol=0, atol=1e-9)
    assert not trajectory["extrapolated"].any()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Dudley,F1,0-14", "Dudley,F6,0-14", "value 'F6'"),
        ("F2,75+,2017,6521", "F2,75+,2017,6522", "fifth F2: All ages is 76,242 but the ages add to 76,243"),
        ("E08000027,Dudley,F3,0-14", "E08000028,Dudley,F3,0-14", "column area_code: several in one file"),
        ("Dudley,F3,0-14,2017", "Dudley,F3,0-14,2018", "column year: several in one file"),
    ],
)
def test_people_by_fifth_that_cannot_be_are_refused(tmp_path, old, new, words):
    text = FIFTHS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "fifths.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_people_by_fifth(path)
    assert words in str(raised.value)


def test_a_missing_cell_and_an_empty_fifth_are_named(tmp_path):
    lines = [line for line in FIFTHS.read_text(encoding="utf-8").splitlines() if "All ages" not in line]
    path = tmp_path / "fifths.csv"
    path.write_text("\n".join(line for line in lines if ",F4,45-64," not in line), encoding="utf-8")
    with pytest.raises(InputError, match="fifth F4, age 45-64: no figure"):
        read_people_by_fifth(path)
    people = read_people_by_fifth(FIFTHS)
    people["F1"] = 0.0
    with pytest.raises(InputError, match="Leave out the file, so that Dudley's shares are taken"):
        fifth_shares(people, 82.0, 93.0)


def test_the_gradient_of_death_fades_with_age():
    risk = risk_by_fifth(0.72, 70.0, 0.3, mean_age_of_oldest=93.0)
    gradient = np.log(risk.sel(fifth="F1") / risk.sel(fifth="F5"))
    assert gradient.sel(age=["0-4", "65-69"]).values == pytest.approx([0.72, 0.72])
    assert gradient.sel(age="90+").item() == pytest.approx(0.3 * 0.72)
    assert (risk.sel(fifth="F3") == 1).all()
    assert (risk_by_fifth(0.0, 70.0, 0.3, mean_age_of_oldest=93.0) == 1).all()


def test_history_is_the_tables_own_where_it_starts_early_enough():
    table = read_population(INPUTS / "ons" / "population_2014_based.csv")
    ratios = read_ratios(OUTTURN, START, PROJECTED)
    whole = carried_back(table, ratios)
    assert whole["year"].values.tolist() == list(range(START, 2033))
    assert whole.attrs == table.attrs
    assert carried_back(whole * 2, ratios).equals(whole * 2)


def test_history_with_a_gap_is_refused(tmp_path):
    path = tmp_path / "outturn.csv"
    lines = OUTTURN.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if ",2014," not in line), encoding="utf-8")
    with pytest.raises(InputError, match="mid-2014 is missing; history runs from mid-2014 to mid-2018"):
        read_ratios(path, START, PROJECTED)
