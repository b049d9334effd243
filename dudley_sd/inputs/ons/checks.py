"""Agreement of an official table with itself: nothing missing or repeated, totals the sum of their parts."""

from __future__ import annotations

import numpy as np
from sdcompile.errors import Fault

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES
from dudley_sd.inputs.ons.cells import AGAIN
from dudley_sd.inputs.ons.release import (
    COMPONENTS,
    FEMALES,
    MALES,
    PERSONS,
    POPULATION,
    SINGLE_AGES,
    Part,
    Release,
    ages_of,
    is_stock,
)
from dudley_sd.inputs.population import LARGEST_AREA, PERSONS_IN_UNIT

SMALLEST_COUNCIL = 1_500.0
"""Persons; the smallest area of these tables, the Isles of Scilly, has 2,000."""

LOCAL = ("E06", "E07", "E08", "E09", "E38", "W06")
LARGEST_LOCAL = 3_000_000.0
"""Persons; councils and CCGs, by how their codes begin, have up to 2.3 million."""

SHOWN = 3


def release_faults(release: Release) -> list[Fault]:
    """Return all that is wrong with a table as a whole; its cells have been looked at before."""
    faults = [fault for part in release.parts for fault in _repeated(release, part)]
    faults += _parts_differ(release)
    for part in release.parts:
        faults += _missing(release, part)
    if faults:
        return faults
    if release.kind == POPULATION:
        for part in release.parts:
            faults += _negative(release, part) + _ages_and_total(release, part)
        faults += _size(release)
    if release.kind == COMPONENTS:
        for part in release.parts:
            faults += _sums_of_components(release, part)
    return faults + _sexes_and_persons(release)


def allowed(terms: int, rounded_to: float) -> float:
    """Greatest difference that rounding explains between a rounded sum and the sum of rounded terms.

    Each figure is off by at most half a rounding unit; five standard deviations of their sum (one in two
    million) where that is less.
    """
    together = terms + 1
    return float(min(together / 2, 5 * np.sqrt(together / 12))) * rounded_to + 1e-6


def rounding_unit(part: Part) -> float:
    """Coarsest power of ten, in the unit of the table, that leaves its figures as they are."""
    values = part.table[part.years].to_numpy(dtype=float).ravel()
    values = values[np.isfinite(values)]
    for digits in range(-3, 7):
        if np.allclose(values, values.round(digits), rtol=0, atol=1e-7):
            return float(10.0**-digits)
    return 1e-7


def _repeated(release: Release, part: Part) -> list[Fault]:
    rows = part.table[part.table.duplicated(["area_code", "item"], keep=False)]
    faults = []
    for (area, item), same in list(rows.groupby(["area_code", "item"], sort=False))[:SHOWN]:
        where = _cell_text(part, f"rows {', '.join(map(str, same.index))}")
        faults.append(
            Fault(release.file, where, f"{area} {item} stands more than once", "Keep one row of each")
        )
    return faults


def _cell_text(part: Part, where: str) -> str:
    return f"{part.where}, {where}" if part.where else where


def _parts_differ(release: Release) -> list[Fault]:
    """Areas and mid-years that one sheet has and another has not."""
    faults = []
    names = {
        code: name
        for part in release.parts
        for code, name in part.table.drop_duplicates("area_code")[["area_code", "area_name"]].to_numpy()
    }
    years = sorted({year for part in release.parts for year in part.years})
    for part in release.parts:
        absent = [code for code in names if code not in set(part.table["area_code"])]
        others = ", ".join(each.where for each in release.parts if each is not part)
        if absent:
            shown = ", ".join(f"{code} {names[code]}" for code in absent[:SHOWN])
            problem = f"{len(absent)} areas of {others} are missing: {shown}"
            faults.append(Fault(release.file, part.where, problem, AGAIN))
        lacking = [year for year in years if year not in part.years]
        if lacking:
            problem = f"the mid-years {', '.join(map(str, lacking[:SHOWN]))} of {others} are missing"
            faults.append(Fault(release.file, part.where, problem, AGAIN))
    return faults


def _missing(release: Release, part: Part) -> list[Fault]:
    """Ages that an area has not, and cells that a download left out."""
    faults = []
    if release.kind == POPULATION:
        wanted = set(ages_of(part.table))
        missing = [
            (str(area), age)
            for area, items in part.table.groupby("area_code", sort=False)["item"]
            for age in sorted(wanted - set(items), key=SORTED.index)
        ]
        for area, age in missing[:SHOWN]:
            problem = f"age {age} of area {area} is missing" + _more(missing)
            faults.append(Fault(release.file, part.where, problem, AGAIN))
    missing_cells = part.table[part.years].isna().to_numpy()
    if release.kind == COMPONENTS and part.years[0] == release.base:  # no flow leads to the first mid-year
        missing_cells[:, 0] &= part.table["item"].map(is_stock).to_numpy(dtype=bool)
    rows, columns = np.nonzero(missing_cells)
    if len(rows):
        row = part.table.iloc[rows[0]]
        first = f"{row['area_code']}, {row['item']}, {part.years[columns[0]]}"
        problem = f"{len(rows)} cells are missing; first {first}"
        faults.append(Fault(release.file, part.where, problem, AGAIN))
    return faults


