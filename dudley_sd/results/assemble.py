"""Dataset of a result: one labelled dataset, units on every variable, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.run.model_run import EngineRun

from dudley_sd.inputs.ages import AGE_BANDS
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
    indicative = plan.folder.area.indicative
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
