"""People of the run, of the projection under it, of other projections, and as estimated since."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import xarray as xr
from sdcompile.errors import InputError

from dudley_dashboard.catalogue import catalogue
from dudley_dashboard.page import Key, Query, year_key
from dudley_dashboard.runs import run
from dudley_sd.folders import inputs_folder
from dudley_sd.inputs.ages import AGE_BANDS, first_age
from dudley_sd.inputs.footprints import Footprint
from dudley_sd.inputs.ons.titles import BASES
from dudley_sd.inputs.population import read_population
from dudley_sd.inputs.projection_choice import OWN, PUBLISHED
from dudley_sd.inputs.projections import how_to_get, read_projection
from dudley_sd.inputs.years import PROJECTED, REVIEW_POINTS
from dudley_sd.request import CONTRACT, Request
from dudley_sd.runs.areas import parts_of
from dudley_sd.settings.futures import REFERENCE
from dudley_sd.settings.portfolios import NO_PORTFOLIO
from dudley_sd.validation.back_test import GROUPS, OUTTURN, YEARS

OTHERS = (*(str(base) for base in BASES if str(base) != PUBLISHED), OWN)
"""Projections that the one of the run can be set against."""

LATER = "2018"
"""The projection of ONS that is always set beside the run where the inputs hold it."""

WORKING_AGE, OVER_75, ALL = GROUPS["15 to 64"], GROUPS["75 and over"], GROUPS["All ages"]
FIRST, LAST = PROJECTED, REVIEW_POINTS[-1]
"""Mid-years of a run, from the first to the last."""


@dataclass(frozen=True)
class PeopleQuery(Query):
    """What an address asks of the page.

    Attributes
    ----------
    against
        One of `OTHERS`, or nothing.
    year
        Mid-year of the profile.
    """

    against: str
    year: int

    @classmethod
    def keys(cls, _plan: Request) -> tuple[Key, ...]:
        """Return the keys of the page."""
        note = "There is no projection “{value}” to compare with; none is shown."
        return Key("against", "projection", ("", *OTHERS), "", note), year_key(LAST, FIRST, LAST)


@dataclass(frozen=True)
class People:
    """People of an area by mid-year and band; every array has dims (year, age), persons.

    Attributes
    ----------
    area, indicative
        Name of the area; what to say if its people are carried on at another's rates, else empty.
    scenario, portfolio
        What was run: title of the future; the portfolio in words.
    run, projection
        Of the plan; and of the projection run, which reproduces the projection of ONS.
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

    area: str
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

    @property
    def base(self) -> str:
        """What the projection under the run is called: of ONS, or at Dudley's rates."""
        return "projection at Dudley's rates" if self.indicative else "ONS 2014-based projection"


def people_of(plan: Request, against: str = "") -> People:
    """Run a plan and the projection alone, and add what the inputs hold of the same area.

    Parameters
    ----------
    plan
        What to run.
    against
        One of `OTHERS`, or nothing.
    """
    results = run(plan)
    reference = run(Request(REFERENCE, NO_PORTFOLIO, CONTRACT, plan.footprint, plan.projection))
    years = reference["year"].to_numpy()[reference["extrapolated"].to_numpy()]
    base = catalogue().common_projection([plan.footprint], plan.projection)
    other, title, how = _other(plan.footprint, against) if against else (None, "", "")
    portfolio = f"left-shift portfolio “{results.attrs['portfolio_title']}”"
    return People(
        area=str(results.attrs["footprint_name"]),
        indicative=str(results.attrs.get("indicative", "")),
        scenario=str(results["scenario_title"].to_numpy()[0]),
        portfolio="no portfolio" if plan.portfolio == NO_PORTFOLIO else portfolio,
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
    bands = [low <= first_age(band) < high for band in people["age"].to_numpy()]
    added = people.to_numpy()[:, bands].sum(axis=1)
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


def _by_band(results: xr.Dataset) -> xr.DataArray:
    people = results["people_by_age"].isel(scenario=0, drop=True).transpose("year", "age")
    people = people.sel(year=slice(FIRST, LAST))
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
            return None, "", f"{get}." if fault.remedy == get else fault.sentences
    return _added(found), str(found[0].attrs.get("projection", against)), ""


def _added(parts: list[xr.DataArray]) -> xr.DataArray:
    joined = xr.concat(parts, dim="part", join="exact", combine_attrs="drop_conflicts")
    return joined.sum("part", keep_attrs=True).transpose("year", "age")
