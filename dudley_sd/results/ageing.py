"""How much of the growth of a service is more and older people, and how much is growth of use per person?"""

from __future__ import annotations

import xarray as xr

from dudley_sd.results.headlines import signed_percent
from dudley_sd.results.panels import HOSPITAL

NEEDED = ("use_rate", "need_weighted_people", "activity_before_shift")


def ageing_finding(results: xr.Dataset, service: str) -> str:
    """Say what people, their age and need alone add by the last year, and what is added in all.

    Parameters
    ----------
    results
        From `assemble`.
    service
        One of `dudley_sd.results.panels.HOSPITAL`.

    Returns
    -------
    str
        A sentence without its full stop; empty where the result lacks the variables.
    """
    if not all(name in results for name in NEEDED):
        return ""
    elements = list(HOSPITAL[service])
    here = results.sel(service=elements)
    people_alone = _growth((here["use_rate"] * here["need_weighted_people"]).sum(["service", "age"]))
    in_all = _growth(here["activity_before_shift"].sum("service"))
    years = f"{int(results['year'][0])} to {int(results['year'][-1])}"
    return (
        f"From {years}, more people, their age and need alone would add {_range(people_alone)}; with the "
        "growth of use per person carried on at past rates, and what the scenarios expect, "
        f"{_range(in_all)} before any shift"
    )


def _growth(array: xr.DataArray) -> xr.DataArray:
    return array.isel(year=-1, drop=True) / array.isel(year=0, drop=True) - 1


def _range(growth: xr.DataArray) -> str:
    low, high = signed_percent(float(growth.min())), signed_percent(float(growth.max()))
    return low if low == high else f"{low} to {high}"
