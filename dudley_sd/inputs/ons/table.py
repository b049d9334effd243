"""Reading a published workbook of any layout: its base, unit and variant, and a part for each sheet."""

from __future__ import annotations

from sdcompile.errors import InputError

from dudley_sd.inputs.ons.cells import Cells
from dudley_sd.inputs.ons.release import FileFacts, Release
from dudley_sd.inputs.ons.sheets import Layout, first_year, read_sheets, stated_unit, title_texts
from dudley_sd.inputs.ons.titles import base_of, variant_of

TOP = 60
"""Rows of a sheet among which its titles stand."""


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
    if faults:
        raise InputError(faults)
    return Release(cells.file, table, kind, base, variant, unit, tuple(parts))


def first_texts(cells: Cells) -> list[str]:
    """Return what stands in the first rows of all sheets."""
    return [str(cell) for sheet in cells.sheets for row in sheet.rows[:TOP] for cell in row if cell != ""]
