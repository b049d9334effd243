"""Reading the Nomis data set NM_2006_1: one row for each area, sex, age and projected year, CSV or TSV."""

from __future__ import annotations

import re

import pandas as pd
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.ons.cells import Cells, Sheet
from dudley_sd.inputs.ons.release import (
    AREA_CODE,
    KEYS,
    OLDEST,
    POPULATION,
    SINGLE_AGES,
    FileFacts,
    Part,
    Release,
    age_of,
    sex_of,
)
from dudley_sd.inputs.ons.titles import PERSONS_UNIT, base_of, variant_of
from dudley_sd.inputs.population import PROBLEM, REMEDY_OF_AMBIGUOUS, thousands_may_be_parted

ALL_AGES_CODE, FIRST_SINGLE_AGE_CODE = 200, 101
"""Codes of C_AGE: 200 is all ages, 101 to 191 are the single years 0 to 90 and over."""

SEX_CODES = {"0": "persons", "1": "males", "2": "females"}
MEASURE_VALUE = "20100"
FEWEST = ("GEOGRAPHY_CODE", "OBS_VALUE")
VARIANTS = ("VARIANT_NAME", "VARIANT", "PROJECTION_NAME", "PROJECTION")
YEARS = ("PROJECTED_YEAR_NAME", "PROJECTED_YEAR", "PROJECTED_YEAR_CODE")
THE_DATA_SET = (
    "Get NM_2006_1, 'Population projections - local authority based by single year of age', "
    "or Table 2 or 3 of ONS"
)
ROWS_OF_A_DOWNLOAD = "Nomis gives 25,000 rows at a time: ask for fewer areas or years, or join the pieces"


def is_nomis(cells: Cells) -> bool:
    """Whether a text file has the columns that every download from Nomis has."""
    return len(cells.sheets) == 1 and set(FEWEST) <= set(_headings(cells.sheets[0]))


def read_nomis(cells: Cells, facts: FileFacts) -> Release:
    """Read a download; measures other than the value and ages that are no band of ours are left out.

    Raises
    ------
    InputError
        Another data set; a download without rows. Else all faults at once: a column that is needed and not
        there, an area, sex, age, year or value that is none, two rows for one cell, a download that ended
        early, a base that the column DATE does not give.
    """
    sheet = cells.sheets[0]
    table = pd.DataFrame(sheet.rows[1:], columns=_headings(sheet), dtype=str)
    table.index = pd.RangeIndex(2, 2 + len(table))
    table = table[(table != "").any(axis=1)]
    faults = _another_data_set(cells.file, table) or _column_faults(cells.file, table)
    if not faults and table.empty:
        problem = "no rows stand under the headings: Nomis found nothing for what was asked"
        remedy = (
            "Ask again for the years and areas that it has. Nomis keeps only the newest projection: for an "
            "earlier base get Table 2 or 3 from ONS"
        )
        faults = [Fault(cells.file, "row 2", problem, remedy)]
    refuse(faults)
    faults += _record_faults(cells.file, table)
    if "MEASURES" in table:
        table = table[table["MEASURES"].isin([MEASURE_VALUE, ""])]
    years = _first_of(table, *YEARS)
    ages, wide_ages, why = _ages(table)
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
    faults += _cell_faults(cells.file, long, table, years, why)
    parted = thousands_may_be_parted(table["OBS_VALUE"], facts.unit)
    if parted is not None:
        where = f"row {table.index[table['OBS_VALUE'].str.strip() == parted][0]}, column OBS_VALUE"
        faults.append(Fault(cells.file, where, PROBLEM.format(repr(parted)), REMEDY_OF_AMBIGUOUS))
    dates = _first_of(table, "DATE_NAME", "DATE", "DATE_CODE")
    first = None if long["year"].isna().all() else int(long["year"].min())
    base, found = base_of(cells.file, [f"{date}-based" for date in dates.unique() if date], facts, first)
    faults += found
    variant, found = variant_of(
        cells.file, [*cells.notes, *_first_of(table, *VARIANTS).unique()], facts, cells.readme
    )
    faults += found
    whole = long.dropna()
    faults += _repeated(cells.file, whole)
    refuse(faults)
    parts = tuple(_part(str(sex), rows) for sex, rows in whole.groupby("sex", sort=False))
    unit = facts.unit or PERSONS_UNIT
    return Release(cells.file, "Nomis", POPULATION, base, variant, unit, parts)


