"""Speed and memory of ensembles: ``python benchmarks/ensemble.py``.

Writes its part of ``benchmarks/README.md``. Every measurement is made in a new Python; the model is compiled
before. Needs the extra ``scale``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HEADING = "# Speed of ensembles"
FUTURES = ("official_future", "state_supreme", "community_resilience", "corporate_rules")
ROUNDS = 4
"""Turns of stopping and going on, each beside one that goes through."""


def work(asked: dict[str, Any]) -> dict[str, float]:
    """Run an ensemble in this process and measure it; stop after some members if asked to."""
    from dudley_sd.ensembles.ensemble import run_ensemble
    from dudley_sd.ensembles.plan import EnsembleRequest, key_outputs

    request = EnsembleRequest(
        FUTURES[: asked["scenarios"]],
        footprints=tuple(asked.get("footprints", ["dudley"])),
        outputs=key_outputs(),
        members=asked["members"],
    )
    begun: list[float] = []
    seen = 0

    def report(members: int) -> None:
        nonlocal seen
        seen += members
        if asked.get("stop") and seen >= asked["stop"]:
            raise KeyboardInterrupt

    start, cpu = time.perf_counter(), time.process_time()
    with contextlib.suppress(KeyboardInterrupt):
        run_ensemble(
            request,
            asked["store"],
            asked.get("resume", False),
            asked.get("workers"),
            asked.get("dask"),
            lambda *_: begun.append(time.perf_counter()),
            report,
        )
    end = time.perf_counter()
    return {
        "s": end - start,
        "running": end - begun[0],
        "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def fresh(**asked: object) -> dict[str, float]:
    """Measure in a new Python."""
    command = [sys.executable, "-W", "ignore", __file__, "--work", json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def size(store: Path) -> float:
    """Gigabytes on disk."""
    return sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 1e9


def measure(members: int, most: int, scenarios: int, memory: int, folder: Path) -> list[tuple[str, str, str]]:
    """Measure all there is to be: what, how much, and the bar."""
    runs = f"{members:,} members x {scenarios} scenarios x 20 outputs"
    fresh(members=8, scenarios=scenarios, store=str(folder / "warm"))
    store = folder / "whole"
    whole = fresh(members=members, scenarios=scenarios, store=str(store))
    rows = [
        (f"{runs}, all told", f"{whole['s']:.1f} s", "90 s for 100,000 x 4"),
        ("of that processor time, to be shared by two processors", f"{whole['cpu']:.1f} s", ""),
        ("its peak memory", f"{whole['mb']:,.0f} MB", "2,000 MB"),
        ("its store", f"{size(store):.2f} GB", "2 GB"),
    ]
    shutil.rmtree(store)
    rows += resumed(members, scenarios, folder, whole)
    rows += workers(max(8192, members // 10), scenarios, folder)
    rows += areas(scenarios, folder)
    few = fresh(members=10_000, scenarios=memory, store=str(folder / "few"))
    many = fresh(members=most, scenarios=memory, store=str(folder / "many"))
    change = many["mb"] / few["mb"] - 1
    what = f"peak memory, 10,000 and {most:,} members x {memory}"
    rows.append((what, f"{few['mb']:,.0f} and {many['mb']:,.0f} MB: {change:+.0%}", "+20%"))
    return rows


def areas(scenarios: int, folder: Path) -> list[tuple[str, str, str]]:
    """All areas that are no sums, a thousand members each, in a new Python."""
    from dudley_sd.folders import inputs_folder
    from dudley_sd.inputs.areas import read_area
    from dudley_sd.inputs.footprints import Footprint, footprint_names

    names = [
        name
        for name in footprint_names(inputs_folder())
        if isinstance(read_area(name, inputs_folder()), Footprint)
    ]
    asked = {"scenarios": scenarios, "footprints": names}
    fresh(**asked, members=8, store=str(folder / "warm-areas"))
    found = fresh(**asked, members=1000, store=str(folder / "areas"))
    what = f"{len(names)} areas x {scenarios} scenarios x 1,000 members, all told"
    return [(what, f"{found['s']:.1f} s", "30 s"), ("its peak memory", f"{found['mb']:,.0f} MB", "")]


def resumed(
    members: int, scenarios: int, folder: Path, whole: dict[str, float]
) -> list[tuple[str, str, str]]:
    """Stop half way and go on, against going through, in turns; the least of each, as others only add."""
    first, second, through = [], [], [whole]
    for again in range(ROUNDS):
        asked = {"members": members, "scenarios": scenarios, "store": str(folder / "half")}
        first.append(fresh(**asked, stop=members // 2))
        second.append(fresh(**asked, resume=True))
        shutil.rmtree(folder / "half")
        if again:
            through.append(fresh(members=members, scenarios=scenarios, store=str(folder / "through")))
            shutil.rmtree(folder / "through")
    what = {
        "running": "stopped half way and resumed, more time by the clock",
        "cpu": "the same, more processor time, with the second start of Python",
        "s": "the same by the clock, with the second start of Python",
    }
    rows = []
    for key, said in what.items():
        least = [min(each[key] for each in turns) for turns in (first, second, through)]
        more = (least[0] + least[1]) / least[2] - 1
        told = f"{more:+.1%} ({least[0]:.1f} and {least[1]:.1f} s against {least[2]:.1f} s)"
        rows.append((f"{said}, least of {ROUNDS} turns", told, "+2%" if key == "cpu" else ""))
    return rows


def workers(members: int, scenarios: int, folder: Path) -> list[tuple[str, str, str]]:
    """One Dask worker against two, each a process with one thread."""
    import distributed

    taken = []
    for count in (1, 2):
        with distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster:
            asked = {"scenarios": scenarios, "dask": cluster.scheduler_address}
            fresh(**asked, members=2048, store=str(folder / f"warm-{count}"))
            taken.append(fresh(**asked, members=members, store=str(folder / f"dask-{count}"))["running"])
    return [
        (f"{members:,} members on 1 Dask worker", f"{taken[0]:.1f} s", ""),
        ("on 2 Dask workers", f"{taken[1]:.1f} s: {taken[1] / taken[0]:.2f} of the time", "0.65"),
    ]


def write(rows: list[tuple[str, str, str]], path: Path) -> None:
    """Put the table into its part of the file; other parts stay."""
    load = os.getloadavg()[0]
    lines = [
        HEADING,
        "",
        "Written by `python benchmarks/ensemble.py`; one machine, one go, others may share it "
        f"(load when done: {load:.1f}).",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}.",
        "",
        "| what | measured | bar |",
        "|---|---:|---:|",
        *(f"| {what} | {found} | {bar} |" for what, found, bar in rows),
    ]
    text = path.read_text() if path.exists() else ""
    without = re.sub(rf"^{HEADING}\n.*?(?=^# |\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
    path.write_text(without.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n")


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--most", type=int, default=400_000, help="members of the largest ensemble")
    parser.add_argument("--scenarios", type=int, default=4)
    parser.add_argument("--memory-scenarios", type=int, default=4, help="for the largest ensemble")
    parser.add_argument("--folder", type=Path, help="where stores are written and removed again")
    parser.add_argument("--to", type=Path, default=HERE / "README.md")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        print(json.dumps(work(json.loads(chosen.work))))
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        rows = measure(chosen.members, chosen.most, chosen.scenarios, chosen.memory_scenarios, Path(folder))
    write(rows, chosen.to)
    print("\n".join(" | ".join(row) for row in rows))


if __name__ == "__main__":
    main()
