"""Death rates and fertility, and the recent births, deaths and migration of an area."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, BAND_WIDTH, first_age
from dudley_sd.inputs.tables import number_column, read_table, text_column

SEXES = ("male", "female")
MOTHERS_BANDS = AGE_BANDS[3:9]
"""15-19 to 40-44; mothers of 14 and 45 and over are counted in the first and last of these."""

DEATHS = pa.DataFrameSchema(
    {
        "geography": text_column(),
        "period": text_column(),
        "sex": text_column(SEXES),
        "age_group": text_column(AGE_BANDS),
        "value": number_column(minimum=0, maximum=1, remedy="Give deaths per person and year, not per 1,000"),
        "unit": text_column(["1/Year"]),
        "source": text_column(),
    },
    unique=["sex", "age_group"],
)
FERTILITY = pa.DataFrameSchema(
    {
        "geography": text_column(),
        "year": number_column(whole=True),
        "age": number_column(minimum=10, maximum=54, whole=True),
        "value": number_column(minimum=0, maximum=1000),
        "unit": text_column(["births per 1000 women a year"]),
        "source": text_column(),
    },
    unique=["age"],
)
COMPONENTS = pa.DataFrameSchema(
    {
        "area_code": text_column(),
        "area_name": text_column(),
        "component": text_column(),
        "year": number_column(whole=True),
        "value": number_column(),
        "unit": text_column(["Person", "Person/Year"]),
        "source": text_column(),
    },
    unique=["area_code", "component", "year"],
)


@dataclass(frozen=True)
class RecentLevel:
    """What moved the area's population in the years that the model starts with, Person/Year.

    Attributes
    ----------
    births
        Births in the first twelve months.
    deaths
        Deaths in the twelve months to mid-year, mean over the years: a single winter moves them by a tenth.
    net_migration
        Within the country and across its border, mean, without the unexplained rest of the estimates.
    lowest_net_migration, highest_net_migration
        The extremes among the years.
    """

    births: float
    deaths: float
    net_migration: float
    lowest_net_migration: float
    highest_net_migration: float


def read_death_rates(path: Path | str, boys_per_girl: float) -> xr.DataArray:
    """Return deaths per person and year by band, both sexes together.

    Parameters
    ----------
    path
        CSV with the columns of `DEATHS`: one rate for each sex and band.
    boys_per_girl
        Live births of boys for each girl.

    Returns
    -------
    xr.DataArray
        Dims (age), 19 bands, unit ``1/Year``.

    Raises
    ------
    InputError
        Faults of `read_table`; a sex and band without a rate above zero.

    Notes
    -----
    The model has no sexes, and the ONS table that it starts from has persons only. The mix of men and women
    in a band is therefore taken from the life tables themselves: of `boys_per_girl` boys and one girl, as
    many as the rates let survive to the middle of the band. Within a band the rate is taken as constant; in
    the open band the years lived are survivors divided by the rate.
    """
    table = read_table(path, DEATHS)
    rates = table.pivot(index="age_group", columns="sex", values="value").reindex(
        index=AGE_BANDS, columns=SEXES
    )
    missing = [(sex, band) for sex in SEXES for band in rates.index[~(rates[sex] > 0)]]
    if missing:
        remedy = "Take it from the same life table"
        raise InputError(
            [Fault(str(path), f"{sex}, age {band}", "no rate above zero", remedy) for sex, band in missing]
        )
    lived = rates.apply(_years_lived) * [boys_per_girl, 1.0]
    persons = (rates * lived).sum(axis=1) / lived.sum(axis=1)
    return _by_age(persons, table, "deaths per person and year, both sexes")


def _years_lived(rates: pd.Series) -> pd.Series:
    """Person-years that one newborn lives in each band at constant rates within bands."""
    at_start = np.exp(-BAND_WIDTH * np.concatenate([[0.0], np.cumsum(rates.to_numpy()[:-1])]))
    at_end = np.append(at_start[1:], 0.0)
    return pd.Series((at_start - at_end) / rates.to_numpy(), index=rates.index)


def read_fertility(path: Path | str) -> xr.DataArray:
    """Return births per woman and year by mother's band, zero outside 15-44.

    Parameters
    ----------
    path
        CSV with the columns of `FERTILITY`: births per 1,000 women by single age.

    Returns
    -------
    xr.DataArray
        Dims (age), 19 bands, unit ``1/Year``. The five single ages of a band count alike; births to mothers
        younger than 15 or older than 44 are added to the first and last mothers' band, so that five times
        the sum is the total fertility rate of the source.

    Raises
    ------
    InputError
        Faults of `read_table`; a single age from 15 to 44 without a rate.
    """
    table = read_table(path, FERTILITY)
    youngest, oldest = first_age(MOTHERS_BANDS[0]), first_age(MOTHERS_BANDS[-1]) + BAND_WIDTH - 1
    missing = sorted(set(range(youngest, oldest + 1)) - set(table["age"]))
    if missing:
        raise InputError(
            [Fault(str(path), f"age {age}", "no rate", "Take it from the same table") for age in missing]
        )
    bands = (table["age"].clip(youngest, oldest) // BAND_WIDTH).map(lambda place: AGE_BANDS[place])
    per_woman = table["value"].groupby(bands).sum() / BAND_WIDTH / 1000.0
    return _by_age(per_woman.reindex(AGE_BANDS, fill_value=0.0), table, "births per woman and year")


def read_recent_level(path: Path | str, last_year: int = 2019, years: int = 5) -> RecentLevel:
    """Return births, deaths and net migration of the area over the mid-years to `last_year`.

    Parameters
    ----------
    path
        CSV with the columns of `COMPONENTS`, one area; a flow of year y is over the twelve months to
        mid-year y.
    last_year, years
        The window: by default the twelve months to mid-2015 and the four years after, as the model starts in
        mid-2014.

    Raises
    ------
    InputError
        Faults of `read_table`; several areas; a component and year of the window that is not there.
    """
    table = read_table(path, COMPONENTS)
    window = range(last_year - years + 1, last_year + 1)
    wide = table.pivot_table(index="year", columns="component", values="value")
    wanted = ("births", "deaths", "internal_net", "international_net")
    wide = wide.reindex(index=list(window), columns=list(wanted))
    faults = [
        Fault(str(path), f"{component}, year {year}", "no figure", "Choose a window that the file covers")
        for component in wanted
        for year in wide.index[wide[component].isna()]
    ]
    if table["area_code"].nunique() != 1:
        problem = f"{table['area_code'].nunique()} areas where one belongs"
        faults.append(Fault(str(path), "column area_code", problem, "Keep the rows of one area"))
    refuse(faults)
    migration = wide["internal_net"] + wide["international_net"]
    return RecentLevel(
        births=float(wide["births"].iloc[0]),
        deaths=float(wide["deaths"].mean()),
        net_migration=float(migration.mean()),
        lowest_net_migration=float(migration.min()),
        highest_net_migration=float(migration.max()),
    )


def _by_age(values: pd.Series, table: pd.DataFrame, long_name: str) -> xr.DataArray:
    attrs = {"units": "1/Year", "long_name": long_name, "source": table["source"].iloc[0]}
    return xr.DataArray(
        values.to_numpy(dtype=float), dims=("age",), coords={"age": list(AGE_BANDS)}, attrs=attrs
    )
