"""From which year on does what was decided pay for itself, against doing nothing?"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

BALANCE = "system_balance"
"""Accumulated funding less accumulated cost of the whole system, in pounds: a stock of the model."""

SMALLEST_LOSS = 0.5
"""Pounds that count as a loss; less is rounding."""


def has_balance(results: xr.Dataset, do_nothing: xr.Dataset | None) -> bool:
    """Whether both runs know the accumulated balance of the system."""
    return do_nothing is not None and BALANCE in results and BALANCE in do_nothing


def accumulated_gain(results: xr.Dataset, do_nothing: xr.Dataset) -> xr.DataArray:
    """How much better off the system is than if nothing is done, added up since the start.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`; both with `BALANCE`.

    Returns
    -------
    xr.DataArray
        Pounds, dims (scenario, year), with member if the runs have it; minus where the system has spent
        more than if nothing is done.
    """
    gain = (results[BALANCE] - do_nothing[BALANCE]).rename("accumulated_gain")
    return gain.assign_attrs(
        units="Pound", long_name="Accumulated balance of the system less that of do nothing."
    )


def break_even_year(gain: xr.DataArray) -> xr.DataArray:
    """First year from which on the system is no worse off than if nothing is done, having been worse off.

    Parameters
    ----------
    gain
        From `accumulated_gain`.

    Returns
    -------
    xr.DataArray
        Year, dims of the gain but ``year``: the one after the last year of loss. NaN where the last year is
        one of loss; the first year where no year is, so that nothing had to be won back.

    Examples
    --------
    >>> years = {"year": [2018, 2019, 2020, 2021]}
    >>> gain = xr.DataArray([[0.0, -5.0, -2.0, 1.0]], dims=("scenario", "year"), coords=years)
    >>> break_even_year(gain).item()
    2021.0
    """
    years = gain["year"].to_numpy()
    loss = (gain < -SMALLEST_LOSS).transpose(..., "year").to_numpy()
    after_last = loss.shape[-1] - np.argmax(loss[..., ::-1], axis=-1)
    place = np.where(loss.any(axis=-1), after_last, 0)
    found = np.where(place < len(years), years[np.minimum(place, len(years) - 1)].astype(float), np.nan)
    return gain.isel(year=0, drop=True).copy(data=found).rename("break_even_year").assign_attrs(units="Year")


def break_even_words(year: float, first: int, last: int) -> str:
    """``2027``, ``not by 2033`` or ``never behind``, from `break_even_year` and the first and last year."""
    if math.isnan(year):
        return f"not by {last}"
    return "never behind" if year == first else str(int(year))
