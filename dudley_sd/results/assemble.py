"""Dataset of a result: of an area, of a total of areas (sums first, shares last), of areas side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.run.model_run import EngineRun

from dudley_sd.indicators import ratios
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.footprints import Total
from dudley_sd.ratio import adds_up
from dudley_sd.results.band import ABOUT
from dudley_sd.results.manifest import manifest
from dudley_sd.runs.run import Run

LEVERS_NAMED = 2


def assemble(plan: Run, runs: Mapping[str, EngineRun], command: str) -> xr.Dataset:
    """Join the runs of a plan.

    Parameters
    ----------
    plan
        What was run.
    runs
        Scenario key to the engine's answer.
    command
        How to make the same result again, as it would be typed.

    Returns
    -------
    xr.Dataset
        Dims (scenario, year, ...subscripts). Coordinates beside the dimensions: ``scenario_title``
        (scenario); ``age_band`` (age), the label of a band as ONS prints it; ``extrapolated`` (year), true
        for mid-years beyond the projection table. Every variable has ``units`` and ``long_name``. Attributes
        hold the title, the footprint and the manifest as JSON text.
    """
    titles = [plan.scenarios[name].title for name in runs]
    first = next(iter(runs.values()))
    about = "beyond the projection table: the rates of its last year carry on"
    coords: dict[str, Any] = {
        "scenario": list(runs),
        **first.coords,
        "year": xr.Variable("year", first.coords["year"], {"long_name": "mid-year", "units": "Year"}),
        "scenario_title": ("scenario", titles),
        "extrapolated": xr.Variable(
            "year", np.isin(first.coords["year"], plan.folder.area.extrapolated), {"long_name": about}
        ),
    }
    if "age" in first.coords:
        coords["age_band"] = ("age", list(AGE_BANDS))
    indicative, fifths = plan.folder.area.indicative, plan.folder.area.fifths_indicative
    place = f"{plan.footprint.name} (indicative)" if indicative else plan.footprint.name
    attributes = {
        "title": f"{place}: {plan.title}{_changes(plan)} in {', '.join(titles)}",
        "footprint": plan.footprint.id,
        "footprint_name": place,
        "portfolio": plan.request.portfolio,
        "portfolio_title": plan.portfolio.title + _changes(plan),
        "contract": plan.request.contract,
        "contract_title": plan.contract.title,
        "Conventions": "CF-1.10",
        "caution": "A model, not a forecast",
        **({"indicative": f"Indicative: {indicative}"} if indicative else {}),
        **({"fifths_indicative": fifths} if fifths else {}),
        "manifest": manifest(plan, command, first.engine),
    }
    return xr.Dataset(_side_by_side(list(runs.values())), coords=coords, attrs=attributes)


def _side_by_side(runs: Sequence[EngineRun]) -> dict[str, xr.Variable]:
    """Join runs along ``scenario``, array by array; all must have the same labels."""
    first = runs[0]
    for run in runs[1:]:
        for name, labels in first.coords.items():
            if not np.array_equal(labels, run.coords[name]):
                raise ValueError(f"runs of one plan differ in their {name}")
    return {
        name: xr.Variable(
            ("scenario", *variable.dims),
            _stacked([run.variables[name].values for run in runs]),
            variable.attrs,
            fastpath=True,
        )
        for name, variable in first.variables.items()
    }


def _stacked(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Put arrays of one shape on top of each other; ``numpy.stack`` takes ten times as long for few."""
    out = np.empty((len(arrays), *arrays[0].shape))
    for place, array in enumerate(arrays):
        out[place] = array
    return out


def _changes(plan: Run) -> str:
    """Say which levers were set, so that no picture of a changed run passes for the standard one."""
    if not plan.request.values:
        return ""
    if len(plan.request.values) > LEVERS_NAMED:
        return f", with {len(plan.request.values)} levers changed"
    return ", with " + " and ".join(f"{name} = {value:g}" for name, value in plan.request.values.items())


SHARED = ("portfolio", "portfolio_title", "contract", "contract_title", "Conventions", "caution")


