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
    "emergency_admissions = overnight_admissions + zero_night_admissions": "admissions do not add up",
    "people_in_beds = inpatients + people_delayed": "people in hospital do not add up",
}
"""Sums that hold in every result, and what is wrong where one does not."""

UNACCOUNTED = {
    "people_unaccounted_for": ("all_staff_in_post", "staff are not conserved"),
    "gps_unaccounted_for": ("gp_heads", "GPs are not conserved"),
    "money_unaccounted_for": ("system_funding", "money is not conserved"),
}
"""Differences that the model keeps and that are nothing in every result; on whose scale one counts, and what
is wrong where it is more."""

ROUNDING = 1e-9


@cache
def gate() -> tuple[str, ...]:
    """Keys of all variables that a rule looks at."""
    sums = [name for law in CONSERVED for name in _names(law)]
    kept = [name for each, (scale, _) in UNACCOUNTED.items() for name in (each, scale)]
    return tuple(dict.fromkeys([*within("positive"), *within("share"), *sums, *kept]))


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
        conserved (the total is not the projection's plus what births, deaths and migration explain); GPs,
        staff or money that appear or vanish, to one part in 10^9 of their number or the year's turnover.
        Every broken rule is named with its worst place.
    """
    broken = [
        *_not_finite(results),
        *_negative(results),
        *_no_share(results),
        *_sums(results),
        *_unaccounted(results),
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


def _unaccounted(results: xr.Dataset) -> list[str]:
    broken = []
    for name, (scale, text) in UNACCOUNTED.items():
        if arrays := _arrays(results, name, scale):
            apart, size = arrays
            lost = (abs(apart) > ROUNDING * np.maximum(size.max("year"), 1.0)).transpose(*apart.dims).values
            broken += [f"{text} at {_coordinates(results, name, lost)}"] if lost.any() else []
    return broken


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
