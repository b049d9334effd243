"""Results that the tests of files and pictures share."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

import dudley_sd
from tests.shared import once

TWO = ["official_future", "community_resilience"]


@pytest.fixture(scope="session")
def two_futures(four_futures: xr.Dataset) -> xr.Dataset:
    """The first two of the four futures: much of the shift lands in one and none of it in the other."""
    return four_futures.sel(scenario=TWO)


@pytest.fixture(scope="session")
def two_do_nothings(shared_folder: Path) -> xr.Dataset:
    """What the two futures are compared with: the same scenarios with the portfolio none."""
    return once(shared_folder / "two_do_nothing.pickle", lambda: dudley_sd.run(TWO, portfolio="none").load())


@pytest.fixture(scope="session")
def with_money(two_futures: xr.Dataset, two_do_nothings: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """The two futures and their do nothing with balances that anybody can check.

    Do nothing loses £1m a year. The first future starts with a loss of £4m on it and gains £1m a year, so
    that it is level in 2022; the second loses £2m a year more than do nothing.
    """
    years = two_futures["year"] - 2018
    years = years.where(years > 0, 0)
    loss = (-1.0 * years).expand_dims(scenario=TWO)
    first = xr.where(years == 0, 0.0, 1.0 * (years - 4))
    gain = xr.concat([first, -2.0 * years], dim="scenario").assign_coords(scenario=TWO)
    attrs = {
        "units": "MillionPound",
        "long_name": "Funding less cost, added up.",
        "model_name": "system balance",
    }
    without = loss.transpose("scenario", "year").assign_attrs(attrs)
    run = (loss + gain).transpose("scenario", "year").assign_attrs(attrs)
    return two_futures.assign(system_balance=run), two_do_nothings.assign(system_balance=without)


@pytest.fixture(scope="session")
def no_shift(two_do_nothings: xr.Dataset) -> xr.Dataset:
    """One do nothing alone, in which no care moves."""
    return two_do_nothings.isel(scenario=[0])


@pytest.fixture(scope="session")
def one_future(four_futures: xr.Dataset) -> xr.Dataset:
    """The first of the four futures alone."""
    return four_futures.isel(scenario=[0])


@pytest.fixture(scope="session")
def banded(shared_folder: Path) -> tuple[xr.Dataset, xr.Dataset]:
    """The two futures and do nothing, each with its band."""

    def make() -> tuple[xr.Dataset, xr.Dataset]:
        plan, nothing = (dudley_sd.run(TWO, portfolio=name, band=True) for name in ("as_evidenced", "none"))
        return plan.load(), nothing.load()

    return once(shared_folder / "banded.pickle", make)
