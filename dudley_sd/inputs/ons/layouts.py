"""Layouts of official files: found by their headings, read and checked as whole tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES
from dudley_sd.inputs.ons.cells import Cells, Sheet, read_cells
from dudley_sd.inputs.ons.checks import release_faults
from dudley_sd.inputs.ons.grid import (
    AGE,
    CODE,
    COMPONENT,
    LAST_ROW_OF_HEADER,
    NAME,
    SEX,
    find_header,
    missing_header,
    read_grid,
)
from dudley_sd.inputs.ons.nomis import is_nomis, read_nomis
from dudley_sd.inputs.ons.release import (
    COMPONENTS,
    KEYS,
    POPULATION,
    SINGLE_AGES,
    FileFacts,
    Part,
    Release,
    age_of,
    sex_of,
)
from dudley_sd.inputs.ons.sheets import Layout, first_year, read_sheets, sex_named, stated_unit, title_texts
from dudley_sd.inputs.ons.titles import PERSONS_UNIT, base_of, variant_of

LAYOUTS = (
    "Table 2 or 3 (XLS, XLSX, ODS), Table 5 (XLS, XLSX, ODS), Z1 and component files (CSV or a zip of them), "
    "Nomis NM_2006_1 (CSV, TSV)"
)

TOP = 60
"""Rows of a sheet among which its titles stand."""

TABLE = re.compile(r"\btable ?([23])\b", re.IGNORECASE)
NAMED = {
    "natural_change": "natchange",
    "all_net": "net_migration",
    "other": "other_change",
    "other_changes": "other_change",
    "live_births": "births",
}
"""Names of ours that are not the published words in snake case without *migration*."""


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
    refuse(faults)
    return list(releases.values())


def _together(first: Release, second: Release) -> Release:
    """Put two files of one table together: other sexes are other parts, the same sex has more rows."""
    parts = {part.sex: part for part in first.parts}
    for part in second.parts:
        if part.sex in parts:
            other = parts[part.sex]
            if other.years != part.years:
                problem = f"the mid-years are not those of {first.file}"
                raise InputError([Fault(second.file, part.where, problem, "Import the two files one by one")])
            parts[part.sex] = replace(other, table=pd.concat([other.table, part.table], ignore_index=True))
        else:
            parts[part.sex] = part
    return replace(first, file=f"{first.file} and {second.file}", parts=tuple(parts.values()))


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


def _has_ages(cells: Cells) -> bool:
    return any(find_header(sheet, AGE_TABLE.headings) for sheet in cells.sheets)


def _only_components(cells: Cells) -> Cells:
    """Leave out files of people in an archive of components."""
    sheets = [sheet for sheet in cells.sheets if component_named(sheet).lower() != POPULATION]
    return replace(cells, sheets=tuple(sheets))


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


def band_of(cell: object) -> str | None:
    """Return one of the 19 bands or ``All ages``."""
    age = age_of(cell)
    return age if age in AGE_BANDS or age == ALL_AGES else None


def single_age_of(cell: object) -> str | None:
    """Return a single year of age, ``90+`` or ``All ages``."""
    age = age_of(cell)
    return age if age in SINGLE_AGES or age == ALL_AGES else None


def component_of(cell: object) -> str | None:
    """Return our name of a component: ``Internal Migration In`` is ``internal_in``."""
    words = re.sub(r"[^a-z]+", "_", str(cell).lower().replace("migration", " ")).strip("_")
    return NAMED.get(words, words) or None


AGE_TABLE = Layout(
    headings={"code": CODE, "area": NAME, "age": AGE, "?sex": SEX},
    item="age",
    item_of=band_of,
    what_items="one of the 19 five-year bands or All ages",
)
SINGLE_YEARS = Layout(
    headings={"code": CODE, "area": NAME, "component": COMPONENT, "sex": SEX, "age": AGE},
    item="age",
    item_of=single_age_of,
    what_items="a single year of age, 90 and over or All ages",
)
TABLE_5 = Layout(
    headings={"code": CODE, "area": NAME, "component": COMPONENT},
    item="component",
    item_of=component_of,
    what_items="a component of change",
    first_years=(0, 1),
)
FILES = {"code": CODE, "area": NAME, "component": COMPONENT, "sex": SEX, "age": AGE}


def component_named(sheet: Sheet) -> str:
    """Return the word in the column COMPONENT of a file of this layout; empty where there is none."""
    for row, below in pairwise(sheet.rows[: LAST_ROW_OF_HEADER + 1]):
        words = [str(cell).strip().upper() for cell in row]
        if {"COMPONENT", "SEX"} <= set(words):
            return str(below[words.index("COMPONENT")]).strip()
    return ""


def is_table_5(cells: Cells) -> bool:
    """Whether a sheet has areas and components down, and no ages."""
    return any(find_header(sheet, TABLE_5.headings) for sheet in cells.sheets)


def read_age_tables(cells: Cells, facts: FileFacts) -> Release:
    """Read Table 2 or Table 3.

    Raises
    ------
    InputError
        All faults at once: a sheet without headings, or with headings shifted against the rows; no base or
        unit; mid-years missing; text in numbers; an age that is none of the 19 bands.
    """
    texts = [*title_texts(cells, AGE_TABLE), *first_texts(cells), *cells.notes]
    number = next((found[1] for found in map(TABLE.search, texts) if found), "2")
    return read_table(cells, facts, AGE_TABLE, f"Table {number}", POPULATION)


def read_single_years(cells: Cells, facts: FileFacts) -> Release:
    """Read Z1. These files are in persons, with decimals in some releases, and say nothing of their unit.

    Raises
    ------
    InputError
        All faults at once, as `read_age_tables`.
    """
    base, variant, faults = _base_and_variant(cells, facts, first_year(cells, SINGLE_YEARS))
    parts, found = read_sheets(cells, SINGLE_YEARS, base, facts.unit)
    faults += found
    refuse(faults)
    unit = facts.unit or PERSONS_UNIT
    return Release(cells.file, "Z1", POPULATION, base, variant, unit, tuple(parts))


def read_table_5(cells: Cells, facts: FileFacts) -> Release:
    """Read Table 5, births, deaths and migration of persons (and of each sex where there are sheets).

    Flows start a year after the base, people in the base; a cell of a flow in the base is empty.

    Raises
    ------
    InputError
        All faults at once, as `read_age_tables`.
    """
    return read_table(cells, facts, TABLE_5, "Table 5", COMPONENTS)


def read_component_files(cells: Cells, facts: FileFacts) -> Release:
    """Read CSV files such as ``2018 SNPP Deaths persons.csv``: the rows of all ages of each component.

    Raises
    ------
    InputError
        All faults at once; a file without rows of all ages.
    """
    base, variant, faults = _base_and_variant(cells, facts)
    tables: dict[str, list[pd.DataFrame]] = {}
    for sheet in cells.sheets:
        header = find_header(sheet, FILES)
        if header is None:
            faults.append(missing_header(sheet, FILES))
            continue
        grid, found = read_grid(sheet, header, unit=facts.unit)
        faults += found
        whole = grid[grid["age"].map(age_of) == ALL_AGES] if len(grid) else grid
        if len(grid) and whole.empty:
            problem = "no row is of all ages"
            faults.append(Fault(cells.file, sheet.part, problem, "Give the file as ONS publishes it"))
        whole = whole.assign(item=whole["component"].map(component_of), sex=whole["sex"].map(sex_of))
        whole = whole.rename(columns={"code": "area_code", "area": "area_name"})
        for sex, rows in whole.groupby("sex"):
            tables.setdefault(str(sex), []).append(rows[[*KEYS, *header.years]])
    refuse(faults)
    parts = tuple(Part(sex, sex, pd.concat(found, ignore_index=True)) for sex, found in tables.items())
    unit = facts.unit or PERSONS_UNIT
    return Release(cells.file, "component files", COMPONENTS, base, variant, unit, parts)


def _base_and_variant(
    cells: Cells, facts: FileFacts, first: int | None = None
) -> tuple[int, str, list[Fault]]:
    """Return base and variant that names of files and a readme say, and what is wrong with them."""
    base, faults = base_of(cells.file, cells.notes, facts, first)
    variant, found = variant_of(cells.file, cells.notes, facts, cells.readme)
    return base, variant, [*faults, *found]


def read_table(cells: Cells, facts: FileFacts, layout: Layout, table: str, kind: str) -> Release:
    """Read a workbook.

    Parameters
    ----------
    cells, facts
        The workbook, and what the user states of it.
    layout, table, kind
        How it is laid out, what it is called, and whether it is of people or components.

    Raises
    ------
    InputError
        All faults at once of base, unit, headings, years and numbers.
    """
    titles = title_texts(cells, layout)
    first = first_year(cells, layout)
    base, faults = base_of(cells.file, [*titles, *first_texts(cells), *cells.notes], facts, first, titles)
    unit, found = stated_unit(cells, layout, facts)
    variant, odd = variant_of(cells.file, [*titles, *cells.notes], facts, cells.readme)
    if first is None:  # no headings: what stands above them is not to be found either
        faults, found = [], []
    parts, more = read_sheets(cells, layout, base, unit)
    faults = [*faults, *found, *odd, *more]
    refuse(faults)
    return Release(cells.file, table, kind, base, variant, unit, tuple(parts))


def first_texts(cells: Cells) -> list[str]:
    """Return what stands in the first rows of all sheets."""
    return [str(cell) for sheet in cells.sheets for row in sheet.rows[:TOP] for cell in row if cell != ""]
