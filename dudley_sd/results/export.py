"""Files of a result or a comparison, all at once: either all of them are there or nothing has changed."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import nearest
from sdcompile.scratch import atomic_files

from dudley_sd.folders import inputs_folder
from dudley_sd.results.comparison import Comparison
from dudley_sd.results.comparison_page import write_comparison_html
from dudley_sd.results.comparison_workbook import write_comparison_xlsx
from dudley_sd.results.do_nothing import fitting
from dudley_sd.results.netcdf import write_netcdf
from dudley_sd.results.page import write_html
from dudley_sd.results.table import write_frame
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.together import one_area
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
