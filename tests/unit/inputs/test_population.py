"""Every fault that a population file can have: one small faulty file each."""

from pathlib import Path

import numpy as np
import pytest
from sdcompile.errors import InputError

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.population import read_population

FAULTY = Path(__file__).parent / "faulty"
DUDLEY = Path(__file__).parents[3] / "inputs" / "ons" / "population_2014_based.csv"


def test_dudley_is_read_in_persons_with_its_labels():
    population = read_population(DUDLEY)
    assert population.dims == ("year", "age")
    assert population.dtype == np.float64
    assert tuple(population["age"].values) == AGE_BANDS
    assert list(population["year"].values) == list(range(2018, 2033))
    assert population.sel(year=2018, age="0-4") == 19_200
    wanted = {"units": "Person", "source": "ons_snpp_2014_ccg_table3", "projection": "2014-based"}
    assert wanted.items() <= population.attrs.items()
    assert population.attrs["area"] == "NHS Dudley CCG"


@pytest.mark.parametrize("area", ["E38000191", "NHS Walsall CCG"])
def test_an_area_is_chosen_by_code_or_name(area):
    assert read_population(FAULTY / "two_areas.csv", area).attrs["area_code"] == "E38000191"


def test_the_order_of_rows_does_not_matter(tmp_path):
    header, *rows = (FAULTY / "sound.csv").read_text().splitlines()
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([header, *reversed(rows)]) + "\n")
    assert read_population(shuffled).equals(read_population(FAULTY / "sound.csv"))


def test_totals_may_be_absent(tmp_path):
    lines = (FAULTY / "sound.csv").read_text().splitlines()
    bands_only = tmp_path / "bands_only.csv"
    bands_only.write_text("\n".join(line for line in lines if "All ages" not in line) + "\n")
    assert read_population(bands_only).equals(read_population(FAULTY / "sound.csv"))


ONE_FAULT = {
    "missing_cell.csv": ["age 85-89, year 2019", "the cell is missing", "Fill it from the same ONS table"],
    "duplicate_row.csv": ["rows 4, 5", "age_group '5-9'", "Keep one row"],
    "not_a_number.csv": ["row 19, column value", "'n/a' is not a number"],
    "empty_cell.csv": ["row 19, column value", "empty where a number belongs"],
    "negative.csv": ["row 38, column value", "'-2.8' is negative"],
    "total_mismatch.csv": ["year 2018", "318,700", "372,700", "at most 516"],
    "gap_in_years.csv": ["2 mid-years between 2018 and 2021 have no rows; first 2019"],
    "two_areas.csv": ["2 areas and none chosen", "E38000046", "E38000191"],
    "two_projections.csv": ["several for one area: 2014-based, 2018-based"],
    "missing_column.csv": ["row 1", "column unit is missing"],
    "extra_column.csv": ["row 1", "column remark is not expected"],
    "not_utf8.csv": [
        "row 2, column area_name",
        "not UTF-8 text after",
        "(byte 82)",
        "Save it as 'CSV UTF-8'",
    ],
    "no_rows.csv": ["the file has no rows"],
    "empty.csv": ["the file is empty"],
    "absent.csv": ["the file does not exist"],
}


@pytest.mark.parametrize("name", ONE_FAULT)
def test_a_faulty_file_is_refused_with_its_one_fault(name):
    with pytest.raises(InputError) as raised:
        read_population(FAULTY / name)
    assert len(raised.value.faults) == 1
    assert raised.value.faults[0].file.endswith(name)
    for words in ONE_FAULT[name]:
        assert words in str(raised.value)


def test_one_figure_beyond_all_people_is_refused_alone(tmp_path):
    """It once hid how far the figures were rounded, and good totals were refused for it."""
    huge = tmp_path / "huge.csv"
    huge.write_text((FAULTY / "sound.csv").read_text().replace(",19.2,", ",1e308,", 1))
    with pytest.raises(InputError, match=r"1 fault(.|\n)*'1e308' is above 8e\+07. Take the figure"):
        read_population(huge)


SEVERAL = {
    "unknown_band.csv": ["'0-5' is not known", "age 0-4, year 2018: the cell is missing"],
    "unknown_unit.csv": ["'millions' is not known", "column unit: several for one area"],
    "ragged_row.csv": ["row 4: 9 cells where the header has 8", "age 5-9, year 2018"],
    "thousands_as_persons.csv": ["year 2018, column unit: the bands add to 319 persons", "year 2019"],
    "persons_as_thousands.csv": ["year 2018, column unit: the bands add to 318,700,000 persons", "year 2019"],
    "several_faults.csv": [
        "row 4, column year: value '2018.5' is not a whole number",
        "row 19, column value: value 'n/a' is not a number",
        "row 37, column value: value '-2.8' is negative",
        "rows 2, 41: the same",
        "age 5-9, year 2018: the cell is missing",
        "age 85-89, year 2019: the cell is missing",
    ],
}


@pytest.mark.parametrize("name", SEVERAL)
def test_all_faults_come_in_one_error(name):
    with pytest.raises(InputError) as raised:
        read_population(FAULTY / name)
    assert len(raised.value.faults) == len(SEVERAL[name])
    for words, fault in zip(SEVERAL[name], raised.value.faults, strict=True):
        assert words in str(fault)


def test_an_unknown_area_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="area 'Walsal' is not in the file; it has E38000046 NHS Dudley CCG"):
        read_population(FAULTY / "sound.csv", "Walsal")


def test_a_total_within_rounding_is_accepted(tmp_path):
    """Figure 10 itself: the bands of 2020 add to 320.9, the printed total is 320.7."""
    text = DUDLEY.read_text()
    read_population(DUDLEY)
    worse = tmp_path / "worse.csv"
    worse.write_text(text.replace("All ages,2020,320.7", "All ages,2020,320.3"))
    with pytest.raises(InputError, match="year 2020: All ages is 320,300"):
        read_population(worse)
