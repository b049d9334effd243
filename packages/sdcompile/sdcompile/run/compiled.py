"""Compiled model: takes lever values, gives the outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sdcompile.arrays import Floats
from sdcompile.errors import Fault, InputError
from sdcompile.plan.data import with_numbers
from sdcompile.plan.plan import Plan, Series
from sdcompile.run.c_engine import CEngine
from sdcompile.run.lever_matrix import LeverMatrix, lever_matrix
from sdcompile.run.numpy_engine import NumpyEngine

if TYPE_CHECKING:
    import xarray as xr

STREAM_BLOCK = 4096


class Compiled:
    """A model file made ready to run many times.

    Made by ``sdcompile.compile``. Not changed by running: several threads may share one.
    """

    def __init__(self, plan: Plan, engine: CEngine | NumpyEngine) -> None:
        self._plan = plan
        self._engine = engine

    @property
    def engine(self) -> str:
        """What works out the numbers: ``c`` or ``numpy``."""
        return self._engine.name

    @property
    def levers(self) -> list[str]:
        """Labels of the levers, in the order of lever values."""
        return list(self._plan.levers)

    @property
    def defaults(self) -> Floats:
        """The model's own value of each lever."""
        return self._plan.lever_defaults.copy()

    @property
    def outputs(self) -> list[Series]:
        """What is stored, and where in the second dimension of raw results."""
        return list(self._plan.outputs)

    @property
    def times(self) -> Floats:
        """The saved times."""
        return self._plan.saved_times

    def run(self, values: Any = None, *, threads: int | None = None, nonfinite: str = "raise") -> xr.Dataset:
        """Run the model once for each setting of the levers, and label the results.

        Parameters
        ----------
        values
            See ``sdcompile.run.lever_matrix.lever_matrix``; None runs the model as it is.
        threads
            Processors to use; all that the process may use if None.
        nonfinite
            ``raise`` makes a result that is not a finite number an error; ``keep`` returns it.

        Returns
        -------
        xarray.Dataset
            One variable an output, dims (run, time, ...subscripts), without ``run`` for a single setting.

        Raises
        ------
        InputError
            For bad lever values, or naming the first variable, time and run that is not finite.
        """
        import xarray as xr

        given = self._values(values)
        raw = self._empty(given.runs)
        self._fill(given, raw, threads, nonfinite)
        arrays: dict[str, xr.Variable] = {}
        coords: dict[str, object] = {"time": self.times}
        names = result_names([series.key for series in self._plan.outputs])
        for series, name in zip(self._plan.outputs, names, strict=True):
            part = raw[:, series.place : series.place + series.size]
            shaped = part.reshape(len(raw), *series.shape, given.runs)
            values, dims = np.moveaxis(shaped, -1, 0), ("run", "time", *series.dims)
            if given.single:
                values, dims = values[0], dims[1:]
            attributes = {"units": series.units, "long_name": series.name}
            arrays[name] = xr.Variable(dims, values, attributes)
            coords |= {d: list(labels) for d, labels in zip(series.dims, series.labels, strict=True)}
        return xr.Dataset(arrays, coords=coords, attrs={"model": self._plan.source})

    def run_array(
        self,
        values: Any = None,
        *,
        threads: int | None = None,
        nonfinite: str = "raise",
        numbered: Sequence[int] | None = None,
    ) -> Floats:
        """Run as ``run`` does and return the raw numbers, [time, series, run].

        ``numbered`` is what an error calls each run; its place among them if None.
        """
        given = self._values(values)
        raw = self._empty(given.runs)
        self._fill(given, raw, threads, nonfinite, numbered)
        return raw

    def run_into(
        self, values: Any, out: Floats, *, threads: int | None = None, nonfinite: str = "raise"
    ) -> None:
        """Run as ``run`` does into a buffer of the caller: float64, C order, [time, series, run]."""
        given = self._values(values)
        wanted = (self._plan.rows, self._plan.series, given.runs)
        if out.shape != wanted or out.dtype != np.float64 or not out.flags.c_contiguous:
            problem = f"it is {out.dtype} {out.shape}, C order {out.flags.c_contiguous}"
            raise InputError([Fault("buffer", "", problem, f"Give float64 {wanted} in C order")])
        self._fill(given, out, threads, nonfinite)

    def stream(
        self, values: Any, *, block: int = STREAM_BLOCK, threads: int | None = None, nonfinite: str = "raise"
    ) -> Iterator[tuple[int, int, Floats]]:
        """Run in blocks, so that memory does not grow with the number of runs.

        Yields
        ------
        tuple
            First run, one past the last, and their results [time, series, run]. The array is used again
            for the next block: copy what is to be kept.
        """
        given = self._values(values)
        room = self._empty(min(block, given.runs))
        for first in range(0, given.runs, block):
            last = min(given.runs, first + block)
            part = LeverMatrix(np.ascontiguousarray(given.matrix[:, first:last]), False)
            out = room if last - first == room.shape[2] else self._empty(last - first)
            self._fill(part, out, threads, nonfinite, range(first, last))
            yield first, last, out

    @property
    def numbers(self) -> frozenset[str]:
        """Keys of the constants and tables that the program reads, see `with_numbers`."""
        return frozenset(key for kind in self._plan.places.values() for key in kind)

    def with_numbers(self, numbers: Mapping[str, Floats]) -> Compiled:
        """Return the same program on other numbers than the model's files have, without compiling again.

        Parameters
        ----------
        numbers
            By key of a variable, as ``reference_people``: of a constant, its elements in order; of a table
            over time, [point, element] at the points that its file has.

        Raises
        ------
        InputError
            If the program reads no such numbers.
        """
        plan = replace(self._plan, data=with_numbers(self._plan.data, self._plan.places, numbers))
        return Compiled(plan, self._engine.on(plan))

    def javascript(self) -> str:
        """Return the same program as an ES module: ``run(levers) -> Float64Array``."""
        return self._plan.texts["javascript"]

    def write_javascript(self, path: str | Path) -> None:
        """Write the ES module to a file."""
        Path(path).write_text(self.javascript(), encoding="utf-8")

    def _values(self, values: Any) -> LeverMatrix:
        return lever_matrix(values, self._plan.levers, self._plan.lever_defaults)

    def _empty(self, runs: int) -> Floats:
        return np.empty((self._plan.rows, self._plan.series, runs))

    def _fill(
        self,
        given: LeverMatrix,
        out: Floats,
        threads: int | None,
        nonfinite: str,
        numbered: Sequence[int] | None = None,
    ) -> None:
        if nonfinite not in ("raise", "keep"):
            raise InputError([Fault("nonfinite", "", f"it is {nonfinite!r}", "Write 'raise' or 'keep'")])
        if given.runs == 0:
            return
        wrong = self._engine.run(given.matrix, out, 0, given.runs, threads)
        bad = np.flatnonzero(wrong != 0.0)
        if len(bad) and nonfinite == "raise":
            number = int(bad[0]) if numbered is None else numbered[int(bad[0])]
            raise self._not_finite(given.matrix[:, int(bad[0])], number, len(bad))

    def _not_finite(self, levers: Floats, run: int, count: int) -> InputError:
        """Run once more in NumPy, looking at every value, to name the first that is not finite."""
        plan = self._plan

        def watch(key: str, values: Floats, step: int) -> None:
            if not np.isfinite(values).all():
                raise _FoundError(key, int(step))

        try:
            NumpyEngine(plan).watched(np.ascontiguousarray(levers), watch)
        except _FoundError as found:
            where = f"variable {plan.names[found.key]}, time {plan.times[found.step]:g}, run {run}"
            more = f"; {count} runs are affected" if count > 1 else ""
            remedy = plan.notes.get(found.key) or "Guard the equation with ZIDZ or XIDZ, or change the levers"
            return InputError([Fault(plan.source, where, f"it is not a finite number{more}", remedy)])
        problem = "the result is not finite in C but is in NumPy"
        return InputError([Fault(plan.source, f"run {run}", problem, "Report this: the engines disagree")])


class _FoundError(Exception):
    def __init__(self, key: str, step: int) -> None:
        super().__init__(key)
        self.key = key
        self.step = step


def result_names(keys: Sequence[str]) -> list[str]:
    """Name the variables of a result; several that would share a name keep their spelling in the model."""
    taken = Counter(python_name(key) for key in set(keys))
    return [key if taken[python_name(key)] > 1 else python_name(key) for key in keys]


def python_name(key: str) -> str:
    """Spell a variable the way results are named: lower case, words joined by underscores."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in key.strip('"'))
