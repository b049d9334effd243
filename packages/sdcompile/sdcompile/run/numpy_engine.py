"""Engine in NumPy: the fallback where there is no compiler, and the check on every library."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.plan.plan import Plan
from sdcompile.write.numpy_functions import loaded

BLOCK = 256
"""Runs at a time: the arrays of a block stay in the cache."""

Watch = Callable[[str, Floats, int], None]


class NumpyEngine:
    """A plan, ready to run in NumPy."""

    name = "numpy"
    lanes = 1

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._runs = loaded(plan.texts["numpy"], plan.source, plan.data)

    def on(self, plan: Plan) -> NumpyEngine:
        """Return the engine of the same program on other numbers."""
        return NumpyEngine(plan)

    def run(
        self,
        levers: Floats,
        out: Floats,
        first: int,
        last: int,
        threads: int | None = None,  # noqa: ARG002
    ) -> Floats:
        """Work out runs ``first`` to ``last``.

        Parameters
        ----------
        levers
            Lever values, [lever, run].
        out
            Where results go, [saved time, series, run].

        Returns
        -------
        numpy.ndarray
            For each of the runs, zero while everything is finite.
        """
        for start in range(first, last, BLOCK):
            stop = min(last, start + BLOCK)
            self._run(levers[:, start:stop], out[:, :, start:stop], None)
        wrong = np.zeros(last - first)
        with np.errstate(all="ignore"):
            for series in self.plan.outputs:
                if not series.gaps:
                    part = out[:, series.place : series.place + series.size, first:last]
                    wrong += (part * 0.0).sum(axis=(0, 1))
        return wrong

    def watched(self, levers: Floats, watch: Watch) -> None:
        """Work out one run, showing every value to ``watch`` as it is found."""
        out = np.empty((self.plan.rows, self.plan.series, 1))
        self._run(levers.reshape(-1, 1), out, watch)

    def _run(self, levers: Floats, out: Floats, watch: Watch | None) -> None:
        plan = self.plan
        clock = (plan.times.tolist(), plan.row_of.tolist(), plan.time_step)
        with np.errstate(all="ignore"):
            self._runs(plan.own, levers, *clock, levers.shape[1], out, watch)
