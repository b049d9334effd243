"""Files of a result or a comparison, all at once: either all of them are there or nothing has changed."""

from __future__ import annotations

import errno
import hashlib
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import nearest
from sdcompile.scratch import atomic_file, atomic_files
from xarray.backends import NetCDF4DataStore
from xarray.backends.common import ArrayWriter

from dudley_sd.folders import inputs_folder
from dudley_sd.results.assemble import one_area
from dudley_sd.results.comparison import Comparison
from dudley_sd.results.comparison_page import write_comparison_html
from dudley_sd.results.comparison_workbook import write_comparison_xlsx
from dudley_sd.results.do_nothing import fitting
from dudley_sd.results.page import write_html
from dudley_sd.results.table import write_frame
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.workbook import write_xlsx
from dudley_sd.settings.contracts import AS_NOW
from dudley_sd.settings.futures import scenario_names
from dudley_sd.settings.portfolios import portfolio_names

Writer = Callable[[xr.Dataset, Path, xr.Dataset | None], Path]


def _write_png(results: xr.Dataset, path: Path, do_nothing: xr.Dataset | None) -> Path:
    from dudley_sd.results.picture import write_png  # matplotlib looks for the fonts of the machine

    return write_png(results, path, do_nothing)


WRITERS: dict[str, Writer] = {
    "nc": lambda results, path, _: write_netcdf(results, path),
    "csv": lambda results, path, _: write_csv(results, path),
    "xlsx": write_xlsx,
    "html": write_html,
    "png": _write_png,
}
COMPARING = ("xlsx", "html", "png")
"""Formats that show do nothing beside the result; the others hold the result alone."""

AREAS_NAMED = 2

FORMATS = tuple(WRITERS)
"""What a result can be written as."""


def write_all(
    results: xr.Dataset,
    folder: Path | str,
    formats: Sequence[str] = FORMATS,
    name: str | None = None,
    do_nothing: xr.Dataset | None = None,
) -> list[Path]:
    """Write a result in several formats.

    Parameters
    ----------
    results
        From `dudley_sd.run`; of several footprints, ``nc`` and ``csv`` hold all, and there is a file of each
        other format for each.
    folder
        Where to; made if it is not there. Files of the same names are replaced.
    formats
        Some of ``nc, csv, xlsx, html, png``.
    name
        Of the files, without ending, such as ``dudley_as_evidenced``; when not given footprint, portfolio and
        contract if not as now.
    do_nothing
        The same scenarios with nothing decided: what `COMPARING` formats compare the result with.

    Returns
    -------
    list of Path
        The files, in the order of ``formats``.

    Raises
    ------
    InputError
        An unknown format, a folder that is a file, a do nothing that does not belong to the result, or what a
        writer refuses. Whatever goes wrong, files that
        were there before are as they were and no new one is left.
    """
    folder = Path(folder)
    stem = name or _stem(results)
    formats = list(dict.fromkeys(formats))
    _check(folder, stem, formats)
    if "footprint" not in results.dims:
        do_nothing = fitting(results, do_nothing)
    files = {
        folder / f"{stem}{f'_{area}' if area else ''}.{ending}": area
        for ending in formats
        for area in _areas(results, ending)
    }
    with atomic_files(list(files)) as made:
        for scratch, area in zip(made, files.values(), strict=True):
            here, other = (
                one_area(each, area) if area and each is not None else each for each in (results, do_nothing)
            )
            assert here is not None  # only do nothing may be missing
            WRITERS[scratch.suffix[1:]](here, scratch, other)
    return list(files)


def _areas(results: xr.Dataset, ending: str) -> list[str]:
    """Areas that have a file of this format each; one file of all where it holds all."""
    if "footprint" not in results.dims or ending not in COMPARING:
        return [""]
    return [str(area) for area in results["footprint"].to_numpy()]


def _stem(results: xr.Dataset) -> str:
    several = "footprint" in results.dims
    places = (
        [str(key) for key in results["footprint"].to_numpy()] if several else [results.attrs["footprint"]]
    )
    words = [areas_name(places), results.attrs["portfolio"]]
    if results.attrs.get("contract", AS_NOW) != AS_NOW:
        words.append(results.attrs["contract"])
    return "_".join(words)


