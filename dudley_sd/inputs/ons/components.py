"""Reading births, deaths and migration of a projection: Table 5, or CSV files of the layout of Z1."""

from __future__ import annotations

import re

import pandas as pd
from sdcompile.errors import Fault, InputError

from dudley_sd.inputs.ages import ALL_AGES
from dudley_sd.inputs.ons.cells import Cells
from dudley_sd.inputs.ons.grid import AGE, CODE, COMPONENT, NAME, SEX, find_header, missing_header, read_grid
from dudley_sd.inputs.ons.release import COMPONENTS, KEYS, FileFacts, Part, Release, age_of, sex_of
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
    headings={"code": CODE, "area": NAME, "component": COMPONENT},
    item="component",
    item_of=component_of,
    what_items="a component of change",
    first_years=(0, 1),
)
FILES = {"code": CODE, "area": NAME, "component": COMPONENT, "sex": SEX, "age": AGE}


def is_table_5(cells: Cells) -> bool:
    """Whether a sheet has areas and components down, and no ages."""
    return any(find_header(sheet, TABLE_5.headings) for sheet in cells.sheets)


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
    base, faults = base_of(cells.file, cells.notes, facts)
    variant, found = variant_of(cells.file, cells.notes, facts, cells.readme)
    faults += found
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
    if faults:
        raise InputError(faults)
    parts = tuple(Part(sex, sex, pd.concat(found, ignore_index=True)) for sex, found in tables.items())
    unit = facts.unit or PERSONS_UNIT
    return Release(cells.file, "component files", COMPONENTS, base, variant, unit, parts)
