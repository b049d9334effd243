"""Stored ensembles: Zarr stores in one folder, read for the page."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_dashboard.pages.uncertainty.ensemble import Ensemble, indicators_of, swings_of
from dudley_sd.ensembles.description import SETTINGS
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, plan_ensemble
from dudley_sd.ensembles.sampling import BLOCK
from dudley_sd.ensembles.store import read_ensemble, read_manifest
from dudley_sd.ensembles.summary import do_nothing_faults
from dudley_sd.indicators import ANSWERED
from dudley_sd.results.manifest import input_checksums, model_checksum
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.portfolios import NO_PORTFOLIO

FOLDER = "DUDLEY_SD_ENSEMBLES"
"""Environment variable that names the folder of stores; without it there is no choice of stored ensembles."""

MOST = 10 * BLOCK
"""Members that are read; each block is a Latin hypercube of its own, so the first ten are as good as any."""

About = Callable[[EnsemblePlan, int], dict[str, Any]]


def stores() -> dict[str, Path]:
    """List the stores that a reader may choose, by name; none where no folder is named."""
    folder = os.environ.get(FOLDER, "")
    if not folder or not Path(folder).is_dir():
        return {}
    return {path.stem: path for path in sorted(Path(folder).glob("*.zarr")) if path.is_dir()}


def state_of(name: str) -> list[str]:
    """Return text that changes when a store does, or any that may be what it is held against."""
    return [name, *(f"{each} {_changed(path / '.zattrs')}" for each, path in stores().items())]


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def read_stored(name: str, scenario: str, footprint: str, about: About) -> Ensemble:
    """Read a stored ensemble, doing nothing where that is stored too, and what moves it most.

    Parameters
    ----------
    name
        One of `stores`.
    scenario, footprint
        What to show; the first of the store where it holds no such one, which the notes of the answer say.
    about
        Says what an ensemble is of: `dudley_dashboard.pages.uncertainty.data.about`.

    Raises
    ------
    InputError
        If it is unfinished, cannot be read, or was made with another model, other inputs or another version.
    """
    known = stores()
    content = read_manifest(known[name])
    faults = origin_faults(content, name)
    if faults:
        raise InputError(faults)
    notes = []
    if scenario not in content["scenarios"]:
        scenario = content["scenarios"][0]
        notes.append(f"{name} does not hold the future chosen; its first is shown.")
    if footprint not in content["footprints"]:
        footprint = content["footprints"][0]
        notes.append(f"{name} does not hold the area chosen; its first is shown.")
    plan = plan_ensemble(_request_of(content, scenario, footprint))
    runs, against, other = _members_of(known[name], scenario, footprint), None, do_nothing_of(content, known)
    if other is not None:
        request = _request_of(read_manifest(other), scenario, footprint)
        against = make_job(plan_ensemble(request), every_lever=True)
    described = about(plan, int(content["references"]["count"]))
    described |= {
        "members": min(MOST, int(content["members"])),
        "command": content["command"],
        "stored": name,
        "notes": [*described["notes"], *notes],
    }
    return Ensemble(
        runs,
        None if other is None else _members_of(other, scenario, footprint),
        swings_of(make_job(plan, every_lever=True), against),
        described,
    )


def origin_faults(content: Mapping[str, Any], name: str) -> list[Fault]:
    """Say what of a store is not of the model that is here."""
    remedy = "Run the ensemble again with this version"
    faults = []
    if content.get("model_sha256") != model_checksum():
        faults.append(Fault(name, "model file", "is not the one that is used here", remedy))
    if content.get("inputs_sha256") != input_checksums():
        faults.append(Fault(name, "inputs", "are not those that are used here", remedy))
    was, here = content.get("versions", {}).get("dudley-sd"), version("dudley-sd")
    if was != here:
        faults.append(Fault(name, "dudley-sd", f"was version {was}, here is {here}", remedy))
    return faults


def do_nothing_of(content: Mapping[str, Any], known: Mapping[str, Path]) -> Path | None:
    """Return the store with the same draws in which nothing is decided, if there is one."""
    if content["portfolio"] == NO_PORTFOLIO and content["contract"] == AS_NOW:
        return None
    for name, path in known.items():
        try:
            its = read_manifest(path)
            if not do_nothing_faults(content, its, name):
                return path
        except (InputError, KeyError):
            continue
    return None


def _members_of(store: Path, scenario: str, footprint: str) -> xr.Dataset:
    """Variables of indicators that a store holds, with no more members than `MOST`."""
    runs = read_ensemble(store)
    runs = runs[[name for name in ANSWERED.variables if name in runs]]
    if "footprint" in runs.dims:
        runs = runs.sel(footprint=footprint)
    found = indicators_of(
        runs.sel(scenario=[scenario]).isel(member=slice(0, MOST)).load().drop_vars("member")
    )
    return found.assign_coords(year=found["year"].to_numpy().astype(np.int64))


def _request_of(content: Mapping[str, Any], scenario: str, footprint: str) -> EnsembleRequest:
    """Return the request of a store for one scenario and area, with all that the page shows."""
    stored = {key: content[key] for key in SETTINGS if key != "levers"}
    return replace(
        EnsembleRequest(**stored, settings=content["levers"]),
        scenarios=(scenario,),
        footprints=(footprint,),
        outputs=ANSWERED.variables,
        also=tuple(content["also"]),
    )
