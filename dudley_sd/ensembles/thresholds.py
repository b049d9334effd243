"""Thresholds such as ``occupancy>95%``: read, and refused where no member can cross them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.names import did_you_mean, nearest, same_name

from dudley_sd.ensembles.store_blocks import loaded

REMEDY = "Write a variable, a comparison and a number with a point, not a comma: 'occupancy>95%', 'gp_gap>0'"
SCALES = {"": 1.0, "%": 0.01, "k": 1e3, "m": 1e6}
"""What stands behind a number: per cent, thousands, millions."""

FAR = 10
"""A number that is so many times the largest value stands for another unit."""

LEAST = 0.1
"""Taken for the largest value of a share where all are smaller, nothing among them."""

_THRESHOLD = re.compile(
    r"\s*([^<>=]*?)\s*(>=|<=|>|<)\s*£?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%|k|m)?\s*"
)


@dataclass(frozen=True)
class Threshold:
    """A variable of a store, a comparison, and a number in the unit of the variable."""

    text: str
    name: str
    sign: str
    number: float


def read_thresholds(ensemble: xr.Dataset, texts: Sequence[str]) -> list[Threshold]:
    """Read thresholds as the user wrote them.

    Parameters
    ----------
    ensemble
        From `dudley_sd.ensembles.store.read_ensemble`.
    texts
        Such as ``"occupancy>0.95"``, ``"occupancy > 95%"``, ``"system_balance<-50m"``.

    Raises
    ------
    InputError
        All at once: what cannot be read, is not in the store or stands twice.
    """
    found: list[Threshold] = []
    faults: list[Fault] = []
    for text in texts:
        each = _read(ensemble, text)
        if isinstance(each, Fault):
            faults.append(each)
        elif (each.name, each.sign, each.number) in {(old.name, old.sign, old.number) for old in found}:
            faults.append(Fault("threshold", repr(text), "is asked for twice", "Keep one"))
        else:
            found.append(each)
    if faults:
        raise InputError(faults)
    return found


def far_off(ensemble: xr.Dataset, thresholds: Sequence[Threshold]) -> list[Fault]:
    """Say which numbers are not in the unit of their variable: ten times what any member ever has.

    Never to cross a threshold is an answer; never to cross one that was meant in another unit is none.
    """
    faults = []
    for each in thresholds:
        values = loaded(ensemble, each.name)
        low, high, unit = float(values.min()), float(values.max()), _unit(ensemble, each.name)
        largest = max(abs(low), abs(high), LEAST if unit == "Dmnl" else 0)
        if largest == 0 or abs(each.number) <= FAR * largest:
            continue
        counted = "a share, 1 is the whole" if unit == "Dmnl" else unit
        problem = f"{each.number:g} is far from every value, {low:.3g} to {high:.3g} ({counted})"
        percent = unit == "Dmnl" and abs(each.number) / 100 <= FAR * largest
        remedy = (
            f"Is {each.number:g} per cent meant? Write '{each.name}{each.sign}{each.number / 100:g}' or "
            f"'{each.name}{each.sign}{each.number:g}%'"
            if percent
            else "Give the number in that unit"
        )
        faults.append(Fault("threshold", repr(each.text), problem, remedy))
    return faults


def _read(ensemble: xr.Dataset, text: str) -> Threshold | Fault:
    match = _THRESHOLD.fullmatch(text)
    if match is None or not match[1]:
        return Fault("threshold", repr(text), "cannot be read", REMEDY)
    name, sign, digits, behind = match.groups(default="")
    known = {same_name(str(key)): str(key) for key in ensemble.data_vars if key != "draws"}
    key = known.get(same_name(name))
    if key is None:
        hint = did_you_mean(_near(name, list(known.values())), f"The store has {', '.join(known.values())}")
        return Fault("threshold", repr(text), f"{name!r} is not in the store", hint)
    unit = _unit(ensemble, key)
    if behind == "%" and unit != "Dmnl":
        problem = f"{key} is counted in {unit}, not in per cent"
        return Fault("threshold", repr(text), problem, "Give the number in that unit")
    number = float(digits) * SCALES[behind]
    if not math.isfinite(number):
        return Fault("threshold", repr(text), f"{digits} is no number that can be reached", REMEDY)
    return Threshold(text, key, sign, float(f"{number:.12g}"))


def _unit(ensemble: xr.Dataset, name: str) -> str:
    return str(ensemble[name].attrs.get("units", ""))


def _near(name: str, known: list[str]) -> list[str]:
    """Names that look like what was written, else those that hold its words, else the least unlike."""
    words = same_name(name).split()
    holding = [key for key in known if all(word in same_name(key) for word in words)][:5]
    return nearest(name, known) or holding or get_close_matches(name, known, cutoff=0.4)
