"""Stored ensembles: Zarr stores in one folder, read for the page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_dashboard.pages.uncertainty.ensemble import Ensemble, swings_of
from dudley_dashboard.pages.uncertainty.measures import OUTPUTS, measures_of
from dudley_sd.ensembles.job import make_job
from dudley_sd.ensembles.plan import EnsemblePlan, Request, plan_ensemble
from dudley_sd.ensembles.sampling import BLOCK
from dudley_sd.ensembles.store import read_ensemble, read_manifest
from dudley_sd.ensembles.summary import do_nothing_faults
from dudley_sd.places import models_folder
from dudley_sd.results.manifest import input_checksums
from dudley_sd.runs.model_folder import MODEL_FILE
from dudley_sd.scenarios.contracts import AS_NOW
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO

FOLDER = "DUDLEY_SD_ENSEMBLES"
"""Environment variable that names the folder of stores; without it there is no choice of stored ensembles."""

KINDS = {"scenarios": "the future chosen", "footprints": "the area chosen"}
MOST = 10 * BLOCK
"""Members that are read; each block is a Latin hypercube of its own, so the first ten are as good as any."""

About = Callable[[EnsemblePlan], dict[str, Any]]


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
    many = read_ensemble(known[name])
    chosen = {}
    for kind, wanted in (("scenarios", scenario), ("footprints", footprint)):
        chosen[kind] = wanted if wanted in content[kind] else content[kind][0]
    missed = [
        KINDS[kind]
        for kind, wanted in zip(chosen, (scenario, footprint), strict=True)
        if wanted != chosen[kind]
    ]
    scenario, footprint = chosen.values()
    plan = plan_ensemble(_request_of(content, scenario, footprint))
    other = do_nothing_of(content, known)
    told = about(plan)
    job, against = make_job(plan, every_lever=True), None
    if other is not None:
        request = _request_of(read_manifest(other), scenario, footprint)
        against = make_job(plan_ensemble(request), every_lever=True)
    return Ensemble(
        _stored_measures(many, scenario, footprint),
        None if other is None else _stored_measures(read_ensemble(other), scenario, footprint),
        swings_of(job, against),
        told
        | {
            "members": min(MOST, int(content["members"])),
            "command": content["command"],
            "stored": name,
            "notes": [
                *told["notes"],
                *(f"{name} does not hold {kind}; its first is shown." for kind in missed),
            ],
        },
    )


def origin_faults(content: Mapping[str, Any], name: str) -> list[Fault]:
    """Say what of a store is not of the model that is here."""
    remedy = "Run the ensemble again with this version"
    faults = []
    model = hashlib.sha256((models_folder() / MODEL_FILE).read_bytes()).hexdigest()
    if content.get("model_sha256") != model:
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


def _stored_measures(many: xr.Dataset, scenario: str, footprint: str) -> xr.Dataset:
    """Measures of the variables that are stored, with no more members than `MOST`."""
    kept = many[[name for name in OUTPUTS if name in many]]
    if "footprint" in many.dims:
        kept = kept.sel(footprint=footprint)
    chosen = kept.sel(scenario=[scenario]).isel(member=slice(0, MOST))
    return measures_of(chosen.load().drop_vars("member")).assign_coords(
        year=many["year"].to_numpy().astype(np.int64)
    )


def _request_of(content: Mapping[str, Any], scenario: str, footprint: str) -> Request:
    """Return what was asked for of one scenario and area, with all that the page shows."""
    return Request(
        scenarios=(scenario,),
        portfolio=content["portfolio"],
        contract=content["contract"],
        footprints=(footprint,),
        projection=content["projection"],
        levers=content["levers"],
        outputs=OUTPUTS,
        members=int(content["members"]),
        seed=int(content["seed"]),
        sampler=content["sampler"],
        distribution=content["distribution"],
        also=tuple(content["also"]),
    )
