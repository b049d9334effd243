"""Manifest of a result: where it came from and how to make it again."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

import numpy as np
import xarray as xr
from sdcompile.digests import file_digest, folder_digests

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.projection_choice import IMPORTED, TURNS_ON_THE_BASE
from dudley_sd.runs.run import Run

LIBRARIES = ("dudley-sd", "pysd", "numpy", "pandas", "xarray")


def manifest(plan: Run, command: str, engine: str) -> str:
    """Return the manifest of a plan as JSON text.

    Parameters
    ----------
    plan
        What was run.
    command
        How to make the same result again.
    engine
        What ran it: ``c``, ``numpy`` or ``pysd``.

    Returns
    -------
    str
        JSON object: ``command``, ``made`` (UTC), ``engine``, ``footprint``, ``indicative`` (why, or
        empty), ``sizes`` (ratios to the model file's own), ``portfolio``, ``contract``,
        ``decisions`` (of both, by lever: value, reason, source, locator), ``levers``,
        ``scenarios`` (title, status, levels and the constants each run changed), ``seed`` (null: nothing is
        drawn by chance), ``model_sha256``, ``inputs_sha256`` by file, ``versions``, ``projection``
        (the choice, its base, area, source and where its table ends; name and hash of a file that was given).
    """
    content = {
        "command": command,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": engine,
        "footprint": plan.footprint.id,
        "indicative": plan.folder.area.indicative,
        "sizes": _sizes(plan),
        "portfolio": plan.request.portfolio,
        "contract": plan.request.contract,
        "decisions": {
            "portfolio": {key: each.model_dump() for key, each in plan.portfolio.decisions.items()},
            "contract": {key: each.model_dump() for key, each in plan.contract.terms.items()},
        },
        "levers": plan.request.values,
        "scenarios": {
            name: {
                "title": scenario.title,
                "status": scenario.status,
                "note": scenario.note,
                "levels": {key: choice.level for key, choice in scenario.levels.items()},
                "settings": {key: _plain(value) for key, value in plan.settings[name].items()},
            }
            for name, scenario in plan.scenarios.items()
        },
        "seed": None,
        "projection": {"choice": plan.request.projection, **plan.folder.area.projection},
        "model_sha256": file_digest(plan.folder.path / MODEL_FILE),
        "inputs_sha256": input_checksums(),
        "versions": _versions(),
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def model_checksum() -> str:
    """Return the SHA-256 of the model file of this installation."""
    return file_digest(models_folder() / MODEL_FILE)


@cache
def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _sizes(plan: Run) -> dict[str, object]:
    """Ratios and local figures that an area's sizes were made with; empty where they are the file's own."""
    scaling = plan.folder.area.scaling
    if scaling is None:
        return {}
    local = {key: size.model_dump() for key, size in plan.footprint.sizes.items()}
    return {"like": scaling.like, "ratios": scaling.ratios, "local": local}


def input_checksums() -> dict[str, str]:
    """SHA-256 of every input file, by path under the folder of inputs."""
    found = folder_digests(inputs_folder(), (".csv", ".gz", ".toml"))
    imported = f"{IMPORTED.as_posix()}/"  # the one in use has its own entry
    return {path: digest for path, digest in found.items() if not path.startswith(imported)}


def _plain(value: float | np.ndarray) -> object:
    return value.tolist() if isinstance(value, np.ndarray) else float(value)


LOOKED_AT = "dudley"
"""The area whose findings were compared between bases."""


def base_text(results: xr.Dataset) -> str:
    """Name of the projection: ``2014-based``."""
    return str(json.loads(results.attrs["manifest"])["projection"]["projection"])


def base_title(results: xr.Dataset) -> str:
    """Name of the projection as a title has it: ``ONS 2018-based projection``."""
    if is_official(results):
        return f"ONS {base_text(results)} projection"
    return base_text(results).removeprefix("indicative, ").replace("carried on", "people carried on")


def projection_text(results: xr.Dataset) -> str:
    """Whose projection it is, for which area, from which file, and when it ends."""
    manifest = json.loads(results.attrs["manifest"])
    entry = manifest["projection"]
    kind = str(entry["projection"])
    if "parts" in manifest:
        return f"The sum of {entry['area']} ({base_title(results)}), to {entry['table_ends']}"
    if kind.startswith("indicative"):
        name = f"{kind[:1].upper()}{kind[1:]}"
        return f"{name}: {entry['area']} from its mid-2018 estimate, to {entry['table_ends']}"
    whose = "ONS " if is_official(results) else ""
    table = f" ({entry['table']})" if "table" in entry else ""
    area, end = f"{entry['area']}{table}", entry["table_ends"]
    return f"{whose}{entry['projection']} projection for {area}, which ends in {end}"


def is_official(results: xr.Dataset) -> bool:
    """Whether the projection is one of ONS, which are called by their base."""
    return base_text(results)[:1].isdigit()


def turns_on_base(results: xr.Dataset) -> str:
    """Say which findings another base would turn; empty where that was not looked at for the area."""
    return TURNS_ON_THE_BASE if results.attrs["footprint"] == LOOKED_AT else ""
