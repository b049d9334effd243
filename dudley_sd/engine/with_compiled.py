"""What does the model file say, compiled? The same answer as PySD's, in the same form, in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from dudley_sd.engine.front import compile
from dudley_sd.engine.with_pysd import Value, dimension_name, model_path, output_keys
from dudley_sd.model.levers import levers
from dudley_sd.model.variables import Variable, read_model


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
    path = model_path(folder)
    described = read_model(path)
    chosen = [v for v in described.variables.values() if not v.control and v.kind != "table"]
    if outputs is not None:
        wanted = output_keys(described, outputs)
        chosen = [variable for variable in chosen if variable.key in wanted]
    # Every lever is compiled in, set or not, so that one library answers every request.
    defaults: dict[str, Value] = {name: lever.default for name, lever in levers(described).items()}
    given = defaults | dict(settings)
    names = sorted(given)
    model = compile(
        path,
        levers=names,
        outputs=[variable.name for variable in chosen],
        save_every=save_every,
        time_step=time_step,
        engine=engine,
    )
    parts = [np.ravel(np.asarray(given[name], dtype=float)) for name in names]
    values = np.concatenate([np.zeros(0), *parts])
    raw = model.run_array(values)[:, :, 0]
    places = {series.name: series for series in model.outputs}
    arrays = {}
    coords: dict[str, object] = {"year": _years(model.times)}
    for variable in chosen:
        series = places[variable.name]
        block = raw[:, series.place : series.place + series.size].reshape(len(raw), *series.shape)
        dims = [dimension_name(dim) for dim in variable.subscripts]
        arrays[variable.key] = (("year", *dims), block, _attributes(variable))
        coords |= {dim: list(labels) for dim, labels in zip(dims, series.labels, strict=True)}
    return xr.Dataset(arrays, coords=coords, attrs={"engine": model.engine})


def _attributes(variable: Variable) -> dict[str, str]:
    return {"units": variable.units, "long_name": variable.sentence, "model_name": variable.name}


def _years(times: np.ndarray) -> np.ndarray:
    whole = np.round(times).astype(int)
    return whole if np.array_equal(whole, times) else times