SORTED = [*SINGLE_AGES, *AGE_BANDS]


def _more(found: list[tuple[str, str]]) -> str:
    return f" ({len(found)} such)" if len(found) > SHOWN else ""


def _negative(release: Release, part: Part) -> list[Fault]:
    values = part.table[part.years].to_numpy(dtype=float)
    rows, columns = np.nonzero(values < 0)
    if not len(rows):
        return []
    where = _cell_text(part, f"row {part.table.index[rows[0]]}, column {part.years[columns[0]]}")
    more = f"; {len(rows) - 1} more figures are negative" if len(rows) > 1 else ""
    problem = f"{values[rows[0], columns[0]]:g} people, below zero{more}"
    return [Fault(release.file, where, problem, AGAIN)]


def _ages_and_total(release: Release, part: Part) -> list[Fault]:
    """Compare the row of all ages of each area and year with the sum of its ages."""
    total = part.table[part.table["item"] == ALL_AGES].set_index("area_code")[part.years]
    ages = ages_of(part.table)
    summed = part.table[part.table["item"].isin(ages)].groupby("area_code")[part.years].sum()
    off = (total - summed.reindex(total.index)).abs()
    rows, columns = np.nonzero(off.to_numpy() > allowed(len(ages), rounding_unit(part)))
    if not len(rows):
        return []
    area, year = total.index[rows[0]], part.years[columns[0]]
    problem = (
        f"All ages of {area} in {year} is {total.loc[area, year]:,.6g} but its ages add to "
        f"{summed.loc[area, year]:,.6g} {release.unit}; "
        f"{len(rows)} of {off.size} totals are off"
    )
    remedy = f"Rounding explains at most {allowed(len(ages), rounding_unit(part)):.3g}. {AGAIN}"
    return [Fault(release.file, part.where, problem, remedy)]


def _size(release: Release) -> list[Fault]:
    """Areas smaller than any or larger than the country: thousands read as persons, or the reverse."""
    part = next((part for part in release.parts if part.sex == PERSONS), release.parts[0])
    factor = PERSONS_IN_UNIT[release.unit]
    ages = part.table["item"].isin(ages_of(part.table))
    first = part.table[ages].groupby("area_code", sort=False)[part.years[0]].sum() * factor
    local = first.index.str[:3].isin(LOCAL)
    wrong = first[(first < SMALLEST_COUNCIL) | (first > np.where(local, LARGEST_LOCAL, LARGEST_AREA))]
    if wrong.empty:
        return []
    problem = (
        f"{wrong.index[0]} has {wrong.iloc[0]:,.0f} people in {part.years[0]} if the figures are in "
        f"{release.unit} ({len(wrong)} of {len(first)} areas are too small or too large)"
    )
    remedy = "Look at the units line above the table: it must say thousands where figures are in thousands"
    return [Fault(release.file, part.where, problem, remedy)]


def _sexes_and_persons(release: Release) -> list[Fault]:
    """Compare males and females with persons wherever all three are there."""
    tables = {part.sex: part.table.set_index(["area_code", "item"]) for part in release.parts}
    if not {PERSONS, MALES, FEMALES} <= tables.keys():
        return []
    years = next(part.years for part in release.parts if part.sex == PERSONS)
    rounded_to = max(rounding_unit(part) for part in release.parts)
    both = tables[MALES][years].add(tables[FEMALES][years])
    off = (both.reindex(tables[PERSONS].index) - tables[PERSONS][years]).abs()
    rows, columns = np.nonzero(off.to_numpy() > allowed(2, rounded_to))
    if not len(rows):
        return []
    (area, item), year = off.index[rows[0]], years[columns[0]]
    problem = (
        f"males and females of {area} {item} in {year} add to {both.loc[(area, item), year]:,.6g}, "
        f"persons are {tables[PERSONS].loc[(area, item), year]:,.6g}; {len(rows)} cells are off"
    )
    return [Fault(release.file, "", problem, AGAIN)]


def _sums_of_components(release: Release, part: Part) -> list[Fault]:
    """Compare what the table nets with its parts: natural change, and each kind of migration."""
    by_item = {
        str(item): rows.set_index("area_code")[part.years] for item, rows in part.table.groupby("item")
    }
    sums = {"natchange": ("births", "deaths")}
    sums |= {
        item: (f"{item.removesuffix('_net')}_in", f"{item.removesuffix('_net')}_out")
        for item in by_item
        if item.endswith("_net")
    }
    faults = []
    for net, (gain, loss) in sums.items():
        if not {net, gain, loss} <= by_item.keys():
            continue
        off = (by_item[gain] - by_item[loss] - by_item[net]).abs()
        rows, columns = np.nonzero(off.to_numpy() > allowed(2, rounding_unit(part)))
        if len(rows):
            area, year = off.index[rows[0]], part.years[columns[0]]
            problem = f"{net} of {area} in {year} is not {gain} less {loss}; {len(rows)} cells are off"
            faults.append(Fault(release.file, part.where, problem, AGAIN))
    return faults
