"""Time and memory of the import of a full ONS Table 3.

Run ``python -m benchmarks.ons_import``; it writes ``benchmarks/ons_import.md``. The bar is 20 s for 200
areas, 26 mid-years, 20 rows of ages and 3 sheets.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.reference_run import peak_memory_mb
from dudley_sd.inputs.ons.layouts import read_releases
from dudley_sd.inputs.ons.write import write_releases
from dudley_sd.inputs.population import read_population
from tests.ons_files import SEXES, in_bands, make_up, sheet_of_ages, write_xlsx, write_zip, z1

AREAS, YEARS, RUNS, BAR = 200, 26, 3, 20.0
HERE = Path(__file__).parent


def seconds(what: Callable[..., object], *words: object, **options: object) -> float:
    """Median time of some calls."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        what(*words, **options)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Time list, import and reading back; write the table."""
    names = {f"E38001{place:03d}": f"NHS Area {place} CCG" for place in range(AREAS)}
    people = make_up(AREAS, YEARS)
    with tempfile.TemporaryDirectory() as folder:
        book = write_xlsx(
            Path(folder) / "table3.xlsx",
            {sex.capitalize(): sheet_of_ages(in_bands(people[sex]), sex, areas=names) for sex in SEXES},
        )
        few = write_zip(Path(folder) / "z1.zip", z1(make_up()))
        tidy = Path(folder) / "tidy.csv"
        releases = read_releases([book])
        rows = [
            ("read and check Table 3, XLSX", seconds(read_releases, [book])),
            ("write all areas as one tidy file", seconds(write_releases, releases, tidy, again=True)),
            ("read one area of that file", seconds(read_population, tidy, "E38001007", alone=True)),
            ("read and check Z1 of three areas, zip", seconds(read_releases, [few])),
        ]
    whole = rows[0][1] + rows[1][1]
    rows.insert(2, (f"**import of Table 3 in all** (bar: {BAR:.0f})", whole))
    lines = [
        "# Import of official projections",
        "",
        f"Written by `python -m benchmarks.ons_import`; medians of {RUNS} on a machine that others share.",
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}.",
        f"{AREAS} areas, {YEARS} mid-years, 20 rows of ages, 3 sheets.",
        f"Peak memory {peak_memory_mb():.0f} MB, the making of the files included.",
        "",
        "| what | s |",
        "|---|---:|",
        *(f"| {what} | {took:.1f} |" for what, took in rows),
    ]
    (HERE / "ons_import.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    if whole > BAR:
        raise SystemExit(f"{whole:.1f} s, the bar is {BAR:.0f} s")


if __name__ == "__main__":
    main()
