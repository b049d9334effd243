"""Which people does --projection choose, and what is said where they are not to be had?"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from dudley_sd.errors import InputError
from dudley_sd.inputs.footprints import read_footprint
from dudley_sd.inputs.model_data import prepare
from dudley_sd.inputs.ons.detect import read_releases
from dudley_sd.inputs.ons.write import write_releases
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import IMPORTED
from dudley_sd.inputs.projections import projected_people, read_projection
from tests.ons_files import in_bands, make_up, table_of_ages, write_xlsx

INPUTS = Path(__file__).parents[3] / "inputs"
DUDLEY = read_footprint("dudley", INPUTS)
PEOPLE = make_up()
AREAS = {"E92000001": "England", "E08000027": "Dudley", "E38000902": "NHS Sampleton CCG"}
"""Dudley under the code of the borough, as Table 2 has it; the figures are made up."""


def official(path: Path, base: int = 2018) -> Path:
    return write_xlsx(path / f"table2_{base}.xlsx", table_of_ages(PEOPLE, base, table=2, areas=AREAS))


def test_2014_is_the_table_of_the_footprint():
    assert read_projection("2014", DUDLEY, INPUTS).equals(read_population(INPUTS / DUDLEY.population))


def test_an_official_file_is_read_as_it_is(tmp_path):
    """The borough has the boundary of the CCG, so either code is Dudley; name and hash are kept."""
    path = official(tmp_path)
    people = read_projection(str(path), DUDLEY, INPUTS)
    np.testing.assert_allclose(people, np.round(in_bands(PEOPLE["persons"])[1, 1:].T / 1000, 1) * 1000)
    assert people.attrs["projection"] == "2018-based"
    assert people.attrs["area_code"] == "E08000027"
    assert people.attrs["table"] == path.name
    assert people.attrs["table_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_base_alone_is_what_was_imported(tmp_path):
    """The same people by file, by tidy file and by base."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    path = official(tmp_path, 2016)
    (tidy,) = write_releases(read_releases([path]), inputs / IMPORTED)
    by_file = read_projection(str(path), DUDLEY, inputs)
    assert read_projection("2016", DUDLEY, inputs).equals(by_file)
    assert read_projection(str(tidy), DUDLEY, inputs).equals(by_file)


def test_a_base_alone_is_never_one_of_its_variants(tmp_path):
    """The file of the variant comes first by name."""
    inputs = tmp_path / "inputs"
    principal = write_releases(read_releases([official(tmp_path, 2018)]), inputs / IMPORTED)[0]
    text = principal.read_text(encoding="utf-8")
    other = text.replace("2018-based", "2018-based high migration variant")
    variant = principal.with_name(principal.name.replace("_based_", "_based_high_migration_"))
    variant.write_text(other, encoding="utf-8")
    assert sorted([principal, variant])[0] == variant
    assert read_projection("2018", DUDLEY, inputs).attrs["projection"] == "2018-based"
    principal.unlink()
    with pytest.raises(InputError, match="no 2018-based table"):
        read_projection("2018", DUDLEY, inputs)


def test_a_base_that_starts_after_the_model_sends_nobody_on_an_errand(tmp_path):
    with pytest.raises(InputError, match="2022-based projection starts in mid-2022") as raised:
        read_projection("2022", DUDLEY, tmp_path)
    assert "Get '" not in str(raised.value)


@pytest.mark.parametrize("choice", ["2018", "nowhere.xls"])
def test_without_the_file_the_message_says_which_to_get_and_how(tmp_path, choice):
    with pytest.raises(InputError) as raised:
        read_projection(choice, DUDLEY, tmp_path)
    text = str(raised.value)
    assert (
        "'Population projections for clinical commissioning groups and NHS regions: Table 3', 2018-based"
        in text
    )
    assert "local authorities: Table 2" in text
    assert "https://www.ons.gov.uk/" in text
    assert "Dudley is E38000046" in text
    assert "E08000027" in text
    assert "dudley-sd ons FILE --area CODE" in text


def test_own_is_the_estimate_of_mid_2018_at_the_models_own_rates():
    """Dudley's rates on Dudley's estimate: the table's growth, each band from where it was in 2018."""
    estimate = read_population(INPUTS / "ons" / "population_mid2018.csv", DUDLEY.area_code).sel(year=2018)
    table, own = (read_projection(choice, DUDLEY, INPUTS) for choice in ("2014", "own"))
    np.testing.assert_allclose(own.sel(year=2018), estimate)
    assert own["year"].equals(table["year"].sel(year=slice(2018, None)))
    assert own.attrs["projection"].startswith("indicative")
    growth, its = (float(each.sel(year=2032).sum() / each.sel(year=2018).sum()) for each in (own, table))
    assert growth == pytest.approx(its, abs=0.01)
    assert not np.allclose(own, table.sel(year=slice(2018, None)), rtol=1e-3)
    data = prepare(DUDLEY, INPUTS, population=own)
    assert (
        data.indicative == "people of mid-2018 are carried on at the rates of Dudley, not an ONS projection"
    )
    first = data.trajectory.isel(year=0)
    assert float(first["births"]) == pytest.approx(own.attrs["births_in_first_year"], rel=1e-9)
    assert float(first["deaths"].sum()) == pytest.approx(own.attrs["deaths_in_first_year"], rel=1e-9)


def test_own_is_what_an_area_without_a_table_has_anyway():
    walsall = read_footprint("walsall", INPUTS)
    assert projected_people("own", walsall, INPUTS) is None
    people = prepare(walsall, INPUTS).trajectory["population"].sum("need")
    own = read_projection("own", walsall, INPUTS)
    np.testing.assert_allclose(people.sel(year=own["year"]), own.transpose(*people.dims), rtol=1e-9)


def test_a_base_that_was_never_published(tmp_path):
    with pytest.raises(InputError, match="Choose one of 2014, 2016, 2018, 2022, own, or a file"):
        read_projection("2019", DUDLEY, tmp_path)


def test_a_table_that_starts_after_the_model(tmp_path):
    path = official(tmp_path, 2022)
    with pytest.raises(InputError, match="2022-based table starts in mid-2022, the model in mid-2018"):
        read_projection(str(path), DUDLEY, INPUTS)


def test_a_file_without_the_area(tmp_path):
    path = write_xlsx(tmp_path / "table3.xlsx", table_of_ages(PEOPLE))
    with pytest.raises(InputError, match=r"no table of people holds Dudley \(E38000046 or E08000027\)"):
        read_projection(str(path), DUDLEY, INPUTS)


def test_a_faulty_file_is_refused_with_its_faults(tmp_path):
    path = tmp_path / "table2.xlsx"
    shutil.copy(official(tmp_path), path)
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match="cut short or damaged"):
        read_projection(str(path), DUDLEY, INPUTS)
