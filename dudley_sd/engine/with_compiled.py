"""What does the model file say, compiled? The same answer as PySD's, in the same form, in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from dudley_sd.engine.compiled import Compiled
from dudley_sd.engine.front import compile
from dudley_sd.engine.with_pysd import Value, dimension_name, model_path, output_keys
from dudley_sd.model.levers import levers
from dudley_sd.model.variables import Model, Variable, read_model


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


def run_with_compiled(
    folder: Path,
    settings: Mapping[str, Value],
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Run the model file of a folder once; takes and gives what ``run_with_pysd`` takes and gives.

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
        ``auto``, ``c`` or ``numpy``.

    Raises
    ------
    InputError
        Naming what cannot be compiled, or the first variable that is not a finite number.
    """
    return run_ready(make_ready(folder, list(settings), outputs, time_step, save_every, engine), settings)


def make_ready(
    folder: Path,
    constants: Sequence[str] = (),
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
    engine: str = "auto",
) -> Ready:
    """Compile the model file of a folder, or take it from the cache; see `run_with_compiled`.

    Parameters
    ----------
    folder, outputs, time_step, save_every, engine
        As for `run_with_compiled`.
    constants
        What runs will set; every lever may be set without being named.

    Raises
    ------
    InputError
        Naming what cannot be compiled.
    """
    path = model_path(folder)
    described = read_model(path)
    chosen = [v for v in described.variables.values() if not v.control and v.kind != "table"]
    if outputs is not None:
        wanted = output_keys(described, outputs)
        chosen = [variable for variable in chosen if variable.key in wanted]
    # Every lever is compiled in, set or not, so that one library answers every request.
    defaults: dict[str, Value] = {name: lever.default for name, lever in levers(described).items()}
    model = compile(
        path,
        levers=sorted({*defaults, *constants}),
        outputs=[variable.name for variable in chosen],
        save_every=save_every,
        time_step=time_step,
        engine=engine,
    )
    return Ready(model, described, chosen, defaults)


def run_ready(
    ready: Ready, settings: Mapping[str, Value], outputs: Sequence[str] | None = None
) -> xr.Dataset:
    """Run once what `make_ready` made for these constants; of its variables ``outputs`` are returned.

    Raises
    ------
    InputError
        If it was made for other constants, or naming the first variable that is not a finite number.
    """
    given = ready.defaults | dict(settings)
    wanted = None if outputs is None else output_keys(ready.described, outputs)
    parts = [np.ravel(np.asarray(given[name], dtype=float)) for name in sorted(given)]
    raw = ready.model.run_array(np.concatenate([np.zeros(0), *parts]))[:, :, 0]
    places = {series.name: series for series in ready.model.outputs}
    arrays = {}
    coords: dict[str, object] = {"year": _years(ready.model.times)}
    for variable in ready.variables:
        if wanted is not None and variable.key not in wanted:
            continue
        series = places[variable.name]
        block = raw[:, series.place : series.place + series.size].reshape(len(raw), *series.shape)
        dims = [dimension_name(dim) for dim in variable.subscripts]
        arrays[variable.key] = (("year", *dims), block, _attributes(variable))
        coords |= {dim: list(labels) for dim, labels in zip(dims, series.labels, strict=True)}
    return xr.Dataset(arrays, coords=coords, attrs={"engine": ready.model.engine})


def _attributes(variable: Variable) -> dict[str, str]:
    return {"units": variable.units, "long_name": variable.sentence, "model_name": variable.name}


def _years(times: np.ndarray) -> np.ndarray:
    whole = np.round(times).astype(int)
    return whole if np.array_equal(whole, times) else times
