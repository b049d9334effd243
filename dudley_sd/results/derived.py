"""Indicators worked out from a run, or from a run and do nothing, that are no variable of the model.

A recipe takes a run as it is, or runs with a dimension ``member``, and works alike on both: what is added up
or divided is so member by member, and only then is a median taken. Medians of parts do not add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.indicators import PLANNED, Selection, required
from dudley_sd.results.do_nothing import IN_CONTRACT, IN_PORTFOLIO

HOSPITAL = {
    "A&E attendances": ("AandE",),
    "Emergency admissions": ("EmergencyAdmission",),
    "Emergency bed days": ("EmergencyBedDay",),
    "Outpatient appointments": ("OutpatientFirst", "OutpatientFollowUp"),
}
"""Services in the pictures, each with the elements that make it up, which are added."""

BALANCE = "system_balance"
"""Accumulated funding less accumulated cost of the whole system, in pounds: a stock of the model."""

SMALLEST_LOSS = 0.5
"""Pounds that count as a loss; less is rounding."""

EXPLAINING = ("activity_before_shift", "need_weighted_people", "use_rate", *IN_PORTFOLIO, *IN_CONTRACT)
"""Variables that say how a difference came about and what is decided."""


@dataclass(frozen=True)
class Derived:
    """A number for each scenario and year, and for each element of a subscript if it has one.

    Attributes
    ----------
    variables
        Variables of the model that it is worked out from.
    recipe
        Works it out from a run, or from a run and that of do nothing; dims (scenario, (member,) year, ...).
        Not a number (NaN) where it says nothing.
    title, unit
        For readers, and as the model file writes units; empty where it is a variable of the model, which has
        both.
    ordinal
        Whether what lies between the values of two members means nothing, and NaN is later than all: a year.
    """

    variables: tuple[str, ...]
    recipe: Callable[..., xr.DataArray]
    title: str = ""
    unit: str = ""
    ordinal: bool = False


RECIPES: dict[str, tuple[tuple[str, ...], Callable[[xr.Dataset], xr.DataArray]]] = {}
"""Variables and function of each row of the table of indicators that is a recipe; see `recipe`."""

AGAINST: dict[str, Derived] = {}
"""Numbers of a run and of do nothing that are no difference of an indicator; see `against_do_nothing`."""

Function = Callable[..., xr.DataArray]


def recipe(*variables: str) -> Callable[[Function], Function]:
    """Let a function work out the indicator of its name from these variables."""

    def keep(function: Function) -> Function:
        RECIPES[function.__name__] = (variables, function)
        return function

    return keep


def against_do_nothing(*variables: str, title: str, unit: str, **more: Any) -> Callable[[Function], Function]:
    """Let a function work out the number of its name from a run and that of do nothing."""

    def keep(function: Function) -> Function:
        AGAINST[function.__name__] = Derived(variables, function, title, unit, **more)
        return function

    return keep


@cache
def banded() -> dict[str, Derived]:
    """Return the indicators that every result has with a band, by key."""
    found = {}
    for key, row in Selection("band").items():
        if row.recipe:
            found[key] = Derived(*RECIPES[key], row.title, row.unit)
        else:
            found[key] = Derived(row.needed, row.of, "" if key == row.variable else row.title)
    since = {f"{key}_since_start": _since_start(found[key]) for key in Selection("since_start")}
    return found | since


def _since_start(of: Derived) -> Derived:
    return Derived(of.variables, lambda run: since_start(of.recipe(run)), "Change since the start", "Dmnl")


def banded_variables() -> tuple[str, ...]:
    """Variables of the model that everything with a band is worked out from."""
    found = [*banded().values(), *AGAINST.values()]
    return tuple(dict.fromkeys(name for each in found for name in each.variables))


def for_pages(results: xr.Dataset) -> xr.Dataset:
    """Return a result with only what pages and pictures are made of.

    xarray looks through all variables of a dataset for each that it hands out, and a result has hundreds.
    """
    wanted = {*banded_variables(), *EXPLAINING}
    names = (name for name in results.variables if name not in results.coords)
    return results[[n for n in names if n in wanted or "statistic" in results.variables[n].dims]]


def require(results: xr.Dataset, names: Sequence[str] | None = None, where: str = "results") -> None:
    """Refuse a result, or of do nothing, that lacks variables; by default those that pages are made of.

    Raises
    ------
    InputError
        Naming all that are missing.
    """
    missing = [name for name in required() if name not in results] if names is None else []
    missing += [name for name in names or () if name not in results.data_vars]
    if missing:
        remedy = "Run again without choosing outputs, or choose these too"
        raise InputError([Fault(where, name, "is not in the result", remedy) for name in missing])


@recipe("activity_after_shift", "a_and_e_attendances")
def hospital_activity(results: xr.Dataset) -> xr.DataArray:
    """Hospital activity of the services of `HOSPITAL`.

    Returns
    -------
    xr.DataArray
        Activity a year, dims (scenario, (member,) year, service). People whom practices turn away and who
        go to A&E are among its attendances.
    """
    require(results, ["activity_after_shift", "a_and_e_attendances"])
    activity = by_service(results["activity_after_shift"]) + _diverted(results)
    return activity.transpose("scenario", ..., "year", "service").rename("hospital_activity")


@recipe("landed_shift")
def landed_activity(results: xr.Dataset) -> xr.DataArray:
    """Planned shift that landed, activity a year, dims (scenario, (member,) year, service)."""
    require(results, ["landed_shift"])
    return by_service(results["landed_shift"])


@recipe("unlanded_shift")
def unlanded_activity(results: xr.Dataset) -> xr.DataArray:
    """Planned shift that stayed in hospital, activity a year, dims (scenario, (member,) year, service)."""
    require(results, ["unlanded_shift"])
    return by_service(results["unlanded_shift"])


@recipe("activity_after_shift", "a_and_e_attendances", "landed_shift")
def moved_share(results: xr.Dataset) -> xr.DataArray:
    """Shift that landed as a share of what the hospital would do without it."""
    landed = landed_activity(results)
    return landed / (hospital_activity(results) + landed)


@against_do_nothing(
    "activity_after_shift",
    "a_and_e_attendances",
    title="Hospital activity, difference from do nothing as a share of it",
    unit="Dmnl",
)
def hospital_activity_share_against_do_nothing(run: xr.Dataset, other: xr.Dataset) -> xr.DataArray:
    """Hospital activity less that of do nothing, as a share of that."""
    return hospital_activity(run) / hospital_activity(other) - 1


@against_do_nothing(
    BALANCE,
    title="Year from which on the system is no worse off than with do nothing; none: not by the last year",
    unit="Year",
    ordinal=True,
)
def break_even_year(run: xr.Dataset, other: xr.Dataset) -> xr.DataArray:
    """Year in which a run breaks even with do nothing, see `first_year_without_loss`."""
    return first_year_without_loss(accumulated_gain(run, other))


def has_balance(results: xr.Dataset, do_nothing: xr.Dataset | None) -> bool:
    """Whether both runs know the accumulated balance of the system."""
    return do_nothing is not None and BALANCE in results and BALANCE in do_nothing


def accumulated_gain(results: xr.Dataset, do_nothing: xr.Dataset) -> xr.DataArray:
    """How much better off the system is than if nothing is done, added up since the start.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`; both with `BALANCE`.

    Returns
    -------
    xr.DataArray
        Pounds, dims (scenario, year), with member if the runs have it; minus where the system has spent
        more than if nothing is done.
    """
    gain = (results[BALANCE] - do_nothing[BALANCE]).rename("accumulated_gain")
    return gain.assign_attrs(
        units="Pound", long_name="Accumulated balance of the system less that of do nothing."
    )


def first_year_without_loss(gain: xr.DataArray) -> xr.DataArray:
    """First year from which on the system is no worse off than if nothing is done, having been worse off.

    Parameters
    ----------
    gain
        From `accumulated_gain`.

    Returns
    -------
    xr.DataArray
        Year, dims of the gain but ``year``: the one after the last year of loss. NaN where the last year is
        one of loss; the first year where no year is, so that nothing had to be won back.

    Examples
    --------
    >>> years = {"year": [2018, 2019, 2020, 2021]}
    >>> gain = xr.DataArray([[0.0, -5.0, -2.0, 1.0]], dims=("scenario", "year"), coords=years)
    >>> first_year_without_loss(gain).item()
    2021.0
    """
    years = gain["year"].to_numpy()
    loss = (gain < -SMALLEST_LOSS).transpose(..., "year").to_numpy()
    after_last = loss.shape[-1] - np.argmax(loss[..., ::-1], axis=-1)
    place = np.where(loss.any(axis=-1), after_last, 0)
    found = np.where(place < len(years), years[np.minimum(place, len(years) - 1)].astype(float), np.nan)
    return gain.isel(year=0, drop=True).copy(data=found).rename("break_even_year").assign_attrs(units="Year")


def break_even_text(year: float, first: int, last: int) -> str:
    """``2027``, ``not by 2033`` or ``never behind``, from a year and the first and last year."""
    if math.isnan(year):
        return f"not by {last}"
    return "never behind" if year == first else str(int(year))


WAYS_FROM = ("activity_before_shift", *RECIPES["moved_share"][0])
"""Variables that say in which way hospital activity went."""


def difference_in_demand(results: xr.Dataset, do_nothing: xr.Dataset) -> xr.Dataset:
    """Hospital activity that do nothing has and the run has not, by the way in which it went.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`.

    Returns
    -------
    xr.Dataset
        ``moved``: shift that landed in the community; ``not_turned_away``: people who would have gone to A&E
        because their practice was full; ``not_needed``: care not wanted, as people are in better or worse
        health. Activity a year, dims (scenario, year, service); minus is more than in do nothing. They add
        up to the whole difference.
    """
    for run in (results, do_nothing):
        require(run, WAYS_FROM)
    before = by_service(results["activity_before_shift"])
    parts = {
        "moved": landed_activity(results) - landed_activity(do_nothing),
        "not_turned_away": _diverted(do_nothing) - _diverted(results),
        "not_needed": by_service(do_nothing["activity_before_shift"]) - before,
    }
    dims = ("scenario", ..., "year", "service")
    return xr.Dataset({name: part.transpose(*dims) for name, part in parts.items()})


def population_by_age(results: xr.Dataset) -> xr.DataArray:
    """People in the first and the last year, dims (scenario, year: two, age), with ``age_band``."""
    require(results, ["people_by_age"])
    return results["people_by_age"].isel(year=[0, -1])


def ages_differ(population: xr.DataArray, beyond: float = 0.01) -> bool:
    """Whether any band of the last year differs between scenarios by more than a share of itself."""
    last = population.isel(year=-1)
    spread = (last.max("scenario") - last.min("scenario")) / last.mean("scenario")
    return bool((spread > beyond).any())


def any_planned(results: xr.Dataset) -> bool:
    """Whether any scenario plans a shift at all; do nothing and the projection alone do not."""
    require(results, [PLANNED])
    return bool((results[PLANNED] > 0).any())


def by_service(array: xr.DataArray) -> xr.DataArray:
    """Activity of the services of `HOSPITAL`, the elements of each added up; dims end in service."""
    elements = [str(element) for element in array["service"].to_numpy()]
    values = array.transpose(..., "service").to_numpy()
    parts = [values[..., [elements.index(each) for each in made]].sum(axis=-1) for made in HOSPITAL.values()]
    rest = array.isel(service=0, drop=True)
    coords = {**rest.coords, "service": list(HOSPITAL)}
    return xr.DataArray(np.stack(parts, axis=-1), coords, (*rest.dims, "service"))


def _diverted(results: xr.Dataset) -> xr.DataArray:
    """People who go to A&E as their practice turns them away; none for other services."""
    at_door = results["activity_after_shift"].sel(service="AandE", drop=True)
    diverted = (results["a_and_e_attendances"] - at_door).expand_dims(service=["A&E attendances"])
    return diverted.reindex(service=list(HOSPITAL), fill_value=0)


def since_start(array: xr.DataArray) -> xr.DataArray:
    """Change since the first year as a share of that, year by year."""
    return array / array.isel(year=0, drop=True) - 1


def growth(array: xr.DataArray) -> xr.DataArray:
    """Change from the first to the last year as a share of the first."""
    return since_start(array).isel(year=-1, drop=True)
