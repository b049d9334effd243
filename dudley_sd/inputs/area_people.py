"""People of an area by mid-year: its own table, or its rows of the 2018-based table of all CCGs."""

from __future__ import annotations

import gzip
import io
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.population import population_array, read_population

CCG_TABLE = Path("ons") / "population_2018_based_ccg.csv.gz"
"""ONS 2018-based Table 3, persons, every CCG of mid-2018, to the end of the model; relative to the inputs."""

CCG_BASE = "2018-based"
LABELS = ("area_code", "area_name", "projection", "unit", "source", "age_group")
BASE_YEAR = 2018
"""The first mid-year of the table is the estimate that ONS made for it, not a projection."""

ROUNDING = 0.05 * (len(AGE_BANDS) + 1)
"""Persons by which a total of figures to one decimal may differ from the sum of its bands."""


def ccg_names(inputs: Path) -> dict[str, str]:
    """Names of all CCGs by code, as ONS prints them (it cuts long ones).

    Raises
    ------
    InputError
        If the table is not there or not as it was shipped.
    """
    table = _ccg_table(inputs)
    return dict(table[["area_code", "area_name"]].drop_duplicates().itertuples(index=False))


def ccg_people(codes: tuple[str, ...], inputs: Path) -> xr.DataArray | None:
    """People of one CCG in the 2018-based table, as `read_population` returns them.

    Parameters
    ----------
    codes
        Codes of the area; the first that the table holds counts.
    inputs
        Folder of inputs.

    Returns
    -------
    xr.DataArray or None
        Persons, dims (year, age), 2018 to 2033; None where the table has none of the codes.

    Raises
    ------
    InputError
        If the table is not there or not as it was shipped.
    """
    table = _ccg_table(inputs)
    for code in codes:
        rows = table[(table["area_code"] == code) & (table["age_group"] != ALL_AGES)]
        if not rows.empty:
            tidy = rows.melt(list(LABELS), var_name="year").astype({"year": int})
            return population_array(inputs / CCG_TABLE, tidy)
    return None


def area_people(footprint: Footprint, inputs: Path) -> xr.DataArray:
    """People of an area in the table that its footprint names, or else in the table of all CCGs.

    Raises
    ------
    InputError
        Any fault of the table, or an area that it does not hold.
    """
    if footprint.population is not None:
        if not (inputs / footprint.population).exists():
            where = f"{inputs / footprint.population}: the file does not exist"
            remedy = "Correct its path: from the folder of inputs, or the whole"
            raise InputError([Fault(f"footprint {footprint.id}", "population", where, remedy)])
        return read_population(inputs / footprint.population, area=footprint.area_code)
    people = ccg_people(footprint.codes, inputs)
    if people is None:
        problem = f"{footprint.name} ({' or '.join(footprint.codes)}) is no CCG of mid-2018"
        remedy = (
            "Find its code with dudley-sd area list WORD, or name a table of its people as population, as "
            "inputs/README.md says"
        )
        raise InputError([Fault(f"footprints/{footprint.id}.toml", "area_code", problem, remedy)])
    return people


def estimated_people(footprint: Footprint, inputs: Path) -> xr.DataArray:
    """People of an area in mid-2018 as ONS estimated them, dims (age), Person.

    Raises
    ------
    InputError
        As `area_people`; and if its own table does not hold mid-2018.
    """
    people = None if footprint.projected_like else ccg_people(footprint.codes, inputs)
    if people is None:
        people = area_people(footprint, inputs)
    if BASE_YEAR not in people["year"]:
        problem = f"mid-{BASE_YEAR} is missing"
        remedy = "Add the estimate of ONS for that mid-year"
        raise InputError([Fault(str(people.attrs["file"]), "column year", problem, remedy)])
    return people.sel(year=BASE_YEAR, drop=True)


def _ccg_table(inputs: Path) -> pd.DataFrame:
    path = inputs / CCG_TABLE
    try:
        return _checked(path, path.read_bytes())
    except FileNotFoundError:
        raise InputError([Fault(str(path), "", "the file does not exist", RESTORE)]) from None


RESTORE = "Restore it from the repository, or install dudley_sd again"


@lru_cache(maxsize=4)
def _checked(path: Path, content: bytes) -> pd.DataFrame:
    """Rows of the table; refused as a whole where it is not what was shipped."""
    try:
        table = pd.read_csv(io.BytesIO(gzip.decompress(content)))
    except (OSError, EOFError, ValueError) as error:
        raise InputError([Fault(str(path), "", f"cannot be read ({error})", RESTORE)]) from None
    years = [name for name in table.columns if name not in LABELS]
    if not set(LABELS) <= set(table.columns) or not years or not all(year.isdigit() for year in years):
        problem = f"the columns are {', '.join(table.columns)}"
        raise InputError([Fault(str(path), "row 1", problem, RESTORE)])
    faults = [Fault(str(path), where, problem, RESTORE) for where, problem in _wrong(table, years)]
    refuse(faults)
    return table


def _wrong(table: pd.DataFrame, years: list[str]) -> list[tuple[str, str]]:
    """Cells that are no count of people, areas without all bands, totals that are not their sum."""
    numbers = table[years].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    bad = ~(np.isfinite(numbers) & (numbers > 0))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        return [(f"row {row + 2}, column {years[column]}", f"{int(bad.sum())} cells are no count of people")]
    wanted = [*AGE_BANDS, ALL_AGES]
    if len(table) % len(wanted) or list(table["age_group"]) != wanted * (len(table) // len(wanted)):
        return [("column age_group", "an area has not each of the 19 bands and all ages once, in order")]
    by_area = numbers.reshape(-1, len(wanted), len(years))
    off = np.abs(by_area[:, :-1].sum(axis=1) - by_area[:, -1]) > ROUNDING + 1e-6
    codes = table["area_code"].to_numpy()[:: len(wanted)]
    return [
        (f"area {codes[area]}, year {years[year]}", "All ages is not the sum of its bands")
        for area, year in np.argwhere(off)
    ]
