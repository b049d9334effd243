"""Two findings turn on the base; the real 2018-based table is reproduced as closely as the one we ship.

The figures are those of `tests/unit/inputs/official`: Dudley, Walsall and Barnet of the published Table 3.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from openpyxl import load_workbook

import dudley_sd
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.write import write_releases
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import TURNS_ON_THE_BASE
from dudley_sd.inputs.projections import read_projection
from dudley_sd.results.account import account
from dudley_sd.results.provenance import provenance
from tests.ons_files import sheet_of_ages, write_xlsx

ROOT = Path(__file__).parents[2]
BASED_2018 = ROOT / "tests" / "unit" / "inputs" / "official" / "table3_2018_extract.xlsx"
TABLE_2014 = ROOT / "inputs" / "ons" / "population_2014_based.csv"
CODES = {"E38000046": "NHS Dudley CCG", "E92000001": "England"}
WORKING_AGE, OVER_75 = list(AGE_BANDS[3:13]), list(AGE_BANDS[15:])


def published() -> np.ndarray:
    """ONS 2018-based Table 3, sheet Persons, Dudley: bands, 2018 to 2033; by year and band."""
    rows = load_workbook(BASED_2018, read_only=True)["Persons"].values
    by_age = {row[2]: row[3:19] for row in rows if row[0] == "E38000046"}
    return np.array([by_age[age] for age in AGE_BANDS], dtype=float).T


@pytest.fixture(scope="module")
def on_2018(shared_folder: Path) -> xr.Dataset:
    """The reference scenario on the 2018-based file, by the engine that a run uses."""
    assert shared_folder.exists()
    return dudley_sd.run(["reference"], portfolio="none", projection=str(BASED_2018))


def test_the_2018_based_projection_is_reproduced(on_2018: xr.Dataset):
    """ONS 2018-based Table 3, Dudley CCG, 19 bands in 16 years: within 0.05% in every cell."""
    people = on_2018["people_by_age"].isel(scenario=0).sel(year=slice(2018, None)).to_numpy()
    assert people.shape == published().shape == (16, 19)
    assert np.abs(people / published() - 1).max() < 0.0005
    assert not on_2018["extrapolated"].any()


@pytest.mark.usefixtures("shared_folder")
def test_any_official_file_is_reproduced_as_closely(tmp_path):
    """The same with made-up figures, which a clean clone has: the 2014-based table bent by up to a tenth.

    Each band leaves its path by up to 10% by 2033, the young downwards and the old upwards; within 0.05%.
    """
    table = read_population(TABLE_2014).sel(year=range(2018, 2033)).transpose("age", "year").to_numpy()
    table = np.column_stack([table, table[:, -1] ** 2 / table[:, -2]])
    bent = np.round(table * (1 + np.outer(np.linspace(-0.1, 0.1, 19), np.linspace(0, 1, 16))))
    values = np.stack([np.vstack([area.sum(axis=0), area]) for area in (bent, 200 * bent)])
    rows = sheet_of_ages(values, "persons", 2018, areas=CODES, unit="persons")
    path = write_xlsx(tmp_path / "table3.xlsx", {"Persons": rows})
    run = dudley_sd.run(["reference"], portfolio="none", projection=str(path), outputs=["people by age"])
    people = run["people_by_age"].isel(scenario=0).sel(year=slice(2018, None)).to_numpy()
    assert people.shape == bent.T.shape
    assert np.abs(people / bent.T - 1).max() < 0.0005
    assert np.abs(people / table.T - 1).max() > 0.09


def test_the_code_of_the_borough_is_dudley_too(tmp_path):
    """Local authorities have E08000027; the people are the same."""
    book = load_workbook(BASED_2018)
    for sheet in book.worksheets[1:]:
        for (cell,) in sheet["A8:A67"]:
            cell.value = cell.value.replace("E38000046", "E08000027")
    book.save(tmp_path / "table2.xlsx")
    dudley = read_footprint("dudley", ROOT / "inputs")
    by_council = read_projection(str(tmp_path / "table2.xlsx"), dudley, ROOT / "inputs")
    np.testing.assert_array_equal(by_council.sel(year=range(2018, 2034)), published())


def test_results_say_on_which_projection_they_stand(on_2018: xr.Dataset):
    """Manifest, headline of page and workbook, provenance and command."""
    entry = json.loads(on_2018.attrs["manifest"])["projection"]
    assert (entry["projection"], entry["table"], entry["table_ends"]) == (
        "2018-based",
        BASED_2018.name,
        "2033",
    )
    told = account(on_2018)
    assert told.headline == "Dudley, 2014 to 2033, 2018-based projection"
    assert told.projection.startswith(
        "ONS 2018-based projection for NHS Dudley CCG (table3_2018_extract.xlsx)"
    )
    assert "--projection" in told.command
    (row,) = provenance(on_2018).query("part == 'projection'").to_dict("records")
    assert row["source"].startswith("ONS 2018-based subnational population projections, Table 3")
    assert TURNS_ON_THE_BASE in row["note"]


def test_two_findings_turn_on_the_base(tmp_path):
    """Issue, Build 6: 15-64s fall 1.3% (2014-based) and rise (2018-based); over-75s grow 10.6k against 7.0k.

    From 2018 to 2032, where both tables reach. Tolerance: half a unit of the last digit.
    """
    (tidy,) = write_releases(read_releases([BASED_2018]), tmp_path, ["E38000046"])
    old, new = read_population(TABLE_2014), read_population(tidy)

    def change(people: xr.DataArray, ages: list[str]) -> tuple[float, float]:
        first, last = (float(people.sel(year=year, age=ages).sum()) for year in (2018, 2032))
        return last - first, last / first - 1

    assert change(old, WORKING_AGE)[1] == pytest.approx(-0.013, abs=0.0005)
    assert change(new, WORKING_AGE)[1] == pytest.approx(0.042, abs=0.0005)
    assert change(old, OVER_75)[0] == pytest.approx(10_600, abs=50)
    assert change(new, OVER_75)[0] == pytest.approx(7_000, abs=50)
    for words in ("fall by 1.3%", "rise in the 2018-based", "10,600", "7,000"):
        assert words in TURNS_ON_THE_BASE
