"""How often may somebody try the access code? After a few wrong ones each client waits, longer each time."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Request

FREE = 5
"""Wrong codes of a client after which it waits."""

LONGEST_WAIT = 300.0
"""Seconds; the first wait is one second, each further one twice the one before."""

KEPT = 1800.0
"""Seconds after its last wrong code in which a client is remembered."""

CLIENTS = 10_000
"""Clients that are remembered; of more, the one that was wrong longest ago is forgotten."""

NETWORK = 64
"""Bits of an IPv6 address that are one client: who has one has all of them."""


class Guesses:
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
            wait = last + pause(count) - now
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
            if now - last <= KEPT and len(self._wrong) < CLIENTS:
                return
            del self._wrong[oldest]


def pause(count: int) -> float:
    """Return how many seconds a client waits after so many wrong codes."""
    return 0.0 if count < FREE else min(LONGEST_WAIT, 2.0 ** min(count - FREE, 30))


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
