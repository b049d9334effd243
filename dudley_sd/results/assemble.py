"""The promise of a result: one labelled dataset, units on every variable, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.results.manifest import manifest
from dudley_sd.runs.plan import Plan

LEVERS_NAMED = 2


def assemble(plan: Plan, runs: Mapping[str, xr.Dataset], command: str) -> xr.Dataset:
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
    joined = _side_by_side(runs)
    titles = [plan.scenarios[name].title for name in runs]
    extrapolated = plan.folder.data.trajectory["extrapolated"].reindex(year=joined["year"])
    joined = joined.assign_coords(
        scenario_title=("scenario", titles),
        extrapolated=("year", extrapolated.to_numpy().astype(bool)),
    )
    if "age" in joined.dims:
        joined = joined.assign_coords(age_band=("age", list(AGE_BANDS)))
    joined["year"].attrs = {"long_name": "mid-year", "units": "Year"}
    joined["extrapolated"].attrs = {
        "long_name": "beyond the projection table: the rates of its last year carry on"
    }
    indicative = plan.folder.data.indicative
    place = f"{plan.footprint.name} (indicative)" if indicative else plan.footprint.name
    joined.attrs = {
        "title": f"{place}: {plan.title}{_changes(plan)} in {', '.join(titles)}",
        "footprint": plan.footprint.id,
        "footprint_name": place,
        "portfolio": plan.portfolio_name,
        "portfolio_title": plan.portfolio.title + _changes(plan),
        "contract": plan.contract_name,
        "contract_title": plan.contract.title,
        "Conventions": "CF-1.10",
        "caution": "A model, not a forecast",
        **({"indicative": f"Indicative: {indicative}"} if indicative else {}),
        "manifest": manifest(plan, command, str(joined.attrs["engine"])),
    }
    return joined


def _side_by_side(runs: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Join runs along ``scenario``; array by array, as joining labelled hundreds takes a second."""
    all_runs = list(runs.values())
    first = all_runs[0]
    xr.align(*(run.coords.to_dataset() for run in all_runs), join="exact", copy=False)
    arrays = {
        name: xr.Variable(
            ("scenario", *first.variables[name].dims),
            np.stack([run.variables[name].to_numpy() for run in all_runs]),
            first.variables[name].attrs,
        )
        for name in first.data_vars
    }
    return xr.Dataset(arrays, coords={"scenario": list(runs), **first.coords}, attrs=first.attrs)


def _changes(plan: Plan) -> str:
    """Say which levers were set, so that no picture of a changed run passes for the standard one."""
    if not plan.levers:
        return ""
    if len(plan.levers) > LEVERS_NAMED:
        return f", with {len(plan.levers)} levers changed"
    return ", with " + " and ".join(f"{name} = {value:g}" for name, value in plan.levers.items())
