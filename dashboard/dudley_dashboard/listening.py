"""Where the dashboard listens, how many may be connected at once, and what keeps it from listening."""

from __future__ import annotations

import errno
import logging
import select
from contextlib import suppress
from typing import Any

from flask import Flask
from sdcompile.errors import Fault
from waitress import create_server
from waitress.task import ThreadedTaskDispatcher

from dudley_dashboard.security import LARGEST_REQUEST

THREADS = 8

CONNECTIONS = 1000
"""Open connections at once: a browser keeps six, so some 160 readers, idle ones included."""

CONNECTIONS_OF_SELECT = 450
"""The same where there is no ``poll``, as on Windows, whose ``select`` takes 512 sockets."""

OTHER_FILES = 300
"""Files that a process needs beside its connections: libraries, databases, answers on their way out."""

IDLE_SECONDS = 30
"""Seconds after which a connection on which nothing moves is closed."""

CLEANUP_SECONDS = 5
"""Seconds between two looks for such connections."""

LONGEST_HEADERS = 65_536

_log = logging.getLogger(__name__)


def listen(app: Flask, host: str, port: int, **more: Any) -> Any:
    """Return a server of waitress that listens, with every limit named; ``more`` goes over them.

    Raises
    ------
    OSError, ValueError
        If it cannot listen there.
    """
    settings = {
        "threads": THREADS,
        "ident": None,
        "connection_limit": connections(),
        "channel_timeout": IDLE_SECONDS,
        "cleanup_interval": CLEANUP_SECONDS,
        "asyncore_use_poll": True,
        "max_request_header_size": LONGEST_HEADERS,
        "max_request_body_size": LARGEST_REQUEST,
        "inbuf_overflow": LARGEST_REQUEST + 1,
        "clear_untrusted_proxy_headers": False,
    }
    return create_server(app, host=host, port=port, **(settings | more))


def connections() -> int:
    """Return how many connections this process can hold: each takes a file descriptor.

    The soft limit of open files is raised as far as it is needed and the hard limit allows.
    """
    if not hasattr(select, "poll"):
        return CONNECTIONS_OF_SELECT
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = CONNECTIONS + OTHER_FILES
    if soft != unlimited and soft < wanted:
        raised = wanted if hard == unlimited else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    return CONNECTIONS if soft == unlimited else room(soft)


def room(files: int) -> int:
    """Return how many connections fit in a number of open files, with a warning where they are few."""
    found = min(CONNECTIONS, max(files - OTHER_FILES, files // 2))
    if found < CONNECTIONS:
        _log.warning(
            "Only %d connections at once: this process may open %d files; raise the limit (ulimit -n %d)",
            found, files, CONNECTIONS + OTHER_FILES,
        )  # fmt: skip
    return found


def listening_faults(host: str, port: int) -> list[Fault]:
    """Listen for a moment, without a thread that would answer: nothing is begun where that cannot be."""
    try:
        listen(Flask(__name__), host, port, map={}, _dispatcher=ThreadedTaskDispatcher()).close()
    except (OSError, ValueError) as error:
        return [cannot_listen(error, host, port)]
    return []


def cannot_listen(error: Exception, host: str, port: int) -> Fault:
    """Say why a server cannot listen, and what can be done."""
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        problem = "the port is taken: another program, perhaps another dashboard, listens there"
        return Fault("--port", str(port), problem, f"Choose another: --port {port + 1}")
    if getattr(error, "errno", None) == errno.EACCES:
        problem = "this user may not listen at the port"
        return Fault("--port", str(port), problem, "Choose one above 1023: --port 8050")
    problem = f"cannot listen there ({getattr(error, 'strerror', None) or error})"
    return Fault(
        "--host", host, problem, "Use 127.0.0.1, 0.0.0.0 for all networks, or an address of this machine"
    )
