"""Serve the dashboard: from the command line with waitress, or with gunicorn and the environment."""

from __future__ import annotations

import errno
import logging
import os
import re
import threading
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, abort, request
from waitress import create_server

from dashboard.access import ACCESS, LOCAL, LONGEST_CODE, SHORTEST_CODE, AccessCode, is_local
from dashboard.app import create_app
from dashboard.areas import warm_up
from dashboard.browser_model import browser_model
from dashboard.health import STORE
from dashboard.plan import FOOTPRINT
from dashboard.root import PREFIX
from dashboard.store import open_store
from dudley_sd.errors import Fault, InputError

PORT = 8050
THREADS = 8
LONGEST_HEADERS = 65_536
CODE_VARIABLE = "DUDLEY_SD_ACCESS_CODE"
CODE_FILE_VARIABLE = "DUDLEY_SD_ACCESS_CODE_FILE"
STORE_VARIABLE = "DUDLEY_SD_STORE"
PREFIX_VARIABLE = "DUDLEY_SD_PREFIX"
NAMES_VARIABLE = "DUDLEY_SD_PUBLIC_NAMES"
_PREFIX = re.compile(r"/([A-Za-z0-9._~-]+/)*")


@dataclass(frozen=True)
class Serving:
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
    """

    prefix: str = "/"
    store: str = ""
    code: str = ""
    public_names: tuple[str, ...] = ()
    beyond: bool = False


def application() -> Flask:
    """Return the app for gunicorn or another server, with the settings of the environment.

    ``DUDLEY_SD_PREFIX``, ``DUDLEY_SD_STORE``, ``DUDLEY_SD_ACCESS_CODE`` or ``DUDLEY_SD_ACCESS_CODE_FILE``,
    ``DUDLEY_SD_PUBLIC_NAMES`` (parted by commas). A store needs an access code, since it is not
    known here who can reach the server.
    """
    names = tuple(name.strip() for name in os.environ.get(NAMES_VARIABLE, "").split(",") if name.strip())
    return make_server_app(
        Serving(
            prefix=os.environ.get(PREFIX_VARIABLE, "/"),
            store=os.environ.get(STORE_VARIABLE, ""),
            code=access_code(os.environ),
            public_names=names,
            beyond=True,
        )
    )


def make_server_app(serving: Serving) -> Flask:
    """Make the app, open its store and set who may use it.

    Raises
    ------
    InputError
        All at once: a prefix that is no path, a code that is too short, a store that others could reach
        without a code, a store that cannot be opened.
    """
    prefix = f"/{serving.prefix.strip('/')}/" if serving.prefix.strip("/") else "/"
    beyond = serving.beyond or bool(serving.public_names)
    faults = _faults(serving, prefix, beyond)
    if faults:
        raise InputError(faults)
    store = open_store(serving.store) if serving.store else None
    server: Flask = create_app(prefix).server
    server.config[STORE] = store
    server.config[ACCESS] = AccessCode(serving.code) if serving.code else None
    if serving.public_names or not beyond:
        server.before_request(_only_for(serving.public_names))
    return server


def _faults(serving: Serving, prefix: str, beyond: bool) -> list[Fault]:
    faults = []
    if not _PREFIX.fullmatch(prefix) or ".." in prefix:
        problem = "is no path of letters, digits and - . _ ~ between slashes"
        faults.append(Fault("--prefix", repr(serving.prefix), problem, "Write it so: --prefix /dudley/"))
    if serving.code and not SHORTEST_CODE <= len(serving.code) <= LONGEST_CODE:
        problem = f"has {len(serving.code)} letters; {SHORTEST_CODE} to {LONGEST_CODE} are needed"
        faults.append(Fault("access code", "", problem, "Take several words that nobody else would think of"))
    if serving.store and beyond and not serving.code:
        problem = "others can reach the saved plans, and there is no access code"
        remedy = f"Set {CODE_VARIABLE}, or name a file with the code: --access-code-file"
        faults.append(Fault("--store", "", problem, remedy))
    return faults


def access_code(environment: Mapping[str, str], file: Path | None = None) -> str:
    """Return the access code of a file, or of the environment; empty where there is none.

    Raises
    ------
    InputError
        If the file cannot be read or is empty.
    """
    named = file or (Path(environment[CODE_FILE_VARIABLE]) if environment.get(CODE_FILE_VARIABLE) else None)
    if named is None:
        return environment.get(CODE_VARIABLE, "").strip()
    try:
        code = named.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        raise InputError([Fault("--access-code-file", str(named), problem, "Check the path")]) from None
    if not code:
        raise InputError([Fault("--access-code-file", str(named), "is empty", "Write the code into it")])
    return code


def _only_for(names: tuple[str, ...]) -> Callable[[], None]:
    """Refuse requests for other hosts: a foreign site may have its name lead to this machine."""
    known = {name.lower().partition(":")[0] for name in names}

    def refuse() -> None:
        host = request.host.partition(":")[0].lower()
        if host not in known and not is_local(request.host):
            abort(400, f"This dashboard is not served as {host[:100]!r}. Name it with --public-name.")

    return refuse


def serve(
    serving: Serving, host: str, port: int, opened: Callable[[str], None], show_browser: bool = False
) -> None:
    """Serve until somebody stops it.

    Parameters
    ----------
    serving
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
        As `make_server_app`; and if the port is taken or the host is not this machine's.
    """
    beyond = host not in LOCAL
    settings = Serving(serving.prefix, serving.store, serving.code, serving.public_names, beyond)
    app = make_server_app(settings)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short wait is no news
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_header_size=LONGEST_HEADERS,
            clear_untrusted_proxy_headers=False,
        )
    except (OSError, ValueError) as error:
        raise InputError([_cannot_listen(error, host, port)]) from None
    prefix = f"/{serving.prefix.strip('/')}/".replace("//", "/")
    name = "localhost" if host in (*LOCAL, "0.0.0.0", "::") else host
    address = f"http://{name}:{_port(server, port)}{prefix}"
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
    warm_up()


def _port(server: object, asked: int) -> int:
    """Port that a server listens at; one for several sockets does not say."""
    return int(getattr(server, "effective_port", asked))


def _cannot_listen(error: Exception, host: str, port: int) -> Fault:
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
