"""Serving the dashboard: from the command line with waitress, or with gunicorn and the environment."""

from __future__ import annotations

import errno
import logging
import os
import re
import select
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, abort, request
from sdcompile.errors import Fault, InputError
from waitress import create_server
from waitress.task import ThreadedTaskDispatcher

from dudley_dashboard.app import create_app
from dudley_dashboard.browser_model import browser_model
from dudley_dashboard.page import PREFIX
from dudley_dashboard.runs import warm_up, with_bands
from dudley_dashboard.server.access import (
    ACCESS,
    LOCAL,
    LONGEST_CODE,
    PROXIES,
    SHORTEST_CODE,
    STORE,
    AccessCode,
    is_local,
)
from dudley_dashboard.server.database import check_url, open_store
from dudley_dashboard.server.security import LARGEST_REQUEST
from dudley_sd.request import FOOTPRINT, Request

CODE_VARIABLE = "DUDLEY_SD_ACCESS_CODE"
CODE_FILE_VARIABLE = "DUDLEY_SD_ACCESS_CODE_FILE"
STORE_VARIABLE = "DUDLEY_SD_STORE"
PREFIX_VARIABLE = "DUDLEY_SD_PREFIX"
NAMES_VARIABLE = "DUDLEY_SD_PUBLIC_NAMES"
PROXIES_VARIABLE = "DUDLEY_SD_PROXIES"
MOST_OF_CODE_FILE = 10_000
"""Bytes of the file with the access code that are read; more is no code."""

_PREFIX = re.compile(r"/([A-Za-z0-9._~-]+/)*")


@dataclass(frozen=True)
class Settings:
    """How the dashboard is served.

    Attributes
    ----------
    prefix
        Path below which it is, with a slash at both ends.
    store
        URL of the database of saved plans; empty for none.
    code
        The access code; empty for none.
    public_names
        Host names under which others reach it; with one of them it is served beyond this machine.
    beyond
        Whether it is served beyond this machine in any case.
    code_file
        File with the access code; it goes before ``code``.
    proxies
        How many proxies stand in front; None for one if it is on this machine.
    """

    prefix: str = "/"
    store: str = ""
    code: str = ""
    public_names: tuple[str, ...] = ()
    beyond: bool = False
    code_file: Path | None = None
    proxies: int | None = None

    @property
    def path(self) -> str:
        """The prefix as it is served: a slash at both ends."""
        bare = self.prefix.strip("/")
        return f"/{bare}/" if bare else "/"

    @property
    def reachable(self) -> bool:
        """Whether others may reach the server."""
        return self.beyond or bool(self.public_names)


def settings_of_environment() -> Settings:
    """Return what the environment asks for; who can reach the server is not known here.

    Raises
    ------
    InputError
        If the number of proxies is none.
    """
    proxies = os.environ.get(PROXIES_VARIABLE, "").strip()
    if proxies and not re.fullmatch("[0-9]{1,2}", proxies):
        remedy = f"Write how many stand in front: {PROXIES_VARIABLE}=1"
        raise InputError([Fault(PROXIES_VARIABLE, repr(proxies), "is no number of proxies", remedy)])
    names = (name.strip() for name in os.environ.get(NAMES_VARIABLE, "").split(","))
    return Settings(
        prefix=os.environ.get(PREFIX_VARIABLE, "/"),
        store=os.environ.get(STORE_VARIABLE, ""),
        code=os.environ.get(CODE_VARIABLE, "").strip(),
        public_names=tuple(name for name in names if name),
        beyond=True,
        code_file=code_file_of_environment(),
        proxies=int(proxies) if proxies else None,
    )


def code_file_of_environment() -> Path | None:
    """Return the file that the environment names for the access code."""
    named = os.environ.get(CODE_FILE_VARIABLE)
    return Path(named) if named else None


def checked(settings: Settings) -> tuple[Settings, list[Fault]]:
    """Read the access code and find everything that is wrong, without touching a database.

    Returns
    -------
    Serving
        The same with the code that was read; its file is read once, since a pipe can be read no second time.
    list[Fault]
        A prefix that is no path, a code that cannot be read or is too short, a URL that is none of a
        database, a store that others could reach without a code.
    """
    faults = []
    if not _PREFIX.fullmatch(settings.path) or ".." in settings.path:
        problem = "is no path of letters, digits and - . _ ~ between slashes"
        faults.append(Fault("--prefix", repr(settings.prefix), problem, "Write it so: --prefix /dudley/"))
    try:
        code = read_code(settings)
    except InputError as error:
        return settings, [*faults, *error.faults, *_url_faults(settings)]
    if code and not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
        problem = f"has {len(code)} letters; {SHORTEST_CODE} to {LONGEST_CODE} are needed"
        faults.append(Fault("access code", "", problem, "Take several words that nobody else would think of"))
    if settings.store and settings.reachable and not code:
        problem = "others can reach the saved plans, and there is no access code"
        remedy = f"Set {CODE_VARIABLE}, or name a file with the code: --access-code-file"
        faults.append(Fault("--store", "", problem, remedy))
    return replace(settings, code=code, code_file=None), faults + _url_faults(settings)


def read_code(settings: Settings) -> str:
    """Return the access code, of its file where there is one; empty where there is none.

    Raises
    ------
    InputError
        If the file cannot be read or is empty.
    """
    named = settings.code_file
    if named is None:
        return settings.code
    try:
        with named.open("rb") as file:  # which may be a pipe, or have no end
            code = file.read(MOST_OF_CODE_FILE).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        raise InputError([Fault("--access-code-file", str(named), problem, "Check the path")]) from None
    if not code:
        raise InputError([Fault("--access-code-file", str(named), "is empty", "Write the code into it")])
    return code


def _url_faults(settings: Settings) -> list[Fault]:
    if not settings.store:
        return []
    try:
        check_url(settings.store)
    except InputError as error:
        return list(error.faults)
    return []


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
