"""Invariants of a result: what must hold whatever was asked for, checked each time and not only in tests.

One gate for `dudley_sd.run`, ensembles, the dashboard and its files: each computes the variables of `gate`,
whether or not it keeps them, and hands them to `check_invariants`. Settings inside their limits break no rule
(`tests/properties/test_random_levers.py`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import xarray as xr

from dudley_sd.indicators import within

CONSERVED = {
    "total_population = reference_total_population + departure_by_births + departure_by_deaths + "
    "departure_by_migration": "people are not conserved",
    "activity_before_shift = activity_after_shift + landed_shift": "activity is lost in the shift",
    "potential_shift = landed_shift + unlanded_shift": "landed and unlanded shift do not add up",
}
"""Sums that hold in every result, and what is wrong where one does not."""

BODIES = "balance"
SYSTEM = "system_balance"
FUNDING = "system_funding"
"""Money of each body, of all of them, and what comes in, on whose scale a loss counts."""

ROUNDING = 1e-9


@cache
def gate() -> tuple[str, ...]:
    """Keys of all variables that a rule looks at."""
    sums = [name for law in CONSERVED for name in _names(law)]
    return tuple(dict.fromkeys([*within("positive"), *within("share"), *sums, BODIES, SYSTEM, FUNDING]))


def check_invariants(results: xr.Dataset) -> None:
    """Refuse a result that cannot be true.

    Parameters
    ----------
    results
        From `assemble`; only the rules whose variables are there are checked.

    Raises
    ------
    BrokenInvariantError
        A value that is not finite; a negative stock or flow of joiners; a share outside [0, 1]; people not
        conserved (the total is not the projection's plus what births, deaths and migration explain); activity
        that does not add up over the shift, or money that appears or vanishes between bodies, to one part in
        10^9 of the turnover or the largest balance. Every broken rule is named with its worst place.
    """
    broken = [
        *_not_finite(results),
        *_negative(results),
        *_no_share(results),
        *_sums(results),
        *_money(results),
    ]
    if broken:
        raise BrokenInvariantError("The result breaks what must always hold:\n  " + "\n  ".join(broken))


def _not_finite(results: xr.Dataset) -> list[str]:
    return [
        f"{name} is not finite at {_coordinates(results, str(name), ~np.isfinite(variable.values))}"
        for name, variable in results.variables.items()
        if name in results.data_vars and not np.isfinite(variable.values).all()
    ]


def _negative(results: xr.Dataset) -> list[str]:
    return [
        f"{name} is negative at {_coordinates(results, name, results.variables[name].values < 0)}"
        for name in within("positive")
        if name in results.variables and results.variables[name].values.min(initial=0.0) < -ROUNDING
    ]


def _no_share(results: xr.Dataset) -> list[str]:
    found = []
    for name in within("share"):
        if name in results.variables:
            values = results.variables[name].values
            if values.min(initial=0.0) < -ROUNDING or values.max(initial=0.0) > 1 + ROUNDING:
                outside = (values < -ROUNDING) | (values > 1 + ROUNDING)
                found.append(f"{name} is outside [0, 1] at {_coordinates(results, name, outside)}")
    return found


def _sums(results: xr.Dataset) -> list[str]:
    broken = []
    for law, text in CONSERVED.items():
        if arrays := _arrays(results, *_names(law)):
            whole, first, *others = arrays
            broken += _unequal(results, _names(law)[0], text, whole, sum(others, first))
    return broken


def _names(law: str) -> list[str]:
    return law.replace("=", "+").split(" + ")


def _money(results: xr.Dataset) -> list[str]:
    """Compare balances of bodies with what came in less what went out: what one pays another receives."""
    arrays = _arrays(results, BODIES, SYSTEM, FUNDING)
    if not arrays:
        return []
    balance, system, funding = arrays
    bodies = [dim for dim in balance.dims if dim not in system.dims]
    size = np.maximum(np.maximum(funding.max("year"), abs(balance).max([*bodies, "year"])), 1.0)
    broken = (abs(balance.sum(bodies) - system) > ROUNDING * size).transpose(*system.dims).values
    return [f"money is not conserved at {_coordinates(results, SYSTEM, broken)}"] if broken.any() else []


def _arrays(results: xr.Dataset, *names: str) -> list[xr.Variable]:
    """Arrays without their labels, which take most of the time of an operation; none if one is not there."""
    return [results.variables[name] for name in names] if set(names) <= set(results.variables) else []


def _unequal(results: xr.Dataset, name: str, text: str, left: xr.Variable, right: xr.Variable) -> list[str]:
    apart = (abs(left - right) > ROUNDING * np.maximum(abs(left), 1.0)).transpose(*left.dims).values
    return [f"{text} at {_coordinates(results, name, apart)}"] if apart.any() else []


def _coordinates(results: xr.Dataset, name: str, where: np.ndarray) -> str:
    """Name the first place where a condition holds in an array."""
    found = zip(results[name].dims, np.argwhere(where)[0], strict=True)
    return ", ".join(f"{dim} {results[dim].values[at]}" for dim, at in found)


class BrokenInvariantError(RuntimeError):
    """A result that must not be used: it says what cannot be, and where."""
