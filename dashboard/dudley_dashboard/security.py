"""What may a browser do with our pages, how much may it send, and what may it keep?"""

from __future__ import annotations

from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DependencyException
from flask import Response, abort, request

from dudley_dashboard.access import add_access
from dudley_dashboard.bands import add_bands
from dudley_dashboard.bodies import add_body_check
from dudley_dashboard.downloads import add_downloads
from dudley_dashboard.health import add_health
from dudley_dashboard.plan_files import add_plan_files

LARGEST_REQUEST = 500_000
"""Bytes of a request; the largest that pages send is a plan file, a fifth of it."""

LONGEST_ADDRESS = 32_000
"""Characters of path and query as they arrive, where a letter may take nine; the reader's limit is lower."""

YEAR = 365 * 24 * 3600

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def attach(app: Dash) -> None:
    """Add headers, limits, ``health``, downloads, plan files and the access code to an app."""
    app.server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    prefix = app.config.routes_pathname_prefix
    policy = ""

    def refuse() -> None:
        if len(request.full_path) > LONGEST_ADDRESS:
            abort(414)
        if "Transfer-Encoding" in request.headers:  # of unknown length, with gunicorn
            abort(411)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _from_our_pages():
            abort(403)

    def finish(response: Response) -> Response:
        nonlocal policy
        policy = policy or content_policy(app)
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = policy
        _say_what_to_keep(response, prefix)
        return response

    app.server.before_request(refuse)
    add_body_check(app, prefix)
    app.server.register_error_handler(DependencyException, _no_such_file)
    app.server.after_request(finish)
    add_health(app.server, prefix)
    add_bands(app.server, prefix)
    add_downloads(app.server, prefix)
    add_plan_files(app.server, prefix)
    add_access(app.server, prefix, "plans")


def content_policy(app: Dash) -> str:
    """Return the content security policy: nothing from anywhere else, no script that is not ours.

    Dash writes short scripts into its page; they are let in by their hashes, known once all callbacks are
    there. Plotly and Mantine set styles inside the page.
    """
    hashes = " ".join(app.csp_hashes())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


def _no_such_file(_: Exception) -> Response:
    """Answer a request for a script that Dash does not know, which Dash calls a fault of the server."""
    return Response("There is no such file.", 404, mimetype="text/plain")


def _from_our_pages() -> bool:
    """Whether a request that may change something comes from a page of ours.

    Browsers say so themselves; where they do not, as over plain http, the origin must be the host asked for.
    A proxy in front may have renamed the host, and no other site can make a browser send the proxy's header.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:  # no browser: a script on the command line
        return True
    try:
        site = urlsplit(origin).netloc
    except ValueError:  # http://[
        abort(400, "The Origin of this request is no address.")
    return site in (request.host, request.headers.get("X-Forwarded-Host"))


def _say_what_to_keep(response: Response, prefix: str) -> None:
    """Files whose address changes with their content are kept for good, answers never."""
    path = request.path
    hashed = path.startswith(f"{prefix}_dash-component-suites/") and "max-age" in response.headers.get(
        "Cache-Control", ""
    )
    dated = path.startswith(f"{prefix}assets/") and "m" in request.args
    named = path.startswith(f"{prefix}model/") and "immutable" in response.headers.get("Cache-Control", "")
    if response.status_code == 200 and (hashed or dated or named):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif path.startswith((f"{prefix}assets/", f"{prefix}_dash-component-suites/", f"{prefix}_favicon.ico")):
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
