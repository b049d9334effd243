"""Flows that turn each mid-year of a projection into the next, by age and fifth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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

    Parameters
    ----------
    flows
        At least one year of flows.
    assumptions
        Those the flows were solved with.
    years
        How many years to add, zero or more.
    """
    last = yearly_rates(flows, assumptions)[-1:]
    return joined(flows, project(flows.population[-1], last * years, assumptions))


@dataclass(frozen=True, eq=False)
class YearRates:
    """Rates of one year of a trajectory, each per head of the mean of its two mid-years.

    Attributes
    ----------
    births
        Births for each birth that the unscaled fertility would give the people (``Dmnl``).
    deaths, migration, ageing
        Shape (age), ``1/Year``; migration is signed.
    """

    births: float
    deaths: Array
    migration: Array
    ageing: Array


def yearly_rates(flows: AgeFlows, assumptions: Assumptions) -> list[YearRates]:
    """Rates of each year of a trajectory."""
    mean = flows.mean_population
    births = flows.births / mothers(mean, assumptions)
    return [
        YearRates(float(births[row]), flows.deaths[row] / here, flows.migration[row] / here, ageing)
        for row, (here, ageing) in enumerate(zip(mean, flows.ageing_fraction, strict=True))
    ]


def project(start: Array, rates: Sequence[YearRates], assumptions: Assumptions) -> AgeFlows:
    """Carry people on at given rates: next - now = rates x (now + next) / 2, a linear system for each year.

    Parameters
    ----------
    start
        Persons at the first mid-year, shape (age).
    rates
        One set for each year to add.
    assumptions
        Those the rates were solved with.
    """
    identity, weight = np.eye(len(AGE_BANDS)), _mothers_weight(assumptions)
    people = [start]
    for each in rates:
        matrix = np.diag(each.migration - each.deaths - each.ageing) + np.diag(each.ageing[:-1], k=-1)
        matrix[0] += each.births * weight
        after = np.linalg.solve(identity - matrix / 2, (identity + matrix / 2) @ people[-1])
        people.append(after.astype(float))
    mean = mean_of_mid_years(np.array(people))
    return AgeFlows(
        np.array(people),
        mothers(mean, assumptions) * [each.births for each in rates],
        *(
            mean * np.array([getattr(each, flow) for each in rates]).reshape(mean.shape)
            for flow in ("deaths", "migration", "ageing")
        ),
    )


def joined(first: AgeFlows, then: AgeFlows) -> AgeFlows:
    """Join two trajectories, the second of which starts at the mid-year at which the first ends."""
    return AgeFlows(
        np.vstack([first.population, then.population[1:]]),
        np.append(first.births, then.births),
        np.vstack([first.deaths, then.deaths]),
        np.vstack([first.migration, then.migration]),
        np.vstack([first.ageing, then.ageing]),
    )


def at_levels(flows: AgeFlows, assumptions: Assumptions, first: int) -> AgeFlows:
    """Carry the people of one mid-year on at a trajectory's own rates, births and deaths at assumed levels.

    Parameters
    ----------
    flows
        The trajectory.
    assumptions
        Those it was solved with; their levels are relative to it, and at 1 it is returned as it is.
    first
        Row of the mid-year from which the levels hold.
    """
    births, deaths = assumptions.births_level, assumptions.deaths_level
    if births == deaths == 1.0:
        return flows
    rates = [
        replace(each, births=births * each.births, deaths=deaths * each.deaths)
        for each in yearly_rates(flows, assumptions)[first:]
    ]
    known = AgeFlows(
        flows.population[: first + 1],
        flows.births[:first],
        flows.deaths[:first],
        flows.migration[:first],
        flows.ageing[:first],
    )
    return joined(known, project(flows.population[first], rates, assumptions))


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


@dataclass(frozen=True)
class FifthFlows:
    """Flows by deprivation fifth that are no constant share of those by age, as plain arrays.

    Attributes
    ----------
    share_of_deaths
        Share of a band's deaths by need and fifth, shape (age, need, fifth), adding to 1 for each age.
    migration
        Persons a year, shape (years - 1, age, fifth), signed.
    onset, progression
        Persons a year, shape (years - 1, age, fifth): Well to LongTerm and LongTerm to Complex, net of
        recovery.
    """

    share_of_deaths: Array
    migration: Array
    onset: Array
    progression: Array


def split_by_fifth(flows: AgeFlows, assumptions: Assumptions) -> FifthFlows:
    """Divide flows by fifth and need and find those that keep every band's shares of both.

    People who age are a fair sample of their band, and so, within their fifth, are those who come or go; the
    dead are not: their shares follow the relative risks of need and fifth, normalised within the band. Births
    are shared out as the youngest band, and newborns start Well. Net migration of a fifth is what its people
    of the next mid-year need beyond all else; over fifths it adds to that of the band. Onset is what Well
    gains from all else beyond what the next mid-year holds; progression is what Complex lacks.

    Parameters
    ----------
    flows
        Flows by age.
    assumptions
        Shares of fifth and need, and relative risks.

    Returns
    -------
    FifthFlows
        Unchecked: onset and progression may be negative.
    """
    fifths = assumptions.fifth_shares.to_numpy().astype(float)
    needs = assumptions.need_shares.to_numpy().astype(float)
    groups = needs * fifths[:, None, :]
    share_of_deaths = _share_of_deaths(groups, assumptions)
    # What each group of a band gains in a year, but for migration: its deaths and ageing, those who age into
    # it and are born into it, and the change that the reference asks for.
    gain = -flows.deaths[..., None, None] * share_of_deaths - flows.ageing[..., None, None] * groups
    gain[:, 1:] += (flows.ageing[..., None, None] * groups)[:, :-1]
    gain[:, 0, 0] += flows.births[:, None] * fifths[0]
    gain -= np.diff(flows.population, axis=0)[..., None, None] * groups
    migration = -gain.sum(axis=2)
    gain += migration[:, :, None, :] * needs
    return FifthFlows(share_of_deaths, migration, gain[:, :, 0], -gain[:, :, 2])


def _share_of_deaths(groups: Array, assumptions: Assumptions) -> Array:
    by_need = assumptions.relative_risk.to_numpy().astype(float)
    by_fifth = assumptions.risk_by_fifth.to_numpy().astype(float)
    risk = groups * by_need[:, None] * by_fifth[:, None, :]
    return np.asarray(risk / risk.sum(axis=(1, 2), keepdims=True))
