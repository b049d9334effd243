"""Connections to PostgreSQL that give up: a server that is frozen takes requests and answers none.

The server ends statements that take long, and TCP notices a machine that has gone; neither helps where the
server's own processes stand still, so each answer is also waited for only so long.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

CONNECT_SECONDS = 3
"""Seconds within which a connection is made."""

TIMEOUTS = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}
"""Of libpq; the last is in milliseconds."""


def postgresql_engine(address: URL, seconds: float) -> Engine:
    """Return an engine that waits no longer than so many seconds for an answer; a URL's own options stand."""
    options = {**TIMEOUTS, "options": f"-c statement_timeout={int(900 * seconds)}"}
    given = {name: value for name, value in options.items() if name not in address.query}
    engine = create_engine(address, pool_pre_ping=True, connect_args=given, hide_parameters=True)

    class Connection(psycopg.Connection[Any]):
        """A connection that is closed when an answer does not come."""

        def wait(self, gen: Any, *args: Any, **more: Any) -> Any:
            try:
                return super().wait(_within(gen, seconds), *args, **more)
            except NoAnswerError:
                self.pgconn.finish()
                raise

    def connect(_dialect: Any, _record: Any, words: list[Any], named: dict[str, Any]) -> Any:
        return Connection.connect(*words, **named)

    event.listen(engine, "do_connect", connect)
    return engine


class NoAnswerError(psycopg.OperationalError):
    """The server has said nothing for too long."""


def _within(steps: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
    """Go through the steps of a request, as psycopg makes them, until an answer is too long in coming."""
    end = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > end:
                raise NoAnswerError(f"the server has not answered for {seconds:g} seconds")
            wanted = steps.send(ready)
    except StopIteration as done:
        return done.value
