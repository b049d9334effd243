"""Does the model grow and age as the ONS 2014-based projection says, and demand with it?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.population import read_population
from dudley_sd.validation.bench import Runner, change
from dudley_sd.validation.finding import Finding
from dudley_sd.validation.kinds import PUBLISHED
from dudley_sd.validation.targets import judge

FIRST, LAST = 2018, 2032
WORKING = slice("A15", "A60")
ADULTS = slice("A20", "A90")
OUTPATIENTS = ["OutpatientFirst", "OutpatientFollowUp"]
PRACTICE = ["PracticeRoutine", "PracticeSameDay"]


def people_findings(run: Runner) -> list[Finding]:
    """Compare the reference run with the projection, and its growth with the printed growth."""
    reference = run("reference")
    off = largest_difference(reference)
    over_65, over_75 = reference["people_65_and_over"], reference["people_75_and_over"]
    figures = {
        "cells_within": off,
        "cells_exact": off,
        "growth_total": change(reference["total_population"]),
        "growth_65_people": float(over_65.sel(year=LAST) - over_65.sel(year=FIRST)),
        "growth_65": change(over_65),
        "growth_75_people": float(over_75.sel(year=LAST) - over_75.sel(year=FIRST)),
        "growth_75": change(over_75),
        "growth_working": change(reference["people_of_working_age"]),
        "growth_45_59": youngest_of_largest_fall(reference),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def demography_findings(run: Runner) -> list[Finding]:
    """Compare the growth of activity at fixed rates, by ageing alone, with the printed growth."""
    by_age = run("reference")["activity_before_shift_by_age"]
    adults, everybody = by_age.sel(age=ADULTS).sum("age"), by_age.sum("age")
    figures = {
        "alone_bed_days": change(adults.sel(service="EmergencyBedDay")),
        "alone_bed_days_all": change(everybody.sel(service="EmergencyBedDay")),
        "alone_admissions": change(adults.sel(service="EmergencyAdmission")),
        "alone_practice": change(everybody.sel(service=PRACTICE).sum("service")),
        "alone_outpatients": change(everybody.sel(service=OUTPATIENTS).sum("service")),
    }
    return [judge(PUBLISHED, name, value) for name, value in figures.items()]


def largest_difference(reference: xr.Dataset) -> float:
    """People between the reference run and the ONS table, in the cell where they are furthest apart."""
    table = read_population(inputs_folder() / "ons" / "population_2014_based.csv")
    model = reference["people_by_age"].sel(year=table["year"].to_numpy()).transpose("year", "age")
    return float(np.abs(model.to_numpy() - table.to_numpy()).max())


def youngest_of_largest_fall(reference: xr.Dataset) -> float:
    """Youngest age of the three neighbouring working-age bands that together lose most people."""
    people = reference["people_by_age"].sel(age=WORKING)
    fall = (people.sel(year=FIRST) - people.sel(year=LAST)).rolling(age=3).sum().dropna("age")
    oldest_band = int(str(fall.idxmax("age").item()).removeprefix("A"))
    return oldest_band - 10.0
