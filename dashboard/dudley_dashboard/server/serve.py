"""Serving the dashboard: from the command line with waitress, or with gunicorn and the environment."""

from __future__ import annotations

import errno
import logging
import select
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Flask, abort, request
from sdcompile.errors import Fault, InputError
from waitress import create_server
from waitress.task import ThreadedTaskDispatcher

from dudley_dashboard.app import create_app
from dudley_dashboard.areas import warm_up
from dudley_dashboard.browser_model import browser_model
from dudley_dashboard.page import PREFIX
from dudley_dashboard.runs import with_bands
from dudley_dashboard.server.access import ACCESS, LOCAL, PROXIES, STORE, AccessCode, is_local
from dudley_dashboard.server.security import LARGEST_REQUEST
from dudley_dashboard.server.settings import Settings, checked, settings_of_environment
from dudley_dashboard.store import open_store
from dudley_sd.request import FOOTPRINT, Request

PORT = 8050
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


def application() -> Flask:
    """Return the app for gunicorn or another server, with the settings of the environment.

    ``DUDLEY_SD_PREFIX``, ``DUDLEY_SD_STORE``, ``DUDLEY_SD_ACCESS_CODE`` or ``DUDLEY_SD_ACCESS_CODE_FILE``,
    ``DUDLEY_SD_PUBLIC_NAMES`` (parted by commas), ``DUDLEY_SD_PROXIES``. A store needs an access
    code, since it is not known here who can reach the server.
    """
    return make_server_app(settings_of_environment())


def make_server_app(settings: Settings) -> Flask:
    """Make the app, open its store and set who may use it.

    Raises
    ------
    InputError
        For every fault that `checked` finds; or if the store cannot be opened.
    """
    settings, faults = checked(settings)
    if faults:
        raise InputError(faults)
    store = open_store(settings.store) if settings.store else None
    server: Flask = create_app(settings.path).server
    server.config[STORE] = store
    server.config[ACCESS] = AccessCode(settings.code) if settings.code else None
    server.config[PROXIES] = settings.proxies
    if settings.public_names or not settings.reachable:
        server.before_request(_only_for(settings.public_names))
    return server


def _only_for(names: tuple[str, ...]) -> Callable[[], None]:
    """Refuse requests for other hosts: a foreign site may have its name lead to this machine."""
    known = {name.lower().partition(":")[0] for name in names}

    def refuse() -> None:
        host = request.host.partition(":")[0].lower()
        if host not in known and not is_local(request.host):
            abort(400, f"This dashboard is not served as {host[:100]!r}. Name it with --public-name.")

    return refuse


def serve(
    settings: Settings, host: str, port: int, opened: Callable[[str], None], show_browser: bool = False
) -> None:
    """Serve until somebody stops it.

    Parameters
    ----------
    settings
        How; whether it is beyond this machine is found from ``host``.
    host, port
        Where to listen; port 0 is any that is free.
    opened
        Called with the address once the server listens.
    show_browser
        Open the address in a browser.

    Raises
    ------
    InputError
        All at once: what `checked` finds, a port that is taken, a host that is not this machine's; or if the
        store cannot be opened.
    """
    settings, faults = checked(replace(settings, beyond=host not in LOCAL))
    faults += listening_faults(host, port)
    if faults:
        raise InputError(faults)
    app = make_server_app(settings)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short wait is no news
    try:
        server = listen(app, host, port)
    except (OSError, ValueError) as error:  # somebody else was quicker
        raise InputError([cannot_listen(error, host, port)]) from None
    name = "localhost" if host in (*LOCAL, "0.0.0.0", "::") else host
    address = f"http://{name}:{_port(server, port)}{settings.path}"
    warm(app)
    opened(address)
    if show_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        server.run()  # returns when Ctrl+C is pressed
    finally:
        server.close()


def warm(app: Flask) -> None:
    """Ask in the background what the first readers will ask: the model is compiled before they come."""
    threading.Thread(target=_warm, args=(app,), name="warm up", daemon=True).start()


def _warm(app: Flask) -> None:
    for path in ("health", ""):
        app.test_client().get(f"{app.config[PREFIX]}{path}")
    browser_model(FOOTPRINT)
    with_bands(Request())
    warm_up()


def _port(server: object, port: int) -> int:
    """Port that a server listens at; one for several sockets does not say."""
    return int(getattr(server, "effective_port", port))


def listen(app: Flask, host: str, port: int, **more: Any) -> Any:
    """Return a server of waitress that listens, with every limit named; ``more`` goes over them.

    Raises
    ------
    OSError, ValueError
        If it cannot listen there.
    """
    limits = {
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
    return create_server(app, host=host, port=port, **(limits | more))


def connections() -> int:
    """Return how many connections this process can hold: each takes a file descriptor.

    The soft limit of open files is raised as far as it is needed and the hard limit allows.
    """
    if not hasattr(select, "poll"):
        return CONNECTIONS_OF_SELECT
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    needed = CONNECTIONS + OTHER_FILES
    if soft != unlimited and soft < needed:
        raised = needed if hard == unlimited else min(needed, hard)
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
