"""Time and memory of one PySD run of the 15 years.

Run ``python benchmarks/reference_run.py``; it prints the table of ``benchmarks/reference_run.md``.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from importlib.metadata import version

from sdcompile.run.pysd_run import run_pysd

from dudley_sd.request import Request
from dudley_sd.runs.run import make_run

RUNS = 3


def peak_memory_mb() -> float:
    """Highest resident memory of this process so far, MB; NaN where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024


def main() -> None:
    """Time the preparation, the translation and the runs."""
    started = time.perf_counter()
    plan = make_run(Request(["official_future"], "as_evidenced"))
    prepared = time.perf_counter() - started
    for old in plan.folder.path.glob("*.py"):
        old.unlink()
    started = time.perf_counter()
    run_pysd(plan.folder.path, plan.settings["official_future"])
    first = time.perf_counter() - started
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        results = run_pysd(plan.folder.path, plan.settings["official_future"])
        times.append(time.perf_counter() - started)
    series = sum(array.isel(year=0).size for array in results.data_vars.values())
    print(f"Python {platform.python_version()}, PySD {version('pysd')}, {platform.machine()}")
    print("| what | measured |")
    print("|---|---|")
    print(f"| variables / scalar series | {len(results.data_vars)} / {series} |")
    print(f"| prepare inputs and check request | {prepared:.1f} s |")
    print(f"| first run, translation included | {first:.1f} s |")
    print(f"| one run, median of {RUNS} | {statistics.median(times):.1f} s |")
    print(f"| peak memory | {peak_memory_mb():.0f} MB |")


if __name__ == "__main__":
    main()
