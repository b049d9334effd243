"""Which engine runs the model: PySD, or code compiled from what PySD reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xarray as xr

from sdcompile.errors import Fault, InputError
from sdcompile.run.outputs import Value
from sdcompile.run.with_compiled import EngineRun, make_ready, run_ready

ENGINES = ("auto", "c", "numpy", "pysd")
"""``auto``: C where there is a compiler, else NumPy. All give PySD's numbers; PySD is slow and trusted."""


def run_model(
    folder: Path,
    settings: Mapping[str, Value],
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Run the model file of a folder once, see `run_with_pysd`; the attribute ``engine`` says what ran.

    Raises
    ------
    InputError
        If there is no such engine or output, or the model cannot be compiled.
    """
    return run_once(folder, settings, outputs, time_step, save_every, engine).dataset()


def run_once(
    folder: Path,
    settings: Mapping[str, Value],
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> EngineRun:
    """Run as `run_model` does, and leave the labelling to the caller."""
    check_engine(engine)
    if engine == "pysd":
        from sdcompile.run.with_pysd import run_with_pysd

        found = run_with_pysd(folder, settings, outputs, time_step, save_every)
        arrays = {str(name): array.variable for name, array in found.data_vars.items()}
        coords = {str(name): array.values for name, array in found.coords.items()}
        return EngineRun(arrays, coords, "pysd")
    return run_ready(make_ready(folder, list(settings), outputs, time_step, save_every, engine), settings)


def check_engine(engine: str) -> None:
    """Refuse an engine that there is not."""
    if engine not in ENGINES:
        remedy = f"Choose one of: {', '.join(ENGINES)}"
        raise InputError([Fault("engine", repr(engine), "there is no such engine", remedy)])
