"""Indicators: the numbers that tiles, charts, tables and files show, each worked out from one run or many.

Every recipe takes a run as it is, or runs with a dimension ``member``, and works alike on both: what is added
up or divided is so member by member, and only then is a median taken. Medians of parts do not add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr

from dudley_sd.results.break_even import BALANCE, accumulated_gain, break_even_year
from dudley_sd.results.do_nothing import IN_CONTRACT, IN_PORTFOLIO
from dudley_sd.results.measures import MEASURES, PLANNED, Measure, measured
from dudley_sd.results.panels import by_service, demand

Recipe = Callable[[xr.Dataset], xr.DataArray]
AgainstRecipe = Callable[[xr.Dataset, xr.Dataset], xr.DataArray]

_ACTIVITY = ("activity_after_shift", "a_and_e_attendances")


@dataclass(frozen=True)
class Indicator:
    """A number for each scenario and year, and for each element of a subscript if it has one.

    Attributes
    ----------
    variables
        Variables of the model that it is worked out from.
    recipe
        Works it out; dims (scenario, (member,) year, ...). Not a number (NaN) where it says nothing.
    title, unit
        For readers, and as the model file writes units; empty where it is a variable of the model, which has
        both.
    """

    variables: tuple[str, ...]
    recipe: Recipe
    title: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Against:
    """A number of a run and of doing nothing that is not one less the other.

    Attributes
    ----------
    variables, title, unit
        As of an `Indicator`.
    recipe
        Takes the run and that of doing nothing.
    ordinal
        Whether what lies between the values of two members means nothing, and NaN is later than all: a year.
    """

    variables: tuple[str, ...]
    recipe: AgainstRecipe
    title: str
    unit: str
    ordinal: bool = False


def since_start(array: xr.DataArray) -> xr.DataArray:
    """Change since the first year as a share of that, year by year."""
    return array / array.isel(year=0, drop=True) - 1


def _moved_share(run: xr.Dataset) -> xr.DataArray:
    landed = by_service(run["landed_shift"])
    return landed / (demand(run) + landed)


def _variable(name: str) -> Indicator:
    return Indicator((name,), lambda run: run[name])


def _measure(measure: Measure) -> Indicator:
    title = "" if measure.key == measure.variable else measure.title
    needed = (measure.variable, PLANNED) if measure.needs_shift else (measure.variable,)
    return Indicator(needed, lambda run: measured(run, measure), title)


def _since_start(of: Indicator) -> Indicator:
    return Indicator(of.variables, lambda run: since_start(of.recipe(run)), "Change since the start", "Dmnl")


_MODEL = (
    "people_by_age",
    "people_65_and_over",
    "people_of_working_age",
    "beds_needed",
    "occupancy",
    "people_delayed",
    "elective_waiting_list",
    "emergency_admissions_of_older_people",
    "emergency_admissions_per_1000_older_people",
    "gp_wte",
    "gp_wte_needed",
    "gp_gap_share",
    "community_contacts_given",
    "share_of_spending_outside_hospital",
    "system_cost",
    "balance",
    "margin",
)
_PLAIN: dict[str, Indicator] = {
    **{measure.key: _measure(measure) for measure in MEASURES},
    **{name: _variable(name) for name in _MODEL},
    "hospital_activity": Indicator(_ACTIVITY, demand, "Hospital activity", "Activity/Year"),
    "landed_activity": Indicator(
        ("landed_shift",),
        lambda run: by_service(run["landed_shift"]),
        "Planned shift that landed",
        "Activity/Year",
    ),
    "unlanded_activity": Indicator(
        ("unlanded_shift",),
        lambda run: by_service(run["unlanded_shift"]),
        "Planned shift that stayed in hospital",
        "Activity/Year",
    ),
    "moved_share": Indicator(
        (*_ACTIVITY, "landed_shift"),
        _moved_share,
        "Landed shift as a share of what the hospital would do without it",
        "Dmnl",
    ),
}
_GROWING = (
    "total_population",
    "people_75_and_over",
    "people_of_working_age",
    "a_and_e_attendances",
    "hospital_activity",
)

INDICATORS: dict[str, Indicator] = _PLAIN | {
    f"{key}_since_start": _since_start(_PLAIN[key]) for key in _GROWING
}
"""By key. A key that is a variable of the model is that variable; shares of the planned shift are not a
number where none is planned."""

AGAINST: dict[str, Against] = {
    "hospital_activity_share_against_do_nothing": Against(
        _ACTIVITY,
        lambda run, other: demand(run) / demand(other) - 1,
        "Hospital activity, difference from do nothing as a share of it",
        "Dmnl",
    ),
    "break_even_year": Against(
        (BALANCE,),
        lambda run, other: break_even_year(accumulated_gain(run, other)),
        "Year from which on the system is no worse off than with do nothing; none: not by the last year",
        "Year",
        ordinal=True,
    ),
}
"""What is told of a run and of doing nothing and is no difference of an indicator."""

VARIABLES: tuple[str, ...] = tuple(
    dict.fromkeys(
        name for table in (INDICATORS, AGAINST) for each in table.values() for name in each.variables
    )
)
"""Variables of the model that all of them are worked out from; a total of areas tells each."""

ALONGSIDE = ("activity_before_shift", "need_weighted_people", "use_rate", *IN_PORTFOLIO, *IN_CONTRACT)
"""Variables that pages and pictures use beside them: how a difference came about, what is decided."""


def shown_on_pages(results: xr.Dataset) -> xr.Dataset:
    """Return a result with only what pages and pictures are made of.

    xarray looks through all variables of a dataset for each that it hands out, and a result has hundreds.
    """
    wanted = {*VARIABLES, *ALONGSIDE}
    names = (name for name in results.variables if name not in results.coords)
    return results[[n for n in names if n in wanted or "statistic" in results.variables[n].dims]]
