"""Reading the Nomis data set NM_2006_1: one row for each area, sex, age and projected year, CSV or TSV."""

from __future__ import annotations

import re

import pandas as pd

from dudley_sd.errors import Fault, InputError
from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.ons.cells import Cells, Sheet
from dudley_sd.inputs.ons.release import (
    AREA_CODE,
    KEYS,
    OLDEST,
    POPULATION,
    Part,
    Release,
    Said,
    age_of,
    sex_of,
)
from dudley_sd.inputs.ons.titles import PERSONS_UNIT, base_of, variant_of

ALL_AGES_CODE, FIRST_SINGLE_AGE_CODE = 200, 101
"""Codes of C_AGE: 200 is all ages, 101 to 191 are the single years 0 to 90 and over."""

SEX_CODES = {"0": "persons", "1": "males", "2": "females"}
MEASURE_VALUE = "20100"
FEWEST = ("GEOGRAPHY_CODE", "OBS_VALUE")
ROWS_OF_A_DOWNLOAD = "Nomis gives 25,000 rows at a time: ask for fewer areas or years, or join the pieces"


def is_nomis(cells: Cells) -> bool:
    """Whether a text file has the columns that every download from Nomis has."""
    return len(cells.sheets) == 1 and set(FEWEST) <= set(_headings(cells.sheets[0]))


def read_nomis(cells: Cells, said: Said) -> Release:
    """Read a download; measures other than the value and ages that are no band of ours are left out.

    Raises
    ------
    InputError
        All faults at once: a column that is needed and not there, an area, sex, age, year or value that is
        none, two rows for one cell, a download that ended early, a base that the column DATE does not give.
    """
    sheet = cells.sheets[0]
    table = pd.DataFrame(sheet.rows[1:], columns=_headings(sheet), dtype=str)
    table.index = pd.RangeIndex(2, 2 + len(table))
    table = table[(table != "").any(axis=1)]
    faults = _column_faults(cells.file, table)
    if faults:
        raise InputError(faults)
    faults += _record_faults(cells.file, table)
    if "MEASURES" in table:
        table = table[table["MEASURES"].isin([MEASURE_VALUE, ""])]
    years = _first_of(table, "PROJECTED_YEAR_NAME", "PROJECTED_YEAR", "PROJECTED_YEAR_CODE")
    ages, wide_ages = _ages(table)
    long = pd.DataFrame(
        {
            "area_code": table["GEOGRAPHY_CODE"],
            "area_name": table["GEOGRAPHY_NAME"] if "GEOGRAPHY_NAME" in table else table["GEOGRAPHY_CODE"],
            "item": ages,
            "sex": _sexes(table),
            "year": pd.to_numeric(years.where(years.str.fullmatch(r"(19|20)\d\d")), errors="coerce"),
            "value": pd.to_numeric(table["OBS_VALUE"], errors="coerce"),
        }
    )[~wide_ages]
    faults += _cell_faults(cells.file, long, table, years)
    dates = _first_of(table, "DATE_NAME", "DATE", "DATE_CODE")
    base, found = base_of(cells.file, [f"{date}-based" for date in dates.unique() if date], said)
    faults += found
    whole = long.dropna()
    faults += _repeated(cells.file, whole)
    if faults:
        raise InputError(faults)
    parts = tuple(_part(str(sex), rows) for sex, rows in whole.groupby("sex", sort=False))
    unit = said.unit or PERSONS_UNIT
    return Release(cells.file, "Nomis", POPULATION, base, variant_of(cells.notes), unit, parts)


def _headings(sheet: Sheet) -> list[str]:
    return [str(cell).strip().upper() for cell in sheet.rows[0]] if sheet.rows else []


def _column_faults(file: str, table: pd.DataFrame) -> list[Fault]:
    wanted = {
        "GENDER or GENDER_NAME": ("GENDER", "GENDER_NAME"),
        "C_AGE or C_AGE_NAME": ("C_AGE", "C_AGE_NAME"),
        "PROJECTED_YEAR or PROJECTED_YEAR_NAME": (
            "PROJECTED_YEAR",
            "PROJECTED_YEAR_NAME",
            "PROJECTED_YEAR_CODE",
        ),
    }
    remedy = "Download with all columns; a selection needs " + ", ".join([*wanted, *FEWEST])
    return [
        Fault(file, "row 1", f"there is no column {name}", remedy)
        for name, known in wanted.items()
        if not set(known) & set(table.columns)
    ]


def _first_of(table: pd.DataFrame, *columns: str) -> pd.Series:
    """Return the first of the columns that is there, as text; empty text where none is."""
    found = next((column for column in columns if column in table), None)
    return table[found].str.strip() if found else pd.Series("", index=table.index)


