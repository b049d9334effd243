"""Which people does --projection choose, and what is said where they are not to be had?"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.area_people import CCG_TABLE, ccg_people, estimated_people
from dudley_sd.inputs.areas import read_area, read_footprint
from dudley_sd.inputs.common_projection import common_projection
from dudley_sd.inputs.footprints import Footprint, footprint_names
from dudley_sd.inputs.model_data import prepare
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.write import write_releases
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import IMPORTED
from dudley_sd.inputs.projections import has_base, read_projection
from tests.ons_files import in_bands, make_up, table_of_ages, table_of_components, write_xlsx

INPUTS = Path(__file__).parents[3] / "inputs"
DUDLEY = read_footprint("dudley", INPUTS)
PEOPLE = make_up()
AREAS = {"E92000001": "England", "E08000027": "Dudley", "E38000902": "NHS Sampleton CCG"}
"""Dudley under the code of the borough, as Table 2 has it; the figures are made up."""


def some_inputs(path: Path) -> Path:
    """Return a folder of inputs with the people of Dudley and of all CCGs, and nothing else."""
    inputs = path / "inputs"
    for table in (CCG_TABLE, DUDLEY.population):
        (inputs / table).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(INPUTS / table, inputs / table)
    return inputs


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
    inputs = some_inputs(tmp_path)
    path = official(tmp_path, 2016)
    (tidy,) = write_releases(read_releases([path]), inputs / IMPORTED)
    by_file = read_projection(str(path), DUDLEY, inputs)
    assert read_projection("2016", DUDLEY, inputs).equals(by_file)
    assert read_projection(str(tidy), DUDLEY, inputs).equals(by_file)


def test_a_base_alone_is_never_one_of_its_variants(tmp_path):
    """The file of the variant comes first by name, and an imported file before the table of all CCGs."""
    inputs = some_inputs(tmp_path)
    (principal,) = write_releases(read_releases([official(tmp_path, 2018)]), inputs / IMPORTED)
    text = principal.read_text(encoding="utf-8")
    other = text.replace("2018-based", "2018-based high migration variant")
    variant = principal.with_name(principal.name.replace("_based_", "_based_high_migration_"))
    variant.write_text(other, encoding="utf-8")
    assert sorted([principal, variant])[0] == variant
    assert read_projection("2018", DUDLEY, inputs).attrs["projection"] == "2018-based"
    imported = read_projection("2018", DUDLEY, inputs)
    principal.unlink()
    assert not read_projection("2018", DUDLEY, inputs).equals(imported)
    assert read_projection("2018", DUDLEY, inputs).equals(ccg_people(DUDLEY.codes, inputs))


def test_a_base_that_starts_after_the_model_sends_nobody_on_an_errand(tmp_path):
    with pytest.raises(InputError, match="2022-based projection starts in mid-2022") as raised:
        read_projection("2022", DUDLEY, tmp_path)
    assert "Get '" not in str(raised.value)


@pytest.mark.parametrize(("choice", "base"), [("2016", 2016), ("nowhere.xls", 2018)])
def test_without_the_file_the_message_says_which_to_get_and_how(tmp_path, choice, base):
    with pytest.raises(InputError) as raised:
        read_projection(choice, DUDLEY, some_inputs(tmp_path))
    text = str(raised.value)
    table = "'Population projections for clinical commissioning groups and NHS regions: Table 3'"
    assert f"{table}, {base}-based" in text
    assert "local authorities: Table 2" in text
    assert "https://www.ons.gov.uk/" in text
    assert "Dudley is E38000046" in text
    assert "E08000027" in text
    assert "dudley-sd ons FILE --area CODE" in text


def test_own_is_the_estimate_of_mid_2018_at_the_models_own_rates():
    """Dudley's rates on Dudley's estimate: the table's growth, each band from where it was in 2018."""
    estimate = estimated_people(DUDLEY, INPUTS)
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


def test_own_is_what_an_area_without_a_table_has_anyway(tmp_path):
    """A footprint that somebody wrote by hand, with an estimate of mid-2018 and no projection."""
    inputs, area = with_estimate_alone(tmp_path)
    assert common_projection("2014", [area], inputs) == "own"
    people = prepare(area, inputs).trajectory["people"]
    own = read_projection("own", area, inputs)
    np.testing.assert_allclose(people.sel(year=own["year"]), own.transpose(*people.dims), rtol=1e-9)
    assert "indicative" in own.attrs["projection"]


def with_estimate_alone(tmp_path: Path) -> tuple[Path, Footprint]:
    inputs = shutil.copytree(INPUTS, tmp_path / "inputs")
    rows = (inputs / "ons" / "population_2014_based.csv").read_text(encoding="utf-8").splitlines()
    first = [rows[0], *(row for row in rows if ",2018," in row)]
    text = "\n".join(first).replace("E38000046", "E07000999").replace("2014-based", "mid-2018 estimate")
    (inputs / "ons" / "population_small.csv").write_text(text + "\n", encoding="utf-8")
    content = {"id": "small", "name": "Small", "area_code": "E07000999", "reason": "nothing else is known"}
    table = "ons/population_small.csv"
    return inputs, Footprint(**content, population=table, projected_like="dudley", sized_like="dudley")


def test_every_footprint_runs_on_the_2018_base_of_a_fresh_installation():
    """The table of all CCGs holds each of them, with the figures of the official file."""
    for name in footprint_names(INPUTS):
        area = read_area(name, INPUTS)
        if isinstance(area, Footprint):
            people = read_projection("2018", area, INPUTS)
            assert (people.attrs["projection"], int(people["year"][-1])) == ("2018-based", 2033)
            assert people.attrs["area_code"] == area.area_code


