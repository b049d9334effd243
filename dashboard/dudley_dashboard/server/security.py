"""Security of the server: headers, limits, checks of what browsers send, and compression."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, request

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
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    ),
}
"""Nothing from anywhere else, no script inside a page; Plotly and Mantine set styles inside the page."""


def add_security(app: Dash) -> None:
    """Add headers, limits, checks of bodies and compression to an app."""
    compress_responses(app.server)
    app.server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    prefix = app.config.routes_pathname_prefix

    def refuse() -> None:
        if len(request.full_path) > LONGEST_ADDRESS:
            abort(414)
        if "Transfer-Encoding" in request.headers:  # of unknown length, with gunicorn
            abort(411)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _from_our_pages():
            abort(403)

    def finish(response: Response) -> Response:
        response.headers.update(HEADERS)
        _set_cache_control(response, prefix)
        return response

    app.server.before_request(refuse)
    add_body_check(app, prefix)
    app.server.register_error_handler(DependencyException, _no_such_file)
    app.server.after_request(finish)


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


def _set_cache_control(response: Response, prefix: str) -> None:
    """Files whose address changes with their content are kept for good, answers never."""
    path = request.path
    hashed = path.startswith(f"{prefix}_dash-component-suites/") and "max-age" in response.headers.get(
        "Cache-Control", ""
    )
    dated = path.startswith(f"{prefix}assets/") and "m" in request.args
    named = path.startswith((f"{prefix}model/", f"{prefix}js/"))
    named = named and "immutable" in response.headers.get("Cache-Control", "")
    if response.status_code == 200 and (hashed or dated or named):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif path.startswith((f"{prefix}assets/", f"{prefix}_dash-component-suites/", f"{prefix}_favicon.ico")):
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"


DEEPEST = 100
"""Lists and objects inside one another that a body may hold; those of our pages have some ten."""

FOREIGN = "No page of this dashboard sends this. Load the page again."


def add_body_check(app: Dash, prefix: str) -> None:
    """Refuse JSON that is nested too deeply, and callbacks that the app does not have."""
    callbacks = f"{prefix}_dash-update-component"

    def refuse() -> None:
        if not request.is_json:
            return
        try:
            content = request.get_json(silent=True)
        except RecursionError:
            abort(400, FOREIGN)
        if is_deeper(content, DEEPEST):
            abort(400, FOREIGN)
        if request.path == callbacks and not is_callback(content, app.callback_map):
            abort(400, FOREIGN)

    app.server.before_request(refuse)


def is_deeper(content: object, most: int) -> bool:
    """Whether lists and objects are nested more than so many times."""
    level: list[Any] = [content]
    for _ in range(most + 1):
        parts = [each.values() if isinstance(each, dict) else each for each in level if _is_nested(each)]
        level = [each for part in parts for each in part]
        if not level:
            return False
    return True


def is_callback(content: object, known: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a body asks for a callback of the server, with its own outputs, inputs and state.

    Parameters
    ----------
    content
        The body, as JSON.
    known
        Callbacks by the name of their outputs, as Dash keeps them; those in the browser have no function.
    """
    if not isinstance(content, dict) or not isinstance(content.get("output"), str):
        return False
    callback = known.get(content["output"], {})
    changed = content.get("changedPropIds", [])
    return (
        "callback" in callback
        and _fit_all(content.get("inputs"), callback["inputs"])
        and _fit_all(content.get("state", []), callback["state"])
        and _fit_outputs(content.get("outputs"), content["output"])
        and isinstance(changed, list)
        and all(isinstance(each, str) for each in changed)
    )


def _fit_all(given: object, declared: list[dict[str, str]]) -> bool:
    """Whether values are given of just these properties; of a pattern, of any number of components."""
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_fits(value, each) for value, each in zip(given, declared, strict=True))


def _fits(given: object, declared: dict[str, str]) -> bool:
    if not declared["id"].startswith("{"):
        return _is_property(given) and _id_and_property(given) == (declared["id"], declared["property"])
    each = given if isinstance(given, list) else [given]
    return all(_is_property(one) and _id_and_property(one)[1] == declared["property"] for one in each)


def _fit_outputs(given: object, name: str) -> bool:
    several = name.startswith("..")
    if several and (not isinstance(given, list) or len(given) != len(name.strip(".").split("..."))):
        return False
    each = given if isinstance(given, list) else [given]
    return all(_is_property(one) for one in each)


def _is_property(given: object) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("id"), (str, dict))
        and isinstance(given.get("property"), str)
    )


def _id_and_property(given: Any) -> tuple[Any, str]:
    return given["id"], given["property"]


def _is_nested(each: object) -> bool:
    return isinstance(each, (dict, list))


SMALLEST = 1000
"""Bytes below which compressing wins nothing."""

KINDS = ("text/", "application/json", "application/javascript", "image/svg+xml")


def compress_responses(server: Flask) -> None:
    """Compress what browsers that accept gzip get; what never changes is compressed once."""

    @server.after_request
    def compress(response: Response) -> Response:
        response.vary.add("Accept-Encoding")
        if not _is_compressible(response):
            return response
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) < SMALLEST:
            return response
        lasting = request.method == "GET" and "_dash-layout" not in request.path
        response.set_data(_compressed_once(content) if lasting else gzip.compress(content, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(f"{etag}-gzip")
            response.make_conditional(request.environ)
        return response


def _is_compressible(response: Response) -> bool:
    return (
        response.status_code == 200
        and "gzip" in request.headers.get("Accept-Encoding", "").lower()
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(KINDS)
    )


@lru_cache(maxsize=96)
def _compressed_once(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
