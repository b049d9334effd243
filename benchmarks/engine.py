"""How fast the compiled engine is beside PySD, measured in one go: ``python benchmarks/engine.py``.

Writes a table for each model into ``benchmarks/README.md``. Ratios are within one session of one machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
MODELS = {
    "our model": HERE.parent / "models" / "dudley.mdl",
    "bench, 19 ages": HERE / "models" / "ages_19" / "bench.mdl",
    "bench, 91 ages": HERE / "models" / "ages_91" / "bench.mdl",
}
SIZES = (1_000, 10_000, 100_000)
OUTPUTS = 20
REPEATS = 15
HEADING = "# Speed of the compiled engine"


def seconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of an action."""
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
    from dudley_sd.engine.equations import constants, read_equations, visible
    from dudley_sd.engine.graph import Kind

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
        "from dudley_sd.engine import compile\n"
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


def measure(path: Path) -> list[tuple[str, float, float]]:
    """Measure one model: what, seconds, and how many times faster than PySD (0 where it says nothing)."""
    from dudley_sd.engine import compile

    with tempfile.TemporaryDirectory() as cache:
        os.environ["DUDLEY_SD_CACHE"] = cache
        levers, outputs = choose(path)
        slow, series = pysd_seconds(path)
        rows = [(f"PySD, one run, {series:,} series", slow, 1.0)]
        cold = fresh(path, levers, outputs, FIRST.format("run_array()"))["s"]
        rows.append(("C, first answer, nothing stored", cold, 0.0))
        for label, call in (("arrays", "run_array()"), ("labelled", "run()")):
            taken = statistics.median(fresh(path, levers, outputs, FIRST.format(call))["s"] for _ in range(5))
            rows.append((f"C, first answer of a new process, stored, {label}", taken, 0.0))
        everything = compile(path, levers=levers)
        rows.append(("C, one run, all series", one := seconds(everything.run_array), slow / one))
        some = compile(path, levers=levers, outputs=outputs)
        rows.append((f"C, one run, {len(outputs)} outputs", one := seconds(some.run_array), slow / one))
        plain = compile(path, levers=levers, engine="numpy")
        rows.append(("NumPy, one run, all series", one := seconds(plain.run_array, 5), slow / one))
        script = javascript_seconds(everything.javascript())
        if script is not None:
            rows.append(("JavaScript in Node, one run, all series", script, slow / script))
        scalar = scalar_seconds(path, levers, outputs)
        rows.append(("C, a run of many, one at a time, 1 thread", scalar, slow / scalar))
        for runs in SIZES:
            for threads in (1, 2) if runs == SIZES[1] else (2,):
                found = fresh(path, levers, outputs, MANY.format(runs=runs, threads=threads))
                label = f"C, a run of {runs:,}, {threads} threads, {found['mb']:,.0f} MB"
                rows.append((label, found["s"], slow / found["s"]))
        return rows


def scalar_seconds(path: Path, levers: list[str], outputs: list[str]) -> float:
    """Time of a run in the library without lanes, called once for 500 runs."""
    from dudley_sd.engine import compile

    model = compile(path, levers=levers, outputs=outputs, engine="c")
    engine = model._engine
    values = np.repeat(model.defaults[:, None], 500, axis=1)
    out, wrong = np.empty((len(model.times), model._plan.series, 500)), np.zeros(500)
    return seconds(lambda: engine.single.run(values, out, wrong, 0, 500), 5) / 500


def table(name: str, rows: list[tuple[str, float, float]]) -> str:
    """Write the rows of one model."""
    lines = [f"### {name}", "", "| what | ms | times faster than PySD |", "|---|---:|---:|"]
    for what, taken, ratio in rows:
        lines.append(f"| {what} | {taken * 1000:,.3f} | {f'{ratio:,.0f}' if ratio else ''} |")
    return "\n".join(lines)


def main() -> None:
    """Measure the models and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="*", default=list(MODELS), help="which of the models")
    parser.add_argument("--to", type=Path, default=HERE / "README.md")
    chosen = parser.parse_args()
    head = [
        HEADING,
        "",
        "Written by `python benchmarks/engine.py`; medians on one machine in one go, others may share it.",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, NumPy {np.__version__}.",
    ]
    parts = ["\n".join(head)]
    for name in chosen.models:
        if MODELS[name].exists():
            parts.append(table(name, measure(MODELS[name])))
            print(parts[-1], flush=True)
    there = chosen.to.read_text() if chosen.to.exists() else ""
    others = re.split(r"^(?=# )", there, flags=re.MULTILINE)[1:]
    parts += [part.strip("\n") for part in others if not part.startswith(HEADING)]
    chosen.to.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
