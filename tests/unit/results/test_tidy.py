"""The long table holds what the result holds, with units, and spreadsheets and pandas read it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sdcompile.errors import InputError

from dudley_sd.results.tidy import tidy, worked_out, write_csv

NAMES = ["total_population", "population", "gps", "need_for_service"]
SUBSCRIPTS = ["age", "need", "fifth", "gp_stage", "needed_service"]


def test_columns_come_in_the_order_promised(four_futures):
    table = tidy(four_futures, NAMES)
    first = ["footprint", "scenario", "year", "extrapolated", "variable", "statistic"]
    assert list(table.columns[:6]) == first
    assert sorted(table.columns[6:-2]) == sorted(SUBSCRIPTS)
    assert list(table.columns[-2:]) == ["value", "unit"]


def test_every_value_is_there_once(four_futures):
    table = tidy(four_futures, NAMES)
    assert len(table) == sum(four_futures[name].size for name in NAMES)
    keys = ["scenario", "year", "variable", *SUBSCRIPTS]
    assert not table.duplicated(keys).any()
    for name in NAMES:
        rows = table[table["variable"] == name]
        assert rows["value"].to_numpy() == pytest.approx(four_futures[name].to_numpy().ravel(), rel=0)


def test_a_value_stands_under_its_labels(four_futures):
    table = tidy(four_futures, ["population"])
    place = {"scenario": "state_supreme", "year": 2033, "age": "A85", "need": "Complex", "fifth": "F2"}
    row = table[(table[list(place)] == list(place.values())).all(axis=1)]
    expected = four_futures["population"].sel(place)
    assert row["value"].item() == float(expected)
    assert bool(row["extrapolated"].item())
    assert row["unit"].item() == "Person"
    assert row["footprint"].item() == "dudley"


def test_subscripts_that_a_variable_lacks_are_empty(four_futures):
    table = tidy(four_futures, NAMES)
    assert set(table.loc[table["variable"] == "total_population", SUBSCRIPTS].to_numpy().ravel()) == {""}


def test_repeated_inputs_are_left_out_and_indicators_stay(four_futures):
    kept = worked_out(four_futures)
    assert {"gp_gap", "departure_by_migration", "landed_share", "population"} <= set(kept)
    assert not {
        "coverage",
        "use_rate_in_2018",
        "reach_by_age",
        "reference_deaths",
        "went_to_a_and_e_when_not_seen",
    } & set(kept)


def test_people_by_age_need_and_fifth_have_rows_only_when_named(four_futures):
    found = set(tidy(four_futures)["variable"])
    assert {"people_by_age", "people_by_age_and_fifth"} <= found
    assert "population" not in found


def test_an_unknown_name_suggests_the_nearest(four_futures):
    with pytest.raises(InputError, match="gp_gap"):
        tidy(four_futures, ["gp_gab"])


def test_no_names_give_an_empty_table(four_futures):
    assert tidy(four_futures, []).empty


def test_the_file_reads_back_with_ten_digits(one_future, tmp_path):
    path = write_csv(one_future, tmp_path / "results.csv")
    table = pd.read_csv(path, keep_default_na=False)
    expected = tidy(one_future)
    assert list(table.columns) == list(expected.columns)
    assert np.allclose(table["value"], expected["value"], rtol=1e-9, atol=0)
    assert table["extrapolated"].dtype == bool
    assert (table["unit"] != "").all()


def test_the_file_is_plain_ascii_so_that_it_needs_no_byte_order_mark(one_future, tmp_path):
    assert write_csv(one_future, tmp_path / "results.csv").read_bytes().isascii()
