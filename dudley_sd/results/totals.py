"""What do several areas have together? Sums first, shares last, and what neither gives is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import xarray as xr

from dudley_sd.inputs.footprints import Total
from dudley_sd.scenarios.sizes import adds_up

SAME = 1e-12
"""Largest relative difference between areas of a number that is the same in all of them."""

Recipe = Callable[[xr.Dataset], xr.DataArray]


def _part(numerator: str, denominator: str) -> Recipe:
    """Return a share: nothing of nothing is nothing, as ZIDZ has it in the model."""
    return lambda sums: _divided(sums[numerator], sums[denominator])


def _rest(numerator: str, denominator: str) -> Recipe:
    """Return what is left of one; of nothing, nothing is missing."""
    return lambda sums: 1 - _divided(sums[numerator], sums[denominator], 1.0)


def _divided(numerator: xr.DataArray, denominator: xr.DataArray, otherwise: float = 0.0) -> xr.DataArray:
    safe = denominator.where(denominator != 0, 1.0)
    return (numerator / safe).where(denominator != 0, otherwise)


RATIOS: dict[str, Recipe] = {
    "unmet_same_day_share": _part("unmet_same_day", "same_day_demand"),
    "same_day_met_share": lambda sums: 1 - _divided(sums["unmet_same_day"], sums["same_day_demand"]),
    "landed_share": lambda sums: _divided(
        sums["community_contacts_given_to_shift"], sums["community_contacts_needed"], 1.0
    ),
    "unlanded_share": _rest("community_contacts_given_to_shift", "community_contacts_needed"),
    "shift_as_share_of_demand": _part("landed_shift", "activity_before_shift"),
    "activity_index_before_shift": _part("activity_before_shift", "activity_in_2018"),
    "gp_gap_share": _part("gp_gap", "gp_wte_needed"),
    "vacancy_rate": lambda sums: _rest("staff_in_post", "establishment")(sums).clip(min=0),
    "overall_vacancy_rate": lambda sums: (
        1 - _divided(sums["staff_in_post"].sum("staff"), sums["all_posts"], 1.0)
    ).clip(min=0),
    "occupancy": _part("beds_occupied", "beds"),
    "elective_wait": _part("elective_waiting_list", "electives_treated"),
    "share_of_activity_outside_hospital": lambda sums: (
        1 - _divided(sums["value_in_hospital"], sums["value_delivered"].sum("service"))
    ),
    "share_of_spending_outside_hospital": lambda sums: _divided(
        sums["spending_outside_hospital"],
        sums["spending_outside_hospital"] + sums["acute_spending"] + sums["hospital_support"],
    ),
    "emergency_admissions_per_1000_older_people": lambda sums: (
        1000 * _divided(sums["emergency_admissions_of_older_people"], sums["people_65_and_over"])
    ),
    "gps_per_10000": lambda sums: (
        10000 * _divided(sums["gp_wte"], sums["total_population"] * sums["practice_list_ratio"])
    ),
    "time_at_home": _part("people_at_home", "total_population"),
    "share_of_gps_55_and_over": lambda sums: _divided(
        (sums["gps"] * sums["is_gp_55_and_over"]).sum("gp_age"), sums["gp_heads"]
    ),
    "share_of_gps_65_and_over": lambda sums: _divided(
        (sums["gps"] * sums["is_gp_65_and_over"]).sum("gp_age"), sums["gp_heads"]
    ),
    "working_age_index": _part("people_of_working_age", "people_of_working_age_in_2018"),
}
"""Ratios of the model whose numerator and denominator are known, worked out again from the sums."""


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
        the parts. Ratios of `RATIOS` are worked out again from the sums. A number that is the same in all
        parts is theirs. All other ratios, times and multipliers are left out, named in the attribute
        ``left_out``: the mean of two areas' is not the total's.
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
    for name, recipe in RATIOS.items():
        if name in first and _available(recipe, sums):
            ratio = recipe(sums).transpose(*first[name].dims)
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


def _available(recipe: Recipe, sums: xr.Dataset) -> bool:
    """Whether all that a ratio is made of is there: a run may have kept some outputs only."""
    try:
        recipe(sums)
    except KeyError:
        return False
    return True


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
