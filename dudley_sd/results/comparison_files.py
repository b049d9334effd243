"""All files of a comparison at once: either all of them are there or nothing has changed."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from sdcompile.errors import Fault, InputError
from sdcompile.scratch import atomic_files

from dudley_sd.folders import inputs_folder
from dudley_sd.results.comparison import Comparison
from dudley_sd.results.comparison_page import write_comparison_html
from dudley_sd.results.comparison_workbook import write_comparison_xlsx
from dudley_sd.results.export import areas_name
from dudley_sd.results.table import write_csv
from dudley_sd.scenarios.contracts import AS_NOW
from dudley_sd.scenarios.futures import scenario_names
from dudley_sd.scenarios.portfolios import portfolio_names

Writer = Callable[[Comparison, Path], Path]


def write_comparison_csv(comparison: Comparison, path: Path | str) -> Path:
    """Write all statistics as CSV, one row for each number, as `dudley_sd.results.tidy.write_csv` writes.

    Two columns more than the table has: ``people``, on whose projection an area stands, and ``command``, how
    the comparison is made again, levers and all; so that no file is taken for another.
    """
    table = comparison.statistics.copy()
    table["people"] = table["footprint"].map(comparison.projections).fillna("The sum of its areas")
    table["command"] = comparison.command
    return write_csv(table, path)


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
        Of the files, without ending; when not given after the totals, or else the areas, and what is not as
        usual, so that no other comparison is written over.

    Raises
    ------
    InputError
        An unknown format, or a file that cannot be written; what was there before is as it was.
    """
    unknown = [ending for ending in formats if ending not in WRITERS]
    if unknown or not formats:
        problem = f"{', '.join(unknown) or 'none'} cannot be written"
        raise InputError([Fault("formats", "", problem, f"Use some of {', '.join(WRITERS)}")])
    stem = name or _stem(comparison)
    paths = [Path(folder) / f"{stem}.{ending}" for ending in dict.fromkeys(formats)]
    with atomic_files(paths) as made:
        for scratch in made:
            WRITERS[scratch.suffix[1:]](comparison, scratch)
    return paths


def _stem(comparison: Comparison) -> str:
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
