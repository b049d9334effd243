"""Wait of a newcomer while others keep connections open and do nothing, or are very slow.

``python benchmarks/dashboard_connections.py [--to result.md]``. The dashboard is served by its command on
this machine. In turn: 100 and 120 browsers of six connections each, all of which have asked for a stylesheet
and then do nothing; 60 clients that send a request letter by letter, half of them its headers and half its
body; 60 that ask for the largest script and read nothing of it. During each a newcomer asks for the first
page and, over six connections, for what it loads, five times. Bar: nobody waits two seconds for the first
page, and nothing fails.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import re
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from dudley_dashboard.serve import CONNECTIONS, IDLE_SECONDS

OF_A_BROWSER = 6
SLOW = 60
NEWCOMERS = 5
BAR_SECONDS = 2.0
PATIENCE = 60.0
"""Seconds after which a newcomer gives up."""

LETTER_EVERY = 1.0
STYLE = "/assets/base.css"


@dataclass
class Seen:
    """What newcomers met: seconds until the first page and until all that it loads was there; faults."""

    page: list[float] = field(default_factory=list)
    everything: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Measure, print and return 1 if the bar is missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--to", type=Path)
    asked = words.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard) if hard > 0 else 4096, hard))
    process = subprocess.Popen(
        [sys.executable, "-m", "dudley_sd", "dashboard", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        port = port_of(process)
        wait_for(port)
        rows = [("nobody else", newcomers(port))]
        for browsers in (100, 120):
            with idle(port, browsers * OF_A_BROWSER) as held:
                seen = newcomers(port)
                rows.append((f"{browsers} browsers, {held()} idle connections after it", seen))
        closed = seconds_until_closed(port)
        with slow(port, [HEAD, BODY], sends=True) as held:
            rows.append((f"{SLOW} that send a letter a second", newcomers(port)))
            still = held()
        with slow(port, [largest_script(port)], sends=False):
            rows.append((f"{SLOW} that ask for the largest script and read nothing", newcomers(port)))
    finally:
        process.terminate()
        process.wait(30)
    text = "\n".join(report(rows, still, closed))
    print(text)
    if asked.to:
        asked.to.write_text(text + "\n", encoding="utf-8")
    return int(any(seen.faults or max(seen.page) >= BAR_SECONDS for _, seen in rows))


def report(rows: list[tuple[str, Seen]], still: int, closed: float) -> list[str]:
    """Return the lines of the result."""
    return [
        "# A newcomer while others keep connections open",
        "",
        f"{date.today().isoformat()}; {platform.machine()}, {platform.system()}, {os.cpu_count()} cores,",
        f"load {os.getloadavg()[0]:.1f} at the end; `python benchmarks/dashboard_connections.py`. "
        f"Limits: {CONNECTIONS:,} connections, {IDLE_SECONDS} s idle.",
        "",
        f"| meanwhile | slowest of {NEWCOMERS} first pages | bar | with all that it loads | faults |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {max(seen.page, default=PATIENCE):.3f} s | {BAR_SECONDS:g} s "
            f"| {max(seen.everything, default=PATIENCE):.3f} s | {len(seen.faults)} |"
            for name, seen in rows
        ),
        "",
        f"Of the {SLOW} slow senders {still} were still connected after the newcomers. A connection that",
        f"does nothing was closed after {closed:.0f} s.",
        *(f"- {name}: {fault}" for name, seen in rows for fault in seen.faults[:3]),
    ]


def port_of(process: subprocess.Popen[str]) -> int:
    """Return the port that the command says it serves at."""
    assert process.stdout is not None
    said = ""
    while not (found := re.search(r"http\S+(?=\s)", said)):
        said += process.stdout.readline()
    port = urlsplit(found[0]).port
    assert port is not None
    return port


def wait_for(port: int) -> None:
    """Wait until the model answers and the first page has been asked for once."""
    end = time.monotonic() + 300
    while fetch(port, "/health")[0] != http.HTTPStatus.OK:
        if time.monotonic() > end:
            raise TimeoutError("the model does not answer")
        time.sleep(0.5)
    newcomer(port, Seen())


def fetch(port: int, path: str) -> tuple[int, str]:
    """Status and text of a path, over a connection of its own, compressed as browsers ask for it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def newcomers(port: int) -> Seen:
    """Return what five newcomers meet, one after the other."""
    seen = Seen()
    for _ in range(NEWCOMERS):
        newcomer(port, seen)
    return seen


