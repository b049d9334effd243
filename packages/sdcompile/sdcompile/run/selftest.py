"""Self-test of a library: it answers once it has given NumPy's answers on a few lever settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.plan.plan import Plan, Proof
from sdcompile.run.numpy_engine import NumpyEngine

TOLERANCE = 1e-9
"""Of the greatest size of each series."""

NOISE = 100.0
"""Times what a series changes when every number of the model is off in its thirteenth digit."""

FLOOR = 1e-14
"""Beneath this a number is the rounding of a sum that comes to nothing, and its order differs."""

_SETTINGS = (1.0, 1.07, 0.93)
_NUDGE = 1e-13
_NUDGED_RUNS = 2


def proof(plan: Plan) -> Proof:
    """Work out what a library has to give: the model's own levers, and two settings beside them.

    A series that is the difference of two equal numbers is nothing but rounding, and has no size to be
    compared with. So the same runs are made with the numbers of the model off in their thirteenth digit: what
    that changes, no engine can be held to.
    """
    levers = plan.lever_defaults[:, None] * np.array(_SETTINGS)
    levers[plan.lever_defaults == 0] = np.array([0.0, 0.01, 0.02])
    out = _answers(plan, levers)
    rows = np.unique([0, plan.rows // 2, plan.rows - 1])
    noise = np.zeros(plan.series)
    chance = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        size = np.where(np.isfinite(out), np.abs(out), 0.0).max(axis=(0, 2), initial=0.0)
        for _ in range(_NUDGED_RUNS):
            nudged = replace(plan, data=_nudged(plan.data, chance), own=_nudged(plan.own, chance))
            change = np.abs(_answers(nudged, _nudged(levers, chance)) - out)
            noise = np.maximum(
                noise, np.where(np.isfinite(change), change, 0.0).max(axis=(0, 2), initial=0.0)
            )
    return Proof(levers, rows, out[rows], TOLERANCE * size + NOISE * noise + FLOOR)


def _answers(plan: Plan, levers: Floats) -> Floats:
    out = np.empty((plan.rows, plan.series, levers.shape[1]))
    NumpyEngine(plan).run(levers, out, 0, levers.shape[1])
    return out


def _nudged(values: Floats, chance: np.random.Generator) -> Floats:
    """Move numbers a little, except round ones: a date or a switch means just what it says."""
    moved = values * (1.0 + _NUDGE * chance.uniform(-1.0, 1.0, values.shape))
    return np.where(values * 1024 == np.round(values * 1024), values, moved)


def difference(plan: Plan, test: Proof, out: Floats, settings: list[int]) -> str:
    """Compare results with the reference.

    Parameters
    ----------
    out
        Results of some runs, [saved time, series, run].
    settings
        Which reference setting each run used.

    Returns
    -------
    str
        Empty if they agree; else the first series that does not, and by how much.
    """
    wanted = test.outputs[:, :, settings]
    given = out[test.rows]
    with np.errstate(all="ignore"):
        close = np.abs(given - wanted) <= test.tolerance[None, :, None]
    same = (given == wanted) | (np.isnan(given) & np.isnan(wanted)) | close
    if same.all():
        return ""
    row, place, run = (int(index[0]) for index in np.nonzero(~same))
    owner = next(s for s in plan.outputs if s.place <= place < s.place + s.size)
    return (
        f"{owner.name!r} at time {plan.saved_times[test.rows[row]]:g} is {given[row, place, run]}, "
        f"NumPy gives {wanted[row, place, run]}"
    )
