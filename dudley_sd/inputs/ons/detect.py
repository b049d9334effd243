"""Official layouts of projection files: found by their headings, read and checked as whole tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ons.age_tables import LAYOUT as AGE_TABLE
from dudley_sd.inputs.ons.age_tables import read_age_tables
from dudley_sd.inputs.ons.cells import Cells, read_cells
from dudley_sd.inputs.ons.checks import release_faults
from dudley_sd.inputs.ons.components import is_table_5, read_component_files, read_table_5
from dudley_sd.inputs.ons.grid import find_header, missing_header
from dudley_sd.inputs.ons.nomis import is_nomis, read_nomis
from dudley_sd.inputs.ons.release import POPULATION, FileFacts, Release
from dudley_sd.inputs.ons.sheets import sex_named
from dudley_sd.inputs.ons.single_year import component_named, read_single_years
from dudley_sd.inputs.ons.table import first_texts

LAYOUTS = (
    "Table 2 or 3 (XLS, XLSX, ODS), Table 5 (XLS, XLSX, ODS), Z1 and component files (CSV or a zip of them), "
    "Nomis NM_2006_1 (CSV, TSV)"
)


def read_release(path: Path | str, facts: FileFacts | None = None) -> Release:
    """Read one official file; whether its table agrees with itself is left to `read_releases`.

    Raises
    ------
    InputError
        All faults of the file at once; a layout that is none of `LAYOUTS`.
    """
    facts = facts or FileFacts()
    cells = read_cells(path)
    if is_nomis(cells):
        return read_nomis(cells, facts)
    components = {component_named(sheet).lower() for sheet in cells.sheets} - {""}
    if components == {POPULATION}:
        return read_single_years(cells, facts)
    if components:
        return read_component_files(_only_components(cells), facts)
    if is_table_5(cells) and not _has_ages(cells):
        return read_table_5(cells, facts)
    if _has_ages(cells) or (any(map(sex_named, cells.sheets)) and not _other_data(cells)):
        return read_age_tables(cells, facts)
    raise InputError([_unknown_layout(str(path), cells)])


def _unknown_layout(file: str, cells: Cells) -> Fault:
    """Say what a file is, where its words tell, or which of its headings are missing."""
    if other := _other_data(cells):
        return Fault(file, "", f"its titles speak of {other}, no projection of people by age", WHICH)
    for sheet in cells.sheets:
        fault = missing_header(sheet, AGE_TABLE.headings)
        if fault.where != sheet.part:  # a row that is like headings
            return fault
    words = [str(cell).strip() for sheet in cells.sheets for row in sheet.rows for cell in row if cell != ""]
    if not words:
        return Fault(file, "", "it holds nothing", f"Give one of {LAYOUTS}, as published")
    problem = f"the layout is not one that can be read; it begins with {words[0][:60]!r}"
    return Fault(file, "", problem, f"Give one of {LAYOUTS}, as published")


def _other_data(cells: Cells) -> str | None:
    """Return what the titles of a file without headings of ours speak of instead of projections."""
    texts = " ".join([*first_texts(cells), *cells.notes]).lower()
    return next((name for name, pattern in OTHER_DATA.items() if re.search(pattern, texts)), None)


OTHER_DATA = {
    "households": r"\bhouseholds?\b",
    "estimates": r"\bpopulation estimates?\b|\bmid-year estimates?\b|\bmye\d?\b",
    "births or deaths": r"\bage of mother\b|\bdeaths by single year\b",
}
"""Data of ONS that are often taken for projections of people, by the words of their titles."""

WHICH = (
    "Get 'Population projections for local authorities: Table 2', or '... for clinical commissioning "
    "groups and NHS regions: Table 3', from ONS"
)


def read_releases(paths: Sequence[Path | str], facts: FileFacts | None = None) -> list[Release]:
    """Read files, put those together that are parts of one table, and check each table as a whole.

    Parameters
    ----------
    paths
        Official files; the three files of Z1 may be given in their zip or one by one.
    facts
        What the user states of files that do not say it.

    Raises
    ------
    InputError
        All faults of all files at once.
    """
    faults: list[Fault] = []
    releases: dict[tuple[str, ...], Release] = {}
    for path in dict.fromkeys(map(str, paths)):
        try:
            release = read_release(path, facts)
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