def _headings(sheet: Sheet) -> list[str]:
    return [str(cell).strip().upper() for cell in sheet.rows[0]] if sheet.rows else []


def _another_data_set(file: str, table: pd.DataFrame) -> list[Fault]:
    """Name a data set of Nomis that is no projection of people by age, by what its columns are."""
    columns = set(table.columns)
    if any("HOUSEHOLD" in column for column in columns):
        problem = "this is a file of households, not of people by age"
    elif not columns & set(YEARS) and columns & {"C_AGE", "C_AGE_NAME", "AGE", "AGE_NAME"}:
        problem = (
            "without a column PROJECTED_YEAR this is a file of estimates (such as NM_2002_1), no projection"
        )
    else:
        return []
    return [Fault(file, "row 1", problem, THE_DATA_SET)]


def _column_faults(file: str, table: pd.DataFrame) -> list[Fault]:
    wanted = {
        "GENDER or GENDER_NAME": ("GENDER", "GENDER_NAME"),
        "C_AGE or C_AGE_NAME": ("C_AGE", "C_AGE_NAME"),
        "PROJECTED_YEAR or PROJECTED_YEAR_NAME": YEARS,
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


def _ages(table: pd.DataFrame) -> tuple[pd.Series, pd.Series, str]:
    """Ages as we write them, which rows are of ages wider than a band, and why others are no ages."""
    if "C_AGE_NAME" in table:
        names = {cell: age_of(cell) for cell in table["C_AGE_NAME"].unique()}
        wide = {cell: names[cell] is None and bool(_is_wide(cell)) for cell in names}
        return table["C_AGE_NAME"].map(names), table["C_AGE_NAME"].map(wide).astype(bool), "is not an age"
    known = table["C_AGE"].str.strip()
    codes = set(known)
    if codes == {str(age) for age in range(91)}:  # ages themselves, as programs keep a download
        ages, why = dict(zip(map(str, range(91)), SINGLE_AGES, strict=True)), ""
    else:
        ages = {cell: age for cell in codes if (age := _age_of_code(cell)) is not None}
        why = "is not a code of an age without the column C_AGE_NAME"
        numbers = {int(cell) for cell in codes if cell.isdigit()}
        if numbers and min(numbers) == 1 and max(numbers) >= 91 and len(numbers) == max(numbers):
            why = "counts ages from 1, as NM_2009_1 does: national projections, not those of local areas"
    return known.map(ages), pd.Series(False, index=table.index), why


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


def _cell_faults(
    file: str, long: pd.DataFrame, table: pd.DataFrame, years: pd.Series, why_no_age: str
) -> list[Fault]:
    """One fault for each kind: the first row with it, and how many more there are."""
    text = table.reindex(long.index)
    not_area = ~long["area_code"].str.strip().str.fullmatch(AREA_CODE.pattern)
    age_column = "C_AGE_NAME" if "C_AGE_NAME" in table else "C_AGE"
    sex_column = "GENDER_NAME" if "GENDER_NAME" in table else "GENDER"
    again = "Download it from Nomis again and leave it as it is"
    all_columns = f"Download it with the column C_AGE_NAME. {THE_DATA_SET}"
    kinds = [
        (not_area, "GEOGRAPHY_CODE", text["GEOGRAPHY_CODE"], "is not a nine-character area code", again),
        (long["sex"].isna(), sex_column, text[sex_column], "is none of Total, Male, Female", again),
        (long["item"].isna(), age_column, text[age_column], why_no_age, all_columns),
        (long["year"].isna(), "PROJECTED_YEAR", years.reindex(long.index), "is not a year", again),
        (long["value"].isna(), "OBS_VALUE", text["OBS_VALUE"], "is not a number", again),
    ]
    return [
        Fault(
            file,
            f"row {long.index[wrong][0]}, column {column}",
            f"{cells[wrong].iloc[0]!r} {what}"
            + (f"; {wrong.sum() - 1} more rows" if wrong.sum() > 1 else ""),
            remedy,
        )
        for wrong, column, cells, what, remedy in kinds
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