def areas_name(footprints: Sequence[str]) -> str:
    """Name for files about these footprints: their keys, or how many they are where that gets long."""
    return "_".join(footprints) if len(footprints) <= AREAS_NAMED else f"{len(footprints)}_footprints"


def _check(folder: Path, stem: str, formats: Sequence[str]) -> None:
    faults = []
    if folder.exists() and not folder.is_dir():
        faults.append(Fault(str(folder), "", "is a file, not a folder", "Name a folder"))
    for ending in formats:
        target = folder / f"{stem}.{ending}"
        if target.is_dir():
            faults.append(Fault(str(target), "", "is a folder, not a file", "Rename it or write elsewhere"))
        if ending not in WRITERS:
            near = nearest(ending, FORMATS) or list(FORMATS)
            faults.append(Fault("formats", repr(ending), "is unknown", f"Use {', '.join(near)}"))
    if not formats:
        faults.append(Fault("formats", "", "none is given", f"Use some of {', '.join(FORMATS)}"))
    if faults:
        raise InputError(faults)


def write_comparison_csv(comparison: Comparison, path: Path | str) -> Path:
    """Write all statistics as CSV, one row for each number, as `dudley_sd.results.tidy.write_csv` writes.

    Two columns more than the table has: ``people``, on whose projection an area stands, and ``command``, how
    the comparison is made again, levers and all; so that no file is taken for another.
    """
    table = comparison.statistics.copy()
    table["people"] = table["footprint"].map(comparison.projections).fillna("The sum of its areas")
    table["command"] = comparison.command
    return write_frame(table, path)


COMPARISON_WRITERS: dict[str, Callable[[Comparison, Path], Path]] = {
    "csv": write_comparison_csv,
    "xlsx": write_comparison_xlsx,
    "html": write_comparison_html,
}


def write_comparison(
    comparison: Comparison,
    folder: Path | str,
    formats: Sequence[str] = tuple(COMPARISON_WRITERS),
    name: str = "",
) -> list[Path]:
    """Write a comparison in several formats.

    Parameters
    ----------
    comparison
        From `dudley_sd.api.compare`.
    folder
        Where to; made if it is not there. Files of the same names are replaced.
    formats
        Some of ``csv, xlsx, html``.
    name
        Of the files, without ending; when not given after the totals, or else the areas, and what is not as
        usual, so that no other comparison is written over.

    Raises
    ------
    InputError
        An unknown format, or a file that cannot be written; what was there before is as it was.
    """
    unknown = [ending for ending in formats if ending not in COMPARISON_WRITERS]
    if unknown or not formats:
        problem = f"{', '.join(unknown) or 'none'} cannot be written"
        raise InputError([Fault("formats", "", problem, f"Use some of {', '.join(COMPARISON_WRITERS)}")])
    stem = name or _comparison_stem(comparison)
    paths = [Path(folder) / f"{stem}.{ending}" for ending in dict.fromkeys(formats)]
    with atomic_files(paths) as made:
        for scratch in made:
            COMPARISON_WRITERS[scratch.suffix[1:]](comparison, scratch)
    return paths


def _comparison_stem(comparison: Comparison) -> str:
    """Name of the areas, and a mark of the command where that asks for more than the usual."""
    words = shlex.split(comparison.command)
    chosen = words[words.index("--projection") + 1] if "--projection" in words else ""
    people = f"_on_{chosen}" if chosen.isalnum() else ""  # a base; a file is among what is not as usual
    stem = f"compare_{areas_name(list(comparison.totals or comparison.titles['footprint']))}{people}"
    inputs = inputs_folder()
    usual = (
        list(comparison.titles["scenario"]) == scenario_names(inputs)
        and set(comparison.titles["portfolio"]) == set(portfolio_names(inputs))
        and list(comparison.titles["contract"]) == [AS_NOW]
        and "--lever" not in words
        and bool(people) == bool(chosen)
    )
    mark = hashlib.sha256(comparison.command.encode("utf-8")).hexdigest()[:6]
    return stem if usual else f"{stem}_{mark}"


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
            _write_fast(plain, scratch, encoding)
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


def _write_fast(results: xr.Dataset, path: Path, encoding: dict[str, dict[str, Any]]) -> None:
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
