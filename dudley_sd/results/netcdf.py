"""NetCDF files of results: written and read again without losing anything."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.scratch import atomic_file
from xarray.backends import NetCDF4DataStore
from xarray.backends.common import ArrayWriter

COMPRESSION = {"zlib": True, "complevel": 4, "shuffle": True}
SMALL = 32_768
"""Bytes up to which an array is not compressed: in a chunk of its own it would take more room."""

NUMBER_KINDS = "fiu"
ATTRIBUTE_KINDS = f"{NUMBER_KINDS}US"
"""Kinds of values that an attribute may hold in NetCDF: numbers, text, and lists of either."""

ATTRIBUTE_REMEDY = "Write it as text or a number, or leave it out"


def write_netcdf(results: xr.Dataset, path: Path | str) -> Path:
    """Write a result as compressed NetCDF, whole or not at all.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    path
        File to write; its folder is made, a file of that name is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If a variable holds something other than numbers, or an attribute something other than numbers, text
        or a list of either; nothing is written.
    """
    path = Path(path)
    faults = [
        Fault(path.name, f"variable {name}", f"holds {array.dtype}, not numbers", "Leave it out")
        for name, array in results.variables.items()
        if name not in results.coords and array.dtype.kind not in NUMBER_KINDS
    ]
    faults += [
        Fault(path.name, of, f"attribute {key} is {_kind(value)}, which NetCDF cannot hold", ATTRIBUTE_REMEDY)
        for of, attributes in (
            ("the result", results.attrs),
            *((f"variable {name}", array.attrs) for name, array in results.variables.items()),
        )
        for key, value in attributes.items()
        if not _can_be_attribute(value)
    ]
    if faults:
        raise InputError(faults)
    encoding: dict[str, dict[str, Any]] = {
        str(name): {**(COMPRESSION if array.nbytes > SMALL else {}), "_FillValue": None}
        for name, array in results.variables.items()
        if name not in results.coords
    }
    plain = results.drop_encoding()
    with atomic_file(path) as scratch:
        try:
            _write(plain, scratch, encoding)
        except RuntimeError as error:  # what the library makes of a full disk
            raise OSError(errno.EIO, f"cannot be written ({error})", str(scratch)) from error
    return path


def _can_be_attribute(value: object) -> bool:
    """Whether NetCDF can hold a value as an attribute."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        return False
    return array.ndim < 2 and array.dtype.kind in ATTRIBUTE_KINDS and array.dtype != np.float16


def _kind(value: object) -> str:
    """Name the type of a value: ``None``, ``a dict``."""
    return "None" if value is None else f"a {type(value).__name__}"


def _write(results: xr.Dataset, path: Path, encoding: dict[str, dict[str, Any]]) -> None:
    """Do what ``to_netcdf`` does, in a third of the time: every variable is named before one is filled.

    To fill a variable ends what NetCDF calls the define mode, which goes through all variables there are.
    """
    store = NetCDF4DataStore.open(path, "w", "NETCDF4", lock=False)  # type: ignore[no-untyped-call]
    try:
        deferred = _DeferredWrites()  # type: ignore[no-untyped-call]
        results.dump_to_store(store, writer=deferred, encoding=encoding)
        for source, target in zip(deferred.sources, deferred.targets, strict=True):
            target[...] = source
    finally:
        store.close()


class _DeferredWrites(ArrayWriter):
    """Keeps values that are to be written, and where to."""

    def add(self, source: Any, target: Any, _: None = None) -> None:
        """Keep one."""
        self.sources.append(source)
        self.targets.append(target)


def read_results(path: Path | str) -> xr.Dataset:
    """Read a result that `write_netcdf` wrote; the file is closed again.

    Returns
    -------
    xr.Dataset
        Identical to what was written: values, coordinates (true and false among them) and attributes.

    Raises
    ------
    InputError
        If the file is not there, is not NetCDF or is not a result of this package.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault(str(path), "", "the file does not exist", "Check the path")])
    try:
        with xr.open_dataset(path, engine="netcdf4", decode_times=False) as stored:
            results = stored.load()
    except (OSError, ValueError) as error:
        remedy = "Give a .nc file that dudley-sd wrote"
        raise InputError([Fault(str(path), "", f"cannot be read as NetCDF: {error}", remedy)]) from None
    if "manifest" not in results.attrs or not {"scenario", "year"} <= set(results.dims):
        remedy = "Give a .nc file that dudley-sd wrote"
        raise InputError([Fault(str(path), "", "has no manifest, scenario or year", remedy)])
    return _numbers_as_python(results).drop_encoding()


def _numbers_as_python(results: xr.Dataset) -> xr.Dataset:
    """NetCDF hands attributes back as NumPy numbers; Python's own compare and print alike."""
    for attributes in (results.attrs, *(array.attrs for array in results.variables.values())):
        numbers = {key: value.item() for key, value in attributes.items() if isinstance(value, np.generic)}
        attributes.update(numbers)
    return results
