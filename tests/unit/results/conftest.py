"""Results that the tests of files and pictures share."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr
from filelock import FileLock

import dudley_sd
from dudley_sd.results.store import read_results, write_netcdf


@pytest.fixture(scope="session")
def no_shift(shared_folder: Path) -> xr.Dataset:
    """What ``dudley-sd run official_future --portfolio none`` makes: the baseline, in which no care moves."""
    path = shared_folder / "no_shift.nc"
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            write_netcdf(dudley_sd.run(["official_future"], portfolio="none"), path)
    return read_results(path)


@pytest.fixture(scope="session")
def one_future(four_futures: xr.Dataset) -> xr.Dataset:
    """The first of the four futures alone."""
    return four_futures.isel(scenario=[0])
