"""Ids of plans are never given again on SQLite, and wrong access codes are no longer kept in the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

UNUSED = 10_000
"""Ids left out: plans that were deleted before may have had them, and a window may still show one."""


def upgrade() -> None:
    """Make the table of plans anew, with all that is in it; PostgreSQL never counts back."""
    op.drop_table("wrong_code")
    if op.get_bind().dialect.name != "sqlite":
        return
    # Taking the old table away deletes its rows, and with them all versions: these are put aside.
    op.execute("CREATE TEMPORARY TABLE versions_aside AS SELECT * FROM saved_plan_version")
    _make_anew("AUTOINCREMENT")
    op.execute("INSERT INTO saved_plan_version SELECT * FROM versions_aside")
    op.execute("DROP TABLE versions_aside")
    last = "(SELECT COALESCE(MAX(id), 0) FROM saved_plan)"
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'saved_plan'")
    op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('saved_plan', {last} + {UNUSED})")


def downgrade() -> None:
    """Count as before, and make the table of wrong codes."""
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TEMPORARY TABLE versions_aside AS SELECT * FROM saved_plan_version")
        _make_anew("")
        op.execute("INSERT INTO saved_plan_version SELECT * FROM versions_aside")
        op.execute("DROP TABLE versions_aside")


def _make_anew(counting: str) -> None:
    op.execute(
        f"CREATE TABLE saved_plan_anew (id INTEGER NOT NULL PRIMARY KEY {counting}, "
        "name VARCHAR(120) NOT NULL, name_key VARCHAR(240) NOT NULL, latest INTEGER NOT NULL, "
        "UNIQUE (name_key))"
    )
    op.execute("INSERT INTO saved_plan_anew SELECT id, name, name_key, latest FROM saved_plan")
    op.execute("DROP TABLE saved_plan")
    op.execute("ALTER TABLE saved_plan_anew RENAME TO saved_plan")
