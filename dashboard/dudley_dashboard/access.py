"""Who may see and change the saved plans? Those on this machine, or those who know the team's access code."""

from __future__ import annotations

import hashlib
import hmac
import math
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, request
from itsdangerous import BadSignature, TimestampSigner

from dudley_dashboard.guessing import Guesses, client_of
from dudley_dashboard.health import STORE
from dudley_dashboard.store import Store
from dudley_dashboard.view import read_view, search_of

ACCESS = "DUDLEY_SD_ACCESS"
"""Key of the app's configuration under which the `AccessCode` is, where there is one."""

PROXIES = "DUDLEY_SD_PROXIES"
"""Key of the app's configuration under which the number of proxies in front is; None if that is not known."""

COOKIE = "dudley_sd_access"
HOURS = 12
SHORTEST_CODE, LONGEST_CODE = 12, 200
TRIED = "code"
"""Key of the address that says how signing in went: ``wrong`` or ``wait``."""

LOCAL = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What a proxy adds to a request that it hands on from elsewhere."""


class AccessCode:
    """The shared code, and tickets for those who gave it.

    Parameters
    ----------
    code
        As the team knows it.

    Notes
    -----
    Tickets are signed with a key made slowly from the code: all processes of a server share it, a ticket does
    not give the code away, and a new code ends all tickets. A ticket says when it was given and nothing else.
    """

    def __init__(self, code: str) -> None:
        self._digest = _digest(code)
        key = hashlib.scrypt(code.encode("utf-8"), salt=b"dudley_sd saved plans", n=2**14, r=8, p=1)
        self._signer = TimestampSigner(key, salt="saved plans", digest_method=hashlib.sha256)

    def is_right(self, given: str) -> bool:
        """Compare in a time that does not tell how much of it is right."""
        return hmac.compare_digest(self._digest, _digest(given))

    def ticket(self) -> str:
        """Return a ticket that holds for `HOURS`."""
        return self._signer.sign(b"in").decode("ascii")

    def holds(self, ticket: str) -> bool:
        """Whether a ticket is one of ours and not too old."""
        try:
            return self._signer.unsign(ticket[:200], max_age=HOURS * 3600) == b"in"
        except BadSignature:
            return False


def store_for_reader() -> Store | None:
    """Return the store if there is one and whoever asks may use it."""
    store: Store | None = current_app.config.get(STORE)
    return store if store is not None and is_let_in() else None


def is_let_in() -> bool:
    """Whether the request comes with a ticket, or from this machine where no code is asked for."""
    access: AccessCode | None = current_app.config.get(ACCESS)
    if access is None:
        return is_local(request.host) and not any(name in request.headers for name in FORWARDED)
    return access.holds(request.cookies.get(COOKIE, ""))


def is_local(host: str) -> bool:
    """Whether a host, with or without port, is this machine by a name that no other site can take."""
    try:
        return urlsplit(f"//{host}").hostname in LOCAL
    except ValueError:
        return False


def add_access(server: Flask, prefix: str, page: str) -> None:
    """Answer at ``<prefix>access`` (sign in) and ``<prefix>access/out``; both lead back to the page of plans.

    Parameters
    ----------
    server, prefix
        The app's server and the path below which it is served.
    page
        Path of the page of saved plans below the prefix, without a slash before it.
    """
    guesses = Guesses()

    def back(tried: str = "") -> Response:
        view = read_view("?" + request.query_string.decode("ascii", errors="replace"))
        search = search_of(view.plan, {TRIED: (tried,)} if tried else {})
        response = redirect(f"{prefix}{page}{search}", 303)
        assert isinstance(response, Response)
        return response

    def sign_in() -> Response:
        access: AccessCode | None = current_app.config.get(ACCESS)
        store: Store | None = current_app.config.get(STORE)
        if access is None or store is None:
            return back()
        right = access.is_right(request.form.get("code", "")[:LONGEST_CODE])
        wait = guesses.wait_of(client_of(request, current_app.config.get(PROXIES)), right)
        if wait is not None:
            response = back("wait" if wait else "wrong")
            response.headers["Retry-After"] = str(math.ceil(wait))
            return response
        response = back()
        response.set_cookie(
            COOKIE,
            access.ticket(),
            max_age=HOURS * 3600,
            path=prefix,
            secure=_is_https(),
            httponly=True,
            samesite="Strict",
        )
        return response

    def sign_out() -> Response:
        response = back()
        response.delete_cookie(COOKIE, path=prefix, secure=_is_https(), httponly=True, samesite="Strict")
        return response

    server.add_url_rule(f"{prefix}access", "dudley_sd_access", sign_in, methods=["POST"])
    server.add_url_rule(f"{prefix}access/out", "dudley_sd_access_out", sign_out, methods=["POST"])


def _is_https() -> bool:
    return request.is_secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", errors="replace")).digest()
