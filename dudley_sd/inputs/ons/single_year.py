"""Reading SNPP Z1: a zip of CSV files, single years of age 0 to 90+, one file for each sex."""

from __future__ import annotations

from itertools import pairwise

from sdcompile.errors import InputError

from dudley_sd.inputs.ages import ALL_AGES
from dudley_sd.inputs.ons.cells import Cells, Sheet
from dudley_sd.inputs.ons.grid import AGE, CODE, COMPONENT, LAST_ROW_OF_HEADER, NAME, SEX, find_header
from dudley_sd.inputs.ons.release import POPULATION, SINGLE_AGES, FileFacts, Release, age_of
from dudley_sd.inputs.ons.sheets import Layout, read_sheets
from dudley_sd.inputs.ons.titles import PERSONS_UNIT, base_of, variant_of


def single_age_of(cell: object) -> str | None:
    """Return a single year of age, ``90+`` or ``All ages``."""
    age = age_of(cell)
    return age if age in SINGLE_AGES or age == ALL_AGES else None


LAYOUT = Layout(
    headings={"code": CODE, "area": NAME, "component": COMPONENT, "sex": SEX, "age": AGE},
    item="age",
    item_of=single_age_of,
    what_items="a single year of age, 90 and over or All ages",
)


def component_named(sheet: Sheet) -> str:
    """Return the word in the column COMPONENT of a file of this layout; empty where there is none."""
    for row, below in pairwise(sheet.rows[: LAST_ROW_OF_HEADER + 1]):
        words = [str(cell).strip().upper() for cell in row]
        if {"COMPONENT", "SEX"} <= set(words):
            return str(below[words.index("COMPONENT")]).strip()
    return ""


def read_single_years(cells: Cells, facts: FileFacts) -> Release:
    """Read Z1. These files are in persons, with decimals in some releases, and say nothing of their unit.

    Raises
    ------
    InputError
        All faults at once, as `read_age_tables`.
    """
    headers = [header for sheet in cells.sheets if (header := find_header(sheet, LAYOUT.headings))]
    first = min((min(header.years) for header in headers), default=None)
    base, faults = base_of(cells.file, cells.notes, facts, first)
    variant, found = variant_of(cells.file, cells.notes, facts, cells.readme)
    faults += found
    parts, found = read_sheets(cells, LAYOUT, base, facts.unit)
    faults = [*faults, *found]
    if faults:
        raise InputError(faults)
    unit = facts.unit or PERSONS_UNIT
    return Release(cells.file, "Z1", POPULATION, base, variant, unit, tuple(parts))
