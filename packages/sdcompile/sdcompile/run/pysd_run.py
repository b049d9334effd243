"""Runs of a folder's model file by PySD: slow and trusted, what every other engine must answer."""

from __future__ import annotations

import shutil
import uuid
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pysd
import xarray as xr

from sdcompile.cache import key_of, remember
from sdcompile.read.model import Model, Variable, read_model
from sdcompile.run.outputs import Value, chosen_variables, dimension_name, model_path, years

HARMLESS_WARNINGS = (".*chardet.*", ".*is defined with different types.*", ".*deprecat.*")
"""PySD's warnings that say nothing of the answer; any other, such as a lowered delay order, is shown."""


def run_pysd(
    folder: Path,
    settings: Mapping[str, Value],
    outputs: Sequence[str] | None = None,
    time_step: float | None = None,
    save_every: float | None = None,
) -> xr.Dataset:
    """Run the model file of a folder once.

    Parameters
    ----------
    folder
        Holds one ``.mdl`` file and the tables it reads; PySD's translation is kept beside it.
    settings
        Constants by their name in the model file: a number, or an array in the order of the model's elements.
    outputs
        Names or keys of variables to return; all when not given.
    time_step, save_every
        Step and interval between saved times in years; those of the model file when not given.

    Returns
    -------
    xr.Dataset
        One variable for each output under its snake-case key, dims (year, ...subscripts of the model in lower
        snake case), with ``units``, ``long_name`` and ``model_name``. Variables that do not change with time
        have dims (year, ...) too.
    """
    path = model_path(folder)
    model = read_model(path)
    chosen = chosen_variables(model, outputs)
    with warnings.catch_warnings():
        for harmless in HARMLESS_WARNINGS:
            warnings.filterwarnings("ignore", message=harmless)
        runner = pysd.load(str(_translation(path)), missing_values="raise")
        table = runner.run(
            params={name: _labelled(model, name, value) for name, value in settings.items()},
            return_columns=[variable.name for variable in chosen],
            time_step=time_step,
            saveper=save_every,
            progress=False,
            flatten_output=False,  # a column for each element takes PySD longer than the run itself
        )
    return _dataset(model, chosen, table)


def _translation(path: Path) -> Path:
    """PySD's Python beside the model file, from the cache; safe when two processes put it there at once."""
    target = path.with_suffix(".py")

    def translate(folder: Path) -> None:
        shutil.copy(path, folder / path.name)
        pysd.read_vensim(str(folder / path.name), initialize=False)

    key = key_of("pysd", pysd.__version__, path.name, path.read_bytes())
    made = (remember("translations", key, translate) / target.name).read_bytes()
    if not target.is_file() or target.read_bytes() != made:
        scratch = path.parent / f"translation-{uuid.uuid4().hex}"
        scratch.write_bytes(made)
        scratch.replace(target)
    return target


def _labelled(model: Model, name: str, value: Value) -> Any:
    """PySD matches arrays by position only: hand it labels in the model's own order."""
    if np.ndim(value) == 0:
        return float(value)
    variable = next(variable for variable in model.variables.values() if variable.name == name)
    coords = {dim: list(model.ranges[dim]) for dim in variable.subscripts}
    return xr.DataArray(np.asarray(value, dtype=float), coords=coords, dims=variable.subscripts)


def _dataset(model: Model, chosen: Sequence[Variable], table: pd.DataFrame) -> xr.Dataset:
    arrays = {}
    for variable in chosen:
        ranges = [model.ranges[dim] for dim in variable.subscripts]
        block = np.array([_cell(cell, ranges) for cell in table[variable.name]], dtype=float)
        arrays[variable.key] = (
            ("year", *(dimension_name(dim) for dim in variable.subscripts)),
            block,
            {"units": variable.units, "long_name": variable.sentence, "model_name": variable.name},
        )
    coords: dict[str, Any] = {"year": ("year", years(table.index.to_numpy(dtype=float)))}
    for variable in chosen:
        coords |= {dimension_name(dim): list(model.ranges[dim]) for dim in variable.subscripts}
    return xr.Dataset(arrays, coords=coords, attrs={"engine": "pysd"})


def _cell(cell: float | xr.DataArray, ranges: Sequence[tuple[str, ...]]) -> np.ndarray:
    """Return what PySD has of a variable at one time, [element, ...] in the model's order."""
    shape = tuple(len(elements) for elements in ranges)
    if not isinstance(cell, xr.DataArray):  # a number, also where a range has one element
        return np.full(shape, float(cell))
    found = [tuple(map(str, cell.coords[dim].to_numpy())) for dim in cell.dims]
    if found != list(ranges):
        raise ValueError(f"PySD gives elements {found} where the model has {list(ranges)}")
    return cell.to_numpy()
