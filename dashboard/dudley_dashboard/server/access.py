"""Access to the saved plans: from this machine, or with the team's code; wrong codes make a client wait."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, redirect, request
from itsdangerous import BadSignature, TimestampSigner

from dudley_dashboard.address import read_view
from dudley_dashboard.store import Store

STORE = "DUDLEY_SD_STORE"
"""Key of the app's configuration under which the store of saved plans is, where there is one."""

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
    return store if store is not None and has_access() else None


def has_access() -> bool:
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
    guesses = WrongCodes()

    def back(tried: str = "") -> Response:
        view = read_view("?" + request.query_string.decode("ascii", errors="replace"))
        search = view.request.address({TRIED: (tried,)} if tried else {})
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


FREE_TRIES = 5
"""Wrong codes of a client after which it waits."""

LONGEST_WAIT = 300.0
"""Seconds; the first wait is one second, each further one twice the one before."""

MEMORY = 1800.0
"""Seconds after its last wrong code in which a client is remembered."""

CLIENTS = 10_000
"""Clients that are remembered; of more, the one that was wrong longest ago is forgotten."""

NETWORK = 64
"""Bits of an IPv6 address that are one client: who has one has all of them."""


class WrongCodes:
    """Wrong codes of each client, in memory; of its address a hash with a key that nobody keeps.

    Whoever gives the right code from another address is never kept waiting by them.

    Parameters
    ----------
    clock
        Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong: OrderedDict[bytes, tuple[int, float]] = OrderedDict()

    def wait_of(self, client: str, right: bool) -> float | None:
        """Take a code of a client.

        Parameters
        ----------
        client
            Address of the client.
        right
            Whether it is the code; of no account while the client has to wait.

        Returns
        -------
        float or None
            None for the right code; 0 for a wrong one; else the seconds that the client has to wait first.
        """
        name = hashlib.blake2b(client.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            now = self._clock()
            self._forget(now)
            count, last = self._wrong.get(name, (0, now))
            wait = last + wait_after(count) - now
            if wait > 0:
                return wait
            self._wrong.pop(name, None)
            if right:
                return None
            self._wrong[name] = (count + 1, now)
            return 0.0

    def _forget(self, now: float) -> None:
        while self._wrong:
            oldest, (_, last) = next(iter(self._wrong.items()))
            if now - last <= MEMORY and len(self._wrong) < CLIENTS:
                return
            del self._wrong[oldest]


def wait_after(count: int) -> float:
    """Return how many seconds a client waits after so many wrong codes."""
    return 0.0 if count < FREE_TRIES else min(LONGEST_WAIT, 2.0 ** min(count - FREE_TRIES, 30))


def client_of(request: Request, proxies: int | None) -> str:
    """Return the address that a request comes from; of IPv6 the network.

    Parameters
    ----------
    request
        As it came.
    proxies
        How many proxies stand in front, each of which adds to ``X-Forwarded-For`` whom it heard from; None
        for one if the request comes from this machine, and else for none.
    """
    peer = request.remote_addr or ""
    heard = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    count = (1 if _is_here(peer) else 0) if proxies is None else proxies
    named = heard[-count] if 0 < count <= len(heard) else ""
    return _network(named or peer)


def _is_here(peer: str) -> bool:
    """Whether an address is this machine's own; a socket in the file system has none."""
    try:
        return not peer or ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), NETWORK), strict=False))
    return str(found)


def _without_port(address: str) -> str:
    """Return ``192.0.2.1`` of ``192.0.2.1:1234`` and ``2001:db8::1`` of ``[2001:db8::1]:1234``."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
