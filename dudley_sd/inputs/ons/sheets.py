"""Reading a workbook or a set of CSV files with areas and ages (or components) down and mid-years across."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sdcompile.errors import Fault

from dudley_sd.inputs.ons.cells import AGAIN, Cells, Sheet
from dudley_sd.inputs.ons.grid import Header, Headings, find_header, missing_header, read_grid
from dudley_sd.inputs.ons.release import AND_OVER, KEYS, SEXES, FileFacts, Part, is_stock, sex_of
from dudley_sd.inputs.ons.titles import unit_of

SEX_WORD = re.compile(r"\b(persons|males|females)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """What is particular to a layout.

    Attributes
    ----------
    headings
        As `find_header` takes them, with ``code``, ``area`` and the one named in `item`.
    item
        Name of the heading over ages or components.
    item_of
        Our word for a cell of that column, or None where it cannot be.
    what_items
        What these are, for messages: ``one of the 19 five-year bands or All ages``.
    first_years
        How many years after the base the columns may start.
    """

    headings: Headings
    item: str
    item_of: Callable[[object], str | None]
    what_items: str
    first_years: tuple[int, ...] = (0,)


def read_sheets(
    cells: Cells, layout: Layout, base: int, unit: str | None = None
) -> tuple[list[Part], list[Fault]]:
    """Return the parts of a file, in a unit where it is known, and all that is wrong with their cells."""
    faults: list[Fault] = []
    parts: list[Part] = []
    for sheet in cells.sheets:
        header = find_header(sheet, layout.headings)
        if header is None:
            if sex_named(sheet) or len(cells.sheets) == 1:
                faults.append(missing_header(sheet, layout.headings))
            continue
        faults += [] if header.twice else _year_faults(sheet, list(header.years), base, layout.first_years)
        first = min(header.years)
        of_flows = 1 in layout.first_years and base in (first, 0)
        grid, found = read_grid(sheet, header, {first} if of_flows else (), unit)
        faults += found
        if len(grid) and of_flows:
            grid, found = _base_of_flows(sheet, grid, layout, first)
            faults += found
        if len(grid):
            faults += _other_components(sheet, grid, layout)
            table, found = _labelled(sheet, grid, layout)
            faults += found
            here, found = _by_sex(sheet, header, table)
            parts += here
            faults += found
    return parts, faults + _same_sex(cells.file, parts)


def _same_sex(file: str, parts: list[Part]) -> list[Fault]:
    """Two sheets or files of one sex: which of them counts cannot be known."""
    places: dict[str, list[str]] = {}
    for part in parts:
        places.setdefault(part.sex, []).append(part.where)
    return [
        Fault(file, "", f"{' and '.join(found)} are both of {sex}", "Keep one of them")
        for sex, found in places.items()
        if len(found) > 1
    ]


def stated_unit(cells: Cells, layout: Layout, facts: FileFacts) -> tuple[str, list[Fault]]:
    """Return the unit that the sheets state above their tables, all the same one."""
    tables = [(sheet, find_header(sheet, layout.headings)) for sheet in cells.sheets]
    units = {}
    for sheet, header in tables:
        if header:
            unit, _ = unit_of(cells.file, sheet.part, cells_above(sheet, header), FileFacts())
            if unit:
                units[unit] = sheet.part
    if len(units) > 1:
        problem = ", ".join(f"{part} says {unit}" for unit, part in units.items())
        return "", [Fault(cells.file, "", problem, "Look which it is; one table has one unit")]
    all_above = [cell for sheet, header in tables if header for cell in cells_above(sheet, header)]
    return unit_of(cells.file, "", all_above, facts)


def cells_above(sheet: Sheet, header: Header) -> list[object]:
    """Return the cells of the title rows: everything above the headings that is not empty."""
    return [cell for row in sheet.rows[: header.row] for cell in row if str(cell).strip()]


def title_texts(cells: Cells, layout: Layout) -> list[str]:
    """Titles above the tables, first to last."""
    headers = [(sheet, find_header(sheet, layout.headings)) for sheet in cells.sheets]
    return [str(cell) for sheet, header in headers if header for cell in cells_above(sheet, header)]


def sex_named(sheet: Sheet) -> str | None:
    """Return the sex that the name of a sheet or file holds."""
    found = SEX_WORD.search(sheet.part)
    return found[1].lower() if found else None


def first_year(cells: Cells, layout: Layout) -> int | None:
    """Return the first mid-year that has a column; None where no sheet has a table."""
    headers = [header for sheet in cells.sheets if (header := find_header(sheet, layout.headings))]
    return min((min(header.years) for header in headers), default=None)


def _base_of_flows(
    sheet: Sheet, grid: pd.DataFrame, layout: Layout, base: int
) -> tuple[pd.DataFrame, list[Fault]]:
    """Take the column of the base of a table of flows: people have figures there, no flow leads to it.

    A table without people leaves the whole column empty; it is dropped then.
    """
    flows = ~grid[layout.item].map(lambda cell: is_stock(str(layout.item_of(cell)))).astype(bool)
    empty = grid[base].isna()
    if empty.all():
        return grid.drop(columns=[base]), []
    some = empty & ~flows if empty[flows].all() else empty
    if not some.any():
        return grid, []
    where = f"row {grid.index[some][0]}, column {base}"
    problem = f"the cell is empty where a number belongs; {some.sum() - 1} more cells"
    remedy = "Take the figure from the file as ONS publishes it"
    return grid, [sheet.fault(where, problem, remedy)]


def _year_faults(sheet: Sheet, years: list[int], base: int, first_years: tuple[int, ...]) -> list[Fault]:
    """Mid-years that are missing, and a start that is not that of the base."""
    faults = []
    where = "headings"
    missing = [year for year in range(min(years), max(years)) if year not in years]
    if missing:
        problem = (
            f"the mid-years run from {min(years)} to {max(years)} without {', '.join(map(str, missing))}"
        )
        faults.append(sheet.fault(where, problem, AGAIN))
    if base and min(years) - base not in first_years:
        problem = (
            f"the mid-years start in {min(years)}, a {base}-based table starts in {base + first_years[0]}"
        )
        remedy = "Look whether title and columns belong together; give the file as ONS publishes it"
        faults.append(sheet.fault(where, problem, remedy))
    return faults


def _labelled(sheet: Sheet, grid: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, list[Fault]]:
    """Give the columns our names and the items our words; rows whose item is unknown are left out."""
    words = {cell: layout.item_of(cell) for cell in grid[layout.item].unique()}
    items = grid[layout.item].map(words)
    causes: dict[str, list[str]] = {}
    for cell, word in words.items():
        if word is None:
            causes.setdefault(_why_unknown(cell), []).append(cell)
    faults = [
        sheet.fault(
            f"row {grid.index[grid[layout.item] == found[0]][0]}",
            f"{found[0]!r} is not {layout.what_items}"
            + (f"; {len(found) - 1} more" if len(found) > 1 else ""),
            remedy,
        )
        for remedy, found in causes.items()
    ]
    table = grid.assign(item=items).rename(columns={"code": "area_code", "area": "area_name"})
    years = [column for column in table.columns if isinstance(column, int)]
    extra = ["sex"] if "sex" in table else []
    return table.loc[items.notna(), [*KEYS, *extra, *years]], faults


def _other_components(sheet: Sheet, grid: pd.DataFrame, layout: Layout) -> list[Fault]:
    """Rows of births and the like in a table whose other rows are people."""
    if layout.item == "component" or "component" not in grid:
        return []
    other = grid["component"][grid["component"].str.lower() != "population"]
    if other.empty:
        return []
    more = f"; {len(other) - 1} more rows" if len(other) > 1 else ""
    problem = f"{other.iloc[0]!r} stands among rows of Population{more}"
    where = f"row {other.index[0]}"
    return [sheet.fault(where, problem, "Keep the rows of Population alone")]


def _why_unknown(cell: str) -> str:
    """Return the remedy for an age that is none of ours."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*|\d?\d-[A-Za-z]{3}|[A-Za-z]{3}-\d\d|\d?\d/\d?\d/\d{4}", cell):
        return (
            "Excel makes dates of ages such as 10-14: give the file as ONS publishes it, never saved by Excel"
        )
    if re.fullmatch(rf"(?:aged? )?\d+\s*{AND_OVER}", cell.lower()):
        return "The model tells 85 to 89 from 90 and over: give a table whose last age is 90 and over"
    return "Give the file as ONS publishes it, its ages unchanged"


def _by_sex(sheet: Sheet, header: Header, table: pd.DataFrame) -> tuple[list[Part], list[Fault]]:
    """Split a table by its column of sexes, or take the sex that sheet or title names."""
    if "sex" in table:
        words = table["sex"].map({cell: sex_of(cell) for cell in table["sex"].unique()})
        unknown = table["sex"][words.isna()]
        faults = []
        if len(unknown):
            problem = f"{unknown.iloc[0]!r} is none of {', '.join(SEXES)}"
            where = f"row {unknown.index[0]}"
            faults.append(sheet.fault(where, problem, "Give the file as ONS publishes it"))
        bare = table.drop(columns="sex")
        parts = [Part(sheet.part, sex, bare[words == sex]) for sex in SEXES if (words == sex).any()]
        return parts, faults
    named = sex_named(sheet)
    if named is None:
        titles = [SEX_WORD.search(str(cell)) for cell in cells_above(sheet, header)]
        named = next((found[1].lower() for found in titles if found), None)
    if named is None:
        problem = "neither its name nor its title says persons, males or females"
        return [], [sheet.fault("", problem, "Give the file as ONS publishes it")]
    return [Part(sheet.part, named, table)], []
