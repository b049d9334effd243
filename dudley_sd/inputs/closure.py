"""Which births, deaths, migration and ageing turn each mid-year of a projection into the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from dudley_sd.inputs.ages import AGE_BANDS
from dudley_sd.inputs.assumptions import Assumptions

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AgeFlows:
    """Flows between the mid-years of one table, as plain arrays over the 19 bands, youngest first.

    Attributes
    ----------
    population
        Persons, shape (years, age).
    births
        Persons a year, shape (years - 1,); row y is the constant flow from mid-year y to the next.
    deaths, migration, ageing
        Persons a year, shape (years - 1, age); migration is signed, ageing is out of the band, zero in the
        last.
    """

    population: Array
    births: Array
    deaths: Array
    migration: Array
    ageing: Array

    @property
    def mean_population(self) -> Array:
        """Mean of the two mid-years, shape (years - 1, age): whom the flows of a year come from."""
        return mean_of_mid_years(self.population)

    @property
    def ageing_fraction(self) -> Array:
        """Share of the band's people who move up a band in a year, shape (years - 1, age)."""
        return self.ageing / self.mean_population


def solve_flows(population: xr.DataArray, assumptions: Assumptions) -> AgeFlows:
    """Return the flows that a projection implies, one unknown at a time.

    Births and deaths are rates times the mean of two mid-years, scaled to the recent level of the area;
    total net migration is what is left of the change in the total and is spread over ages by its weight per
    head; ageing is solved from the youngest band upwards, each band's outflow being the next band's inflow.

    Parameters
    ----------
    population
        Persons at mid-year, dims (year, age), years without a gap.
    assumptions
        Rates and shares.

    Returns
    -------
    AgeFlows
        Unchecked: the fractions may be impossible.
    """
    people = population.transpose("year", "age").to_numpy().astype(float)
    mean, change = mean_of_mid_years(people), np.diff(people, axis=0)
    births = _births(people, assumptions)
    deaths = _deaths(mean, assumptions)
    weighted = mean * migration_weight(assumptions)
    net_migration = change.sum(axis=1) - births + deaths.sum(axis=1)
    migration = net_migration[:, None] * weighted / weighted.sum(axis=1, keepdims=True)
    gain = migration - deaths - change
    gain[:, 0] += births
    ageing = np.cumsum(gain, axis=1)
    ageing[:, -1] = 0.0  # what is left here is rounding: the totals close by construction
    return AgeFlows(people, births, deaths, migration, ageing)


def carry_on(flows: AgeFlows, assumptions: Assumptions, years: int) -> AgeFlows:
    """Lengthen a trajectory by whole years at the rates of its last year.

    Every flow keeps its rate per head of the mean of the two mid-years (births: per fertility-weighted
    woman), so the next mid-year solves a linear system: next - now = rates x (now + next) / 2.

    Parameters
    ----------
    flows
        At least one year of flows.
    assumptions
        Those the flows were solved with.
    years
        How many years to add, zero or more.
    """
    mean = flows.mean_population[-1]
    births_per_mother = flows.births[-1] / mothers(mean, assumptions)
    deaths, migration, ageing = (flow[-1] / mean for flow in (flows.deaths, flows.migration, flows.ageing))
    rates = np.diag(migration - deaths - ageing) + np.diag(ageing[:-1], k=-1)
    rates[0] += births_per_mother * _mothers_weight(assumptions)
    identity = np.eye(len(AGE_BANDS))
    for _ in range(years):
        now = flows.population[-1]
        after = np.linalg.solve(identity - rates / 2, (identity + rates / 2) @ now)
        mean = (now + after) / 2
        flows = AgeFlows(
            np.vstack([flows.population, after]),
            np.append(flows.births, births_per_mother * mothers(mean, assumptions)),
            np.vstack([flows.deaths, deaths * mean]),
            np.vstack([flows.migration, migration * mean]),
            np.vstack([flows.ageing, ageing * mean]),
        )
    return flows


def mothers(people: Array, assumptions: Assumptions) -> Array:
    """Births a year that the unscaled fertility would give these people, shape (...), Person/Year."""
    return np.asarray(people @ _mothers_weight(assumptions))


def mean_of_mid_years(people: Array) -> Array:
    """Mean of each mid-year and the next, shape (years - 1, ...)."""
    return (people[:-1] + people[1:]) / 2


def migration_weight(assumptions: Assumptions) -> Array:
    """Net migration per head by age relative to other ages; even where nothing else was assumed."""
    if assumptions.migration_weight is None:
        return np.ones(len(AGE_BANDS))
    return assumptions.migration_weight.to_numpy().astype(float)


def _mothers_weight(assumptions: Assumptions) -> Array:
    return assumptions.fertility.to_numpy().astype(float) * assumptions.female_share


def _births(people: Array, assumptions: Assumptions) -> Array:
    births = mean_of_mid_years(mothers(people, assumptions))
    return births * _scale(births[0], assumptions.births_recent)


def _deaths(mean: Array, assumptions: Assumptions) -> Array:
    improvement = (1.0 - assumptions.mortality_improvement) ** np.arange(len(mean))
    deaths = mean * assumptions.death_rates.to_numpy().astype(float) * improvement[:, None]
    return np.asarray(deaths * _scale(deaths[0].sum(), assumptions.deaths_recent))


def _scale(first_year: float, recent: float | None) -> float:
    """Factor that brings the first year to the area's recent level."""
    return 1.0 if recent is None else recent / first_year