def newcomer(port: int, seen: Seen) -> None:
    """Open the first page and fetch what it names over six connections at once."""
    started = time.monotonic()
    try:
        status, text = fetch(port, "/")
    except (OSError, http.client.HTTPException) as error:
        seen.faults.append(repr(error))
        return
    seen.page.append(time.monotonic() - started)
    if status != http.HTTPStatus.OK:
        seen.faults.append(f"the first page: {status}")
    wanted = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    lists = [wanted[place::OF_A_BROWSER] for place in range(OF_A_BROWSER)]
    threads = [threading.Thread(target=load, args=(port, each, seen.faults)) for each in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.everything.append(time.monotonic() - started)


def load(port: int, paths: list[str], faults: list[str]) -> None:
    """Fetch paths one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        for path in paths:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                faults.append(f"{path}: {answer.status}")
    except (OSError, http.client.HTTPException) as error:
        faults.append(repr(error))
    finally:
        connection.close()


@contextmanager
def idle(port: int, count: int) -> Iterator[Callable[[], int]]:
    """Keep connections open that have asked once; gives how many the server still holds."""
    with ExitStack() as stack:
        held = [stack.enter_context(kept(port)) for _ in range(count)]
        yield lambda: sum(map(is_open, held))


def kept(port: int) -> socket.socket:
    """Return a connection that has asked for a stylesheet and read it."""
    made = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    made.sendall(f"GET {STYLE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    text = b""
    while b"\r\n\r\n" not in text:
        text += made.recv(65_536)
    head, _, body = text.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(body) < length:
        body += made.recv(65_536)
    return made


def is_open(connection: socket.socket) -> bool:
    """Whether the server has not closed a connection on which nothing is to come."""
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def seconds_until_closed(port: int) -> float:
    """Seconds after which the server closes a connection that does nothing."""
    with kept(port) as connection:
        started = time.monotonic()
        while is_open(connection) and time.monotonic() - started < 3 * IDLE_SECONDS:
            time.sleep(0.1)
        return time.monotonic() - started


HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /plan-file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n"


def largest_script(port: int) -> bytes:
    """Return a request for the largest script that the first page loads, uncompressed."""
    paths = re.findall(r'src="(/[^"]+\.js[^"]*)"', fetch(port, "/")[1])
    largest = max(paths, key=lambda path: len(fetch(port, path)[1]))
    return f"GET {largest} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@contextmanager
def slow(port: int, begun: list[bytes], sends: bool) -> Iterator[Callable[[], int]]:
    """Hold clients that have begun a request; gives how many are open. Each may add a letter a second."""
    stop = threading.Event()
    with ExitStack() as stack:
        held = []
        for place in range(SLOW):
            made = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            made.sendall(begun[place % len(begun)])
            held.append(made)
        sending = threading.Thread(target=send_letters, args=(held, stop))
        if sends:
            sending.start()
        time.sleep(1)
        try:
            yield lambda: sum(map(is_open, held))
        finally:
            stop.set()
            if sends:
                sending.join()


def send_letters(connections: list[socket.socket], stop: threading.Event) -> None:
    """Send a letter a second over each."""
    while not stop.wait(LETTER_EVERY):
        for each in connections:
            with suppress(OSError):
                each.sendall(b"a")


if __name__ == "__main__":
    sys.exit(main())
