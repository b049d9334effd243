"""Database of saved plans: opened by its URL, its tables made, or brought up to date, first."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sdcompile.errors import Fault, InputError
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dudley_dashboard.store import METADATA, ORIGIN_LENGTH, PLANS, VERSIONS, WRITES, Store

OPTION = "--store"
EXAMPLES = "sqlite:///plans.sqlite, or postgresql://user:password@host/database"
PATIENCE = 30
"""Seconds that a writer, and who sets up a connection, waits for another one."""

ANSWER_SECONDS = 3.0
"""Seconds that a request waits for an answer of PostgreSQL."""

TABLES_LOCK = 8_213_604
"""Number under which one process at a time changes the tables of a PostgreSQL database."""

UNUSED = 10_000
"""Ids left out where they were given again: a window may still show a plan that was deleted."""


def open_store(url: str) -> Store:
    """Open a store; its tables are made, or brought up to date, first.

    Parameters
    ----------
    url
        ``sqlite:///plans.sqlite`` (below the folder that the server is started in; four slashes for a path
        from the root), or ``postgresql://user:password@host/database``.

    Raises
    ------
    InputError
        If it is no such URL, or the database does not answer. A password is never in the message.
    """
    address = check_url(url)
    public_url = address.render_as_string(hide_password=True)
    try:
        making = _engine(address, PATIENCE)
        try:
            make_tables(making)
        finally:
            making.dispose()
        return Store(_engine(address, ANSWER_SECONDS))
    except ImportError:
        remedy = "Install it: pip install 'dudley-sd[postgresql]'"
        raise InputError([Fault(OPTION, public_url, "the driver of PostgreSQL is missing", remedy)]) from None
    except (SQLAlchemyError, OSError) as error:
        problem = f"the database cannot be used ({_first_line(error)})"
        remedy = "Check that it is there, that it answers and that you may write to it"
        raise InputError([Fault(OPTION, public_url, problem, remedy)]) from None


def make_tables(engine: Engine) -> None:
    """Make the tables, or bring those of an earlier commit up to date; of several processes one does it."""
    with engine.execution_options(**WRITES).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": TABLES_LOCK})
        METADATA.create_all(connection)
        if VERSIONS.c.origin.name not in {
            each["name"] for each in inspect(connection).get_columns(VERSIONS.name)
        }:
            column = f"origin VARCHAR({ORIGIN_LENGTH}) NOT NULL DEFAULT ''"
            connection.exec_driver_sql(f"ALTER TABLE {VERSIONS.name} ADD COLUMN {column}")
        for table in ("wrong_code", "alembic_version"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        if engine.dialect.name == "sqlite":
            _never_give_ids_again(connection)


def _never_give_ids_again(connection: Connection) -> None:
    """Make the tables of a SQLite database anew where ids of deleted plans were given to others."""
    made = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{PLANS.name}'")
    if "AUTOINCREMENT" in made.scalar_one():
        return
    names = (PLANS.name, VERSIONS.name)
    for name in names:
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name}_aside AS SELECT * FROM {name}")
    METADATA.drop_all(connection)
    METADATA.create_all(connection)
    for name in names:
        connection.exec_driver_sql(f"INSERT INTO {name} SELECT * FROM {name}_aside")
        connection.exec_driver_sql(f"DROP TABLE {name}_aside")
    last = f"(SELECT COALESCE(MAX(id), 0) FROM {PLANS.name}) + {UNUSED}"
    connection.exec_driver_sql(f"DELETE FROM sqlite_sequence WHERE name = '{PLANS.name}'")
    connection.exec_driver_sql(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{PLANS.name}', {last})")


def check_url(url: str) -> URL:
    """Return a URL with its driver, without asking the database for anything.

    Raises
    ------
    InputError
        If it is no URL, or one of a database that cannot keep plans.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        problem = "is no URL of a database"
        raise InputError([Fault(OPTION, "", problem, f"Write it so: {EXAMPLES}")]) from None
    kind = address.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        problem = f"{kind} is not supported"
        raise InputError([Fault(OPTION, kind, problem, f"Use one of: {EXAMPLES}")])
    if address.database in (None, "", ":memory:") or "mode=memory" in str(address.database):
        problem = "names no file: plans would be lost when the server stops"
        raise InputError([Fault(OPTION, url, problem, "Name one: sqlite:///plans.sqlite")])
    return address.set(drivername="sqlite+pysqlite")


def _engine(address: URL, seconds: float) -> Engine:
    """Return an engine; one of PostgreSQL waits so many seconds for each answer."""
    if address.get_backend_name() == "postgresql":
        return postgresql_engine(address, seconds)
    _make_for_owner(address)
    engine = create_engine(address, connect_args={"timeout": PATIENCE}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_for_owner(address: URL) -> None:
    """Make the file of a SQLite database that only its owner may read; one that is there stays as it is."""
    named = str(address.database)
    path = Path(urlsplit(named).path if named.startswith("file:") else named)
    with suppress(OSError):  # SQLite says what is wrong
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    """Leave transactions to us, keep references sound, and let readers read while somebody writes."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    _let_read_while_written(connection)


def _let_read_while_written(connection: sqlite3.Connection) -> None:
    """Ask for a write-ahead log; where another server may write SQLite refuses at once, so we wait."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    """Take the right to write at once where something is written: two that have read may not both go on.

    Who only reads takes no right: nobody who lists plans, or asks for the health, waits for a writer.
    """
    writes = bool(connection.get_execution_options().keys() & WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(error: Exception) -> str:
    """Return what the database said, without the statement and where to read about it."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


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
    """Return an engine that waits no longer than so many seconds for an answer; a URL's own options stand.

    The server ends statements that take long, and TCP notices a machine that has gone; neither helps where
    the server's own processes stand still, so each answer is also waited for only so long.
    """
    import psycopg  # may not be installed

    options = {**TIMEOUTS, "options": f"-c statement_timeout={int(900 * seconds)}"}
    given = {name: value for name, value in options.items() if name not in address.query}
    engine = create_engine(address, pool_pre_ping=True, connect_args=given, hide_parameters=True)

    class NoAnswerError(psycopg.OperationalError):
        """The server has said nothing for too long."""

    class Connection(psycopg.Connection[Any]):
        """A connection that is closed when an answer does not come."""

        def wait(self, gen: Any, *args: Any, **more: Any) -> Any:
            try:
                return super().wait(_within(gen, seconds, NoAnswerError), *args, **more)
            except NoAnswerError:
                self.pgconn.finish()
                raise

    def connect(_dialect: Any, _record: Any, words: list[Any], named: dict[str, Any]) -> Any:
        return Connection.connect(*words, **named)

    event.listen(engine, "do_connect", connect)
    return engine


def _within(
    steps: Generator[Any, Any, Any], seconds: float, fault: type[Exception]
) -> Generator[Any, Any, Any]:
    """Go through the steps of a request, as psycopg makes them, until an answer is too long in coming."""
    end = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > end:
                raise fault(f"the server has not answered for {seconds:g} seconds")
            wanted = steps.send(ready)
    except StopIteration as done:
        return done.value
