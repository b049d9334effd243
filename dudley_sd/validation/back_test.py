"""Back-test: the 2014-based projection beside what ONS has estimated since, for people and demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.area_people import estimated_people
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.elements import element_text
from dudley_sd.inputs.population import read_population
from dudley_sd.validation import published
from dudley_sd.validation.bench import Runner
from dudley_sd.validation.outcome import BACK_TEST, Outcome, judge


@dataclass(frozen=True)
class Errors:
    """Measures of what a model's series misses of the data.

    Attributes
    ----------
    mean_error
        Mean of model less data, as a share of the mean of the data; its sign says which is higher.
    mean_absolute_percentage_error
        Mean of the distance at each point, as a share of the data there.
    root_mean_square
        In the unit of the data.
    bias, unequal_variation, unequal_covariation
        Theil's shares of the mean squared error (Theil 1966; Sterman 1984): from a different mean, from
        swings or trends of a different size, and from differences point by point. They add up to 1; none of
        them where there is no error at all.
    inequality
        Theil's U: root mean square error over the sum of the root mean squares; 0 perfect, 1 worst.
    """

    mean_error: float
    mean_absolute_percentage_error: float
    root_mean_square: float
    bias: float
    unequal_variation: float
    unequal_covariation: float
    inequality: float


def errors(model: npt.ArrayLike, data: npt.ArrayLike) -> Errors:
    """Compare two series point by point.

    Parameters
    ----------
    model, data
        The same points in the same order, at least two; data without a zero.

    Returns
    -------
    Errors
        All measures.

    Examples
    --------
    >>> errors([11, 21, 31], [10, 20, 30]).bias
    1.0
    """
    p, a = np.ravel(np.asarray(model, dtype=float)), np.ravel(np.asarray(data, dtype=float))
    if p.shape != a.shape or p.size < 2 or not np.all(a):
        raise ValueError(f"{p.size} and {a.size} points: give the same two or more, data without a zero")
    square = float(np.mean((p - a) ** 2))
    spread_p, spread_a = float(p.std()), float(a.std())
    covariance = float(np.mean((p - p.mean()) * (a - a.mean())))
    parts = (
        float((p.mean() - a.mean()) ** 2),
        (spread_p - spread_a) ** 2,
        2 * (spread_p * spread_a - covariance),
    )
    shares = [part / square if square else 0.0 for part in parts]
    scale = float(np.sqrt(np.mean(p**2)) + np.sqrt(np.mean(a**2)))
    return Errors(
        mean_error=float((p.mean() - a.mean()) / a.mean()),
        mean_absolute_percentage_error=float(np.mean(np.abs((p - a) / a))),
        root_mean_square=float(np.sqrt(square)),
        bias=shares[0],
        unequal_variation=shares[1],
        unequal_covariation=max(0.0, shares[2]),
        inequality=float(np.sqrt(square)) / scale,
    )


YEARS = range(2018, 2024)
OUTTURN = "population_outturn_dudley.csv"
GROUPS = {
    "0 to 14": (0, 15),
    "15 to 64": (15, 65),
    "65 to 74": (65, 75),
    "75 to 84": (75, 85),
    "85 and over": (85, 120),
    "All ages": (0, 120),
    "65 and over": (65, 120),
    "75 and over": (75, 120),
}
PARTS = tuple(GROUPS)[:5]
"""The groups that make up all ages between them."""


@dataclass(frozen=True)
class BackTest:
    """The projection beside the estimates, persons by mid-year and band, dims (year, age).

    Attributes
    ----------
    projected
        What the reference run reproduces.
    estimated
        ONS mid-year estimates, rebased to Census 2021.
    estimated_then
        The estimate for mid-2018 that was made before Census 2021, dims (age).
    """

    projected: xr.DataArray
    estimated: xr.DataArray
    estimated_then: xr.DataArray

    @property
    def error(self) -> xr.DataArray:
        """Projected less estimated as a share of the estimate."""
        return self.projected / self.estimated - 1


def back_test(run: Runner) -> BackTest:
    """Put the people of the reference run beside the estimates."""
    folder = inputs_folder() / "ons"
    years = list(YEARS)
    estimated = read_population(folder / OUTTURN).sel(year=years)
    people = run("reference")["people_by_age"].sel(year=years).transpose("year", "age")
    projected = people.assign_coords(age=list(AGE_BANDS))
    then = estimated_people(read_footprint("dudley", inputs_folder()), inputs_folder())
    return BackTest(projected, estimated, then)


def of_group(people: xr.DataArray, name: str) -> xr.DataArray:
    """People of a group of `GROUPS`, added up."""
    low, high = GROUPS[name]
    bands = [band for band in AGE_BANDS if low <= first_age(band) < high]
    return people.sel(age=bands).sum("age")


def group_errors(test: BackTest) -> dict[str, Errors]:
    """Measures of error of each group over the years."""
    return {name: errors(of_group(test.projected, name), of_group(test.estimated, name)) for name in GROUPS}


def revision_table(test: BackTest) -> pd.DataFrame:
    """Mid-2018: projection, estimate made then and estimate rebased since, by group, index = group."""
    year = YEARS[0]
    columns = {
        "projected in 2016": test.projected.sel(year=year),
        "estimated in 2019": test.estimated_then,
        "estimated since Census 2021": test.estimated.sel(year=year),
    }
    rows = {name: [float(of_group(people, name)) for people in columns.values()] for name in GROUPS}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns))


def people_outcomes(test: BackTest) -> list[Outcome]:
    """Judge the error in people."""
    by_group = group_errors(test)
    last = YEARS[-1]
    over_75 = of_group(test.projected, "75 and over") / of_group(test.estimated, "75 and over") - 1
    cells = abs(test.error).to_series()
    year, band = cells.index[int(cells.to_numpy().argmax())]
    figures = {
        "back_total": (by_group["All ages"].mean_absolute_percentage_error, ""),
        "back_65": (by_group["65 and over"].mean_absolute_percentage_error, ""),
        "back_75_last": (float(over_75.sel(year=last)), ""),
        "back_cells": (float(cells.max()), f"Furthest: aged {band} in {year}"),
    }
    return [judge(BACK_TEST, name, value, note) for name, (value, note) in figures.items()]


PRACTICE = ("PracticeRoutine", "PracticeSameDay")
SERVICES = (*PRACTICE, "AandE", "EmergencyOvernight", "EmergencyZeroNight", "Elective", "CommunityContact")
BED_DAYS = published.BED_DAYS
BED_DAYS_TEXT = "emergency bed days"


def use_by_age(run: Runner) -> xr.DataArray:
    """Use of each service per resident of each age in 2018, dims (service, age)."""
    start = run("reference").sel(year=[YEARS[0]])
    names = [*SERVICES, BED_DAYS]
    use = [published.use_by_age(start, name).isel(year=0, drop=True) for name in names]
    return xr.concat(use, xr.Variable("service", names)) / start["people_by_age"].isel(year=0, drop=True)


def activity(people: xr.DataArray, use: xr.DataArray) -> xr.DataArray:
    """Activity a year if each age used what it used in 2018, dims (service, year)."""
    rates = use.assign_coords(age=people["age"].to_numpy())
    return (people * rates).sum("age").transpose("service", "year")


def demand_errors(test: BackTest, use: xr.DataArray) -> xr.DataArray:
    """Activity of the projected people less that of the estimated, as a share, dims (service, year)."""
    return activity(test.projected, use) / activity(test.estimated, use) - 1


def growth_table(test: BackTest, use: xr.DataArray) -> pd.DataFrame:
    """Growth of each service from the first to the last year by ageing alone, projected and as estimated."""
    first, last = YEARS[0], YEARS[-1]
    columns = {}
    for name, people in (("projected", test.projected), ("estimated", test.estimated)):
        there = activity(people, use)
        columns[name] = (there.sel(year=last) / there.sel(year=first) - 1).to_series()
    table = pd.DataFrame(columns)
    table["error in last year"] = demand_errors(test, use).sel(year=last).to_series()
    table.index = [BED_DAYS_TEXT if name == BED_DAYS else element_text(str(name)) for name in table.index]
    return table


def bed_days_by_group(test: BackTest, use: xr.DataArray) -> pd.Series:
    """Share of the error in last year's bed days that each age group makes; adds up to the whole error."""
    last = YEARS[-1]
    rates = use.sel(service=BED_DAYS).assign_coords(age=test.projected["age"].to_numpy())
    more = (test.projected - test.estimated).sel(year=last) * rates
    whole = float((test.estimated.sel(year=last) * rates).sum())
    return pd.Series({name: float(of_group(more, name)) / whole for name in PARTS})


def demand_outcomes(test: BackTest, use: xr.DataArray) -> list[Outcome]:
    """Judge the error in demand in the last year."""
    last = YEARS[-1]
    by_service = demand_errors(test, use).sel(year=last)
    contacts = [activity(people, use).sel(service=list(PRACTICE), year=last).sum() for people in
                (test.projected, test.estimated)]  # fmt: skip
    return [
        judge(BACK_TEST, "back_bed_days", float(by_service.sel(service=BED_DAYS))),
        judge(BACK_TEST, "back_practice", float(contacts[0] / contacts[1]) - 1),
    ]
