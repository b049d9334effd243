"""All files of a result at once: either all of them are there or nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.scratch import scratch_folder
from sdcompile.text.names import nearest

from dudley_sd.results.do_nothing import fitting
from dudley_sd.results.page import write_html
from dudley_sd.results.store import write_netcdf
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.together import one_area
from dudley_sd.results.workbook import write_xlsx
from dudley_sd.scenarios.contracts import AS_NOW

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
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with scratch_folder(folder) as scratch:
            made = [path for ending in formats for path in _write(results, scratch, stem, ending, do_nothing)]
            return put_in_place(made, folder, scratch / "aside")
    except BaseException:
        if fresh:
            folder.rmdir()
        raise


def _write(
    results: xr.Dataset, folder: Path, stem: str, ending: str, do_nothing: xr.Dataset | None
) -> list[Path]:
    """Write one format: a file of all footprints, or one for each where a page shows only one."""
    if "footprint" not in results.dims or ending not in COMPARING:
        return [WRITERS[ending](results, folder / f"{stem}.{ending}", do_nothing)]
    return [
        WRITERS[ending](
            one_area(results, area),
            folder / f"{stem}_{area}.{ending}",
            None if do_nothing is None else one_area(do_nothing, area),
        )
        for area in (str(key) for key in results["footprint"].to_numpy())
    ]


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


def put_in_place(made: Sequence[Path], folder: Path, aside: Path) -> list[Path]:
    """Move files into a folder; when one cannot be moved, put back what was there.

    Parameters
    ----------
    made
        The files.
    folder
        Where to; files of the same names are replaced.
    aside
        A folder to make, on the same disk, for what was there before.

    Raises
    ------
    InputError
        If a file cannot be moved; everything is as it was.
    """
    aside.mkdir()
    moved: list[Path] = []
    try:
        for path in made:
            target = folder / path.name
            if target.exists():
                target.replace(aside / path.name)
            moved.append(target)
            path.replace(target)
    except OSError as error:
        for target in moved:
            target.unlink(missing_ok=True)
            if (aside / target.name).exists():
                (aside / target.name).replace(target)
        remedy = "Close the file in other programs and try again"
        raise InputError([Fault(str(folder), "", f"cannot be written: {error}", remedy)]) from error
    return moved
