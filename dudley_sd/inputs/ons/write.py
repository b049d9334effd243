"""Writing official tables as tidy files, each complete or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from sdcompile.errors import Fault, InputError, refuse
from sdcompile.names import did_you_mean
from sdcompile.scratch import atomic_files

from dudley_sd.inputs.ons.release import Release, areas_of, tidy_table
from dudley_sd.text import plural


def write_releases(
    releases: Sequence[Release], to: Path, areas: Sequence[str] = (), *, again: bool = False
) -> dict[Path, str]:
    """Write each table as ``population_2018_based_table_3.csv`` and the like.

    Areas are added to a file of the same projection that is there and holds none of them.

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

    Returns
    -------
    dict of Path to str
        Each file, and what was done to one that was there; empty for a new one.

    Raises
    ------
    InputError
        If an area is not in a table (those nearest in name are listed), a file is there that cannot be
        added to (what would be lost is named), or the folder cannot be written to. Nothing is written then.
    """
    faults: list[Fault] = []
    texts: dict[Path, str] = {}
    done: dict[Path, str] = {}
    as_file = to.suffix.lower() == ".csv"
    if as_file and len(releases) > 1:
        problem = f"one file for {len(releases)} tables"
        faults.append(Fault("--to", str(to), problem, "Name a folder"))
    for release in releases:
        path = to if as_file else to / file_name(release)
        codes, found = _codes(release, areas)
        faults += found
        if path in texts:
            problem = f"two tables would be written to {path.name}"
            faults.append(Fault(release.file, "", problem, "Import the two files one by one, to two folders"))
        table = tidy_table(release)
        table = table[table["area_code"].isin(codes)]
        texts[path], done[path] = table.to_csv(index=False, lineterminator="\n"), ""
        if path.exists():
            texts[path], done[path], found = _existing_file(path, table, again=again)
            faults += found
    refuse(faults)
    _write(texts)
    return done


def _existing_file(path: Path, table: pd.DataFrame, *, again: bool) -> tuple[str, str, list[Fault]]:
    """Return the text to write where a file is there, what that does to it, and why it may not be written."""
    text = table.to_csv(index=False, lineterminator="\n")
    try:
        content = path.read_text(encoding="utf-8-sig")
        old = pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False)
        areas = dict(zip(old["area_code"], old["area_name"], strict=True))
    except (OSError, ValueError, KeyError):  # no tidy file
        lost, areas = "", {}
    else:
        new = set(table["area_code"])
        alike = (
            "projection" in table
            and list(old) == list(table)
            and all(set(old[column]) == set(table[column]) for column in ("projection", "unit"))
        )
        if alike and not again and not new & areas.keys():
            end = "" if content.endswith("\n") else "\n"
            rows = table.to_csv(index=False, header=False, lineterminator="\n")
            return f"{content}{end}{rows}", f"{plural(len(new), 'area')} added to the {len(areas)} in it", []
        kept = [f"{code} {name}" for code, name in areas.items() if code not in new]
        more = f" and {len(kept) - 3} more" if len(kept) > 3 else ""
        lost = f"{plural(len(kept), 'area')} of it ({', '.join(kept[:3])}{more})" if kept else ""
    if again:
        return text, f"replaced, without {lost}" if lost else "replaced", []
    problem, remedy = "is there already", "Add --replace, or name another folder"
    if lost:
        problem += f"; to replace it would lose {lost}"
        remedy = "Name another folder with --to; or add --replace, and --area for each of them to keep"
    return text, "", [Fault("--to", str(path), problem, remedy)]


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
            remedy = did_you_mean(words, "See dudley-sd ons FILE --list")
            problem = f"area {area!r} is none of its {len(known)} areas"
            faults.append(Fault(release.file, "--area", problem, remedy))
    return codes, faults


def _write(texts: dict[Path, str]) -> None:
    """Write all or none, so that a full disk leaves nothing behind."""
    try:
        with atomic_files(list(texts)) as ready:
            for scratch, text in zip(ready, texts.values(), strict=True):
                scratch.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        problem = f"cannot be written to ({error.strerror or error})"
        remedy = "Name a folder that you may write to, with room on its disk"
        raise InputError([Fault("--to", str(next(iter(texts)).parent), problem, remedy)]) from None
