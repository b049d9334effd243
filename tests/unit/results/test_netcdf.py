"""A result read again is the result that was written, and half a file is never left."""

from __future__ import annotations

import pytest
import xarray as xr
from sdcompile.errors import InputError
from sdcompile.scratch import atomic_file

from dudley_sd.results.export import read_results, write_netcdf


def test_a_result_comes_back_identical(four_futures, tmp_path):
    path = write_netcdf(four_futures, tmp_path / "made" / "results.nc")
    again = read_results(path)
    xr.testing.assert_identical(again, four_futures)


def test_true_and_false_come_back_as_such(four_futures, tmp_path):
    again = read_results(write_netcdf(four_futures, tmp_path / "results.nc"))
    assert again["extrapolated"].dtype == bool
    assert bool(again["extrapolated"].sel(year=2033))


def test_numbers_among_attributes_come_back_as_plain_numbers(four_futures, tmp_path):
    marked = four_futures.assign_attrs(seed=0)
    again = read_results(write_netcdf(marked, tmp_path / "results.nc"))
    assert again.attrs["seed"] == 0
    assert isinstance(again.attrs["seed"], int)


def test_the_file_is_compressed(four_futures, tmp_path):
    path = write_netcdf(four_futures, tmp_path / "results.nc")
    four_futures.drop_encoding().to_netcdf(tmp_path / "plain.nc", engine="netcdf4")
    assert path.stat().st_size < 0.9 * (tmp_path / "plain.nc").stat().st_size


def test_text_among_the_variables_is_refused_and_nothing_is_left(four_futures, tmp_path):
    wrong = four_futures.assign(remark=("scenario", ["text"] * four_futures.sizes["scenario"]))
    with pytest.raises(InputError, match="variable remark"):
        write_netcdf(wrong, tmp_path / "results.nc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [None, {"a": 1}, True, [[1], [2, 3]]])
def test_attributes_that_netcdf_cannot_hold_are_named_and_nothing_is_left(four_futures, tmp_path, value):
    wrong = four_futures.copy()
    wrong.attrs["remark"] = value
    wrong["gp_gap"].attrs["source"] = value
    with pytest.raises(InputError) as caught:
        write_netcdf(wrong, tmp_path / "results.nc")
    for words in ("the result", "attribute remark", "variable gp_gap", "attribute source", "leave it out"):
        assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError), atomic_file(path) as scratch:
        scratch.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [None, b"", b"not NetCDF at all"])
def test_what_is_no_result_is_refused(tmp_path, content):
    path = tmp_path / "results.nc"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"results\.nc"):
        read_results(path)


def test_another_netcdf_file_is_refused(tmp_path):
    path = tmp_path / "other.nc"
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(path)
    with pytest.raises(InputError, match="manifest"):
        read_results(path)
