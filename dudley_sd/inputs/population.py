"""People of an area by age band and mid-year, read from a tidy table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES
from dudley_sd.inputs.tables import Scan, number_column, scan_table, text_column

_MAY_PART = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
PARTED = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}")
_DECIMAL = re.compile(r"[+-]?(\d{4,}(\.\d*)?|0\d*\.\d+|\d*\.(\d{0,2}|\d{4,}))([eE][+-]?\d+)?")

THOUSANDS = "thousand persons"
"""Unit in which a point is decimal: no age of an area has thousands of thousands of people."""

PROBLEM = (
    "{} may be a decimal or thousands: wherever figures have a point, three digits follow it, and none has "
    "four before it"
)
REMEDY = (
    "Save the file with one decimal place and without separators of thousands (in Excel: Format Cells, "
    "Number), or as XLSX with figures, not text"
)
REMEDY_OF_AMBIGUOUS = (
    f"Add --unit thousands if they are thousands with three decimals; else {REMEDY[0].lower()}{REMEDY[1:]}"
)

PERSONS_IN_UNIT = {"persons": 1.0, "thousand persons": 1000.0}
SMALLEST_AREA = 20_000.0
LARGEST_AREA = 80_000_000.0
"""Persons; a total outside these means that persons and thousands were confused: no footprint is smaller than
a primary care network or larger than the United Kingdom."""

UNIT_OR_POINTS = (
    f"Write {THOUSANDS!r} in the column unit if they are thousands with three decimals; else "
    f"{REMEDY[0].lower()}{REMEDY[1:]}"
)

SCHEMA = pa.DataFrameSchema(
    {
        "area_code": text_column(),
        "area_name": text_column(),
        "projection": text_column(),
        "age_group": text_column(
            (*AGE_BANDS, ALL_AGES), remedy="Use the 19 five-year bands of the ONS tables"
        ),
        "year": number_column(1900, 2200, whole=True),
        "value": number_column(0, LARGEST_AREA, remedy="Take the figure from the same ONS table"),
        "unit": text_column(PERSONS_IN_UNIT),
        "source": text_column(remedy="Give the id of a row of inputs/sources.csv"),
    },
    unique=["area_code", "projection", "age_group", "year"],
)


def read_population(path: Path | str, area: str | None = None, *, alone: bool = False) -> xr.DataArray:
    """Return the people of one area by mid-year and age band.

    Parameters
    ----------
    path
        CSV with the columns of `SCHEMA`. Rows ``All ages`` are optional and checked where present.
    area
        Code or name of the area; may be left out where the file has only one.
    alone
        Leave the rows of other areas unread: for files of hundreds of areas that were checked on import.

    Returns
    -------
    xr.DataArray
        Persons, dims (year, age), float64, years ascending without a gap, 19 bands youngest first. ``attrs``:
        ``units``, ``source`` (id), ``projection``, ``area`` (name), ``area_code``, ``file``.

    Raises
    ------
    InputError
        All faults at once: those of `read_table`; a missing cell; a gap in the years; a total that is not
        the sum of its bands; thousands labelled as persons or the reverse; several areas and none chosen.

    Examples
    --------
    >>> read_population("inputs/ons/population_2014_based.csv").sel(year=2018).sum().item()  # doctest: +SKIP
    318700.0
    """
    path = Path(path)
    if not path.is_file():
        return _read(path, area, alone)
    key = (str(path), path.read_bytes(), area, alone)
    found = _FOUND.get(key)
    if found is None:
        if len(_FOUND) >= KEPT:
            _FOUND.clear()
        found = _FOUND[key] = _read(path, area, alone)
    return found.copy()


KEPT = 64
_FOUND: dict[tuple[str, bytes, str | None, bool], xr.DataArray] = {}
"""People found before, by content: an area is asked for again and again on the way to its tables."""


def _read(path: Path, area: str | None, alone: bool) -> xr.DataArray:
    scan = scan_table(path, SCHEMA, (lambda text: text["area_code"] == area) if alone else None)
    chosen, faults = _choose_area(path, scan, area)
    text, rows = scan.text[chosen], scan.valid[chosen.reindex(scan.valid.index)]
    faults = [*scan.faults, *faults]
    if chosen.any():
        for column in ("projection", "unit"):
            faults += _mixed_faults(path, text, column)
        faults += _missing_faults(path, text)
        parted = thousands_may_be_parted(text["value"], text["unit"].iloc[0])
        if parted is not None:
            faults.append(Fault(str(path), "column value", PROBLEM.format(repr(parted)), UNIT_OR_POINTS))
    faults += _total_faults(path, rows)
    refuse(faults)
    return population_array(path, rows)


def _choose_area(path: Path, scan: Scan, area: str | None) -> tuple[pd.Series[bool], list[Fault]]:
    """Which rows belong to the area asked for; none, and a fault, where that is not one area of the file."""
    text = scan.text
    areas = text[["area_code", "area_name"]].drop_duplicates()
    known = ", ".join(f"{code} {name}" for code, name in areas.itertuples(index=False))
    chosen = (text["area_code"] == area) | (text["area_name"] == area)
    if area is None and areas["area_code"].nunique() == 1:
        return text["area_code"] == areas["area_code"].iloc[0], []
    if area is None and areas.empty:
        return chosen, [Fault(str(path), "", "the file has no rows", "Restore it from its source")]
    if area is None:
        problem = f"{areas['area_code'].nunique()} areas and none chosen: {known}"
        return chosen, [Fault(str(path), "column area_code", problem, "Name one of them as the area")]
    if text.loc[chosen, "area_code"].nunique() != 1:
        problem = (
            f"area {area!r} is {'not in the file' if not chosen.any() else 'several areas'}; it has {known}"
        )
        return chosen & False, [
            Fault(str(path), "column area_code", problem, "Name one of these by its code")
        ]
    return chosen, []


def _mixed_faults(path: Path, text: pd.DataFrame, column: str) -> list[Fault]:
    values = list(dict.fromkeys(text[column]))
    if len(values) == 1:
        return []
    remedy = f"Keep one {column} for an area in a file"
    return [Fault(str(path), f"column {column}", f"several for one area: {', '.join(values)}", remedy)]


def _missing_faults(path: Path, text: pd.DataFrame) -> list[Fault]:
    """Years without any row (one fault) and bands without a row in a year that is there (one each)."""
    present = {int(year) for year in text["year"] if year.lstrip("+-").isdigit()}
    if not present:
        return []
    gaps = [year for year in range(min(present), max(present)) if year not in present]
    faults = []
    if gaps:
        problem = (
            f"{len(gaps)} mid-years between {min(present)} and {max(present)} have no rows; first {gaps[0]}"
        )
        faults.append(Fault(str(path), "column year", problem, "Add these mid-years from the same ONS table"))
    cells = set(zip(text["age_group"], text["year"], strict=True))
    totals = (ALL_AGES,) if ALL_AGES in set(text["age_group"]) else ()
    missing = [
        (age, year)
        for year in sorted(present)
        for age in (*AGE_BANDS, *totals)
        if (age, str(year)) not in cells
    ]
    return faults + [
        Fault(str(path), f"age {age}, year {year}", "the cell is missing", "Fill it from the same ONS table")
        for age, year in missing
    ]


def _total_faults(path: Path, rows: pd.DataFrame) -> list[Fault]:
    """Totals that are not the sum of their bands, and totals that cannot be persons.

    A sum of 19 rounded bands beside a rounded total differs by 20 rounding errors, each uniform over one
    rounding unit (standard deviation unit / sqrt(12)); four standard deviations of their sum are allowed.
    """
    faults = []
    allowed = 4 * np.sqrt(20) * _rounding_unit(rows) / np.sqrt(12)
    for year, of_year in rows.groupby("year"):
        persons = of_year.set_index("age_group")["value"] * of_year["unit"].map(PERSONS_IN_UNIT).to_numpy()
        bands = persons.drop(ALL_AGES, errors="ignore")
        if len(bands) != len(AGE_BANDS) or not persons.index.is_unique:
            continue
        total = float(bands.sum())
        if ALL_AGES in persons.index and abs(persons[ALL_AGES] - total) > allowed:
            apart = f"{abs(persons[ALL_AGES] - total):,.1f} apart; rounding explains at most {allowed:,.1f}"
            problem = (
                f"All ages is {persons[ALL_AGES]:,.0f} persons but its bands add to {total:,.0f} ({apart})"
            )
            remedy = "Compare the 19 bands with the ONS table"
            faults.append(Fault(str(path), f"year {year}", problem, remedy))
        if not SMALLEST_AREA <= total <= LARGEST_AREA:
            problem = f"the bands add to {total:,.0f} persons in unit {of_year['unit'].iloc[0]!r}"
            remedy = "Correct the column unit: 'persons' or 'thousand persons'"
            faults.append(Fault(str(path), f"year {year}, column unit", problem, remedy))
    return faults


def _rounding_unit(rows: pd.DataFrame) -> float:
    """Persons to which figures were rounded: the coarsest power of ten that leaves them as they are."""
    values = rows["value"].to_numpy()
    exact = (
        digits for digits in range(-3, 6) if np.allclose(values, values.round(digits), rtol=0, atol=1e-9)
    )
    digits = next(exact, 6)
    return float(10.0**-digits * rows["unit"].map(PERSONS_IN_UNIT).max())


def population_array(path: Path, rows: pd.DataFrame) -> xr.DataArray:
    """Return checked rows of one area as an array, as `read_population` does."""
    persons = rows.assign(value=rows["value"] * rows["unit"].map(PERSONS_IN_UNIT))
    table = persons.pivot(index="year", columns="age_group", values="value").sort_index()[list(AGE_BANDS)]
    first = rows.iloc[0]
    return xr.DataArray(
        table.to_numpy(dtype=float),
        dims=("year", "age"),
        coords={"year": table.index.to_numpy(dtype=int), "age": list(AGE_BANDS)},
        name="population",
        attrs={
            "units": "Person",
            "long_name": "people by age at mid-year",
            "source": first["source"],
            "projection": first["projection"],
            "area": first["area_name"],
            "area_code": first["area_code"],
            "file": str(path),
        },
    )


def thousands_may_be_parted(cells: Iterable[Any], unit: str | None = None) -> str | None:
    """Return the first text such as ``16.000`` where no other shows which it is; else None.

    One figure with another number of digits after its point, or with four before it, shows that points are
    decimal: 1065.500 stands beside 16.000 in files with three decimals, as Z1 has them. A figure with two
    points parts thousands. The unit `THOUSANDS` settles it too: points are decimal.
    """
    if unit == THOUSANDS:
        return None
    first = None
    for cell in cells:
        if not isinstance(cell, str):
            continue
        text = cell.strip()
        if PARTED.fullmatch(text):
            return text
        if _DECIMAL.fullmatch(text):
            return None
        if first is None and _MAY_PART.fullmatch(text):
            first = text
    return first
