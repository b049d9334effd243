"""Statistics over members: bands, thresholds crossed, years of break-even.

Add up first, take shares last: give these functions what is summed or subtracted already, member by member.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name

from dudley_sd.ensembles.store_blocks import loaded
from dudley_sd.inputs.years import PROJECTED
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
    """Share of the members beyond a threshold, year by year from mid-2018, where futures leave their history.

    Parameters
    ----------
    ensemble
        From `dudley_sd.ensembles.store.read_ensemble`.
    thresholds
        Such as ``"occupancy>0.95"`` or ``"occupancy>95%"``, see `dudley_sd.ensembles.statistics`.

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
        values = loaded(ensemble, each.name).sel(year=slice(PROJECTED, None))
        beyond = _COMPARE[each.sign](values, each.number)
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
        £ million, from `dudley_sd.results.derived.accumulated_gain` of two ensembles with the same draws.

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


REMEDY = "Write a variable, a comparison and a number with a point, not a comma: 'occupancy>95%', 'gp_gap>0'"
SCALES = {"": 1.0, "%": 0.01, "k": 1e3, "m": 1e6}
"""What stands behind a number: per cent, thousands, millions."""

MILLIONS = "MillionPound"
"""Unit of what is counted in millions already: 5m is 5 of them."""

FAR = 10
"""A number that is so many times the largest value stands for another unit."""

LEAST = 0.1
"""Taken for the largest value of a share where all are smaller, nothing among them."""

_THRESHOLD = re.compile(
    r"\s*([^<>=]*?)\s*(>=|<=|>|<)\s*£?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%|k|m)?\s*"
)


@dataclass(frozen=True)
class Threshold:
    """A variable of a store, a comparison, and a number in the unit of the variable."""

    text: str
    name: str
    sign: str
    number: float


def read_thresholds(ensemble: xr.Dataset, texts: Sequence[str]) -> list[Threshold]:
    """Read thresholds as the user wrote them.

    Parameters
    ----------
    ensemble
        From `dudley_sd.ensembles.store.read_ensemble`.
    texts
        Such as ``"occupancy>0.95"``, ``"occupancy > 95%"``, ``"system_balance<-50m"``.

    Raises
    ------
    InputError
        All at once: what cannot be read, is not in the store or stands twice.
    """
    found: list[Threshold] = []
    faults: list[Fault] = []
    for text in texts:
        each = _read_threshold(ensemble, text)
        if isinstance(each, Fault):
            faults.append(each)
        elif (each.name, each.sign, each.number) in {(old.name, old.sign, old.number) for old in found}:
            faults.append(Fault("threshold", repr(text), "is asked for twice", "Keep one"))
        else:
            found.append(each)
    if faults:
        raise InputError(faults)
    return found


def far_off(ensemble: xr.Dataset, thresholds: Sequence[Threshold]) -> list[Fault]:
    """Say which numbers are not in the unit of their variable: ten times what any member ever has.

    Never to cross a threshold is an answer; never to cross one that was meant in another unit is none.
    """
    faults = []
    for each in thresholds:
        values = loaded(ensemble, each.name)
        low, high, unit = float(values.min()), float(values.max()), _unit_of(ensemble, each.name)
        largest = max(abs(low), abs(high), LEAST if unit == "Dmnl" else 0)
        if largest == 0 or abs(each.number) <= FAR * largest:
            continue
        counted = "a share, 1 is the whole" if unit == "Dmnl" else unit
        problem = f"{each.number:g} is far from every value, {low:.3g} to {high:.3g} ({counted})"
        percent = unit == "Dmnl" and abs(each.number) / 100 <= FAR * largest
        remedy = (
            f"Is {each.number:g} per cent meant? Write '{each.name}{each.sign}{each.number / 100:g}' or "
            f"'{each.name}{each.sign}{each.number:g}%'"
            if percent
            else "Give the number in that unit"
        )
        faults.append(Fault("threshold", repr(each.text), problem, remedy))
    return faults


def _read_threshold(ensemble: xr.Dataset, text: str) -> Threshold | Fault:
    match = _THRESHOLD.fullmatch(text)
    if match is None or not match[1]:
        return Fault("threshold", repr(text), "cannot be read", REMEDY)
    name, sign, digits, behind = match.groups(default="")
    known = {same_name(str(key)): str(key) for key in ensemble.data_vars if key != "draws"}
    key = known.get(same_name(name))
    if key is None:
        hint = did_you_mean(_near(name, list(known.values())), f"The store has {', '.join(known.values())}")
        return Fault("threshold", repr(text), f"{name!r} is not in the store", hint)
    unit = _unit_of(ensemble, key)
    if behind == "%" and unit != "Dmnl":
        problem = f"{key} is counted in {unit}, not in per cent"
        return Fault("threshold", repr(text), problem, "Give the number in that unit")
    number = float(digits) * SCALES[behind] / (SCALES["m"] if behind and unit.startswith(MILLIONS) else 1.0)
    if not math.isfinite(number):
        return Fault("threshold", repr(text), f"{digits} is no number that can be reached", REMEDY)
    return Threshold(text, key, sign, float(f"{number:.12g}"))


def _unit_of(ensemble: xr.Dataset, name: str) -> str:
    return str(ensemble[name].attrs.get("units", ""))


def _near(name: str, known: list[str]) -> list[str]:
    """Names that look like what was written, else those that hold its words, else the least unlike."""
    words = same_name(name).split()
    holding = [key for key in known if all(word in same_name(key) for word in words)][:5]
    return nearest(name, known) or holding or get_close_matches(name, known, cutoff=0.4)
