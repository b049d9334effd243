"""Manifest of a result: where it came from and how to make it again."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

import numpy as np
from sdcompile.digests import file_digest, folder_digests

from dudley_sd.folders import MODEL_FILE, inputs_folder, models_folder
from dudley_sd.inputs.projection_choice import IMPORTED
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
