"""Which of the official layouts is a file, and what does it say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.ons.age_tables import LAYOUT as AGE_TABLE
from dudley_sd.inputs.ons.age_tables import read_age_tables
from dudley_sd.inputs.ons.cells import Cells, read_cells
from dudley_sd.inputs.ons.checks import release_faults
from dudley_sd.inputs.ons.components import is_table_5, read_component_files, read_table_5
from dudley_sd.inputs.ons.grid import find_header
from dudley_sd.inputs.ons.nomis import is_nomis, read_nomis
from dudley_sd.inputs.ons.release import POPULATION, Release, Said
from dudley_sd.inputs.ons.sheets import sex_named
from dudley_sd.inputs.ons.single_year import component_named, read_single_years

LAYOUTS = (
    "Table 2 or 3 (XLS, XLSX), Table 5 (XLS, XLSX), Z1 and component files (CSV or a zip of them), "
    "Nomis NM_2006_1 (CSV, TSV)"
)


def read_release(path: Path | str, said: Said | None = None) -> Release:
    """Read one official file; whether its table agrees with itself is left to `read_releases`.

    Raises
    ------
    InputError
        All faults of the file at once; a layout that is none of `LAYOUTS`.
    """
    said = said or Said()
    cells = read_cells(path)
    if is_nomis(cells):
        return read_nomis(cells, said)
    components = {component_named(sheet).lower() for sheet in cells.sheets} - {""}
    if components == {POPULATION}:
        return read_single_years(cells, said)
    if components:
        return read_component_files(_only_components(cells), said)
    if is_table_5(cells) and not _has_ages(cells):
        return read_table_5(cells, said)
    if _has_ages(cells) or any(sex_named(sheet) for sheet in cells.sheets):
        return read_age_tables(cells, said)
    problem = "the layout is not one that can be read"
    raise InputError([Fault(str(path), "", problem, f"Give one of {LAYOUTS}, as published")])


def read_releases(paths: Sequence[Path | str], said: Said | None = None) -> list[Release]:
    """Read files, put those together that are parts of one table, and check each table as a whole.

    Parameters
    ----------
    paths
        Official files; the three files of Z1 may be given in their zip or one by one.
    said
        What files of theirs do not say.

    Raises
    ------
    InputError
        All faults of all files at once.
    """
    faults: list[Fault] = []
    releases: dict[tuple[str, ...], Release] = {}
    for path in dict.fromkeys(map(str, paths)):
        try:
            release = read_release(path, said)
        except InputError as error:
            faults += error.faults
            continue
        key = (release.layout, release.projection, release.unit)
        releases[key] = _together(releases[key], release) if key in releases else release
    for release in releases.values():
        faults += release_faults(release)
    if faults:
        raise InputError(faults)
    return list(releases.values())


def _together(first: Release, second: Release) -> Release:
    """Put two files of one table together: other sexes are other parts, the same sex has more rows."""
    parts = {part.sex: part for part in first.parts}
    for part in second.parts:
        if part.sex in parts:
            held = parts[part.sex]
            if held.years != part.years:
                problem = f"the mid-years are not those of {first.file}"
                raise InputError([Fault(second.file, part.where, problem, "Import the two files one by one")])
            parts[part.sex] = replace(held, table=pd.concat([held.table, part.table], ignore_index=True))
        else:
            parts[part.sex] = part
    return replace(first, file=f"{first.file} and {second.file}", parts=tuple(parts.values()))


def _has_ages(cells: Cells) -> bool:
    return any(find_header(sheet, AGE_TABLE.headings) for sheet in cells.sheets)


def _only_components(cells: Cells) -> Cells:
    """Leave out files of people in an archive of components."""
    sheets = [sheet for sheet in cells.sheets if component_named(sheet).lower() != POPULATION]
    return replace(cells, sheets=tuple(sheets))
