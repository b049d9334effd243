"""Writing official tables as tidy files, each complete or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.ons.release import Release
from dudley_sd.inputs.ons.tidy import areas_of, tidy_table
from dudley_sd.scratch import scratch_folder


def write_releases(
    releases: Sequence[Release], to: Path, areas: Sequence[str] = (), *, again: bool = False
) -> list[Path]:
    """Write each table as ``population_2018_based_table_3.csv`` and the like.

    Parameters
    ----------
    releases
        As `read_releases` returns them.
    to
        Folder for the files; or the file itself, ending in ``.csv``, where there is one table.
    areas
        Codes or names of the areas to write; all when empty.
    again
        Whether a file that is there may be replaced.

    Raises
    ------
    InputError
        If an area is not in a table (those nearest in name are listed), a file is there already, or the
        folder cannot be written to. Nothing is written then.
    """
    faults: list[Fault] = []
    tables: dict[Path, pd.DataFrame] = {}
    as_file = to.suffix.lower() == ".csv"
    if as_file and len(releases) > 1:
        problem = f"one file for {len(releases)} tables"
        faults.append(Fault("--to", str(to), problem, "Name a folder"))
    for release in releases:
        path = to if as_file else to / file_name(release)
        codes, found = _codes(release, areas)
        faults += found
        if path.exists() and not again:
            problem = "is there already"
            faults.append(Fault("--to", str(path), problem, "Add --replace, or name another folder"))
        if path in tables:
            problem = f"two tables would be written to {path.name}"
            faults.append(Fault(release.file, "", problem, "Import the two files one by one, to two folders"))
        table = tidy_table(release)
        tables[path] = table[table["area_code"].isin(codes)]
    if faults:
        raise InputError(faults)
    _write(tables)
    return list(tables)


def describe(release: Release) -> str:
    """One line on what a table is: layout, projection, areas, years, unit."""
    part = release.parts[0]
    sexes = ", ".join(each.sex for each in release.parts)
    return (
        f"{release.file}: {release.layout}, {release.kind}, {release.projection}, "
        f"{len(areas_of(release))} areas, mid-{part.years[0]} to mid-{part.years[-1]}, {sexes}, "
        f"in {release.unit}"
    )


def file_name(release: Release) -> str:
    """Name of the tidy file of a table: kind, base, variant and layout."""
    words = [release.kind, str(release.base), "based", release.variant, release.layout]
    return re.sub(r"[^a-z0-9]+", "_", " ".join(words).lower()).strip("_") + ".csv"


def _codes(release: Release, areas: Sequence[str]) -> tuple[set[str], list[Fault]]:
    known = areas_of(release)
    if not areas:
        return set(known["area_code"]), []
    codes: set[str] = set()
    faults = []
    for area in areas:
        wanted = area.strip().lower()
        hit = known[(known["area_code"].str.lower() == wanted) | (known["area_name"].str.lower() == wanted)]
        codes |= set(hit["area_code"])
        if hit.empty:
            near = known[known["area_name"].str.lower().str.contains(wanted, regex=False)]
            words = [f"{code} {name}" for code, name in near.head(5).itertuples(index=False)]
            remedy = f"Did you mean {', '.join(words)}?" if words else "See dudley-sd ons FILE --list"
            problem = f"area {area!r} is none of its {len(known)} areas"
            faults.append(Fault(release.file, "--area", problem, remedy.rstrip("?")))
    return codes, faults


def _write(tables: dict[Path, pd.DataFrame]) -> None:
    """Write all to folders of their own first, so that a full disk leaves nothing behind."""
    made: list[Path] = []
    try:
        with ExitStack() as stack:
            ready = []
            for path, table in tables.items():
                made += [folder for folder in path.absolute().parents if not folder.exists()]
                path.parent.mkdir(parents=True, exist_ok=True)
                scratch = stack.enter_context(scratch_folder(path.parent)) / path.name
                table.to_csv(scratch, index=False, encoding="utf-8", lineterminator="\n")
                ready.append((scratch, path))
            for scratch, path in ready:
                scratch.replace(path)
    except OSError as error:
        for empty in made:
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()
        problem = f"cannot be written to ({error.strerror or error})"
        remedy = "Name a folder that you may write to, with room on its disk"
        raise InputError([Fault("--to", str(next(iter(tables)).parent), problem, remedy)]) from None
