"""What is stored of a plan: its name, and each version with reason, date and address. Nothing of people."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

NAME_LENGTH, REASON_LENGTH, VERSION_LENGTH, ORIGIN_LENGTH = 120, 1000, 40, 64

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
