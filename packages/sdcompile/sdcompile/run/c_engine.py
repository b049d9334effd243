"""Engine in C: finds or builds the library, proves it, and shares runs out over threads."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdcompile import cache
from sdcompile.application import APPLICATION
from sdcompile.arrays import Floats
from sdcompile.digests import PACKAGE
from sdcompile.errors import warn
from sdcompile.plan.plan import GENERATOR, Plan, Proof, save_plan
from sdcompile.run.compiler import BuildError, Compiler, Target, targets
from sdcompile.run.selftest import difference, proof

LIBRARY = "library.so"
BLOCK = 32
"""Lanes of runs to a piece of work for one thread."""


_PROOF = """
import sys
from pathlib import Path
from sdcompile.run.c_engine import Library
from sdcompile.plan.plan import load_plan
plan = load_plan(Path(sys.argv[1]))
Library(plan, Path(sys.argv[2])).prove(plan.test)
"""


class Library:
    """One built library: whole as it was stored, and proved before that."""

    def __init__(self, plan: Plan, path: Path) -> None:
        self._plan = plan
        self._library = ctypes.CDLL(str(path))
        for name in ("engine_lanes", "engine_memory"):
            getattr(self._library, name).restype = ctypes.c_int64
        self.lanes = int(self._library.engine_lanes())
        self._memory = int(self._library.engine_memory()) * self.lanes
        self._run = self._library.engine_run
        self._run.restype = None
        self._steps = len(plan.times) - 1
        self._share()

    def on(self, plan: Plan) -> Library:
        """Return the same library, which is proved, for a plan of the same program on other numbers."""
        other = copy(self)
        other._plan = plan
        other._share()
        return other

    def run(self, levers: Floats, out: Floats, wrong: Floats, first: int, last: int) -> None:
        """Work out runs ``first`` to ``last`` on this thread; the arrays are those of all runs."""
        memory = _aligned(self._memory)
        plan, count = self._plan, levers.shape[1]
        self._run(
            *(_pointer(a) for a in (plan.data, self._shared, self._track, plan.own, plan.lever_places)),
            ctypes.c_int64(len(plan.levers)),
            *(_pointer(a) for a in (levers, plan.times, plan.row_of)),
            *(ctypes.c_int64(self._steps), ctypes.c_double(plan.time_step)),
            *(ctypes.c_int64(number) for number in (count, first, last)),
            *(_pointer(a) for a in (memory, out, wrong)),
        )

    def _share(self) -> None:
        """Work out, once, what no lever changes."""
        plan = self._plan
        self._shared = np.zeros(plan.sizes["shared"])
        self._track = np.zeros((self._steps + 2) * plan.sizes["track"])
        queue = np.zeros(plan.sizes["queue"])
        share = self._library.engine_share
        share.restype = None
        arrays = (plan.data, self._shared, self._track, queue, plan.times, plan.row_of)
        share(
            *(_pointer(array) for array in arrays),
            ctypes.c_int64(self._steps),
            ctypes.c_double(plan.time_step),
        )

    def prove(self, test: Proof) -> None:
        """Compare with NumPy: one run more than the lanes, so that a full and a partial lane are tried.

        Raises
        ------
        BuildError
            Naming the first series that differs.
        """
        settings = [run % test.levers.shape[1] for run in range(self.lanes + 1)]
        levers = np.ascontiguousarray(test.levers[:, settings])
        out = np.full((self._plan.rows, self._plan.series, len(settings)), np.nan)
        self.run(levers, out, np.zeros(len(settings)), 0, len(settings))
        found = difference(self._plan, test, out, settings)
        if found:
            raise BuildError(f"it fails its self-test: {found}")


class CEngine:
    """A plan, ready to run in C.

    Parameters
    ----------
    plan
        What to run.
    compiler
        What to build with.

    Raises
    ------
    BuildError
        If no target builds and proves; the message is the compiler's or the self-test's.
    """

    name = "c"

    def __init__(self, plan: Plan, compiler: Compiler) -> None:
        self.plan = plan
        self._compiler = compiler
        self._single: Library | None = None
        self._many: Library | None = None

    def on(self, plan: Plan) -> CEngine:
        """Return the engine of the same program on other numbers, with the libraries that are proved here."""
        other = CEngine(plan, self._compiler)
        other._many = self.many.on(plan)
        other._single = other._many if self._single is None else self._single.on(plan)
        return other

    def run(self, levers: Floats, out: Floats, first: int, last: int, threads: int | None = None) -> Floats:
        """Work out runs ``first`` to ``last`` (see ``NumpyEngine.run``)."""
        wrong = np.zeros(levers.shape[1])
        few = last - first < 3
        library = self._single or self._many or self.single if few else self.many
        workers = threads or usable_processors()
        size = library.lanes * BLOCK
        starts = range(first, last, size)
        if workers == 1 or len(starts) == 1:
            library.run(levers, out, wrong, first, last)
            return wrong[first:last]
        with ThreadPoolExecutor(workers) as pool:
            work = [pool.submit(library.run, levers, out, wrong, s, min(last, s + size)) for s in starts]
            for piece in work:
                piece.result()
        return wrong[first:last]

    @property
    def single(self) -> Library:
        """The library for one run."""
        if self._single is None:
            self._single = self._first_proved(side_by_side=False)
        return self._single

    @property
    def many(self) -> Library:
        """The library for many runs side by side."""
        if self._many is None:
            try:
                self._many = self._first_proved(side_by_side=True)
            except BuildError as error:
                warn(f"many runs are worked out one by one, more slowly, because {error.summary}")
                self._many = self.single
        return self._many

    def _first_proved(self, side_by_side: bool) -> Library:
        """Try the most able target first; one that fails its self-test gives way to the next."""
        problems: list[str] = []
        for target in targets():
            try:
                return self._library(target, target.lanes if side_by_side else 1)
            except BuildError as error:
                problems.append(str(error))
        raise BuildError("\n".join(problems))

    def _library(self, target: Target, lanes: int) -> Library:
        compiler, text = self._compiler, self.plan.texts["c"]
        flags = " ".join(compiler.flags(target, lanes))
        key = cache.key_of("library", str(GENERATOR), text, compiler.identity, flags)

        def build(folder: Path) -> None:
            _refuse_closed_folder(folder)
            compiler.build(text, target, lanes, folder / LIBRARY)
            self.plan.test = self.plan.test or proof(self.plan)
            _prove_alone(self.plan, folder / LIBRARY)

        try:
            path = cache.remember("libraries", key, build) / LIBRARY
            return Library(self.plan, path)
        except (OSError, AttributeError) as error:
            raise BuildError(f"the library cannot be stored or loaded: {error}") from error


def _refuse_closed_folder(folder: Path) -> None:
    """Refuse to build where nothing may be executed; where the system does not say, loading will tell."""
    if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise BuildError(
            f"{folder.parent} may hold nothing that runs (noexec); set {APPLICATION.cache_variable} elsewhere"
        )


def _prove_alone(plan: Plan, library: Path) -> None:
    """Load and try a new library in a process of its own, which half a library may bring down."""
    stored = library.with_name("proof.npz")
    save_plan(plan, stored)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)])}
    command = [sys.executable, "-c", _PROOF, str(stored), str(library)]
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"the library could not be tried: {error}") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"its process ended with {done.returncode}"])[-1]
        raise BuildError(f"the library that the compiler wrote is of no use: {said}")
    stored.unlink()


def usable_processors() -> int:
    """Count the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _aligned(count: int) -> Floats:
    """Return room for ``count`` numbers that starts where vectors may start."""
    room = np.zeros(count + 8)
    start = (-room.ctypes.data % 64) // 8
    aligned: Floats = room[start : start + count]
    return aligned


def _pointer(array: npt.NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
