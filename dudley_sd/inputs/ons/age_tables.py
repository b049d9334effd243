"""Reading SNPP Table 2 (local authorities) and Table 3 (health areas): five-year bands by sex."""

from __future__ import annotations

import re

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES
from dudley_sd.inputs.ons.cells import Cells
from dudley_sd.inputs.ons.grid import AGE, CODE, NAME, SEX
from dudley_sd.inputs.ons.release import POPULATION, FileFacts, Release, age_of
from dudley_sd.inputs.ons.sheets import Layout, title_texts
from dudley_sd.inputs.ons.table import first_texts, read_table

TABLE = re.compile(r"\btable ?([23])\b", re.IGNORECASE)


def band_of(cell: object) -> str | None:
    """Return one of the 19 bands or ``All ages``."""
    age = age_of(cell)
    return age if age in AGE_BANDS or age == ALL_AGES else None


LAYOUT = Layout(
    headings={"code": CODE, "area": NAME, "age": AGE, "?sex": SEX},
    item="age",
    item_of=band_of,
    what_items="one of the 19 five-year bands or All ages",
)


def read_age_tables(cells: Cells, facts: FileFacts) -> Release:
    """Read Table 2 or Table 3.

    Raises
    ------
    InputError
        All faults at once: a sheet without headings, or with headings shifted against the rows; no base or
        unit; mid-years missing; text in numbers; an age that is none of the 19 bands.
    """
    texts = [*title_texts(cells, LAYOUT), *first_texts(cells), *cells.notes]
    number = next((found[1] for found in map(TABLE.search, texts) if found), "2")
    return read_table(cells, facts, LAYOUT, f"Table {number}", POPULATION)
