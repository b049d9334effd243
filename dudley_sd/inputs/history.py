"""People of an area before the first mid-year of its projection, carried back along an estimate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.population import read_population


def read_ratios(path: Path | str, start: int, first: int) -> xr.DataArray:
    """Return estimated people of each band from `start` to the mid-year before `first`, relative to `first`.

    Parameters
    ----------
    path
        Mid-year estimates of one area, as `read_population` reads them.
    start, first
        Mid-years.

    Returns
    -------
    xr.DataArray
        Dims (year, age), Dmnl.

    Raises
    ------
    InputError
        Faults of `read_population`; a mid-year that is not there.
    """
    estimate = read_population(path)
    missing = [year for year in range(start, first + 1) if year not in estimate["year"]]
    if missing:
        problem = f"mid-{missing[0]} is missing; history runs from mid-{start} to mid-{first}"
        raise InputError([Fault(str(path), "column year", problem, "Add the estimates of ONS")])
    return estimate.sel(year=slice(start, first - 1)) / estimate.sel(year=first, drop=True)


def carried_back(population: xr.DataArray, ratios: xr.DataArray) -> xr.DataArray:
    """Return people from the first mid-year of `ratios`: those of a table that starts later, carried back.

    Parameters
    ----------
    population
        Persons, dims (year, age), years without a gap.
    ratios
        From `read_ratios`: the mid-years before the one they are relative to.

    Returns
    -------
    xr.DataArray
        Persons, dims (year, age). A table that holds all of these mid-years is returned as it is: estimates
        that ONS gave with its projection need no other.
    """
    first = int(ratios["year"][-1]) + 1
    before = ratios * population.sel(year=first, drop=True)
    held = population["year"].to_numpy()
    if held[0] <= ratios["year"][0]:
        return population.sel(year=slice(int(ratios["year"][0]), None))
    table = population.sel(year=slice(first, None))
    whole = xr.concat([before, table], "year").transpose("year", "age")
    return whole.astype(np.float64).rename("population").assign_attrs(population.attrs)
