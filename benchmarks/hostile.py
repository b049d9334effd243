"""Faults from outside: dudley_sd killed, or disk, cache and compiler failing; writes ``hostile.md``.

``python benchmarks/hostile.py`` takes ten minutes on two idle cores of Linux; ``hostile.py cache`` tries
what has that word in its name. As root it mounts small disks of memory (full, noexec); without, those lines
say that they were not tried. Every line is a check that can fail: the exit code is 1 if one does.
"""

from __future__ import annotations

import hashlib
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

REPORT = Path(__file__).with_suffix(".md")
PROGRAM = (sys.executable, "-m", "dudley_sd")
KILLS, SEED, MEMBERS = 25, 12, 4000
RUN = ("run", "official_future", "--portfolio", "none", "--no-do-nothing", "--format", "csv")


def main() -> int:
    """Try everything, write the report and return the exit code."""
    random.seed(SEED)
    words = sys.argv[1:] or [""]
    chosen = {name: each for name, each in ATTEMPTS.items() if any(word in name for word in words)}
    lines, failed = [], 0
    with tempfile.TemporaryDirectory() as base:
        for name, attempt in chosen.items():
            folder = Path(base) / name.replace(" ", "_").replace(",", "")
            folder.mkdir()
            started = time.monotonic()
            try:
                said, held = attempt(folder), True
            except NotTriedError as reason:
                said, held = f"not tried: {reason}", True
            except AssertionError as reason:
                said, held = f"FAILED: {reason}", False
            failed += not held
            lines.append(f"| {name} | {said} | {time.monotonic() - started:.0f} s |")
            print(lines[-1], flush=True)
    head = (
        "# Hostile surroundings\n\n"
        f"{datetime.now(UTC):%d %B %Y}, {platform.system()} on {platform.machine()}, Python "
        f"{platform.python_version()}, by `python benchmarks/hostile.py`; "
        f"{failed} of {len(lines)} failed.\n\n"
        "| what | held | time |\n|---|---|---|\n"
    )
    REPORT.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return 1 if failed else 0


class NotTriedError(Exception):
    """What this machine or user cannot do."""


def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [*PROGRAM, *words],
        env=os.environ | more,
        capture_output=True,
        text=True,
        check=False,
        errors="replace",
    )


def answer(folder: Path, **more: str) -> tuple[str, str]:
    """Hash of the numbers of a run, and what was said; it has to succeed without a traceback."""
    out = folder / f"out{time.monotonic_ns()}"
    done = command(*RUN, "--out", str(out), **more)
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-300:]}"
    assert "Traceback" not in done.stderr, done.stderr[-300:]
    (file,) = out.glob("*.csv")
    return hashlib.sha256(file.read_bytes()).hexdigest(), done.stderr


