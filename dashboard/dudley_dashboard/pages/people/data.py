"""Which people does the page show: of the run, of the projection under it, and as estimated since?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.plan import CONTRACT, Plan
from dudley_dashboard.runs import run
from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.ons.titles import BASES
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.projections import how_to_get, read_projection
from dudley_sd.places import inputs_folder
from dudley_sd.runs.areas import parts_of
from dudley_sd.scenarios.futures import REFERENCE
from dudley_sd.scenarios.portfolios import NO_PORTFOLIO
from dudley_sd.validation.back_test import GROUPS, OUTTURN, YEARS

OTHERS = (*(str(base) for base in BASES if str(base) != PUBLISHED), OWN)
"""Projections that the one of the run can be set against."""

LATER = "2018"
"""The projection of ONS that is always set beside the run where the inputs hold it."""

WORKING_AGE, OVER_75 = (15, 65), (75, 120)


@dataclass(frozen=True)
class People:
    """People of an area by mid-year and band; every array has dims (year, age), persons.

    Attributes
    ----------
    place, indicative
        Name of the area; what to say if its people are carried on at another's rates, else empty.
    scenario, portfolio
        What was run: title of the future; the portfolio in words.
    run, projection
        Of the plan; and of the reference run, which reproduces the projection of ONS.
    beyond
        Mid-years that the table of the projection does not hold.
    estimated
        Mid-year estimates of ONS since 2018, rebased to Census 2021; None where the inputs hold none.
    later
        The 2018-based projection of ONS, None where the inputs hold none of this area.
    other
        Another projection of the same area, None where none is asked for or there.
    other_title, how
        What the other is; how to get it where it is not there.
    """

    place: str
    indicative: str
    scenario: str
    portfolio: str
    run: xr.DataArray
    projection: xr.DataArray
    beyond: tuple[int, ...]
    estimated: xr.DataArray | None = None
    later: xr.DataArray | None = None
    other: xr.DataArray | None = None
    other_title: str = ""
    how: str = ""


def people_of(plan: Plan, against: str = "") -> People:
    """Run a plan and the projection alone, and put beside them what the inputs hold of the same area.

    Parameters
    ----------
    plan
        What to run.
    against
        One of `OTHERS`, or nothing.
    """
    results = run(plan)
    alone = Plan(REFERENCE, NO_PORTFOLIO, CONTRACT, plan.footprint, plan.projection)
    reference = run(alone)
    years = reference["year"].to_numpy()[reference["extrapolated"].to_numpy()]
    base = catalogue().common_projection([plan.footprint], plan.projection)
    other, title, how = _other(plan.footprint, against) if against else (None, "", "")
    return People(
        place=str(results.attrs["footprint_name"]),
        indicative=str(results.attrs.get("indicative", "")),
        scenario=str(results["scenario_title"].to_numpy()[0]),
        portfolio=_portfolio(plan, str(results.attrs["portfolio_title"])),
        run=_by_band(results),
        projection=_by_band(reference),
        beyond=tuple(int(year) for year in years),
        estimated=_estimated(plan.footprint),
        later=None if base == LATER else _other(plan.footprint, LATER)[0],
        other=other,
        other_title=title,
        how=how,
    )


def between(people: xr.DataArray, ages: tuple[int, int]) -> dict[int, float]:
    """People from one age to under another, added up, by year."""
    low, high = ages
    meant = [low <= first_age(band) < high for band in people["age"].to_numpy()]
    added = people.to_numpy()[:, meant].sum(axis=1)
    return dict(zip(people["year"].to_numpy().tolist(), added.tolist(), strict=True))


def at(people: xr.DataArray, ages: tuple[int, int], year: int) -> float:
    """People of some ages in a year."""
    return between(people, ages)[year]


def growth(people: xr.DataArray, ages: tuple[int, int], first: int, last: int) -> float:
    """Change of people of some ages from one year to another, as a share of the first."""
    return at(people, ages, last) / at(people, ages, first) - 1


def errors_of(people: People) -> dict[str, dict[int, float]]:
    """Projection less estimate as a share of the estimate, by age group and year; none without estimates."""
    if people.estimated is None:
        return {}
    found = {}
    for name, ages in GROUPS.items():
        projected, estimated = between(people.projection, ages), between(people.estimated, ages)
        found[name] = {year: projected[year] / value - 1 for year, value in estimated.items()}
    return found


def whole(value: float) -> str:
    """Write a number of people: ``1,234``."""
    return f"{value:,.0f}"


def signed(value: float, digits: int = 1) -> str:
    """Write a change in per cent with its sign: ``+4.1%``, ``−0.3%``; nothing has none."""
    text = f"{100 * value:+.{digits}f}%"
    return text.replace("-", "−") if text.strip("+-0.%") else text.lstrip("+-")


def _portfolio(plan: Plan, title: str) -> str:
    return "no portfolio" if plan.portfolio == NO_PORTFOLIO else f"left-shift portfolio “{title}”"


def _by_band(results: xr.Dataset) -> xr.DataArray:
    people = results["people_by_age"].isel(scenario=0, drop=True).transpose("year", "age")
    return people.assign_coords(age=list(AGE_BANDS))


def _areas(name: str) -> list[Footprint]:
    return list(parts_of({name: catalogue().footprints[name]}).values())


@lru_cache(maxsize=16)
def _estimated(name: str) -> xr.DataArray | None:
    """Estimates of an area; of a total only if they are there for every part."""
    path = inputs_folder() / "ons" / OUTTURN
    text = path.read_text(encoding="utf-8")
    found = []
    for area in _areas(name):
        code = next((code for code in area.codes if f"\n{code}," in text), None)
        if code is None:
            return None
        found.append(read_population(path, code, alone=True).sel(year=list(YEARS)))
    return _added(found)


@lru_cache(maxsize=16)
def _other(name: str, against: str) -> tuple[xr.DataArray | None, str, str]:
    """Another projection of an area, or of the parts of a total; else how to get it."""
    found = []
    for area in _areas(name):
        try:
            found.append(read_projection(against, area, inputs_folder()))
        except InputError as error:
            fault, get = error.faults[0], "" if against == OWN else how_to_get(area, int(against))
            return None, "", f"{get}." if fault.remedy == get else f"{fault.problem}. {fault.remedy}."
    title = str(found[0].attrs.get("projection", against))
    return _added(found), title, ""


def _added(parts: list[xr.DataArray]) -> xr.DataArray:
    whole = xr.concat(parts, dim="part", join="exact", combine_attrs="drop_conflicts").sum(
        "part", keep_attrs=True
    )
    return whole.transpose("year", "age")
