"""Saved plans in a database: tables, saving, listing, replacing and deleting, by many people at once."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dudley_dashboard.address import LONGEST
from dudley_sd.request import NAME_LENGTH, REASON_LENGTH

VERSION_LENGTH, ORIGIN_LENGTH = 40, 64

METADATA = MetaData()

PLANS = Table(
    "saved_plan",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(NAME_LENGTH), nullable=False),
    Column("name_key", String(2 * NAME_LENGTH), nullable=False, unique=True),
    Column("latest", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""``name_key`` is the name without capitals: two plans may not differ by them alone. An ``id`` is never given
again: a window may still show a plan that was deleted."""

VERSIONS = Table(
    "saved_plan_version",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("plan_id", Integer, ForeignKey("saved_plan.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("reason", String(REASON_LENGTH), nullable=False),
    Column("address", Text, nullable=False),
    Column("made", DateTime(timezone=True), nullable=False),
    Column("model_version", String(VERSION_LENGTH), nullable=False),
    Column("origin", String(ORIGIN_LENGTH), nullable=False, server_default=""),
    UniqueConstraint("plan_id", "number", name="one_of_each_number"),
)
"""``address`` is what stands after ``?`` when the plan is shown; opened, it is read as untrusted text.
``origin`` is a checksum of the model file and one of all input files."""


class StoreError(Exception):
    """What could not be done, in words for the person who asked for it."""


def key_of(name: str) -> str:
    """Return what two names that look alike have in common."""
    return unicodedata.normalize("NFKC", name).casefold()[: 2 * NAME_LENGTH]


def clean(given: str, longest: int, what: str) -> str:
    """Return one line of what can be printed; databases refuse NUL, and hidden letters deceive readers."""
    line = "".join(letter for letter in " ".join(given.split()) if letter.isprintable())
    if len(line) > longest:
        raise StoreError(f"The {what} is too long: {len(line)} letters; {longest} are kept.")
    return line


MOST_PLANS = 500
MOST_VERSIONS = 100

WRITES = {"dudley_sd_writes": True}
"""Option of a connection whose transaction writes."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlanVersion:
    """A version of a saved plan.

    Attributes
    ----------
    id
        Of the plan.
    name
        That the user chose.
    number
        Of the version, 1 being the first.
    reason, made, model_version
        Why it was saved, when, and with which version of dudley_sd.
    address
        What stands after ``?`` when it is shown.
    origin
        Of `dudley_dashboard.catalogue.origin` when it was saved; empty where that is not known.
    """

    id: int
    name: str
    number: int
    reason: str
    made: datetime
    model_version: str
    address: str
    origin: str


def since(then: str, now: str) -> str:
    """Say what has changed since a plan was saved.

    Parameters
    ----------
    then, now
        From `dudley_dashboard.catalogue.origin`; empty for a plan that was saved before this was noted.
    """
    if len(then.split()) != len(now.split()):
        return "Whether model and input files have changed since is not known."
    pairs = zip(("model file", "input files"), then.split(), now.split(), strict=True)
    changed = [name for name, was, here in pairs if was != here]
    if not changed:
        return "Model file and input files are the same as then."
    names = " and ".join(changed)
    verb = "has" if changed == ["model file"] else "have"
    return f"Since then the {names} {verb} changed: the numbers are no longer those of the day it was saved."


class Store:
    """Saved plans in a database.

    Parameters
    ----------
    engine
        Whose tables are up to date, see `dudley_dashboard.server.database.open_store`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            with self._engine.connect() as connection:
                connection.execute(select(PLANS.c.id).limit(1))
        except SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @contextmanager
    def _reached(self, **options: bool) -> Iterator[Connection]:
        """Lend a connection in a transaction; a database that does not answer is told in words."""
        try:
            with self._engine.execution_options(**options).begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            _log.warning("The database of saved plans: %s", error)
            raise StoreError("The saved plans cannot be reached just now; please try again later.") from None

    def plans(self) -> list[PlanVersion]:
        """Every plan in its latest version, the newest first."""
        newest = _joined().where(VERSIONS.c.number == PLANS.c.latest)
        with self._reached() as connection:
            rows = connection.execute(newest.order_by(VERSIONS.c.made.desc(), VERSIONS.c.id.desc()))
            return [_plan(row) for row in rows.mappings()]

    def history(self, plan: int) -> list[PlanVersion]:
        """Every version of a plan, the newest first; empty where there is no such plan."""
        with self._reached() as connection:
            rows = connection.execute(
                _joined().where(PLANS.c.id == plan).order_by(VERSIONS.c.number.desc())
            ).mappings()
            return [_plan(row) for row in rows]

    def save(self, name: str, reason: str, address: str, origin: str = "") -> None:
        """Save a plan under a new name.

        Raises
        ------
        StoreError
            If the name is empty, too long or taken, a text is too long, or there are too many plans.
        """
        name = clean(name, NAME_LENGTH, "name")
        if not name:
            raise StoreError("Please give the plan a name.")
        try:
            with self._reached(**WRITES) as connection:
                if _count(connection) >= MOST_PLANS:
                    raise StoreError(f"There are {MOST_PLANS} saved plans already; delete one first.")
                plan = connection.execute(
                    insert(PLANS).values(name=name, name_key=key_of(name), latest=1).returning(PLANS.c.id)
                ).scalar_one()
                _add_version(connection, plan, 1, reason, address, origin)
        except IntegrityError:
            raise StoreError(
                f"There is a plan named “{name}” already; replace it, or choose another name."
            ) from None

    def replace(self, plan: int, seen: int, reason: str, address: str, origin: str = "") -> None:
        """Save a new version of a plan; those before are kept.

        Parameters
        ----------
        plan, seen
            Which plan, and its latest version as the user saw it.
        reason, address, origin
            Of the new version.

        Raises
        ------
        StoreError
            If the plan is gone, has been replaced since, or has too many versions.
        """
        if seen >= MOST_VERSIONS:
            raise StoreError(f"This plan has {MOST_VERSIONS} versions already; save under another name.")
        with self._reached(**WRITES) as connection:
            changed = connection.execute(
                update(PLANS).where(PLANS.c.id == plan, PLANS.c.latest == seen).values(latest=seen + 1)
            )
            if changed.rowcount != 1:
                raise StoreError(_gone_or_changed(connection, plan))
            _add_version(connection, plan, seen + 1, reason, address, origin)

    def delete(self, plan: int, seen: int) -> None:
        """Delete a plan with its history.

        Raises
        ------
        StoreError
            If it is gone, or has been replaced since the user saw it.
        """
        with self._reached(**WRITES) as connection:
            gone = connection.execute(delete(PLANS).where(PLANS.c.id == plan, PLANS.c.latest == seen))
            if gone.rowcount != 1:
                raise StoreError(_gone_or_changed(connection, plan))


def _joined() -> Select[Any]:
    return select(
        PLANS.c.id,
        PLANS.c.name,
        VERSIONS.c.number,
        VERSIONS.c.reason,
        VERSIONS.c.made,
        VERSIONS.c.model_version,
        VERSIONS.c.address,
        VERSIONS.c.origin,
    ).join(VERSIONS, VERSIONS.c.plan_id == PLANS.c.id)


def _plan(row: RowMapping) -> PlanVersion:
    made = row["made"]
    aware = made if made.tzinfo else made.replace(tzinfo=UTC)  # SQLite keeps no zone
    return PlanVersion(**{**row, "made": aware})


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(PLANS)).scalar_one())


def _add_version(
    connection: Connection, plan: int, number: int, reason: str, address: str, origin: str
) -> None:
    if len(address) > LONGEST:
        raise StoreError("The plan is too large to be saved.")
    connection.execute(
        insert(VERSIONS).values(
            plan_id=plan,
            number=number,
            reason=clean(reason, REASON_LENGTH, "reason"),
            address=address,
            origin=origin,
            made=datetime.now(UTC),
            model_version=version("dudley-sd"),
        )
    )


def _gone_or_changed(connection: Connection, plan: int) -> str:
    there = connection.execute(select(PLANS.c.name).where(PLANS.c.id == plan)).scalar_one_or_none()
    if there is None:
        return "Somebody has deleted this plan meanwhile."
    return f"Somebody has replaced “{there}” meanwhile; look at it before you go on."
