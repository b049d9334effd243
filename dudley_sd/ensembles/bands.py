"""Statistics over members: bands, thresholds crossed, years of break-even.

Add up first, take shares last: give these functions what is summed or subtracted already, member by member.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault

from dudley_sd.ensembles.store_blocks import loaded
from dudley_sd.ensembles.thresholds import read_thresholds
from dudley_sd.results.derived import first_year_without_loss

SHARES = (0.1, 0.5, 0.9)
"""Share of the members that lie at or below a band's edge; 0.9 is the high end."""

FIRST: tuple[str, ...] = ("footprint", "scenario", "year")
"""Columns that stand first in every table."""

_COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def bands(values: xr.DataArray, shares: Sequence[float] = SHARES) -> xr.DataArray:
    """Values below which given shares of the members lie.

    Parameters
    ----------
    values
        Dims (..., member, ...).
    shares
        Between 0 and 1.

    Returns
    -------
    xr.DataArray
        Dim ``share`` first, then those of ``values`` without ``member``.
    """
    found = np.quantile(values.to_numpy(), list(shares), axis=values.get_axis_num("member"))
    rest = values.isel(member=0, drop=True)
    coords = {"share": list(shares), **dict(rest.coords)}
    return xr.DataArray(found, coords, ("share", *rest.dims), values.name, values.attrs)


def share_faults(shares: Sequence[float]) -> list[Fault]:
    """Say which shares are none, and which are asked for twice."""
    remedy = "Give shares between 0 and 1: 0.1, 0.5, 0.9"
    faults = [
        Fault("share", f"{share:g}", "does not lie between 0 and 1", remedy)
        for share in shares
        if not 0 <= share <= 1
    ]
    twice = [share for share in dict.fromkeys(shares) if list(shares).count(share) > 1]
    return faults + [Fault("share", f"{share:g}", "is asked for twice", "Keep one") for share in twice]


def crossing(ensemble: xr.Dataset, thresholds: Sequence[str]) -> pd.DataFrame:
    """Share of the members beyond a threshold, year by year.

    Parameters
    ----------
    ensemble
        From `dudley_sd.ensembles.store.read_ensemble`.
    thresholds
        Such as ``"occupancy>0.95"`` or ``"occupancy>95%"``, see `dudley_sd.ensembles.thresholds`.

    Returns
    -------
    pd.DataFrame
        Columns of the variable's dims, ``threshold``, ``share_in_year`` (beyond it in that year) and
        ``share_by_year`` (beyond it in that year or one before).

    Raises
    ------
    InputError
        Every threshold that cannot be read or whose variable is not in the store; a variable in which a
        member has no number.
    """
    parts = []
    for each in read_thresholds(ensemble, thresholds):
        beyond = _COMPARE[each.sign](loaded(ensemble, each.name), each.number)
        by_year = beyond.copy(data=np.logical_or.accumulate(beyond.to_numpy(), beyond.get_axis_num("year")))
        both = xr.Dataset({"share_in_year": beyond.mean("member"), "share_by_year": by_year.mean("member")})
        table = _frame(both)
        table.insert(0, "threshold", f"{each.name}{each.sign}{each.number:.12g}")
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def break_even(gain: xr.DataArray) -> pd.DataFrame:
    """Members that break even with do nothing, by year.

    Parameters
    ----------
    gain
        Pounds, from `dudley_sd.results.derived.accumulated_gain` of two ensembles with the same draws.

    Returns
    -------
    pd.DataFrame
        Columns (footprint,) ``scenario, year, share, share_by_year``: share of the members that break even
        in that year, and by then. Members that are never behind are in the first year; what is missing to 1
        in the last has not broken even.
    """
    years = first_year_without_loss(gain)
    axis = years.get_axis_num("member")
    found = np.stack([(years.to_numpy() == year).mean(axis) for year in gain["year"].to_numpy()])
    rest = years.isel(member=0, drop=True)
    coords = {"year": gain["year"].to_numpy(), **dict(rest.coords)}
    share = xr.DataArray(found, coords, ("year", *rest.dims)).transpose(..., "year")
    return _frame(xr.Dataset({"share": share, "share_by_year": share.cumsum("year")}))


def table_of_bands(
    ensemble: xr.Dataset, names: Sequence[str], shares: Sequence[float] = SHARES
) -> pd.DataFrame:
    """Bands of several variables as one long table.

    Returns
    -------
    pd.DataFrame
        Columns of dims, ``variable, share, value, unit``; elements of a subscripted variable have a band
        each, and their shares do not add up to the share of the sum.
    """
    parts = []
    for name in names:
        found = bands(loaded(ensemble, name), shares).rename("value")
        table = _frame(found.to_dataset())
        table.insert(0, "variable", name)
        parts.append(table.assign(unit=ensemble[name].attrs["units"]))
    return pd.concat(parts, ignore_index=True)


def _frame(values: xr.Dataset) -> pd.DataFrame:
    """Return a long table: area, scenario and year first, the share of a band last."""
    kept = values.drop_vars([name for name in values.coords if name not in values.dims])
    names = [str(dim) for dim in values.sizes]
    order = [name for name in FIRST if name in names]
    order += [name for name in names if name not in (*order, "share")]
    return kept.to_dataframe(dim_order=order + ["share"] * ("share" in names)).reset_index()
