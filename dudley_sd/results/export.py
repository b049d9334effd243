"""All files of a result at once: either all of them are there or nothing has changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import xarray as xr

from dudley_sd.errors import Fault, InputError
from dudley_sd.model.names import nearest
from dudley_sd.results.page import write_html
from dudley_sd.results.picture import write_png
from dudley_sd.results.store import write_netcdf
from dudley_sd.results.tidy import write_csv
from dudley_sd.results.workbook import write_xlsx

Writer = Callable[[xr.Dataset, Path], Path]

WRITERS: dict[str, Writer] = {
    "nc": write_netcdf,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "html": write_html,
    "png": write_png,
}
FORMATS = tuple(WRITERS)
"""What a result can be written as."""


def write_all(
    results: xr.Dataset,
    folder: Path | str,
    formats: Sequence[str] = FORMATS,
    name: str | None = None,
) -> list[Path]:
    """Write a result in several formats.

    Parameters
    ----------
    results
        From `dudley_sd.run`.
    folder
        Where to; made if it is not there. Files of the same names are replaced.
    formats
        Some of ``nc, csv, xlsx, html, png``.
    name
        Of the files, without ending; footprint and portfolio when not given, such as ``dudley_as_evidenced``.

    Returns
    -------
    list of Path
        The files, in the order of ``formats``.

    Raises
    ------
    InputError
        An unknown format, a folder that is a file, or what a writer refuses. Whatever goes wrong, files that
        were there before are as they were and no new one is left.
    """
    folder = Path(folder)
    _check(folder, formats)
    stem = name or f"{results.attrs['footprint']}_{results.attrs['portfolio']}"
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch:
            made = [WRITERS[ending](results, Path(scratch) / f"{stem}.{ending}") for ending in formats]
            return _put_in_place(made, folder, Path(scratch) / "before")
    except BaseException:
        if fresh:
            folder.rmdir()
        raise


def _check(folder: Path, formats: Sequence[str]) -> None:
    faults = []
    if folder.exists() and not folder.is_dir():
        faults.append(Fault(str(folder), "", "is a file, not a folder", "Name a folder"))
    for ending in formats:
        if ending not in WRITERS:
            near = nearest(ending, FORMATS) or list(FORMATS)
            faults.append(Fault("formats", repr(ending), "is unknown", f"Use {', '.join(near)}"))
    if not formats:
        faults.append(Fault("formats", "", "none is given", f"Use some of {', '.join(FORMATS)}"))
    if faults:
        raise InputError(faults)


def _put_in_place(made: Sequence[Path], folder: Path, before: Path) -> list[Path]:
    """Move files into a folder; when one cannot be moved, put back what was there."""
    before.mkdir()
    moved: list[Path] = []
    try:
        for path in made:
            target = folder / path.name
            if target.exists():
                target.replace(before / path.name)
            moved.append(target)
            path.replace(target)
    except OSError as error:
        for target in moved:
            target.unlink(missing_ok=True)
            if (before / target.name).exists():
                (before / target.name).replace(target)
        remedy = "Close the file in other programs and try again"
        raise InputError([Fault(str(folder), "", f"cannot be written: {error}", remedy)]) from error
    return moved
