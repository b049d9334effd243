"""Speed of the compiled engine against PySD, measured in one go: ``python benchmarks/engine.py``.

Writes its part of ``benchmarks/README.md``: the bars, how cost grows, work and bandwidth, and a table for
each model. Ratios are within one session of one machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
from pathlib import Path

import numpy as np
from engine_bandwidth import FIRST, SECOND, bandwidth
from engine_bars import MANY, bars_table
from engine_editions import write_beside
from engine_measure import FINER, SIZES, Measured, measure
from engine_prototype import beside_prototype

HERE = Path(__file__).parent
MODELS = {
    "our model": HERE.parent / "models" / "dudley.mdl",
    "bench, 19 ages": HERE / "models" / "ages_19" / "bench.mdl",
    "bench, 91 ages": HERE / "models" / "ages_91" / "bench.mdl",
}

HEADING = "# Speed of the compiled engine"
PROTOTYPED = "bench, 19 ages"


def main() -> None:
    """Measure the models and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="*", default=list(MODELS), help="which of the models")
    parser.add_argument("--prototype", type=Path, help="folder of the engine's prototype, for the moonshot")
    parser.add_argument("--to", type=Path, default=HERE / "README.md")
    parser.add_argument("--beside", type=Path, help="folder of an earlier version: only our model, in turns")
    parser.add_argument("--without-pysd", action="store_true", help="beside an earlier version, no PySD")
    chosen = parser.parse_args()
    if chosen.beside:
        write_beside(chosen.beside, HERE.parent, chosen.to, not chosen.without_pysd)
        return
    all_found: dict[str, Measured] = {}
    for name in chosen.models:
        if MODELS[name].exists():
            all_found[name] = measure(MODELS[name])
            if chosen.prototype and name == PROTOTYPED:
                all_found[name].beside_prototype = beside_prototype(chosen.prototype, MODELS[name])
            print(model_table(name, all_found[name]), flush=True)
    parts = [
        head(),
        bars_table(all_found),
        growth_table(all_found),
        work_table(all_found, bandwidth(FIRST), bandwidth(SECOND)),
        *(model_table(name, found) for name, found in all_found.items()),
    ]
    there = chosen.to.read_text() if chosen.to.exists() else ""
    others = re.split(r"^(?=# )", there, flags=re.MULTILINE)[1:]
    parts += [part.strip("\n") for part in others if not part.startswith(HEADING)]
    chosen.to.write_text("\n\n".join(parts) + "\n")


def head() -> str:
    """Say where the numbers come from."""
    return "\n".join(
        [
            HEADING,
            "",
            "Written by `python benchmarks/engine.py`; medians on one machine in one go, maybe shared.",
            f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
            f"Python {platform.python_version()}, NumPy {np.__version__}.",
        ]
    )


def growth_table(all_found: dict[str, Measured]) -> str:
    """Write how the cost of a run grows: with runs, with steps and with age bands."""
    runs = [f"{size:,} runs" for size in SIZES]
    steps = [f"{finer} x steps" for finer in FINER]
    lines = ["## How cost grows", "", "Milliseconds a run; 2 threads for many runs, one run for steps.", ""]
    lines += [f"| model | {' | '.join(runs + steps)} |", "|---|" + "---:|" * len(runs + steps)]
    for name, found in all_found.items():
        values = [found.many[size, MANY[1]][0] for size in SIZES] + [found.steps[finer] for finer in FINER]
        lines.append(f"| {name} | {' | '.join(f'{1000 * value:,.3f}' for value in values)} |")
    small, large = (all_found.get(f"bench, {ages} ages") for ages in (19, 91))
    if small and large:
        ratio = large.many[MANY][0] / small.many[MANY][0]
        lines += [
            "",
            f"From 19 to 91 age bands (4.8 times) a run of {MANY[0]:,} costs {ratio:.1f} times as much.",
        ]
    return "\n".join(lines)


def work_table(all_found: dict[str, Measured], first: float, second: float) -> str:
    """Write what a run takes, and the share of this machine's caches that an ensemble uses."""
    lines = ["## Work of a run and bandwidth of the caches", ""]
    lines.append(
        "Counted in the loop program (`benchmarks/engine_work.py` says how): operations, and bytes of values "
        "of a run read and written at most. One thread of this machine moves "
        f"{first / 1e9:,.0f} GB a second in its first cache and {second / 1e9:,.0f} in its second "
        "(`benchmarks/engine_bandwidth.py`)."
    )
    lines += [
        "",
        "| model | Mflop a run | MB a run | Gflop/s, 1 thread | GB/s, 1 thread | share of second cache |",
    ]
    lines.append("|---|" + "---:|" * 5)
    for name, found in all_found.items():
        taken = found.many[10_000, 1][0]
        flops, moved = found.work.operations / taken, found.work.bytes / taken
        share = f"{moved / second:.0%}" if second else ""
        lines.append(
            f"| {name} | {found.work.operations / 1e6:,.2f} | {found.work.bytes / 1e6:,.2f} "
            f"| {flops / 1e9:,.1f} | {moved / 1e9:,.0f} | {share} |"
        )
    return "\n".join(lines)


def model_table(name: str, found: Measured) -> str:
    """Write everything that was timed of one model."""
    rows = [
        (f"PySD, one run, {found.series:,} series", found.pysd, True),
        ("C, first answer, nothing stored", found.cold, False),
        ("C, first answer of a new process, stored, arrays", found.stored_arrays, False),
        ("C, first answer of a new process, stored, labelled", found.stored_labelled, False),
        ("C, one run, all series", found.one, True),
        ("C, one run, 20 outputs", found.one_of_some, True),
        ("C, one run, 20 outputs, labelled", found.labelled, True),
        ("NumPy, one run, all series", found.numpy, True),
        ("JavaScript in Node, one run, all series", found.javascript, True),
        ("C, a run of many, one at a time, 1 thread", found.scalar, True),
        *(
            (f"C, a run of {runs:,}, {threads} thread{'s' * (threads > 1)}, {mb:,.0f} MB", taken, True)
            for (runs, threads), (taken, mb) in found.many.items()
        ),
    ]
    if found.beside_prototype:
        before, ours = found.beside_prototype
        rows += [("Prototype, a run of 20,000, 2 threads, 54 series", before, True)]
        rows += [("C, the same runs and series", ours, True)]
    lines = [f"## {name.capitalize()}", "", "| what | ms | times faster than PySD |", "|---|---:|---:|"]
    for what, taken, compared in rows:
        if taken is not None:
            ratio = f"{found.pysd / taken:,.0f}" if compared else ""
            lines.append(f"| {what} | {taken * 1000:,.3f} | {ratio} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
