"""How far was the 2014-based projection from what ONS has estimated since, by age and year?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.area_people import estimated_people
from dudley_sd.inputs.footprints import read_footprint
from dudley_sd.inputs.population import read_population
from dudley_sd.validation.bench import Runner
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import BACK_TEST
from dudley_sd.validation.targets import judge
from dudley_sd.validation.theil import Errors, errors

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


def people_findings(test: BackTest) -> list[Finding]:
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
