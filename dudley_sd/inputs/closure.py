"""Flows that turn each mid-year of a projection into the next, by age and need, and what they assume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.ages import AGE_BANDS, NEEDS

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Assumptions:
    """Rates and shares that close a projection; none has a default, each comes from a row under ``inputs/``.

    Attributes
    ----------
    death_rates
        Deaths per person and year at the first mid-year, dims (age), unit ``1/Year``.
    mortality_improvement
        Fall of all death rates each year, as a share (``1/Year``).
    births_recent, deaths_recent
        Births and deaths of the area in a recent year (``Person/Year``). The rates are scaled so that the
        first year of the trajectory has these. ``None``: the rates as they are.
    fertility
        Births per woman and year, dims (age), zero where there are none, unit ``1/Year``.
    female_share
        Women among the people of the child-bearing bands (``Dmnl``).
    need_shares
        Share of each band in each state of need, dims (age, need), adding to 1 over need (``Dmnl``).
    relative_risk
        Risk of death by need relative to Well, dims (need) (``Dmnl``); only ratios count.
    newborns_well
        Share of newborns who start Well, the others starting LongTerm (``Dmnl``).
    migration_weight
        Net migration per head relative to the average, dims (age) (``Dmnl``); only ratios count. ``None``:
        net migration in proportion to population.
    """

    death_rates: xr.DataArray
    mortality_improvement: float
    births_recent: float | None
    deaths_recent: float | None
    fertility: xr.DataArray
    female_share: float
    need_shares: xr.DataArray
    relative_risk: xr.DataArray
    newborns_well: float
    migration_weight: xr.DataArray | None = None

    def __post_init__(self) -> None:
        """Refuse, all faults at once, what no area can have.

        Raises
        ------
        InputError
            Labels other than the model's bands and needs, values missing, negative or not finite, an empty
            state of need, shares outside [0, 1] or not adding to 1, a level that is not positive.
        """
        faults = [*_array_faults(self), *_share_faults(self), *_level_faults(self)]
        refuse(faults)


def _array_faults(assumptions: Assumptions) -> list[Fault]:
    """Arrays whose labels are not the model's, in the model's order, or whose values cannot be rates."""
    wanted: dict[str, dict[str, tuple[str, ...]]] = {
        "death_rates": {"age": AGE_BANDS},
        "fertility": {"age": AGE_BANDS},
        "need_shares": {"age": AGE_BANDS, "need": NEEDS},
        "relative_risk": {"need": NEEDS},
        "migration_weight": {"age": AGE_BANDS},
    }
    faults = []
    for name, labels in wanted.items():
        array = getattr(assumptions, name)
        if array is None:
            continue
        if array.dims != tuple(labels):
            remedy = f"Give dims {tuple(labels)}"
            faults.append(_fault(name, f"dims {array.dims} where {tuple(labels)} belong", remedy))
            continue
        for dim, expected in labels.items():
            found = tuple(str(label) for label in array.coords[dim].values) if dim in array.coords else ()
            if found != expected:
                faults.append(
                    _fault(name, f"labels of {dim} are {found}", f"Give exactly {expected}, in this order")
                )
        if not np.isfinite(array).all() or (array < 0).any() or float(array.sum()) == 0.0:
            problem = "a value is missing, negative or infinite, or all are zero"
            faults.append(_fault(name, problem, "Check the file it was read from"))
    return faults


def _share_faults(assumptions: Assumptions) -> list[Fault]:
    faults = [
        _fault(name, f"value {getattr(assumptions, name)} is outside [0, 1]", "Give a share")
        for name in ("mortality_improvement", "female_share", "newborns_well")
        if not 0.0 <= getattr(assumptions, name) <= 1.0
    ]
    shares = assumptions.need_shares
    if (shares <= 0).any():
        problem = "a share is not above zero, and no flow can be a share of an empty stock"
        faults.append(_fault("need_shares", problem, "Give every state of need some people"))
    if "need" in shares.dims and not np.allclose(shares.sum("need"), 1.0, rtol=0.0, atol=1e-12):
        faults.append(
            _fault("need_shares", "the shares of a band do not add to 1", "Divide each band by its sum")
        )
    return faults


def _level_faults(assumptions: Assumptions) -> list[Fault]:
    return [
        _fault(
            name, f"value {level} is not a positive number", "Give persons a year, or None: rates as they are"
        )
        for name in ("births_recent", "deaths_recent")
        if (level := getattr(assumptions, name)) is not None and not 0.0 < level < np.inf
    ]


def _fault(name: str, problem: str, remedy: str) -> Fault:
    return Fault("assumptions", name, problem, remedy)


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
    for _ in range(years):
        now = flows.population[-1]
        after = next_mid_year(rates, now)
        mean = (now + after) / 2
        flows = AgeFlows(
            np.vstack([flows.population, after]),
            np.append(flows.births, births_per_mother * mothers(mean, assumptions)),
            np.vstack([flows.deaths, deaths * mean]),
            np.vstack([flows.migration, migration * mean]),
            np.vstack([flows.ageing, ageing * mean]),
        )
    return flows


def next_mid_year(rates: Array, now: Array) -> Array:
    """People a year later: next - now = rates x (now + next) / 2; rates of shape (age, age), 1/Year."""
    identity = np.eye(len(AGE_BANDS))
    return np.asarray(np.linalg.solve(identity - rates / 2, (identity + rates / 2) @ now), dtype=float)


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
class NeedFlows:
    """Stocks and flows by need, as plain arrays in the model's order of bands and needs.

    Attributes
    ----------
    population
        Persons, shape (years, age, need).
    deaths, ageing, migration_in, migration_out
        Persons a year, shape (years - 1, age, need), none negative where the flows of age are sound.
    onset, progression
        Persons a year, shape (years - 1, age): Well to LongTerm and LongTerm to Complex, net of recovery.
    """

    population: Array
    deaths: Array
    ageing: Array
    migration_in: Array
    migration_out: Array
    onset: Array
    progression: Array


def split_by_need(flows: AgeFlows, assumptions: Assumptions) -> NeedFlows:
    """Divide flows by need and find the onset and progression that keep the shares of need in each band.

    People who age or leave are a fair sample of their band, and so are those who arrive; the dead are not:
    their shares follow the relative risk, normalised within the band. Newborns start Well but for the
    assumed share. Onset is what Well gains from all else beyond what the next mid-year holds; progression
    is what Complex lacks.

    Parameters
    ----------
    flows
        Flows by age.
    assumptions
        Need shares, relative risks and newborns' share.

    Returns
    -------
    NeedFlows
        Unchecked: onset and progression may be negative.
    """
    shares = assumptions.need_shares.to_numpy().astype(float)
    risk = shares * assumptions.relative_risk.to_numpy().astype(float)
    deaths = flows.deaths[..., None] * risk / risk.sum(axis=-1, keepdims=True)
    ageing = flows.ageing[..., None] * shares
    migration = flows.migration[..., None] * shares
    population = flows.population[..., None] * shares
    inflow = migration - deaths - ageing
    inflow[:, 1:] += ageing[:, :-1]
    inflow[:, 0, 0] += flows.births * assumptions.newborns_well
    inflow[:, 0, 1] += flows.births * (1.0 - assumptions.newborns_well)
    gain = inflow - np.diff(population, axis=0)
    return NeedFlows(
        population=population,
        deaths=deaths,
        ageing=ageing,
        migration_in=np.maximum(migration, 0.0),
        migration_out=np.maximum(-migration, 0.0),
        onset=gain[..., 0],
        progression=-gain[..., 2],
    )