def kills(folder: Path) -> str:
    """Kill an ensemble again and again, each time going on with it; then compare with one never stopped."""
    whole, broken = folder / "whole.zarr", folder / "broken.zarr"
    words = ["ensemble", "official_future", "--members", str(MEMBERS), "--seed", "1"]
    done = command(*words, "--out", str(whole))
    assert done.returncode == 0, done.stderr[-300:]
    more: list[str] = []
    killed = 0
    while killed < KILLS:
        process = subprocess.Popen(
            [*PROGRAM, *words, "--out", str(broken), *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(random.uniform(1.0, 8.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        else:
            assert process.returncode == 0, f"exit {process.returncode} on the way"
            shutil.rmtree(broken)
        more = ["--resume"] if broken.exists() else []
    done = command(*words, "--out", str(broken), *more)
    assert done.returncode == 0, done.stderr[-300:]
    wanted, found = files(whole), files(broken)
    apart = [name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)]
    assert set(apart) <= {".zattrs", ".zmetadata"}, f"{len(apart)} files differ"
    left = [path.name for path in folder.iterdir() if path.name not in (whole.name, broken.name)]
    assert not left, f"left behind: {left}"
    return f"{killed} kills with SIGKILL, all numbers the same to the last bit, nothing left behind"


def files(store: Path) -> dict[str, bytes]:
    """Content of every file of a store."""
    return {
        path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()
    }


def damaged_cache(folder: Path) -> str:
    """Cut, empty, alter and fill with garbage, one file at a time, a few of every kind."""
    cache = folder / "cache"
    wanted, _ = answer(folder, DUDLEY_SD_CACHE=str(cache))
    count = 0
    for kind in sorted(path for path in cache.iterdir() if path.is_dir()):
        inside = sorted(path for path in kind.rglob("*") if path.is_file() and path.suffix != ".c")
        for file, damage in zip(random.sample(inside, min(3, len(inside))), DAMAGES, strict=False):
            file.write_bytes(damage(file.read_bytes()))
            found, _ = answer(folder, DUDLEY_SD_CACHE=str(cache))
            assert found == wanted, f"{file.relative_to(cache)}: other numbers"
            count += 1
    return f"{count} files damaged one by one, each time the same numbers"


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda content: content[: len(content) // 2],
    lambda content: content.replace(b"1", b"7", 5) or b"7",
    lambda _: b"\xff\xfe\x80",
)


def unusable_cache(folder: Path) -> str:
    """Try a file in the way, a name too long, a folder of another user, one open to all."""
    wanted, _ = answer(folder)
    blocked, foreign, open_to_all = folder / "file", folder / "foreign", folder / "open"
    blocked.touch()
    for path in (foreign, open_to_all):
        path.mkdir()
    open_to_all.chmod(0o777)
    cases = [blocked, folder / ("a" * 300), open_to_all]
    if os.geteuid() == 0:
        os.chown(foreign, 65534, 65534)
        cases.append(foreign)
    for path in cases:
        found, said = answer(folder, DUDLEY_SD_CACHE=str(path))
        assert found == wanted, f"{path.name[:20]}: other numbers"
        assert said.count("cannot be used") == 1, said[-300:]
    return f"{len(cases)} folders, each with one line of warning and the same numbers"


@contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """Mount a small disk of memory."""
    place = folder / "disk"
    place.mkdir(mode=0o700)
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"{options},mode=0700", "tmpfs", place], check=False
    ).returncode:
        raise NotTriedError("no right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def full_cache(folder: Path) -> str:
    """Put the cache on a disk without room."""
    wanted, _ = answer(folder)
    with disk(folder, "size=200k") as place:
        found, said = answer(folder, DUDLEY_SD_CACHE=str(place))
    assert found == wanted
    assert said.count("cannot be used") == 1, said[-300:]
    return "one line of warning, the same numbers"


def closed_cache(folder: Path) -> str:
    """Put the cache on a disk that may not execute."""
    with disk(folder, "size=200m,noexec") as place:
        _, said = answer(folder, DUDLEY_SD_CACHE=str(place))
    assert said.count("running in NumPy") == 1, said[-300:]
    return "NumPy, with one line of warning"


def full_disk(folder: Path) -> str:
    """Write results and stores on a disk without room."""
    with disk(folder, "size=300k") as place:
        for words in ([*RUN], ["template", "--to", str(place / "levers.xlsx")], ["ensemble"]):
            out = [] if words[0] == "template" else ["--out", str(place / "out")]
            (place / "filler").write_bytes(bytes(280_000))
            done = command(*words, *out)
            assert done.returncode in (1, 2), f"{words[0]}: exit {done.returncode}"
            assert "Traceback" not in done.stderr, done.stderr[-300:]
            left = [path.name for path in place.rglob("*") if path.name != "filler"]
            assert not left, f"{words[0]} left {left}"
    return "run, template and ensemble: exit 1 or 2 with words, nothing left"


def compilers(folder: Path) -> str:
    """Run with compilers that fail in every way."""
    wanted = None
    half = 'for w in "$@"; do [ "$b" = -o ] && t=$w; b=$w; done; /usr/bin/cc "$@"; truncate -s 20000 "$t"'
    scripts = {"fails": "exit 1", "crashes": "kill -SEGV $$", "writes nothing": "exit 0", "writes half": half}
    for name, script in scripts.items():
        place = folder / name.replace(" ", "_")
        place.mkdir()
        (place / "cc").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (place / "cc").chmod(0o755)
        path = f"{place}{os.pathsep}{os.environ['PATH']}"
        found, said = answer(folder, PATH=path, DUDLEY_SD_CACHE=str(place / "cache"))
        assert said.count("running in NumPy") == 1, f"{name}: {said[-300:]}"
        wanted = wanted or found
        assert found == wanted, f"{name}: other numbers"
    return f"{len(scripts)} compilers; NumPy each time, with one line of warning"


ATTEMPTS = {
    "ensemble killed": kills,
    "cache damaged": damaged_cache,
    "cache impossible, foreign, open to all": unusable_cache,
    "cache full": full_cache,
    "cache that may not execute": closed_cache,
    "disk of results full": full_disk,
    "compiler that fails": compilers,
}

if __name__ == "__main__":
    sys.exit(main())
