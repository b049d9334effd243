"""Measures: the numbers that a planner compares areas, futures and portfolios by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.text import Numbered


@dataclass(frozen=True)
class Measure(Numbered):
    """One number for each footprint, scenario and year.

    Attributes
    ----------
    key, title
        Name in files, name for readers.
    variable, element
        Variable of the model, and the element of its subscript, if it has one.
    size
        Whether a larger area has more of it, so that a number per 1,000 people says something.
    better
        Which way is better, where a portfolio can be judged by it; empty where it is not a judgement.
    needs_shift
        Whether it says nothing where no shift is planned.
    """

    key: str
    title: str
    variable: str
    element: tuple[str, str] | None = None
    size: bool = True
    better: Literal["low", "high", ""] = ""
    needs_shift: bool = False


def _share(
    key: str, title: str, better: Literal["low", "high", ""] = "", needs_shift: bool = False
) -> Measure:
    return Measure(
        key, title, key, unit="%", size=False, better=better, decimals=1, scale=0.01, needs_shift=needs_shift
    )


MEASURES: tuple[Measure, ...] = (
    Measure("total_population", "People", unit="people", variable="total_population", decimals=-2),
    Measure(
        "people_75_and_over", "People 75 and over", unit="people", variable="people_75_and_over", decimals=-2
    ),
    Measure(
        "a_and_e_attendances", "A&E attendances", unit="a year", variable="a_and_e_attendances", decimals=-2
    ),
    Measure(
        "emergency_admissions",
        "Emergency admissions",
        "activity_after_shift",
        unit="a year",
        element=("service", "EmergencyAdmission"),
        decimals=-2,
    ),
    Measure(
        "bed_shortfall",
        "Beds missing at 2018 occupancy",
        unit="beds",
        variable="bed_shortfall",
        better="low",
        decimals=0,
    ),
    Measure("gp_gap", "GP gap", unit="WTE", variable="gp_gap", better="low", above="short", below="more"),
    _share("unmet_same_day_share", "Same-day demand unmet", "low"),
    _share("overall_vacancy_rate", "Posts empty", "low"),
    _share("landed_share", "Planned shift landed", "high", needs_shift=True),
    _share("share_of_activity_outside_hospital", "Activity outside hospital", ""),
    Measure(
        "system_balance",
        "Balance of the system since 2018",
        "system_balance",
        unit="£m",
        better="high",
        scale=1e6,
        above="surplus",
        below="deficit",
    ),
)
"""In the order of the tables."""

PEOPLE = "total_population"
PLANNED = "community_contacts_needed"
"""Nothing of it: no shift is planned that needs community staff, and the share that landed says nothing."""


def measured(results: xr.Dataset, measure: Measure) -> xr.DataArray:
    """Return one measure of a result, dims (scenario, (member,) year), in the unit of the model.

    Parameters
    ----------
    results
        From `dudley_sd.run`, of one footprint.
    measure
        One of `MEASURES`. One that says nothing where no shift is planned is not a number (NaN) there.

    Raises
    ------
    InputError
        If the result lacks its variable.
    """
    if measure.variable not in results:
        remedy = "Compare results with all their outputs"
        raise InputError([Fault("results", measure.variable, "is not in the result", remedy)])
    array = results[measure.variable]
    if measure.element is not None:
        dim, label = measure.element
        array = array.sel({dim: label}, drop=True)
    if measure.needs_shift:
        array = array.where(results[PLANNED] > 0)
    return array.transpose("scenario", ..., "year")
