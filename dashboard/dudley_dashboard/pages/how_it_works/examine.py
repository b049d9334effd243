"""What takes long to find out of the model: done once in a process of its own, kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sdcompile.cache import cache_folder
from sdcompile.scratch import atomic_file

from dudley_dashboard.pages.how_it_works.loops import loop_signs
from dudley_sd.places import inputs_folder, models_folder
from dudley_sd.validation.report import STAGES, validate

SIGNS, TESTS = "loop-signs", "tests"
GIVEN_UP = 600.0
"""Seconds after which an examination that has not ended is taken for dead."""


@dataclass(frozen=True)
class State:
    """How an examination stands.

    Attributes
    ----------
    result
        What was found, None until it is.
    running
        Whether it is under way.
    done
        Stages that are done, of a running one.
    """

    result: dict[str, Any] | None = None
    running: bool = False
    done: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How much of a running examination of `TESTS` is done."""
        return len(self.done) / len(STAGES)


def state_of(kind: str) -> State:
    """Look how an examination of the model as it is now stands."""
    result, running = _file(kind, "json"), _file(kind, "running")
    if result.is_file():
        try:
            return State(json.loads(result.read_text(encoding="utf-8")))
        except ValueError:  # a full disk, an editor: it is found out anew
            result.unlink()
    if not running.is_file() or abs(time.time() - running.stat().st_mtime) > GIVEN_UP:
        return State()
    return State(running=True, done=tuple(running.read_text(encoding="utf-8").splitlines()))


def start(kind: str) -> State:
    """Start an examination in the background unless it is done or under way."""
    state = state_of(kind)
    if state.result is not None or state.running:
        return state
    running = _file(kind, "running")
    running.unlink(missing_ok=True)
    try:
        running.touch(exist_ok=False)
    except FileExistsError:  # another worker was quicker
        return state_of(kind)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen(  # what is run is this module and one of two words
        [sys.executable, "-m", __name__, kind],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    threading.Thread(target=process.wait, name=f"examination {kind}", daemon=True).start()  # leaves no zombie
    return State(running=True)


def examine(kind: str, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Find out; see `loop_signs` and `dudley_sd.validation.report.validate`."""
    if kind == SIGNS:
        return {"loops": loop_signs()}
    report = validate(progress)
    return {
        "findings": [asdict(finding) for finding in report.findings],
        "made": report.made,
        "version": report.version,
        "model_hash": report.model_hash,
        "runs": report.runs,
    }


def keep(kind: str) -> Path:
    """Examine and keep what is found; the file of the running examination tells its stages meanwhile."""
    result, running = _file(kind, "json"), _file(kind, "running")

    def progress(stage: str) -> None:
        with running.open("a", encoding="utf-8") as file:
            file.write(f"{stage}\n")

    try:
        found = examine(kind, progress)
        with atomic_file(result) as scratch:
            scratch.write_text(json.dumps(found), encoding="utf-8")
    finally:
        running.unlink(missing_ok=True)
    return result


@cache
def model_key() -> str:
    """Hash of model file, loops, inputs and version: what an examination depends on."""
    digest = hashlib.sha256(version("dudley-sd").encode())
    for folder, endings in ((models_folder(), ("mdl", "toml")), (inputs_folder(), ("csv", "gz", "toml"))):
        for path in sorted(path for ending in endings for path in folder.rglob(f"*.{ending}")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _file(kind: str, ending: str) -> Path:
    folder = cache_folder() / "dashboard"
    folder.mkdir(exist_ok=True)
    return folder / f"{kind}-{model_key()[:24]}.{ending}"


if __name__ == "__main__":
    keep(sys.argv[1])
