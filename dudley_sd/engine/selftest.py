"""No library answers before it has given the same answers as NumPy on a few lever settings."""

from __future__ import annotations

import numpy as np

from dudley_sd.engine.arrays import Floats
from dudley_sd.engine.numpy_engine import NumpyEngine
from dudley_sd.engine.plan import Plan, Reference

TOLERANCE = 1e-9
"""Of the greatest size of each series."""

_NUDGES = (1.0, 1.07, 0.93)


def reference(plan: Plan) -> Reference:
    """Work out what a library has to give: the model's own levers, and two settings beside them."""
    count = len(_NUDGES)
    levers = plan.lever_defaults[:, None] * np.array(_NUDGES)
    levers[plan.lever_defaults == 0] = np.array([0.0, 0.01, 0.02])
    out = np.empty((plan.rows, plan.series, count))
    NumpyEngine(plan).run(levers, out, 0, count)
    rows = np.unique([0, plan.rows // 2, plan.rows - 1])
    with np.errstate(all="ignore"):
        scale = np.where(np.isfinite(out), np.abs(out), 0.0).max(axis=(0, 2), initial=0.0)
    return Reference(levers, rows, out[rows], scale)


def difference(plan: Plan, out: Floats, settings: list[int]) -> str:
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
    wanted = plan.test.outputs[:, :, settings]
    given = out[plan.test.rows]
    with np.errstate(all="ignore"):
        gap = np.abs(given - wanted) / np.maximum(plan.test.scale, 1e-300)[None, :, None]
    same = (given == wanted) | (np.isnan(given) & np.isnan(wanted)) | (gap <= TOLERANCE)
    if same.all():
        return ""
    row, place, run = (int(index[0]) for index in np.nonzero(~same))
    owner = next(s for s in plan.outputs if s.place <= place < s.place + s.size)
    return (
        f"{owner.name!r} at time {plan.saved_times[plan.test.rows[row]]:g} is {given[row, place, run]!r}, "
        f"NumPy gives {wanted[row, place, run]!r}"
    )
