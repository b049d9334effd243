"""Manifest of an ensemble: settings, versions and inputs, and how a store differs from a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from sdcompile.errors import Fault
from sdcompile.plan.plan import GENERATOR

from dudley_sd.ensembles.job import Job
from dudley_sd.ensembles.plan import EnsemblePlan, EnsembleRequest, unsummable
from dudley_sd.ensembles.ranges import REFERENCE
from dudley_sd.ensembles.references import SEED
from dudley_sd.request import repeated_text
from dudley_sd.results.manifest import manifest

SETTINGS = (
    "scenarios",
    "portfolio",
    "contract",
    "footprints",
    "projection",
    "levers",
    "outputs",
    "members",
    "seed",
    "sampler",
    "distribution",
    "also",
)
"""What the user chose: all of it decides the numbers in the store."""

MADE_BY = ("dudley-sd", "numpy", "scipy", "generator")
"""Versions that numbers depend on to the last digit, the generator's of the compiled model among them."""

LIBRARIES = ("scipy", "zarr")


def describe(plan: EnsemblePlan, job: Job) -> dict[str, Any]:
    """Return the manifest of an ensemble.

    Returns
    -------
    dict
        What `dudley_sd.results.manifest.manifest` says of the runs of the first area, and of the ensemble:
        the settings that decide its numbers, ``members_in_block``, the ``parameters`` drawn with their
        ranges, the ``references`` that members share and the numbers that they were solved with, those
        ``left_out`` and why; ``areas``, a hash of model file and tables of each that is run,
        with its ``projections`` (as in the manifest of a run) and ``sizes``; ``indicative``, why, by
        footprint; ``parts`` of each total; outputs that are ``not_told`` of totals.
    """
    request = plan.request
    by_area = {
        name: json.loads(manifest(area, command(request), job.engine)) for name, area in plan.areas.items()
    }
    content: dict[str, Any] = next(iter(by_area.values()))
    del content["footprint"]
    projections, sizes = (
        {name: each[key] for name, each in by_area.items()} for key in ("projection", "sizes")
    )
    content["scenario_settings"] = content["scenarios"]
    content |= {key: _plain(getattr(request, key)) for key in SETTINGS if key != "levers"}
    content |= {
        "levers": request.values,
        "outputs": list(plan.outputs),
        "members_in_block": job.size,
        "parameters": [asdict(each) for each in plan.ranges.drawn],
        "references": {"count": job.references, "seed": SEED, "numbers": list(REFERENCE)},
        "left_out": [asdict(each) for each in plan.ranges.left_out],
        "areas": {area.footprint: area.key for area in job.areas},
        "projections": projections,
        "sizes": sizes,
        "indicative": plan.indicative,
        "parts": {total.id: list(total.parts) for total in plan.totals},
        "not_told": unsummable(plan.first.model, request.outputs) if plan.totals else [],
    }
    content["versions"] |= {name: version(name) for name in LIBRARIES} | versions()
    return content


def versions() -> dict[str, str]:
    """Return what is installed here of that which numbers depend on."""
    return {name: str(GENERATOR) if name == "generator" else version(name) for name in MADE_BY}


def command(request: EnsembleRequest) -> str:
    """Return the command that makes the same ensemble."""
    words = ["--members", str(request.members), "--seed", str(request.seed)]
    words += ["--sampler", request.sampler, "--distribution", request.distribution]
    words += [*repeated_text("--also", request.also), *request.output_text]
    words += ["--engine", request.engine] if request.engine != "auto" else []
    return request.command("ensemble", *words)


def differences(stored: Mapping[str, Any], manifest: Mapping[str, Any], store: str) -> list[Fault]:
    """Say in what a store differs from what is asked for, so that it cannot be gone on with."""
    again = "Ask for what the store holds, or start a new store"
    same_tables = stored.get("areas") == manifest["areas"]  # the same file of people may lie elsewhere
    faults = [
        Fault(
            store,
            key,
            f"the store has {_short(stored.get(key))}, asked for is {_short(manifest[key])}",
            again,
        )
        for key in SETTINGS
        if stored.get(key) != manifest[key] and not (key == "projection" and same_tables)
    ]
    new = "Go on with the version that made it, or start a new store"
    if stored.get("model_sha256") != manifest["model_sha256"]:
        faults.append(Fault(store, "model file", "the store was made with another model file", new))
    mine, other = manifest["inputs_sha256"], stored.get("inputs_sha256", {})
    changed = sorted(name for name in {*mine, *other} if mine.get(name) != other.get(name))
    faults += [
        Fault(store, f"input {name}", "is not as it was when the store was made", new) for name in changed
    ]
    parts = ("areas", "parameters", "references", "engine", "members_in_block")
    if not faults:
        problem = "the store was made with other"
        faults += [
            Fault(store, key, f"{problem} {key}", new) for key in parts if stored.get(key) != manifest[key]
        ]
    was = stored.get("versions", {})
    for name in MADE_BY:
        here = manifest["versions"][name]
        if was.get(name) != here:
            faults.append(Fault(store, name, f"the store was made by {was.get(name)}, here is {here}", new))
    return faults


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
