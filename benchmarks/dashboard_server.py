"""Load of the server without the browser's model: 20 people moving sliders, and 2,000 moves in a row.

``python benchmarks/dashboard_server.py [--seconds 60] [--users 20] [--moves 2000] [--to result.md]``. Each
user changes a slider every two seconds and asks for plan and doing nothing, as the dashboard does where
JavaScript modules are refused; and after every fifth move for how far many runs of the plan spread, as the
tiles do of a plan that stands still, until the next move. Bars: 95 of 100 answers within a second, no error,
memory that does not grow with use.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from dudley_sd.request import Request

EVERY = 2.0
STILL = 5
"""Of so many moves one is asked for its spread."""

BAR_SECONDS = 1.0
BAR_GROWTH = 0.10
"""Memory may grow by so much from the first quarter of the moves to the last."""

SLIDERS = ("coverage[MDT]", "coverage[CareHomeSupport]", "coverage[UrgentAccess]", "GDP growth")


def main() -> int:
    """Measure, print and return 1 if a bar is missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--users", type=int, default=20)
    words.add_argument("--moves", type=int, default=2000)
    words.add_argument("--to", type=Path)
    asked = words.parse_args()
    process = subprocess.Popen(
        [sys.executable, "-m", "dudley_sd", "dashboard", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        said = ""
        while not (found := re.search(r"http\S+(?=\s)", said)):
            said += process.stdout.readline()
        port = urlsplit(found[0]).port
        wait_for(port)
        one_user(port, 0, time.monotonic() + 1, [], [])  # the first run of all reads the tables
        times, errors = together(port, asked.users, asked.seconds)
        first, last = memory_over(port, process.pid, asked.moves)
    finally:
        process.terminate()
        process.wait()
    p95 = float(np.quantile(times, 0.95))
    growth = last / first - 1
    said = [
        "# The server without the browser's model",
        "",
        f"{platform.machine()}, {platform.system()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the end; `python benchmarks/dashboard_server.py`.",
        "",
        "| what | measured | bar |",
        "|---|---|---|",
        f"| {asked.users} users, a move every {EVERY:g} s for {asked.seconds:g} s | {len(times)} answers | |",
        f"| median | {np.median(times):.3f} s | |",
        f"| 95 of 100 within | {p95:.3f} s | {BAR_SECONDS:g} s |",
        f"| slowest | {max(times):.3f} s | |",
        f"| errors | {len(errors)} | 0 |",
        f"| memory after a quarter of {asked.moves:,} moves, and after all | {first / 1e6:.0f} and "
        f"{last / 1e6:.0f} MB: {growth:+.1%} | {BAR_GROWTH:+.0%} |",
    ]
    print("\n".join([*said, *errors[:3]]))
    if asked.to:
        asked.to.write_text("\n".join(said) + "\n", encoding="utf-8")
    return int(p95 > BAR_SECONDS or bool(errors) or growth > BAR_GROWTH)


def wait_for(port: int) -> None:
    """Wait until the model answers."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/health")
        if connection.getresponse().status == http.HTTPStatus.OK:
            return
        time.sleep(0.5)
    raise TimeoutError("the model does not answer")


def together(port: int, users: int, seconds: float) -> tuple[list[float], list[str]]:
    """Seconds of every answer, and what went wrong, with users side by side."""
    times: list[float] = []
    errors: list[str] = []
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=one_user, args=(port, user, end, times, errors)) for user in range(users)
    ]
    for place, thread in enumerate(threads):
        thread.start()
        time.sleep(EVERY / len(threads) if place < len(threads) - 1 else 0)
    for thread in threads:
        thread.join()
    return times, errors


def one_user(port: int, user: int, end: float, times: list[float], errors: list[str]) -> None:
    """Move sliders until the end, one move every `EVERY` seconds."""
    chance = random.Random(user)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    plan = Request(scenarios=chance.choice(("official_future", "state_supreme")))
    move, visitor = 0, f"{user:032x}"
    while time.monotonic() < end:
        started = time.monotonic()
        plan, move = moved(plan, chance), move + 1
        problems = [ask(connection, plan)]
        times.append(time.monotonic() - started)
        if move % STILL == 0:
            problems.append(spread(connection, {"visitor": visitor, "search": plan.address()}))
        if move % STILL == 1 and move > 1:
            problems.append(spread(connection, {"visitor": visitor, "leave": True}))
        errors += filter(None, problems)
        time.sleep(max(0.0, EVERY - (time.monotonic() - started)))


def spread(connection: http.client.HTTPConnection, content: dict[str, object]) -> str:
    """Ask how far many runs spread, or say that nobody waits for it; returns what is wrong, if anything."""
    connection.request("POST", "/api/bands", json.dumps(content), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    kind = json.loads(answer.read()).get("kind")
    return (
        "" if answer.status == http.HTTPStatus.OK and kind != "failed" else f"spread: {answer.status} {kind}"
    )


def moved(plan: Request, chance: random.Random) -> Request:
    """Return the plan with one slider somewhere else."""
    slider = chance.choice(SLIDERS)
    value = round(chance.uniform(0, 0.05 if slider == "GDP growth" else 1), 4)
    return Request(scenarios=plan.scenario, settings={**plan.values, slider: value})


def ask(connection: http.client.HTTPConnection, plan: Request) -> str:
    """Ask for plan and do nothing; returns what is wrong with the answer, if anything."""
    body = json.dumps({"searches": [plan.address(), plan.do_nothing().address()]})
    try:
        connection.request("POST", "/api/run", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return repr(error)
    if answer.status != http.HTTPStatus.OK:
        return f"status {answer.status}"
    runs = json.loads(content)["runs"]
    return "" if len(runs) == 2 and all(len(run) > 100 for run in runs) else "an empty answer"


def memory_over(port: int, process: int, moves: int) -> tuple[float, float]:
    """Bytes that the server holds after a quarter of the moves, and after all of them."""
    chance = random.Random(1)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    plan, early = Request(), 0.0
    for move in range(moves):
        plan = moved(plan, chance)
        problem = ask(connection, plan)
        if problem:
            raise RuntimeError(problem)
        if move == moves // 4:
            early = resident(process)
    return early, resident(process)


def resident(process: int) -> float:
    """Memory that a process holds, as Linux tells it."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


if __name__ == "__main__":
    sys.exit(main())