def test_areas_are_never_run_on_different_bases():
    """Dudley alone has a 2014-based table: in company all are on the 2018-based, which all have."""
    dudley, walsall = DUDLEY, read_footprint("walsall", INPUTS)
    assert has_base("2014", dudley, INPUTS)
    assert not has_base("2014", walsall, INPUTS)
    assert common_projection("2014", [dudley], INPUTS) == "2014"
    assert common_projection("2014", [walsall], INPUTS) == "2018"
    assert common_projection("2014", [dudley, walsall], INPUTS) == "2018"
    assert common_projection("own", [dudley, walsall], INPUTS) == "own"
    assert common_projection("table3.xls", [dudley, walsall], INPUTS) == "table3.xls"


def test_an_area_without_the_common_base_brings_all_to_what_all_have(tmp_path):
    inputs, small = with_estimate_alone(tmp_path)
    assert common_projection("2014", [DUDLEY, small], inputs) == "own"


def test_an_imported_base_serves_every_area_that_it_holds(tmp_path):
    """With the 2014-based table of ONS imported, neighbours are on it as Dudley is."""
    inputs = shutil.copytree(INPUTS, tmp_path / "inputs")
    walsall = read_footprint("walsall", inputs)
    areas = {"E92000001": "England", "E38000191": "NHS Walsall CCG", "E38000902": "NHS Sampleton CCG"}
    path = write_xlsx(tmp_path / "table3.xlsx", table_of_ages(PEOPLE, 2014, areas=areas))
    write_releases(read_releases([path]), inputs / IMPORTED)
    assert common_projection("2014", [DUDLEY, walsall], inputs) == "2014"
    assert read_projection("2014", walsall, inputs).attrs["projection"] == "2014-based"


def test_a_table_of_another_kind_is_what_its_own_area_runs_on(tmp_path):
    """A projection that a council made: it has no base of ONS, so it is used alone and never in company."""
    inputs = shutil.copytree(INPUTS, tmp_path / "inputs")
    text = (inputs / "ons" / "population_2014_based.csv").read_text(encoding="utf-8")
    table = inputs / "ons" / "population_council.csv"
    table.write_text(text.replace("2014-based", "council of 2017"), encoding="utf-8")
    area = DUDLEY.model_copy(update={"population": "ons/population_council.csv"})
    alone = common_projection("2014", [area], inputs)
    assert read_projection(alone, area, inputs).attrs["projection"] == "council of 2017"
    assert common_projection("2014", [area, read_footprint("walsall", inputs)], inputs) == "2018"


def test_a_base_that_was_never_published(tmp_path):
    with pytest.raises(InputError, match="Choose one of 2014, 2016, 2018, 2022, own, or a file"):
        read_projection("2019", DUDLEY, tmp_path)


def test_a_table_that_starts_after_the_model(tmp_path):
    path = official(tmp_path, 2022)
    with pytest.raises(InputError, match="2022-based table starts in mid-2022, the model in mid-2018"):
        read_projection(str(path), DUDLEY, INPUTS)


def test_a_file_without_the_area(tmp_path):
    path = write_xlsx(tmp_path / "table3.xlsx", table_of_ages(PEOPLE))
    with pytest.raises(InputError, match=r"of 3 areas .* but not of Dudley \(E38000046 or E08000027\)"):
        read_projection(str(path), DUDLEY, INPUTS)


def test_a_table_of_births_and_deaths_is_no_table_of_people(tmp_path):
    path = write_xlsx(tmp_path / "table5.xlsx", table_of_components(years=4, unit="persons"))
    with pytest.raises(
        InputError, match="this is Table 5, 2018-based: births, deaths and migration"
    ) as raised:
        read_projection(str(path), DUDLEY, INPUTS)
    assert "Give --projection 2018, which comes with the model" in str(raised.value)


def test_a_folder_is_said_to_be_one(tmp_path):
    with pytest.raises(InputError, match=r"is a folder, not a file\. Name the file in it"):
        read_projection(str(tmp_path), DUDLEY, INPUTS)


def test_points_that_may_part_thousands_are_asked_about(tmp_path):
    """Of our own tidy table too; the figures as published have other decimals beside them."""
    path = tmp_path / "people.csv"
    lines = (INPUTS / DUDLEY.population).read_text(encoding="utf-8").splitlines()
    lines = [re.sub(r",(\d+)\.\d,", r",\1.000,", line) for line in lines]
    path.write_text("\n".join(lines).replace("thousand persons", "persons"), encoding="utf-8")
    with pytest.raises(InputError, match=r"'\d+\.000' may be a decimal or thousands") as raised:
        read_projection(str(path), DUDLEY, INPUTS)
    assert "Write 'thousand persons' in the column unit" in str(raised.value)


def test_a_unit_of_thousands_says_that_points_are_decimal(tmp_path):
    table = INPUTS / DUDLEY.population
    path = tmp_path / "people.csv"
    text = table.read_text(encoding="utf-8")
    path.write_text(re.sub(r",(\d+\.\d),", r",\g<1>00,", text), encoding="utf-8")
    people = read_projection(str(path), DUDLEY, INPUTS)
    np.testing.assert_array_equal(people, read_projection(str(table), DUDLEY, INPUTS))


def test_a_faulty_file_is_refused_with_its_faults(tmp_path):
    path = tmp_path / "table2.xlsx"
    shutil.copy(official(tmp_path), path)
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match="cut short or damaged"):
        read_projection(str(path), DUDLEY, INPUTS)
