"""Totals of areas: sums first, shares last, and what neither gives is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from dudley_sd.indicators import ratios
from dudley_sd.inputs.footprints import Total
from dudley_sd.settings.sizes import adds_up

SAME = 1e-12
"""Largest relative difference between areas of a number that is the same in all of them."""


def total_of_parts(total: Total, parts: Sequence[xr.Dataset], command: str) -> xr.Dataset:
    """Add areas up.

    Parameters
    ----------
    total
        What the areas are together.
    parts
        Results of the same request for each area, from `dudley_sd.results.assemble.assemble`.
    command
        How to make the same result again, as it would be typed.

    Returns
    -------
    xr.Dataset
        As `assemble` returns it. People, activity, staff, beds and money, and these by year, are sums of
        the parts. Ratios of the table of indicators are worked out again from the sums. A number that is
        the same in all parts is theirs. All other ratios, times and multipliers are left out,
        named in the attribute ``left_out``: the mean of two areas' is not the total's.
    """
    first = parts[0]
    xr.align(*(part.coords.to_dataset() for part in parts), join="exact", copy=False)
    arrays: dict[str, xr.Variable] = {}
    for name in first.data_vars:
        found = [part.variables[name].transpose(*first.variables[name].dims) for part in parts]
        if adds_up(str(found[0].attrs["units"])):
            whole = np.sum([each.to_numpy() for each in found], axis=0)
            arrays[str(name)] = xr.Variable(found[0].dims, whole, found[0].attrs)
        elif all(_same(found[0], other) for other in found[1:]):
            arrays[str(name)] = found[0]
    sums = xr.Dataset(arrays, coords=first.coords)
    for name, each in ratios().items():
        if name in first and set(each.variables) <= set(sums.data_vars):
            ratio = each.of(sums, first[name].dims).transpose(*first[name].dims)
            arrays[name] = ratio.variable.copy(deep=False)
            arrays[name].attrs = dict(first.variables[name].attrs)
    left_out = [str(name) for name in first.data_vars if name not in arrays]
    kept = {str(name): arrays[str(name)] for name in first.data_vars if name in arrays}
    added = xr.Dataset(kept, coords=first.coords)
    beyond = np.any([part["extrapolated"].to_numpy() for part in parts], axis=0)
    added = added.assign_coords(extrapolated=("year", beyond, first["extrapolated"].attrs))
    return added.assign_attrs(_attrs(total, parts, command) | {"left_out": ", ".join(left_out)})


def _same(one: xr.Variable, other: xr.Variable) -> bool:
    return bool(np.allclose(one.to_numpy(), other.to_numpy(), rtol=SAME, atol=0.0))


def _attrs(total: Total, parts: Sequence[xr.Dataset], command: str) -> dict[str, str]:
    first = parts[0].attrs
    indicative = [part.attrs["footprint_name"] for part in parts if "indicative" in part.attrs]
    place = f"{total.name} (indicative)" if indicative else total.name
    attrs = {
        **{key: str(value) for key, value in first.items() if key != "indicative"},
        "title": str(first["title"]).replace(str(first["footprint_name"]), place, 1),
        "footprint": total.id,
        "footprint_name": place,
        "parts": ", ".join(part.attrs["footprint"] for part in parts),
    }
    names = [str(part.attrs["footprint_name"]).removesuffix(" (indicative)") for part in parts]
    if indicative:
        reasons = dict.fromkeys(
            str(part.attrs["indicative"]).removeprefix("Indicative: ")
            for part in parts
            if "indicative" in part.attrs
        )
        unsure = ", ".join(name.removesuffix(" (indicative)") for name in indicative)
        attrs["indicative"] = f"Indicative: the sum of {', '.join(names)}; in {unsure} {'; '.join(reasons)}"
    manifests = {part.attrs["footprint"]: json.loads(part.attrs["manifest"]) for part in parts}
    attrs["manifest"] = _manifest(total, manifests, names, command)
    return attrs


def _manifest(
    total: Total, manifests: Mapping[str, dict[str, object]], names: Sequence[str], command: str
) -> str:
    """Manifest of the first part, as far as it is true of all, and each part's own under ``parts``."""
    each = [json.loads(json.dumps(manifest)) for manifest in manifests.values()]
    first = each[0]
    for name, scenario in first["scenarios"].items():
        scenario["settings"] = {
            key: value
            for key, value in scenario["settings"].items()
            if all(other["scenarios"][name]["settings"].get(key) == value for other in each[1:])
        }
    bases = dict.fromkeys(one["projection"]["projection"] for one in each)
    content = {
        **first,
        "command": command,
        "footprint": total.id,
        "indicative": "; ".join(dict.fromkeys(one["indicative"] for one in each if one["indicative"])),
        "sizes": {},
        "projection": {
            "projection": "; ".join(bases),
            "area": ", ".join(names),
            "table_ends": min(one["projection"]["table_ends"] for one in each),
        },
        "parts": manifests,
    }
    return json.dumps(content, indent=1, ensure_ascii=False)
