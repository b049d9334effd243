"""Processor time of ``dudley_sd.run`` and ``dudley-sd run``, beside that of another version.

``python benchmarks/front_door.py a0973c1`` makes a checkout of that version in a temporary folder, times both
in turn and writes ``benchmarks/front_door.md``. Seconds are processor time, user and system. Run it with the
packages of ``requirements.lock``, which users have: where Dask is installed too, xarray imports it into both
versions, some 0.3 s.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5

AGAIN = """
import statistics, time
import dudley_sd
dudley_sd.run(["official_future"]); dudley_sd.run(["official_future"])
found = []
for _ in range(9):
    before = time.process_time()
    dudley_sd.run(["official_future"])
    found.append(time.process_time() - before)
print(statistics.median(found))
"""
FIRST = 'import dudley_sd; dudley_sd.run(["official_future"])'


class Bar(NamedTuple):
    """What is timed, and how many times as fast as before it must be."""

    what: str
    words: list[str]
    wanted: float
    printed: bool = False
    """Whether the seconds are what the command prints, instead of what the whole process takes."""


def bars(out: Path) -> list[Bar]:
    """Every bar; files go to a folder that is thrown away."""
    run = ["-m", "dudley_sd", "run", "--out", str(out)]
    return [
        Bar("`dudley_sd.run` of one future, again in one process", ["-c", AGAIN], 8, printed=True),
        Bar("`dudley_sd.run` of one future, first in a new process, stored", ["-c", FIRST], 2),
        Bar("`dudley-sd run`, four futures, all files, stored", run, 2),
    ]


def seconds(bar: Bar, tree: Path, cache: Path) -> float:
    """Processor time of one round in a checkout with a cache of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "XDG_CACHE_HOME": str(cache),
        "DUDLEY_SD_CACHE": str(cache / "engine"),
    }
    before = os.times()
    done = subprocess.run(
        [sys.executable, *bar.words], env=environment, cwd=cache, capture_output=True, text=True, check=True
    )
    after = os.times()
    if bar.printed:
        return float(done.stdout.split()[-1])
    children = after.children_user + after.children_system
    return children - before.children_user - before.children_system


def main() -> None:
    """Time every bar here and in the other version, in turn."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    other = sys.argv[1]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tree = folder / "checkout"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), other], cwd=ROOT, check=True)
        try:
            lines = [line for bar in bars(folder / "results") for line in compared(bar, tree, folder)]
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    text = f"""# Speed of the front door

Written by `python benchmarks/front_door.py {other}` on {date.today().isoformat()}: seconds of processor time,
median of {ROUNDS} rounds in turn with a checkout of {other}. {platform.machine()}, {os.cpu_count()} cores,
maybe shared, Python {platform.python_version()}, {"with" if find_spec("dask") else "without"} Dask.

| what | {other} | here | times as fast | wanted | |
|---|---:|---:|---:|---:|---|
""" + "\n".join(lines)
    (ROOT / "benchmarks" / "front_door.md").write_text(text + "\n", encoding="utf-8")
    print(text)


def compared(bar: Bar, tree: Path, folder: Path) -> list[str]:
    """One row of the table: rounds in turn, after one of each that fills its cache."""
    places = {tree: folder / "cache-there", ROOT: folder / "cache-here"}
    found: dict[Path, list[float]] = {tree: [], ROOT: []}
    for turn in range(ROUNDS + 1):
        for where, cache in places.items():
            cache.mkdir(exist_ok=True)
            took = seconds(bar, where, cache)
            if turn:
                found[where].append(took)
    before, now = (statistics.median(found[where]) for where in (tree, ROOT))
    times = before / now
    met = "met" if times >= bar.wanted else "**not met**"
    return [f"| {bar.what} | {before:.3f} | {now:.3f} | {times:.1f} | {bar.wanted:g} | {met} |"]


if __name__ == "__main__":
    main()
