"""Rates and shares that a projection is closed with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, refuse

from dudley_sd.inputs.ages import AGE_BANDS, FIFTHS, NEEDS


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
    fifth_shares
        Share of each band in each deprivation fifth, dims (age, fifth), adding to 1 over fifth (``Dmnl``).
    need_shares
        Share of each band and fifth in each state of need, dims (age, need, fifth), adding to 1 over need
        (``Dmnl``).
    relative_risk
        Risk of death by need relative to Well, dims (need) (``Dmnl``); only ratios count.
    risk_by_fifth
        Risk of death by fifth at the same age and need, dims (age, fifth) (``Dmnl``); only ratios within a
        band count.
    migration_weight
        Net migration per head relative to the average, dims (age) (``Dmnl``); only ratios count. ``None``:
        net migration in proportion to population.
    births_level, deaths_level
        Births per woman and deaths per person from the projection's first mid-year on, relative to the
        projection (``Dmnl``): at 1 its people are as published.
    """

    death_rates: xr.DataArray
    mortality_improvement: float
    births_recent: float | None
    deaths_recent: float | None
    fertility: xr.DataArray
    female_share: float
    fifth_shares: xr.DataArray
    need_shares: xr.DataArray
    relative_risk: xr.DataArray
    risk_by_fifth: xr.DataArray
    migration_weight: xr.DataArray | None = None
    births_level: float = 1.0
    deaths_level: float = 1.0

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
        "fifth_shares": {"age": AGE_BANDS, "fifth": FIFTHS},
        "need_shares": {"age": AGE_BANDS, "need": NEEDS, "fifth": FIFTHS},
        "relative_risk": {"need": NEEDS},
        "risk_by_fifth": {"age": AGE_BANDS, "fifth": FIFTHS},
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
        for name in ("mortality_improvement", "female_share")
        if not 0.0 <= getattr(assumptions, name) <= 1.0
    ]
    for name, over in (("fifth_shares", "fifth"), ("need_shares", "need")):
        shares = getattr(assumptions, name)
        if (shares <= 0).any():
            problem = "a share is not above zero, and no flow can be a share of an empty stock"
            faults.append(_fault(name, problem, f"Give every {over} some people"))
        if over in shares.dims and not np.allclose(shares.sum(over), 1.0, rtol=0.0, atol=1e-12):
            faults.append(_fault(name, "the shares of a band do not add to 1", "Divide each band by its sum"))
    return faults


def _level_faults(assumptions: Assumptions) -> list[Fault]:
    return [
        _fault(
            name, f"value {level} is not a positive number", "Give persons a year, or None: rates as they are"
        )
        for name in ("births_recent", "deaths_recent")
        if (level := getattr(assumptions, name)) is not None and not 0.0 < level < np.inf
    ] + [
        _fault(name, f"value {level} is not a positive number", "Give 1 for the projection as it is")
        for name in ("births_level", "deaths_level")
        if not 0.0 < (level := getattr(assumptions, name)) < np.inf
    ]


def _fault(name: str, problem: str, remedy: str) -> Fault:
    return Fault("assumptions", name, problem, remedy)
