"""Speed of our model beside an earlier version: ``python benchmarks/engine.py --beside FOLDER``.

Each version runs in a process of its own, on its own engine and model file, and the two take turns, so that
what else the machine does slows both. Times are of the processor, and the least of all turns counts.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

HEADING = "# Speed beside an earlier version"
BARS = {
    "one run in C, all variables": 3.0,
    "one run in C, 20 outputs": 3.0,
    "a run of 256 in C, 20 outputs, 1 thread": 2.5,
    "one run in JavaScript in Node, all variables": 3.0,
    "one run in PySD": 3.0,
}
TURNS = 7

WORKER = """
import sys, json, time, resource
start = time.process_time()
import numpy as np
from functools import partial
from pathlib import Path
try:
    from sdcompile import compile
except ImportError:
    from dudley_sd.engine import compile
sys.path.insert(0, str(Path(sys.argv[1]) / "benchmarks"))
from engine_measure import choose
path = Path(sys.argv[1]) / "models" / "dudley.mdl"
levers, outputs = choose(path)
start = time.process_time()
everything = compile(path, levers=levers)
everything.run_array()
python = time.process_time() - start
compiler = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
some = compile(path, levers=levers, outputs=outputs)
Path(sys.argv[2]).write_text(everything.javascript())
def work(model, library, runs):
    levers = np.ascontiguousarray(np.repeat(model.defaults[:, None], runs, axis=1))
    out, wrong = np.empty((len(model.times), model._plan.series, runs)), np.zeros(runs)
    return (lambda: library.run(levers, out, wrong, 0, runs)), runs
works = [work(everything, everything._engine.single, 1), work(some, some._engine.single, 1),
         work(some, some._engine.many, 256)]
print(json.dumps([python, compiler, everything._plan.series, len(everything.javascript())]), flush=True)
for line in sys.stdin:
    run, runs = works[int(line)]
    taken = []
    for _ in range(20 if runs == 1 else 2):
        start = time.process_time(); run(); taken.append((time.process_time() - start) / runs)
    print(min(taken), flush=True)
"""

PYSD = """
import sys, time, warnings
from functools import partial
from pathlib import Path
warnings.simplefilter("ignore")
import pysd
model = pysd.read_vensim(sys.argv[1])
start = time.process_time(); model.run(); print(time.process_time() - start)
"""

NODE = """
const {{ run, leverDefaults }} = await import({module});
for (let k = 0; k < 200; k++) run(leverDefaults);
let least = Infinity;
for (let k = 0; k < 200; k++) {{
  const start = performance.now(); run(leverDefaults); least = Math.min(least, performance.now() - start);
}}
console.log(least / 1000);
"""


class Version:
    """One version of the product, with a process that waits to be asked for its times."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self.module = folder, scratch / "model.mjs"
        cache = str(scratch / "cache")
        kept = {"SDCOMPILE_CACHE": cache, "DUDLEY_SD_CACHE": cache, "PYTHONPATH": _path(folder)}
        command = [sys.executable, "-W", "ignore", "-c", WORKER, str(folder), str(self.module)]
        self._process = subprocess.Popen(
            command, env=os.environ | kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.python, self.compiler, self.series, self.javascript = self._answer()

    def library(self, work: int) -> float:
        """Time of a run of one of the worker's works."""
        assert self._process.stdin
        self._process.stdin.write(f"{work}\n")
        self._process.stdin.flush()
        return float(self._answer())

    def node(self) -> float:
        """Time of a run in Node."""
        text = NODE.format(module=json.dumps(self.module.as_uri()))
        return float(_said(["node", "--input-type=module", "-e", text]))

    def pysd(self, scratch: Path) -> float:
        """Time of a run in PySD, on a copy of the model's folder."""
        copy = scratch / "pysd"
        _said(["cp", "-r", str(self.folder / "models"), str(copy)])
        return float(_said([sys.executable, "-W", "ignore", "-c", PYSD, str(copy / "dudley.mdl")]))

    def end(self) -> None:
        """End the process."""
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


def _path(folder: Path) -> str:
    return os.pathsep.join([str(folder), str(folder / "packages" / "sdcompile")])


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def write_beside(earlier: Path, now: Path, to: Path, with_pysd: bool) -> None:
    """Measure both versions in turns and put the table in its place in a page."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        scratch = [Path(one), Path(other)]
        both = [Version(folder, place) for folder, place in zip((earlier, now), scratch, strict=True)]
        names = list(BARS)
        rows = [
            _row(name, _turns(both, partial(Version.library, work=k))) for k, name in enumerate(names[:3])
        ]
        rows.append(_row(names[3], _turns(both, Version.node, 3)))
        if with_pysd:
            rows.append(_row(names[4], [v.pysd(place) for v, place in zip(both, scratch, strict=True)]))
        for version in both:
            version.end()
    lines = [
        HEADING,
        "",
        f"Written by `python benchmarks/engine.py --beside FOLDER` on {datetime.now(UTC):%d %B %Y}: "
        f"{both[0].series:,} series then, {both[1].series:,} now. Least of several turns, processor time.",
        "",
        "| what | then, ms | now, ms | ratio | wanted | |",
        "|---|---:|---:|---:|---:|---|",
        *rows,
        "",
        "| compiled for the first time, all variables, processor time | then | now |",
        "|---|---:|---:|",
        f"| read, plan, text, reference runs, s | {both[0].python:.1f} | {both[1].python:.1f} |",
        f"| C compiler and trial, s | {both[0].compiler:.1f} | {both[1].compiler:.1f} |",
        f"| JavaScript module, kB | {both[0].javascript / 1000:.0f} | {both[1].javascript / 1000:.0f} |",
    ]
    parts = re.split(r"^(?=# )", to.read_text(), flags=re.MULTILINE)
    kept = [part.strip("\n") for part in parts if part.strip() and not part.startswith(HEADING)]
    to.write_text("\n\n".join([*kept, "\n".join(lines)]) + "\n")


def _turns(both: list[Version], ask: Callable[[Version], float], turns: int = TURNS) -> list[float]:
    taken = [[ask(version) for version in both] for _ in range(turns)]
    return [min(times) for times in zip(*taken, strict=True)]


def _row(name: str, taken: list[float]) -> str:
    then, now = taken
    ratio, bar = now / then, BARS[name]
    met = "met" if ratio <= bar else "missed"
    return f"| {name} | {1000 * then:,.3f} | {1000 * now:,.3f} | {ratio:.2f} | {bar:g} | {met} |"
