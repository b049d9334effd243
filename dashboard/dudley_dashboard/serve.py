"""Serve the dashboard: from the command line with waitress, or with gunicorn and the environment."""

from __future__ import annotations

import logging
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace

from flask import Flask, abort, request
from sdcompile.errors import InputError

from dudley_dashboard.access import ACCESS, LOCAL, PROXIES, AccessCode, is_local
from dudley_dashboard.app import create_app
from dudley_dashboard.areas import warm_up
from dudley_dashboard.browser_model import browser_model
from dudley_dashboard.health import STORE
from dudley_dashboard.listening import cannot_listen, listen, listening_faults
from dudley_dashboard.plan import FOOTPRINT, Plan
from dudley_dashboard.root import PREFIX
from dudley_dashboard.runs import with_bands
from dudley_dashboard.serving import Serving, checked, of_environment
from dudley_dashboard.store import open_store

PORT = 8050


def application() -> Flask:
    """Return the app for gunicorn or another server, with the settings of the environment.

    ``DUDLEY_SD_PREFIX``, ``DUDLEY_SD_STORE``, ``DUDLEY_SD_ACCESS_CODE`` or ``DUDLEY_SD_ACCESS_CODE_FILE``,
    ``DUDLEY_SD_PUBLIC_NAMES`` (parted by commas), ``DUDLEY_SD_PROXIES``. A store needs an access
    code, since it is not known here who can reach the server.
    """
    return make_server_app(of_environment())


def make_server_app(serving: Serving) -> Flask:
    """Make the app, open its store and set who may use it.

    Raises
    ------
    InputError
        For every fault that `checked` finds; or if the store cannot be opened.
    """
    serving, faults = checked(serving)
    if faults:
        raise InputError(faults)
    store = open_store(serving.store) if serving.store else None
    server: Flask = create_app(serving.path).server
    server.config[STORE] = store
    server.config[ACCESS] = AccessCode(serving.code) if serving.code else None
    server.config[PROXIES] = serving.proxies
    if serving.public_names or not serving.reachable:
        server.before_request(_only_for(serving.public_names))
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
        All at once: what `checked` finds, a port that is taken, a host that is not this machine's; or if the
        store cannot be opened.
    """
    serving, faults = checked(replace(serving, beyond=host not in LOCAL))
    faults += listening_faults(host, port)
    if faults:
        raise InputError(faults)
    app = make_server_app(serving)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short wait is no news
    try:
        server = listen(app, host, port)
    except (OSError, ValueError) as error:  # somebody else was quicker
        raise InputError([cannot_listen(error, host, port)]) from None
    name = "localhost" if host in (*LOCAL, "0.0.0.0", "::") else host
    address = f"http://{name}:{_port(server, port)}{serving.path}"
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
    with_bands(Plan())
    warm_up()


def _port(server: object, asked: int) -> int:
    """Port that a server listens at; one for several sockets does not say."""
    return int(getattr(server, "effective_port", asked))
