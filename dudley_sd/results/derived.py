"""Indicators worked out from a run, or from a run and do nothing, that are no variable of the model.

A recipe takes a run as it is, or runs with a dimension ``member``, and works alike on both: what is added up
or divided is so member by member, and only then is a median taken. Medians of parts do not add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError

from dudley_sd.indicators import PLANNED, Selection, required
from dudley_sd.inputs.years import PROJECTED
from dudley_sd.results.do_nothing import IN_CONTRACT, IN_PORTFOLIO

HOSPITAL = Selection("service")
"""Hospital services in the pictures: indicators, each with its need and what it would be if no care moved."""

BEFORE_SHIFT = "_before_shift"
"""What the name of a hospital service ends in where care that has moved is counted in."""


class _HospitalVariables:
    """Variables of all hospital services; the table of indicators is read when they are first looked at."""

    def __iter__(self) -> Iterator[str]:
        for key in HOSPITAL:
            yield from (key, key + BEFORE_SHIFT)


HOSPITAL_VARIABLES = _HospitalVariables()


def hospital_services() -> tuple[str, ...]:
    """Return the names of the hospital services in the pictures, in order."""
    return tuple(row.title for row in HOSPITAL.values())


BALANCE = "system_balance"
"""Funding less cost of the whole system added up since mid-2018, in £ million: a stock of the model."""

SMALLEST_LOSS = 5e-7
"""Millions of pounds that count as a loss; less than half a pound is rounding."""

NEED = "need_for_service"
"""Need of people for services, by their number, age, state and deprivation alone."""

TURNED_AWAY = (
    "diverted_to_a_and_e",
    "share_of_diverted_to_major_a_and_e",
    "worsened",
    "admitted_when_worsened",
)
"""Variables that say who comes to hospital because a practice was full."""

GIVEN = ("commissioner_funding", "council_funding")
MISSING = ("system_money_missing", "council_shortfall")
"""Money that care is given, and what is missing of that which is asked for."""

EXPLAINING = (NEED, *TURNED_AWAY, *GIVEN, *MISSING, *IN_PORTFOLIO, *IN_CONTRACT)
"""Variables that say how a difference came about, what money is there and what is decided."""


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

    variables: Iterable[str]
    recipe: Callable[..., xr.DataArray]
    title: str = ""
    unit: str = ""
    ordinal: bool = False


RECIPES: dict[str, tuple[Iterable[str], Callable[[xr.Dataset], xr.DataArray]]] = {}
"""Variables and function of each row of the table of indicators that is a recipe; see `recipe`."""

AGAINST: dict[str, Derived] = {}
"""Numbers of a run and of do nothing that are no difference of an indicator; see `against_do_nothing`."""

Function = Callable[..., xr.DataArray]


def recipe(variables: Iterable[str]) -> Callable[[Function], Function]:
    """Let a function work out the indicator of its name from these variables."""

    def keep(function: Function) -> Function:
        RECIPES[function.__name__] = (variables, function)
        return function

    return keep


def against_do_nothing(
    variables: Iterable[str], title: str, unit: str, **more: Any
) -> Callable[[Function], Function]:
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
    since = {f"{key}_since_2018": _since_2018(found[key]) for key in Selection("since_2018")}
    return found | since


def _since_2018(of: Derived) -> Derived:
    return Derived(of.variables, lambda run: since_2018(of.recipe(run)), "Change since mid-2018", "Dmnl")


def banded_variables() -> tuple[str, ...]:
    """Variables of the model that everything with a band is worked out from."""
    found = [*banded().values(), *AGAINST.values()]
    return tuple(dict.fromkeys(name for each in found for name in each.variables))


def for_pages(results: xr.Dataset) -> xr.Dataset:
    """Return a result with only what pages and pictures are made of.

    xarray looks through all variables of a dataset for each that it hands out, and a result has hundreds.
    """
    wanted = {*banded_variables(), *EXPLAINING, *Selection("elements").variables}
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


@recipe(HOSPITAL_VARIABLES)
def hospital_activity(results: xr.Dataset) -> xr.DataArray:
    """Hospital activity of the services of `HOSPITAL`, a year, dims (scenario, (member,) year, service)."""
    return _by_service(results, "")


@recipe(HOSPITAL_VARIABLES)
def moved_activity(results: xr.Dataset) -> xr.DataArray:
    """Activity that the hospital would have if no care had moved, less that which it has.

    Returns
    -------
    xr.DataArray
        Activity a year, dims (scenario, (member,) year, service); below 0 where interventions bring more
        people to hospital than they keep away.
    """
    return _by_service(results, BEFORE_SHIFT) - _by_service(results, "")


@recipe(HOSPITAL_VARIABLES)
def moved_share(results: xr.Dataset) -> xr.DataArray:
    """Care that moved as a share of what the hospital would do without it."""
    return 1 - _by_service(results, "") / _by_service(results, BEFORE_SHIFT)


@against_do_nothing(
    HOSPITAL_VARIABLES,
    title="Hospital activity, difference from do nothing as a share of it",
    unit="Dmnl",
)
def hospital_activity_share_against_do_nothing(run: xr.Dataset, other: xr.Dataset) -> xr.DataArray:
    """Hospital activity less that of do nothing, as a share of that."""
    return hospital_activity(run) / hospital_activity(other) - 1


@against_do_nothing(
    (BALANCE,),
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
    """How much better off the system is than if nothing is done, added up since mid-2018.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`; both with `BALANCE`.

    Returns
    -------
    xr.DataArray
        Millions of pounds, dims (scenario, year from 2018), with member if the runs have it; minus where the
        system has spent more than if nothing is done.
    """
    gain = (results[BALANCE] - do_nothing[BALANCE]).sel(year=slice(PROJECTED, None))
    return gain.rename("accumulated_gain").assign_attrs(
        units="MillionPound", long_name="Accumulated balance of the system less that of do nothing."
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


def ways_from() -> tuple[str, ...]:
    """Return the variables that say in which way hospital activity went."""
    return (*HOSPITAL_VARIABLES, *TURNED_AWAY)


def difference_in_demand(results: xr.Dataset, do_nothing: xr.Dataset) -> xr.Dataset:
    """Hospital activity that do nothing has and the run has not, by the way in which it went.

    Parameters
    ----------
    results, do_nothing
        Runs of the same scenarios, see `dudley_sd.results.do_nothing.fitting`.

    Returns
    -------
    xr.Dataset
        ``moved``: care moved to the community; ``not_turned_away``: people who would have come because
        their practice was full; ``not_needed``: the rest, as people are in better or worse health and care.
        Activity a year, dims (scenario, year, service); minus is more than in do nothing. They add up to the
        whole difference.
    """
    for run in (results, do_nothing):
        require(run, ways_from())
    moved = moved_activity(results) - moved_activity(do_nothing)
    turned_away = _turned_away(do_nothing) - _turned_away(results)
    whole = hospital_activity(do_nothing) - hospital_activity(results)
    parts = {"moved": moved, "not_turned_away": turned_away, "not_needed": whole - moved - turned_away}
    return xr.Dataset({n: part.transpose("scenario", ..., "year", "service") for n, part in parts.items()})


def population_by_age(results: xr.Dataset) -> xr.DataArray:
    """People in mid-2018 and in the last year, dims (scenario, year: two, age), with ``age_band``."""
    require(results, ["people_by_age"])
    return results["people_by_age"].sel(year=[PROJECTED, int(results["year"][-1])])


def ages_differ(population: xr.DataArray, beyond: float = 0.01) -> bool:
    """Whether any band of the last year differs between scenarios by more than a share of itself."""
    last = population.isel(year=-1)
    spread = (last.max("scenario") - last.min("scenario")) / last.mean("scenario")
    return bool((spread > beyond).any())


def any_planned(results: xr.Dataset) -> bool:
    """Whether any scenario plans a shift at all; do nothing and the projection alone do not."""
    require(results, [PLANNED])
    return bool((results[PLANNED] > 0).any())


def futures_years(results: xr.Dataset | xr.DataArray) -> tuple[int, int]:
    """Mid-2018, from which futures differ and changes count, and the last year."""
    return PROJECTED, int(results["year"][-1])


def _by_service(results: xr.Dataset, ending: str) -> xr.DataArray:
    """Variables of the services of `HOSPITAL` with an ending, dims (scenario, (member,) year, service)."""
    names = [key + ending for key in HOSPITAL]
    require(results, names)
    first = results[names[0]].drop_attrs()
    values = np.stack([results[n].transpose(*first.dims).to_numpy() for n in names], axis=-1)
    coords = {**first.coords, "service": [row.title for row in HOSPITAL.values()]}
    return xr.DataArray(values, coords, (*first.dims, "service")).transpose(
        "scenario", ..., "year", "service"
    )


def _turned_away(results: xr.Dataset) -> xr.DataArray:
    """People who come to hospital as their practice was full: to A&E, and overnight those who got worse."""
    diverted, major, worsened, admitted = (results[name] for name in TURNED_AWAY)
    found = {"a_and_e_attendances": diverted * major + worsened, "overnight_admissions": worsened * admitted}
    parts = [found.get(key, xr.zeros_like(worsened)) for key in HOSPITAL]
    return xr.concat(parts, xr.Variable("service", list(hospital_services()))).transpose(
        "scenario", ..., "year", "service"
    )


def since_2018(array: xr.DataArray) -> xr.DataArray:
    """Change since mid-2018 as a share of that year, year by year."""
    return array / array.sel(year=PROJECTED, drop=True) - 1


def growth(array: xr.DataArray) -> xr.DataArray:
    """Change from mid-2018 to the last year as a share of mid-2018."""
    return since_2018(array).isel(year=-1, drop=True)
