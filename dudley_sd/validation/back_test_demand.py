"""What does the projection's error mean for demand, if each age uses what it used?"""

from __future__ import annotations

import pandas as pd
import xarray as xr

from dudley_sd.inputs.elements import element_words
from dudley_sd.validation.back_test import PARTS, YEARS, BackTest, of_group
from dudley_sd.validation.bench import Runner
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import BACK_TEST
from dudley_sd.validation.targets import judge

PRACTICE = ("PracticeRoutine", "PracticeSameDay")
BED_DAYS = "EmergencyBedDay"


def use_by_age(run: Runner) -> xr.DataArray:
    """Use of each service per resident of each age in 2018, practice lists included, dims (service, age)."""
    start = run("reference").sel(year=YEARS[0])
    return start["activity_before_shift_by_age"] / start["people_by_age"]


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
    table.index = [element_words(str(name)) for name in table.index]
    return table


def bed_days_by_group(test: BackTest, use: xr.DataArray) -> pd.Series:
    """Share of the error in last year's bed days that each age group makes; adds up to the whole error."""
    last = YEARS[-1]
    rates = use.sel(service=BED_DAYS).assign_coords(age=test.projected["age"].to_numpy())
    more = (test.projected - test.estimated).sel(year=last) * rates
    whole = float((test.estimated.sel(year=last) * rates).sum())
    return pd.Series({name: float(of_group(more, name)) / whole for name in PARTS})


def demand_findings(test: BackTest, use: xr.DataArray) -> list[Finding]:
    """Judge the error in demand in the last year."""
    last = YEARS[-1]
    by_service = demand_errors(test, use).sel(year=last)
    contacts = [activity(people, use).sel(service=list(PRACTICE), year=last).sum() for people in
                (test.projected, test.estimated)]  # fmt: skip
    return [
        judge(BACK_TEST, "back_bed_days", float(by_service.sel(service=BED_DAYS))),
        judge(BACK_TEST, "back_practice", float(contacts[0] / contacts[1]) - 1),
    ]
