"""How the people of each band divide by need, and how many must fall ill for the shares to hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dudley_sd.inputs.assumptions import Assumptions
from dudley_sd.inputs.closure import AgeFlows

Array = npt.NDArray[np.float64]


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
