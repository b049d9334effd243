"""People and risk of death by deprivation fifth: share of each age band in each, relative risk in each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr
from sdcompile.errors import Fault, InputError, refuse

from dudley_sd.inputs.ages import AGE_BANDS, ALL_AGES, DEPRIVATION, FIFTHS, mean_ages
from dudley_sd.inputs.tables import number_column, read_table, text_column

BROAD_AGES = {"0-14": 7.5, "15-44": 30.0, "45-64": 55.0, "65-74": 70.0}
"""Broad ages with their midpoints, years."""

OPEN_AGE = "75+"

PEOPLE_BY_FIFTH = pa.DataFrameSchema(
    {
        "area_code": text_column(),
        "area_name": text_column(),
        "fifth": text_column(FIFTHS),
        "age_group": text_column([*BROAD_AGES, OPEN_AGE, ALL_AGES]),
        "year": number_column(1900, 2200, whole=True),
        "value": number_column(minimum=0, remedy="Give persons, not thousands"),
        "unit": text_column(["persons"]),
        "source": text_column(),
        "locator": text_column(),
    },
    unique=["fifth", "age_group"],
)


def read_people_by_fifth(path: Path | str) -> pd.DataFrame:
    """Return persons by broad age (rows, youngest first) and fifth (columns, most deprived first).

    Raises
    ------
    InputError
        Faults of `read_table`; several areas or years; a cell that is missing; a broad age in which nobody
        lives; a total of a fifth that is not the sum of its ages.
    """
    rows = read_table(path, PEOPLE_BY_FIFTH)
    people = rows.pivot(index="age_group", columns="fifth", values="value")
    totals = people.reindex(index=[ALL_AGES], columns=FIFTHS).loc[ALL_AGES]
    people = people.reindex(index=[*BROAD_AGES, OPEN_AGE], columns=FIFTHS)
    faults = [
        Fault(str(path), f"column {column}", "several in one file", f"Keep the rows of one {column}")
        for column in ("area_code", "year")
        if rows[column].nunique() > 1
    ]
    faults += [
        Fault(str(path), f"fifth {fifth}, age {age}", "no figure", "Add it from the same source")
        for age in people.index
        for fifth in people.columns[people.loc[age].isna()]
    ]
    faults += [
        Fault(str(path), f"age {age}", "nobody lives in any fifth", "Take the figures from their source")
        for age in people.index[people.sum(axis=1) == 0]
    ]
    faults += [
        Fault(
            str(path),
            f"fifth {fifth}",
            f"{ALL_AGES} is {total:,.0f} but the ages add to {people[fifth].sum():,.0f}",
            "Compare the ages with their source",
        )
        for fifth, total in totals.dropna().items()
        if not people[fifth].isna().any() and total != people[fifth].sum()
    ]
    refuse(faults)
    return people


REMEDY = "Leave out the file, so that Dudley's shares are taken, or give each fifth some people"


def fifth_shares(
    people: pd.DataFrame, mean_age_of_75_and_over: float, mean_age_of_oldest: float
) -> xr.DataArray:
    """Return the share of each five-year band that lives in each fifth.

    Parameters
    ----------
    people
        Persons by broad age and fifth, from `read_people_by_fifth`.
    mean_age_of_75_and_over, mean_age_of_oldest
        Mean age of people of 75 and over, and of 90 and over, years.

    Returns
    -------
    xr.DataArray
        Dims (age, fifth), Dmnl, adding to 1 over fifth; constant over time by assumption.

    Raises
    ------
    InputError
        If a share is not above zero: no flow can be a share of an empty stock.

    Notes
    -----
    The shares of a broad age are those at its midpoint; between midpoints they change in a straight line,
    beyond the first and last they stay.
    """
    midpoints = [*BROAD_AGES.values(), mean_age_of_75_and_over]
    printed = people.div(people.sum(axis=1), axis=0).to_numpy(dtype=float)
    at = mean_ages(mean_age_of_oldest)
    shares = np.column_stack([np.interp(at, midpoints, column) for column in printed.T])
    shares /= shares.sum(axis=1, keepdims=True)
    if not (shares > 0).all():
        age, fifth = np.argwhere(shares <= 0)[0]
        problem = "nobody of this age lives there, and no flow can be a share of an empty stock"
        where = f"fifth {FIFTHS[fifth]}, age {AGE_BANDS[age]}"
        raise InputError([Fault("people by fifth", where, problem, REMEDY)])
    return xr.DataArray(
        shares,
        dims=("age", "fifth"),
        coords={"age": list(AGE_BANDS), "fifth": list(FIFTHS)},
        name="fifth_shares",
        attrs={"units": "Dmnl", "long_name": "share of the band in each deprivation fifth"},
    )


OLD = 90
"""Age at which what is left of the gradient of death is stated."""


def risk_by_fifth(
    gradient: float, full_to_age: float, left_at_90: float, mean_age_of_oldest: float
) -> xr.DataArray:
    """Return the risk of death in each fifth relative to the middle one, at the same age and need.

    Parameters
    ----------
    gradient
        Logarithm of the risk in the most deprived fifth over that in the least deprived.
    full_to_age
        Age up to which all of the gradient holds, years.
    left_at_90
        Share of it that is left at 90, falling in a straight line from `full_to_age` and constant beyond.
    mean_age_of_oldest
        Mean age of people of 90 and over, years.

    Returns
    -------
    xr.DataArray
        Dims (age, fifth), Dmnl; 1 where there is no gradient.
    """
    held = np.interp(mean_ages(mean_age_of_oldest), [full_to_age, OLD], [1.0, left_at_90])
    return xr.DataArray(
        np.exp(gradient * held[:, None] * np.array(DEPRIVATION)),
        dims=("age", "fifth"),
        coords={"age": list(AGE_BANDS), "fifth": list(FIFTHS)},
        name="risk_by_fifth",
        attrs={"units": "Dmnl", "long_name": "risk of death relative to the middle fifth"},
    )
