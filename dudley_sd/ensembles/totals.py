"""Totals of areas, member by member: sums first, ratios from sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr
from sdcompile.errors import Fault, InputError
from sdcompile.read.model import Model

from dudley_sd.indicators import ratios
from dudley_sd.inputs.footprints import Total
from dudley_sd.results.tidy import ECHOES
from dudley_sd.results.totals import SAME
from dudley_sd.settings.sizes import adds_up

SUM, RATIO, ALIKE = "sum", "ratio", "alike"
"""How a total has a variable: the sum of its parts', worked out again from sums, or as every part has it."""


def way_of(model: Model, key: str) -> str | None:
    """How a total has a variable; None: its parts do not tell."""
    variable = model.variables[key]
    if adds_up(variable.units):
        return SUM
    if key in ratios():
        return RATIO
    return ALIKE if variable.kind in ECHOES else None


def unsummable(model: Model, outputs: Sequence[str]) -> list[str]:
    """Name the outputs that a total of areas cannot have."""
    return [key for key in outputs if way_of(model, key) is None]


def total_faults(model: Model, outputs: Sequence[str], totals: Iterable[Total]) -> list[Fault]:
    """Say which outputs cannot be told of a total, and what to do."""
    names = ", ".join(unsummable(model, outputs))
    problem = f"cannot be told of the sum of areas: the mean of two is not the total's ({names})"
    return [
        Fault("outputs", total.id, problem, f"Leave them out, or ask for the parts: {', '.join(total.parts)}")
        for total in totals
        if names
    ]


def add_up(parts: Sequence[xr.Dataset], ways: Mapping[str, str], outputs: Iterable[str]) -> xr.Dataset:
    """Work out the outputs of a total.

    Parameters
    ----------
    parts
        Each area's outputs and the ingredients of their ratios, dims (scenario, member, year, ...).
    ways
        From `way_of`, of all of them.
    outputs
        Those to return.

    Raises
    ------
    InputError
        If what every part should have alike differs between them.
    """
    first = parts[0]
    sums = {}
    for key, way in ways.items():
        found = [part.variables[key].to_numpy() for part in parts]
        if way == ALIKE and not all(np.allclose(found[0], each, rtol=SAME, atol=0.0) for each in found[1:]):
            problem = "is not the same in all areas of a sum, and does not add up"
            raise InputError([Fault("outputs", key, problem, "Leave it out")])
        if way != RATIO:
            whole = np.sum(found, axis=0) if way == SUM else found[0]
            sums[key] = xr.Variable(first.variables[key].dims, whole)
    together = xr.Dataset(sums, coords=first.coords)
    arrays = {}
    for key in outputs:
        if ways[key] == RATIO:
            dims = first.variables[key].dims
            arrays[key] = ratios()[key].of(together, dims).transpose(*dims).variable
        else:
            arrays[key] = together.variables[key]
    return xr.Dataset(arrays, coords=first.coords)
