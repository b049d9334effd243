"""All files of a comparison at once: either all of them are there or nothing has changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from dudley_sd.errors import Fault, InputError
from dudley_sd.results.atomic import in_one_go
from dudley_sd.results.comparison import Comparison
from dudley_sd.results.comparison_page import write_comparison_html
from dudley_sd.results.comparison_workbook import write_comparison_xlsx
from dudley_sd.results.export import areas_name, put_in_place
from dudley_sd.results.tidy import DIGITS

Writer = Callable[[Comparison, Path], Path]


def write_comparison_csv(comparison: Comparison, path: Path | str) -> Path:
    """Write the table as CSV, one row for each number, as `dudley_sd.results.tidy.write_csv` writes."""
    with in_one_go(path) as scratch:
        comparison.table.to_csv(
            scratch, index=False, float_format=DIGITS, encoding="utf-8", lineterminator="\n"
        )
    return Path(path)


WRITERS: dict[str, Writer] = {
    "csv": write_comparison_csv,
    "xlsx": write_comparison_xlsx,
    "html": write_comparison_html,
}


def write_comparison(
    comparison: Comparison, folder: Path | str, formats: Sequence[str] = tuple(WRITERS), name: str = ""
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
        Of the files, without ending; after the totals, or else the areas, when not given.

    Raises
    ------
    InputError
        An unknown format, or a file that cannot be written; what was there before is as it was.
    """
    unknown = [ending for ending in formats if ending not in WRITERS]
    if unknown or not formats:
        problem = f"{', '.join(unknown) or 'none'} cannot be written"
        raise InputError([Fault("formats", "", problem, f"Use some of {', '.join(WRITERS)}")])
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stem = name or f"compare_{areas_name(comparison.totals or list(comparison.titles['footprint']))}"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch:
        made = [
            WRITERS[ending](comparison, Path(scratch) / f"{stem}.{ending}")
            for ending in dict.fromkeys(formats)
        ]
        return put_in_place(made, folder, Path(scratch) / "aside")
