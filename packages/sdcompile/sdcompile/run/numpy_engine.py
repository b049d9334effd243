"""Runs a plan in NumPy: the fallback where there is no compiler, and the check on every library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.plan.plan import Plan
from sdcompile.write.numpy_functions import grid, modulo, quantum, xidz

BLOCK = 256
"""Runs at a time: the arrays of a block stay in the cache."""

Watch = Callable[[str, Floats, int], None]


def loaded(text: str, source: str, data: Floats) -> Callable[..., None]:
    """Make the function of a program in NumPy: it works out a block of runs."""
    functions = {"grid": grid, "modulo": modulo, "quantum": quantum, "xidz": xidz}
    space: dict[str, Any] = {"np": np, **functions}
    exec(compile(text, f"<{source} in NumPy>", "exec"), space)
    space.update(space["prepare"](data))
    runs: Callable[..., None] = space["run"]
    return runs


class NumpyEngine:
    """A plan, ready to run in NumPy."""

    name = "numpy"
    lanes = 1

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._runs = loaded(plan.texts["numpy"], plan.source, plan.data)

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
