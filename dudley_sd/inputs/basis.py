"""People of an area by year, and the assumptions that close their table, from the input files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from dudley_sd.inputs.ages import NEEDS
from dudley_sd.inputs.area_people import area_people, estimated_people
from dudley_sd.inputs.areas import read_footprint
from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.deprivation import fifth_shares, read_people_by_fifth, risk_by_fifth
from dudley_sd.inputs.footprints import MODEL_AREA, Footprint
from dudley_sd.inputs.history import carried_back, read_ratios
from dudley_sd.inputs.own_projection import OwnProjection, own_projection
from dudley_sd.inputs.parameters import Parameters, read_parameters
from dudley_sd.inputs.prevalence import need_shares, read_published_prevalence
from dudley_sd.inputs.rates import RecentLevel, read_death_rates, read_fertility, read_recent_level
from dudley_sd.inputs.reference import reference_trajectory
from dudley_sd.inputs.years import END, PROJECTED, START

CARRIED_BIRTHS, CARRIED_DEATHS = "births_in_first_year", "deaths_in_first_year"


@dataclass(frozen=True, eq=False)
class Basis:
    """What the reference trajectory of an area is solved from.

    Attributes
    ----------
    population
        Persons, dims (year, age), from `START`.
    assumptions
        What closes their table.
    recent
        Recent births, deaths and migration of the area, if it has them.
    projected
        Whether its people are carried on by the model and not by a projection.
    history_of, fifths_of
        Name of the area whose estimates carry its people back, and whose people by deprivation fifth it is
        given; empty where they are its own.
    """

    population: xr.DataArray
    assumptions: Assumptions
    recent: RecentLevel | None
    projected: bool
    history_of: str
    fifths_of: str

    def trajectory(self) -> xr.Dataset:
        """Solve the reference stocks and flows to the end of the model, see `reference_trajectory`."""
        return reference_trajectory(
            self.population, self.assumptions, to_year=END, from_year=START, projected_from=PROJECTED
        )


def area_basis(
    footprint: Footprint, inputs: Path, parameters: Parameters, population: xr.DataArray | None = None
) -> Basis:
    """Read what the reference trajectory of an area is solved from.

    Parameters
    ----------
    footprint
        The area.
    inputs
        Folder of inputs.
    parameters
        The parameter table.
    population
        Persons, dims (year, age), to use instead of the footprint's own projection. Mid-years before
        `PROJECTED` are taken from it if it holds all of them.

    Raises
    ------
    InputError
        Any fault of the files.
    """
    if population is None and footprint.projected_like:
        population = _as_projection(_carried_on(footprint, footprint.projected_like, inputs, parameters))
    if population is None:
        population = area_people(footprint, inputs)
    history, history_of = _own_or_borrowed(footprint, "history", inputs)
    if int(population["year"][0]) <= START:
        history_of = ""
    if PROJECTED in population["year"]:
        population = carried_back(population, read_ratios(history, START, PROJECTED))
    recent = read_recent_level(inputs / footprint.components) if footprint.components else None
    share = parameters.central("deaths_in_first_year")
    births, deaths = (recent.births, share * recent.deaths) if recent else (None, None)
    carried = CARRIED_BIRTHS in population.attrs
    if carried:
        births, deaths = population.attrs[CARRIED_BIRTHS], population.attrs[CARRIED_DEATHS]
    fifths, fifths_of = _own_or_borrowed(footprint, "fifths", inputs)
    assumptions = _assumptions(inputs, parameters, population, fifths, births, deaths)
    return Basis(population, assumptions, recent, carried, history_of, fifths_of)


def carried_on(footprint: Footprint, inputs: Path) -> xr.DataArray:
    """People of an area as estimated for mid-2018, carried on at the model's own rates.

    Parameters
    ----------
    footprint
        The area. The rates are those of the area that it is projected or sized like, or its own.
    inputs
        Folder of inputs.

    Returns
    -------
    xr.DataArray
        Persons, dims (year, age), from mid-2018 to the end of the table that the rates are from; the births
        and deaths that the rates give in the first year of the model are among its attributes, so that it is
        solved with them.

    Raises
    ------
    InputError
        Any fault of the files, or an area without an estimate.
    """
    parameters = read_parameters(inputs / "parameters.csv", inputs / "sources.csv")
    return _as_projection(_carried_on(footprint, footprint.rates_of, inputs, parameters))


def _as_projection(own: OwnProjection) -> xr.DataArray:
    people = own.population.sel(year=slice(PROJECTED, None))
    return people.assign_attrs({CARRIED_BIRTHS: own.births, CARRIED_DEATHS: own.deaths})


def _carried_on(footprint: Footprint, like: str, inputs: Path, parameters: Parameters) -> OwnProjection:
    other = area_basis(read_footprint(like, inputs), inputs, parameters)
    history, _ = _own_or_borrowed(footprint, "history", inputs)
    estimated = estimated_people(footprint, inputs)
    people = carried_back(estimated.expand_dims(year=[PROJECTED]), read_ratios(history, START, PROJECTED))
    return own_projection(people, other.trajectory(), other.assumptions)


def _own_or_borrowed(footprint: Footprint, kind: str, inputs: Path) -> tuple[Path, str]:
    """Path of an area's history or fifths, and the name of the area that they are borrowed from, if any."""
    own: str | None = getattr(footprint, kind)
    if own:
        return inputs / own, ""
    named = (name for name in (footprint.projected_like, footprint.sized_like, MODEL_AREA) if name)
    owners = (read_footprint(name, inputs) for name in named)
    owner = next(owner for owner in owners if getattr(owner, kind))
    return inputs / getattr(owner, kind), owner.name


def _assumptions(
    inputs: Path,
    parameters: Parameters,
    population: xr.DataArray,
    fifths: Path,
    births: float | None,
    deaths: float | None,
) -> Assumptions:
    number = parameters.central
    published = read_published_prevalence(inputs / "evidence" / "multimorbidity.csv")
    risk = [number(f"relative_risk_of_death_{need}") for need in NEEDS]
    oldest = number("mean_age_of_oldest")
    shares = fifth_shares(read_people_by_fifth(fifths), number("mean_age_of_75_and_over"), oldest)
    return Assumptions(
        death_rates=read_death_rates(
            inputs / "ons" / "death_rates_england_2014_2016.csv", number("boys_per_girl")
        ),
        mortality_improvement=number("mortality_improvement"),
        births_recent=births,
        deaths_recent=deaths,
        fertility=read_fertility(inputs / "ons" / "fertility_2017.csv"),
        female_share=number("female_share"),
        fifth_shares=shares,
        need_shares=need_shares(
            population,
            published,
            shares,
            number("age_shift"),
            oldest,
            level=number("prevalence_level"),
            year=PROJECTED,
        ),
        relative_risk=xr.DataArray(risk, dims="need", coords={"need": list(NEEDS)}),
        risk_by_fifth=risk_by_fifth(
            number("death_gradient"),
            number("death_gradient_full_to_age"),
            number("death_gradient_left_at_90"),
            oldest,
        ),
        births_level=number("fertility_level"),
        deaths_level=number("mortality_level"),
    )