def together(by_area: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Put results of the same request for several footprints side by side.

    Parameters
    ----------
    by_area
        Results by key of footprint, from `dudley_sd.results.assemble.assemble` or
        `dudley_sd.results.assemble.total_of_parts`.

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
    return joined.assign_attrs(_shared_attributes(by_area))


def one_area(results: xr.Dataset, name: str) -> xr.Dataset:
    """Take one footprint out of `together`, as it was put in; ``extrapolated`` stays that of all."""
    own = json.loads(results.attrs["areas"])[name]
    area = results.sel(footprint=name).drop_vars(["footprint", "footprint_name"])
    left_out = [each for each in str(own.get("left_out", "")).split(", ") if each in area]
    return area.drop_vars(left_out).drop_attrs(deep=False).assign_attrs(own)


def _shared_attributes(by_area: Mapping[str, xr.Dataset]) -> dict[str, str]:
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


SAME = 1e-12
"""Largest relative difference between areas of a number that is the same in all of them."""

SUM, RATIO, ALIKE = "sum", "ratio", "alike"
"""How a total has a variable: the sum of its parts', worked out again from sums, or as every part has it."""


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
    ways = {}
    for name, array in first.variables.items():
        if name in first.data_vars:
            if adds_up(str(array.attrs["units"])):
                ways[str(name)] = SUM
            elif _alike([part.variables[name].to_numpy() for part in parts]):
                ways[str(name)] = ALIKE
    known, sums = set(map(str, first.variables)), {name for name, way in ways.items() if way == SUM}
    again = {name for name, each in ratios().items() if name in known and each.can_be_told(known, sums)}
    ways |= dict.fromkeys(again, RATIO)
    added = add_up(parts, ways, [str(name) for name in first.data_vars if name in ways])
    for name, variable in added.variables.items():
        variable.attrs = dict(first.variables[name].attrs)
    left_out = [str(name) for name in first.data_vars if name not in ways]
    beyond = np.any([part["extrapolated"].to_numpy() for part in parts], axis=0)
    added = added.assign_coords(extrapolated=("year", beyond, first["extrapolated"].attrs))
    return added.assign_attrs(_total_attributes(total, parts, command) | {"left_out": ", ".join(left_out)})


def _alike(found: Sequence[np.ndarray]) -> bool:
    return all(np.allclose(found[0], each, rtol=SAME, atol=0.0) for each in found[1:])


def add_up(parts: Sequence[xr.Dataset], ways: Mapping[str, str], outputs: Iterable[str]) -> xr.Dataset:
    """Work out the outputs of a total.

    Parameters
    ----------
    parts
        Each area's outputs and the ingredients of their ratios, dims (scenario, member, year, ...).
    ways
        How a total has each of them: `SUM`, `RATIO` or `ALIKE`.
    outputs
        Those to return.

    Raises
    ------
    InputError
        If what every part should have alike differs between them.
    """
    first = parts[0]
    sums = {}
    for key, way in ways.items():
        found = [part.variables[key].to_numpy() for part in parts]
        if way == ALIKE and not _alike(found):
            problem = "is not the same in all areas of a sum, and does not add up"
            raise InputError([Fault("outputs", key, problem, "Leave it out")])
        if way != RATIO:
            whole = np.sum(found, axis=0) if way == SUM else found[0]
            sums[key] = xr.Variable(first.variables[key].dims, whole)
    arrays = {}
    for key in outputs:
        if ways[key] == RATIO:
            dims = first.variables[key].dims
            arrays[key] = ratios()[key].of(parts, dims).transpose(*dims).variable
        else:
            arrays[key] = sums[key]
    return xr.Dataset(arrays, coords=first.coords)


def _total_attributes(total: Total, parts: Sequence[xr.Dataset], command: str) -> dict[str, str]:
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
    fifths = dict.fromkeys(
        part.attrs["fifths_indicative"] for part in parts if "fifths_indicative" in part.attrs
    )
    if fifths:
        attrs["fifths_indicative"] = "; ".join(fifths)
    manifests = {part.attrs["footprint"]: json.loads(part.attrs["manifest"]) for part in parts}
    attrs["manifest"] = _total_manifest(total, manifests, names, command)
    return attrs


def _total_manifest(
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
