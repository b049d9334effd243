"""Runs of a folder's model file by any engine, labelled as PySD labels them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from sdcompile.digests import folder_digests
from sdcompile.errors import Fault, InputError
from sdcompile.plan.plan import Series
from sdcompile.read.levers import levers
from sdcompile.read.model import Model, Variable, read_model
from sdcompile.run.compile import compile
from sdcompile.run.compiled import Compiled
from sdcompile.run.compiler import find_compiler
from sdcompile.run.outputs import Value, chosen_variables, dimension_name, model_path, output_keys, years

ENGINES = ("auto", "c", "numpy", "pysd")
"""``auto``: C where there is a compiler, else NumPy. All give PySD's numbers; PySD is slow and trusted."""


@dataclass(frozen=True, eq=False)
class Ready:
    """A model folder made ready to run many times; several threads may share it.

    Attributes
    ----------
    model
        The compiled model.
    described
        What the model file says of its variables.
    variables
        Variables that a run gives.
    defaults
        Every lever with the value of the file.
    """

    model: Compiled
    described: Model
    variables: list[Variable]
    defaults: dict[str, Value]

    @cached_property
    def layout(self) -> list[_Slot]:
        """Where each variable lies in the raw numbers of a run, and how it is labelled."""
        series = {each.name: each for each in self.model.outputs}
        return [_layout(variable, series[variable.name]) for variable in self.variables]

    @cached_property
    def labels(self) -> dict[str, np.ndarray | list[str]]:
        """Labels of every dimension of a run."""
        found: dict[str, np.ndarray | list[str]] = {"year": years(self.model.times)}
        series = {each.name: each for each in self.model.outputs}
        for variable in self.variables:
            dims = [dimension_name(dim) for dim in variable.subscripts]
            found |= {dim: list(names) for dim, names in zip(dims, series[variable.name].labels, strict=True)}
        return found


class _Slot(NamedTuple):
    """Where a variable lies in the raw numbers of a run, and how it is labelled."""

    key: str
    slice: slice
    shape: tuple[int, ...]
    dims: tuple[str, ...]
    attributes: dict[str, str]


def _layout(variable: Variable, series: Series) -> _Slot:
    place = slice(series.place, series.place + series.size)
    dims = ("year", *(dimension_name(dim) for dim in variable.subscripts))
    return _Slot(variable.key, place, tuple(series.shape), dims, _attributes(variable))


def make_ready(
    folder: Path,
    constants: Sequence[str] = (),
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> Ready:
    """Compile the model file of a folder, or take it from the cache; see `run_model`.

    Parameters
    ----------
    folder, outputs, time_step, save_every, engine
        As for `run_model`.
    constants
        What runs will set; every lever may be set without being named.

    Raises
    ------
    InputError
        Naming what cannot be compiled.
    """
    path = model_path(folder)
    content = tuple(folder_digests(folder, (".mdl", ".csv")).items())
    wanted = None if outputs is None else tuple(outputs)
    return _ready(path, tuple(constants), wanted, save_every, time_step, engine, content, find_compiler())


@lru_cache(maxsize=16)
def _ready(
    path: Path,
    constants: tuple[str, ...],
    outputs: tuple[str, ...] | None,
    save_every: float | None,
    time_step: float | None,
    engine: str,
    content: tuple[tuple[str, str], ...],  # noqa: ARG001
    compiler: object,  # noqa: ARG001
) -> Ready:
    """Compile what a folder holds; kept while its content and the compiler are the same."""
    model = read_model(path)
    # Every lever is compiled in, set or not, so that one library answers every request.
    defaults: dict[str, Value] = {name: lever.default for name, lever in levers(model).items()}
    chosen = chosen_variables(model, outputs)
    compiled = compile(
        path,
        levers=sorted({*defaults, *constants}),
        outputs=[variable.name for variable in chosen],
        save_every=save_every,
        time_step=time_step,
        engine=engine,
    )
    return Ready(compiled, model, chosen, defaults)


class EngineRun(NamedTuple):
    """One run of the model, before it is labelled: a dataset of hundreds of arrays takes longer than the run.

    Attributes
    ----------
    variables
        Arrays by snake-case key, dims (year, ...subscripts), with ``units``, ``long_name``, ``model_name``.
    coords
        Labels of every dimension.
    engine
        What ran it.
    """

    variables: Mapping[str, xr.Variable]
    coords: Mapping[str, Any]
    engine: str

    def dataset(self) -> xr.Dataset:
        """Return the run as one labelled dataset."""
        return xr.Dataset(dict(self.variables), coords=dict(self.coords), attrs={"engine": self.engine})


def run_ready(ready: Ready, settings: Mapping[str, Value], outputs: Sequence[str] | None = None) -> EngineRun:
    """Run once what `make_ready` made for these constants; of its variables ``outputs`` are returned.

    Raises
    ------
    InputError
        If it was made for other constants, or naming the first variable that is not a finite number.
    """
    given = ready.defaults | dict(settings)
    wanted = None if outputs is None else set(output_keys(ready.described, outputs))
    parts = [np.ravel(np.asarray(given[name], dtype=float)) for name in sorted(given)]
    raw = ready.model.run_array(np.concatenate([np.zeros(0), *parts]))[:, :, 0]
    arrays = {
        found.key: xr.Variable(
            found.dims, raw[:, found.slice].reshape(len(raw), *found.shape), found.attributes, fastpath=True
        )
        for found in ready.layout
        if wanted is None or found.key in wanted
    }
    used = {dim for variable in arrays.values() for dim in variable.dims}
    coords = {dim: labels for dim, labels in ready.labels.items() if dim in used}
    return EngineRun(arrays, coords, ready.model.engine)


def _attributes(variable: Variable) -> dict[str, str]:
    return {"units": variable.units, "long_name": variable.sentence, "model_name": variable.name}


def run_model(
    folder: Path,
    settings: Mapping[str, Value],
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Run the model file of a folder once, the attribute ``engine`` says what ran.

    Parameters
    ----------
    folder
        Holds one ``.mdl`` file and the tables it reads.
    settings
        Constants by their name in the model file: a number, or an array in the order of the model's elements.
    outputs
        Names or keys of variables to return; all when not given.
    time_step, save_every
        Step and interval between saved times in years; those of the model file when not given.
    engine
        One of `ENGINES`.

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
        from sdcompile.run.pysd_run import run_pysd

        found = run_pysd(folder, settings, outputs, time_step, save_every)
        arrays = {str(name): array.variable for name, array in found.data_vars.items()}
        coords = {str(name): array.values for name, array in found.coords.items()}
        return EngineRun(arrays, coords, "pysd")
    return run_ready(make_ready(folder, list(settings), outputs, time_step, save_every, engine), settings)


def check_engine(engine: str) -> None:
    """Refuse an engine that there is not."""
    if engine not in ENGINES:
        remedy = f"Choose one of: {', '.join(ENGINES)}"
        raise InputError([Fault("engine", repr(engine), "there is no such engine", remedy)])
