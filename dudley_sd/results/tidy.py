"""Tidy table of a result: one row for each value, for spreadsheets, R and other people's code."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest
from sdcompile.read.model import read_model
from sdcompile.scratch import atomic_file

from dudley_sd.folders import models_folder
from dudley_sd.indicators import ECHOES
from dudley_sd.results.band import BAND, STATISTICS, bands, has_band
from dudley_sd.results.table import DIGITS

LEADING = ("footprint", "scenario", "year", "extrapolated", "variable", "statistic")
MOST = 100
"""Elements of a variable that has rows without being named; people by age, need and fifth are 285."""


def tidy(results: xr.Dataset, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one row for each value.

    Parameters
    ----------
    results
        From `dudley_sd.run` or `read_results`.
    names
        Variables to hold, in that order; without it every variable that the model works out. Left out then
        are those that repeat an input (constants and tables), which the workbook has with their sources, and
        those with more than `MOST` elements a year: all are in the NetCDF file.

    Returns
    -------
    pd.DataFrame
        Columns ``footprint, scenario, year, extrapolated, variable, statistic``, one for each subscript of
        the chosen variables (``age``, ``service``, ... as the model names its elements; empty where a
        variable does not have it), then ``value`` and ``unit``; in a result that is indicative one more,
        ``note``, which says so. ``statistic`` is ``single run``; of a result with a band there are also rows
        of ``median``, ``10%`` and ``90%`` for every indicator, and for its difference from do nothing, whose
        ``variable`` ends in ``_from_do_nothing``. Rows without a number are left out: of a total of areas
        what cannot be told of it, of a share of the planned shift years in which none is planned.

    Raises
    ------
    InputError
        Every name that is not in the result, with the nearest that is.
    """
    chosen = list(names) if names is not None else [n for n in worked_out(results) if _few(results, n)]
    _refuse_unknown(results, chosen)
    chosen += [name for name in bands(results) if names is None or name.removesuffix(BAND) in names]
    subscripts = [
        str(dim) for dim in results.dims if any(dim in results.variables[name].dims for name in chosen)
    ]
    subscripts = [dim for dim in subscripts if dim not in LEADING]
    columns = [*LEADING, *subscripts, "value", "unit"]
    if not chosen:
        return pd.DataFrame(columns=columns)
    parts = [_columns(results, name, subscripts) for name in chosen]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    table = pd.DataFrame(whole, copy=False)
    if "footprint" in results.dims or has_band(results):
        table = table.dropna(subset="value", ignore_index=True)
    if "indicative" in results.attrs:
        several = "footprint" in results.dims
        unsure = set(json.loads(results.attrs["indicative"])) if several else {results.attrs["footprint"]}
        table["note"] = ["indicative" if name in unsure else "" for name in table["footprint"]]
    return table


def worked_out(results: xr.Dataset) -> list[str]:
    """Names of the variables that do not merely repeat an input; one that the model file lacks is kept."""
    variables = read_model(models_folder() / "dudley.mdl").variables
    return [
        str(name)
        for name in results.data_vars
        if "statistic" not in results.variables[name].dims
        if name not in variables or variables[str(name)].kind not in ECHOES
    ]


def _few(results: xr.Dataset, name: str) -> bool:
    """Whether a variable has few enough elements to have rows without being named."""
    sizes = results.variables[name].sizes
    return math.prod(size for dim, size in sizes.items() if dim not in LEADING) <= MOST


def write_csv(results: xr.Dataset, path: Path | str, names: Sequence[str] | None = None) -> Path:
    """Write `tidy` as CSV, whole or not at all.

    Numbers have ten significant digits. The text is UTF-8 without a byte-order mark: all of it is plain
    ASCII, which Excel opens correctly as it is, and a mark would become part of the first column's name in R
    and in Python's own reader. Ages are the model's (``A5``), because Excel turns ``5-9`` into the fifth of
    September.
    """
    table = tidy(results, names)
    columns = [_texts(table[name]) for name in table]
    lines = [",".join(map(_quoted, table.columns)), *map(",".join, zip(*columns, strict=True)), ""]
    with atomic_file(path) as scratch:
        scratch.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return Path(path)


def _texts(column: pd.Series[Any]) -> list[str]:
    """Cells of a column as they are written, each label quoted once; empty where there is nothing."""
    if column.dtype.kind == "f":
        return ["" if value != value else DIGITS % value for value in column.tolist()]
    codes, labels = pd.factorize(column)
    written = [*(_quoted(label) for label in labels.tolist()), ""]  # what is missing has the code -1
    return [written[code] for code in codes.tolist()]


def _quoted(label: object) -> str:
    text = str(label)
    quote = any(mark in text for mark in ',"\n\r')
    return '"' + text.replace('"', '""') + '"' if quote else text


def _columns(results: xr.Dataset, name: str, subscripts: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the cells of one variable by column, in the order of its dimensions."""
    variable, label = results.variables[name], name
    statistics = np.array(STATISTICS[:1])
    if "statistic" in variable.dims:
        label = name.removesuffix(BAND)
        first = 1 if label in results else 0  # the single run is there already
        statistics = np.array(STATISTICS[first:])
        variable = variable.isel(statistic=slice(first, None))

    def along(dim: str, labels: np.ndarray) -> np.ndarray:
        place = variable.dims.index(dim)
        shape = [-1 if each == place else 1 for each in range(variable.ndim)]
        return np.broadcast_to(labels.reshape(shape), variable.shape).ravel()

    def whole(label: object) -> np.ndarray:
        return np.full(variable.size, label, dtype=object)

    absent = {"footprint": results.attrs.get("footprint", ""), "scenario": np.nan, "year": np.nan}
    columns = {
        dim: along(dim, results.variables[dim].to_numpy())
        if dim in variable.dims
        else whole(absent.get(dim, ""))
        for dim in ("footprint", "scenario", "year", *subscripts)
    }
    beyond = results.variables["extrapolated"].to_numpy()
    columns["extrapolated"] = along("year", beyond) if "year" in variable.dims else whole(np.nan)
    drawn = "statistic" in variable.dims
    columns["statistic"] = along("statistic", statistics) if drawn else whole(statistics[0])
    columns |= {"variable": whole(label), "unit": whole(variable.attrs["units"])}
    return columns | {"value": variable.to_numpy().ravel()}


def _refuse_unknown(results: xr.Dataset, names: Sequence[str]) -> None:
    faults = []
    for name in names:
        if name not in results.data_vars:
            near = nearest(name, [str(known) for known in results.data_vars])
            remedy = did_you_mean(near, "Take a name from the result's variables")
            faults.append(Fault("names", repr(name), "is not in the result", remedy))
    if faults:
        raise InputError(faults)
