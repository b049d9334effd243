"""Reading births, deaths and migration of a projection: Table 5, or CSV files of the layout of Z1."""

from __future__ import annotations

import re

import pandas as pd

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.ages import ALL_AGES
from dudley_sd.inputs.ons.age_tables import CODES, NAMES
from dudley_sd.inputs.ons.cells import Cells
from dudley_sd.inputs.ons.grid import find_header, read_grid
from dudley_sd.inputs.ons.release import COMPONENTS, KEYS, Part, Release, Said, age_of, sex_of
from dudley_sd.inputs.ons.sheets import Layout
from dudley_sd.inputs.ons.table import read_table
from dudley_sd.inputs.ons.titles import PERSONS_UNIT, base_of, variant_of

NAMED = {
    "natural_change": "natchange",
    "all_net": "net_migration",
    "other": "other_change",
    "other_changes": "other_change",
    "live_births": "births",
}
"""Names of ours that are not the published words in snake case without *migration*."""


def component_of(cell: object) -> str | None:
    """Return our name of a component: ``Internal Migration In`` is ``internal_in``."""
    words = re.sub(r"[^a-z]+", "_", str(cell).lower().replace("migration", " ")).strip("_")
    return NAMED.get(words, words) or None


TABLE_5 = Layout(
    headings={"code": CODES, "area": NAMES, "component": ("COMPONENT", "COMPONENTS", "COMPONENT OF CHANGE")},
    item="component",
    item_of=component_of,
    what_items="a component of change",
    first_years=(0, 1),
)
FILES = {"code": ("AREA CODE",), "area": ("AREA NAME",), "component": ("COMPONENT",), "sex": ("SEX",)}
FILES_WITH_AGE = FILES | {"age": ("AGE GROUP",)}


def is_table_5(cells: Cells) -> bool:
    """Whether a sheet has areas and components down, and no ages."""
    return any(find_header(sheet, TABLE_5.headings) for sheet in cells.sheets)


def read_table_5(cells: Cells, said: Said) -> Release:
    """Read Table 5, births, deaths and migration of persons (and of each sex where there are sheets).

    Raises
    ------
    InputError
        All faults at once, as `read_age_tables`.
    """
    return read_table(cells, said, TABLE_5, "Table 5", COMPONENTS)


def read_component_files(cells: Cells, said: Said) -> Release:
    """Read CSV files such as ``2018 SNPP Deaths persons.csv``: the rows of all ages of each component.

    Raises
    ------
    InputError
        All faults at once; a file without rows of all ages.
    """
    base, faults = base_of(cells.file, cells.notes, said)
    tables: dict[str, list[pd.DataFrame]] = {}
    for sheet in cells.sheets:
        header = find_header(sheet, FILES_WITH_AGE)
        if header is None:
            problem = "it has no headings AREA_CODE, AREA_NAME, COMPONENT, SEX, AGE_GROUP and years"
            faults.append(Fault(cells.file, sheet.part, problem, "Give the file as ONS publishes it"))
            continue
        grid, found = read_grid(sheet, header)
        faults += found
        whole = grid[grid["age"].map(age_of) == ALL_AGES] if len(grid) else grid
        if len(grid) and whole.empty:
            problem = "no row is of all ages"
            faults.append(Fault(cells.file, sheet.part, problem, "Give the file as ONS publishes it"))
        whole = whole.assign(item=whole["component"].map(component_of), sex=whole["sex"].map(sex_of))
        whole = whole.rename(columns={"code": "area_code", "area": "area_name"})
        for sex, rows in whole.groupby("sex"):
            tables.setdefault(str(sex), []).append(rows[[*KEYS, *header.years]])
    if faults:
        raise InputError(faults)
    parts = tuple(Part(sex, sex, pd.concat(found, ignore_index=True)) for sex, found in tables.items())
    unit = said.unit or PERSONS_UNIT
    return Release(cells.file, "component files", COMPONENTS, base, variant_of(cells.notes), unit, parts)