def _record_faults(file: str, table: pd.DataFrame) -> list[Fault]:
    """Compare the rows with the number that Nomis says there are."""
    if "RECORD_COUNT" not in table or not len(table):
        return []
    counts = pd.to_numeric(table["RECORD_COUNT"], errors="coerce")
    if not counts.notna().any() or len(table) >= counts.max():
        return []
    problem = f"{len(table):,} rows of the {counts.max():,.0f} that RECORD_COUNT says there are"
    return [Fault(file, "column RECORD_COUNT", problem, ROWS_OF_A_DOWNLOAD)]


def _sexes(table: pd.DataFrame) -> pd.Series:
    if "GENDER_NAME" in table:
        return table["GENDER_NAME"].map({cell: sex_of(cell) for cell in table["GENDER_NAME"].unique()})
    return table["GENDER"].str.strip().map(SEX_CODES)


def _ages(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Ages as we write them, and which rows are of ages wider than a band (``Aged 16 to 64``)."""
    if "C_AGE_NAME" in table:
        names = {cell: age_of(cell) for cell in table["C_AGE_NAME"].unique()}
        wide = {cell: names[cell] is None and bool(_is_wide(cell)) for cell in names}
        return table["C_AGE_NAME"].map(names), table["C_AGE_NAME"].map(wide).astype(bool)
    codes = {cell: _age_of_code(cell) for cell in table["C_AGE"].unique()}
    return table["C_AGE"].map(codes), pd.Series(False, index=table.index)


def _is_wide(cell: str) -> bool:
    """Whether a name is of a span of ages, or open, though none of our bands."""
    text = str(cell).strip()
    open_ended = re.fullmatch(r"[Aa]ged? \d+ ?(\+|and over)", text)
    span = re.fullmatch(r"[Aa]ged? (\d+) ?(?:-|to) ?(\d+)", text)
    return bool(open_ended) or bool(span and f"{span[1]}-{span[2]}" not in AGE_BANDS)


def _age_of_code(cell: str) -> str | None:
    """Return the age of a code of C_AGE; without its name no other code can be told from another's."""
    if not cell.strip().isdigit():
        return None
    code = int(cell)
    if code == ALL_AGES_CODE:
        return age_of("All ages")
    age = code - FIRST_SINGLE_AGE_CODE
    return OLDEST if age == 90 else str(age) if 0 <= age < 90 else None


def _cell_faults(file: str, long: pd.DataFrame, table: pd.DataFrame, years: pd.Series) -> list[Fault]:
    """One fault for each kind: the first row with it, and how many more there are."""
    text = table.reindex(long.index)
    not_area = ~long["area_code"].str.strip().str.fullmatch(AREA_CODE.pattern)
    age_column = "C_AGE_NAME" if "C_AGE_NAME" in table else "C_AGE"
    sex_column = "GENDER_NAME" if "GENDER_NAME" in table else "GENDER"
    kinds = [
        (not_area, "GEOGRAPHY_CODE", text["GEOGRAPHY_CODE"], "is not a nine-character area code"),
        (long["sex"].isna(), sex_column, text[sex_column], "is none of Total, Male, Female"),
        (long["item"].isna(), age_column, text[age_column], "is not an age; keep the column C_AGE_NAME"),
        (long["year"].isna(), "PROJECTED_YEAR", years.reindex(long.index), "is not a year"),
        (long["value"].isna(), "OBS_VALUE", text["OBS_VALUE"], "is not a number"),
    ]
    return [
        Fault(
            file,
            f"row {long.index[wrong][0]}, column {column}",
            f"{cells[wrong].iloc[0]!r} {what}"
            + (f"; {wrong.sum() - 1} more rows" if wrong.sum() > 1 else ""),
            "Download it from Nomis again and leave it as it is",
        )
        for wrong, column, cells, what in kinds
        if wrong.any()
    ]


def _repeated(file: str, long: pd.DataFrame) -> list[Fault]:
    key = ["area_code", "item", "sex", "year"]
    again = long[long.duplicated(key)]
    if again.empty:
        return []
    row = again.iloc[0]
    problem = f"{len(again)} rows repeat a cell; first {row['area_code']}, {row['sex']}, age {row['item']}, "
    remedy = "Keep one projection and one measure in a download"
    return [Fault(file, f"row {again.index[0]}", f"{problem}{row['year']:.0f}", remedy)]


def _part(sex: str, rows: pd.DataFrame) -> Part:
    names = rows.drop_duplicates("area_code").set_index("area_code")["area_name"]
    wide = rows.assign(year=rows["year"].astype(int)).pivot(
        index=["area_code", "item"], columns="year", values="value"
    )
    table = wide.sort_index(axis=1).reset_index()
    table.columns.name = None
    table.insert(1, "area_name", table["area_code"].map(names))
    years = [column for column in table.columns if isinstance(column, int)]
    return Part(sex, sex, table[[*KEYS, *years]])
