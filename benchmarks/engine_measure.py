"""Measurements of one model: PySD, the first answer, one run, many runs, steps and memory."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from engine_work import Work, work_of_a_run

SIZES = (1_000, 10_000, 100_000)
OUTPUTS = 20
REPEATS = 15
FINER = (1, 2, 4)
"""How many times shorter TIME STEP is made, to see how cost grows with steps."""


@dataclass
class Measured:
    """Seconds of one model, unless said otherwise.

    Attributes
    ----------
    pysd, series
        One PySD run of all variables, and how many series it gives.
    cold, stored_arrays, stored_labelled
        The first answer of a new process with nothing stored; with everything stored, as arrays and labelled.
    one, one_of_some, labelled
        One run in C: all series; 20 outputs as an array; 20 outputs labelled, through ``Compiled.run``.
    many
        By runs and threads: seconds a run, and the megabytes of the process.
    scalar
        A run of many without lanes, on one thread.
    steps
        By how many times shorter TIME STEP is: seconds of a run with 20 outputs.
    beside_prototype
        A run in the engine's prototype and in this one, same levers and outputs, if the prototype is there.
    """

    pysd: float
    series: int
    cold: float = 0.0
    stored_arrays: float = 0.0
    stored_labelled: float = 0.0
    one: float = 0.0
    one_of_some: float = 0.0
    labelled: float = 0.0
    numpy: float = 0.0
    javascript: float | None = None
    scalar: float = 0.0
    many: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    steps: dict[int, float] = field(default_factory=dict)
    work: Work = field(default_factory=Work)
    beside_prototype: tuple[float, float] | None = None


def measure(path: Path) -> Measured:
    """Measure one model."""
    from sdcompile import compile

    with tempfile.TemporaryDirectory() as cache:
        os.environ["SDCOMPILE_CACHE"] = os.environ["DUDLEY_SD_CACHE"] = cache
        levers, outputs = choose(path)
        found = Measured(*pysd_seconds(path))
        found.cold = fresh(path, levers, outputs, FIRST.format("run_array()"))["s"]
        found.stored_arrays, found.stored_labelled = (
            statistics.median(fresh(path, levers, outputs, FIRST.format(call))["s"] for _ in range(5))
            for call in ("run_array()", "run()")
        )
        everything = compile(path, levers=levers)
        found.one = seconds(everything.run_array)
        some = compile(path, levers=levers, outputs=outputs)
        found.one_of_some, found.labelled = seconds(some.run_array), seconds(some.run)
        found.numpy = seconds(compile(path, levers=levers, engine="numpy").run_array, 5)
        found.javascript = javascript_seconds(everything.javascript())
        found.scalar = scalar_seconds(path, levers, outputs)
        for runs in SIZES:
            for threads in (1, 2):
                many = fresh(path, levers, outputs, MANY.format(runs=runs, threads=threads))
                found.many[runs, threads] = many["s"], many["mb"]
        step = some.time_step if hasattr(some, "time_step") else some._plan.time_step
        for finer in FINER:
            model = compile(path, levers=levers, outputs=outputs, time_step=step / finer)
            found.steps[finer] = seconds(model.run_array)
        found.work = work_of_a_run(path, levers, outputs)
        return found


def seconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of an action, after one that is not counted."""
    action()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def pysd_seconds(path: Path) -> tuple[float, int]:
    """Time of one PySD run of all variables, and how many series it gives."""
    import pysd

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = Path(folder) / "model"
        shutil.copytree(path.parent, copy)
        model = pysd.read_vensim(str(copy / path.name))
        start = time.perf_counter()
        frame = model.run()
        return time.perf_counter() - start, frame.shape[1]


def choose(path: Path) -> tuple[list[str], list[str]]:
    """Pick levers (single constants, not switches) and outputs (single computed numbers) of any model."""
    from sdcompile.equations.graph import Kind, constants, visible
    from sdcompile.read.equations import read_equations

    equations = read_equations(path)
    single = [key for key in constants(equations) if equations.variables[key].size == 1]
    levers = [key for key in single if abs(float(equations.variables[key].values)) not in (0.0, 1.0)][:25]
    kinds = {key: equations.variables[key].kind for key in visible(equations)}
    computed = [key for key, kind in kinds.items() if kind is not Kind.CONSTANT]
    return levers, [key for key in computed if equations.variables[key].size == 1][-OUTPUTS:]


def fresh(path: Path, levers: list[str], outputs: list[str], body: str) -> dict[str, float]:
    """Measure something in a new Python."""
    script = (
        "import time, json, resource; start = time.perf_counter()\n"
        "from sdcompile import compile\n"
        f"path, levers, outputs = {str(path)!r}, {levers!r}, {outputs!r}\n{body}\n"
        "found['mb'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\nprint(json.dumps(found))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


FIRST = "compile(path, levers=levers, outputs=outputs).{}; found = dict(s=time.perf_counter() - start)"
MANY = """
import numpy as np
model = compile(path, levers=levers, outputs=outputs)
runs = {runs}
values = model.defaults * np.random.default_rng(0).uniform(0.95, 1.05, (runs, len(model.levers)))
model.run_array(values[:64], nonfinite="keep")
start = time.perf_counter()
model.run_array(values, threads={threads}, nonfinite="keep")
found = dict(s=(time.perf_counter() - start) / runs)
"""


def javascript_seconds(text: str) -> float | None:
    """Median time of a run in Node."""
    if shutil.which("node") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "model.mjs"
        module.write_text(text)
        script = (
            f"import {{ run, leverDefaults }} from {json.dumps(module.as_uri())};"
            "for (let k = 0; k < 200; k++) run(leverDefaults);"
            "const taken = []; for (let k = 0; k < 200; k++) {"
            "const start = performance.now(); run(leverDefaults); taken.push(performance.now() - start); }"
            "taken.sort((a, b) => a - b); console.log(taken[100]);"
        )
        command = ["node", "--input-type=module", "-e", script]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(done.stdout) / 1000


def scalar_seconds(path: Path, levers: list[str], outputs: list[str]) -> float:
    """Time of a run in the library without lanes, called once for 500 runs."""
    from sdcompile import compile

    model = compile(path, levers=levers, outputs=outputs, engine="c")
    engine = model._engine
    values = np.repeat(model.defaults[:, None], 500, axis=1)
    out, wrong = np.empty((len(model.times), model._plan.series, 500)), np.zeros(500)
    return seconds(lambda: engine.single.run(values, out, wrong, 0, 500), 5) / 500
