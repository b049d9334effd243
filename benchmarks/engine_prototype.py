"""Time of the prototype of the engine for the same work, here and now.

The prototype is not part of this repository: ``--prototype FOLDER`` says where its ``engine`` folder lies. It
runs first, then ours, with its own levers and key outputs, on the same random settings, in one session.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

RUNS, THREADS, REPEATS = 20_000, 2, 5


def beside_prototype(folder: Path, model: Path) -> tuple[float, float]:
    """Time of a run in the prototype and in ours, seconds; both must give the same numbers.

    Raises
    ------
    ValueError
        If they differ by more than 1e-9 of a series' scale.
    """
    sys.path.insert(0, str(folder))
    import be_c
    import fe
    import levers as theirs
    from sdcompile import compile

    with tempfile.TemporaryDirectory() as cache:
        loaded = fe.Model(str(model))
        old = be_c.Engine(loaded, levers=theirs.LEVERS, outputs=theirs.KPI, W=8, cache=cache, saveper=1.0)
        settings = theirs.sample(loaded, RUNS)
        wanted = np.empty((old.nsave, old.nout, RUNS))
        before = median(lambda: old.run(settings, RUNS, threads=THREADS, out=wanted))
    names, outputs = ([key.replace("_", " ") for key in keys] for keys in (theirs.LEVERS, theirs.KPI))
    new = compile(model, levers=names, outputs=outputs, save_every=1.0)
    values = np.concatenate([np.asarray(settings[key]).reshape(RUNS, -1) for key in theirs.LEVERS], axis=1)
    given = new.run_array(values, threads=THREADS, nonfinite="keep")
    size = abs(wanted).max(axis=(0, 2), keepdims=True)
    if not (abs(given - wanted) <= 1e-9 * size).all():
        raise ValueError("the prototype gives other numbers: times cannot be compared")
    return before, median(lambda: new.run_array(values, threads=THREADS, nonfinite="keep"))


def median(action: Callable[[], object]) -> float:
    """Median time of a run."""
    action()
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) / RUNS)
    return statistics.median(taken)
