"""Results of several footprints in one dataset, and one of them taken out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import xarray as xr

from dudley_sd.results.band import ABOUT

SHARED = ("portfolio", "portfolio_title", "contract", "contract_title", "Conventions", "caution")


def together(by_area: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Put results of the same request for several footprints side by side.

    Parameters
    ----------
    by_area
        Results by key of footprint, from `dudley_sd.results.assemble.assemble` or
        `dudley_sd.results.totals.total_of_parts`.

    Returns
    -------
    xr.Dataset
        Dims (footprint, scenario, year, ...subscripts), footprints in the order given. Coordinate
        ``footprint_name`` (footprint). What a total leaves out is not a number (NaN) there and only there.
        ``extrapolated`` is true where the table of any footprint has ended. The attribute ``indicative``,
        if there is one, is JSON: why, by footprint; ``areas`` is JSON of each footprint's own attributes,
        manifest included.
    """
    results = list(by_area.values())
    names = list(dict.fromkeys(str(name) for each in results for name in each.data_vars))
    whole = next(each for each in results if len(each.data_vars) == max(len(r.data_vars) for r in results))
    arrays = {}
    for name in names:
        pattern = next(each[name] for each in results if name in each)
        rows = [
            each[name].transpose(*pattern.dims).to_numpy() if name in each else np.full(pattern.shape, np.nan)
            for each in results
        ]
        arrays[name] = (("footprint", *pattern.dims), np.stack(rows), pattern.attrs)
    for each in results:
        xr.align(whole, each, join="exact")
    beyond = np.any([each["extrapolated"].to_numpy() for each in results], axis=0)
    joined = xr.Dataset(arrays, coords=whole.coords)
    joined = joined.assign_coords(
        footprint=list(by_area),
        footprint_name=("footprint", [str(each.attrs["footprint_name"]) for each in results]),
        extrapolated=("year", beyond, whole["extrapolated"].attrs),
    )
    return joined.assign_attrs(_attrs(by_area))


def one_area(results: xr.Dataset, name: str) -> xr.Dataset:
    """Take one footprint out of `together`, as it was put in; ``extrapolated`` stays that of all."""
    own = json.loads(results.attrs["areas"])[name]
    area = results.sel(footprint=name).drop_vars(["footprint", "footprint_name"])
    left_out = [each for each in str(own.get("left_out", "")).split(", ") if each in area]
    return area.drop_vars(left_out).drop_attrs(deep=False).assign_attrs(own)


def _attrs(by_area: Mapping[str, xr.Dataset]) -> dict[str, str]:
    first = next(iter(by_area.values())).attrs
    places = ", ".join(str(each.attrs["footprint_name"]) for each in by_area.values())
    unsure = {
        name: str(each.attrs["indicative"]) for name, each in by_area.items() if "indicative" in each.attrs
    }
    attrs = {key: str(first[key]) for key in (*SHARED, ABOUT) if key in first}
    attrs["title"] = str(first["title"]).replace(str(first["footprint_name"]), places, 1)
    if unsure:
        attrs["indicative"] = json.dumps(unsure, ensure_ascii=False)
    attrs["areas"] = json.dumps(
        {name: {key: str(value) for key, value in each.attrs.items()} for name, each in by_area.items()},
        ensure_ascii=False,
    )
    return attrs
