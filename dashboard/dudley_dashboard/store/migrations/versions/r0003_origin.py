"""Which model file and input files a version was saved with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; nothing is known of versions that are there already."""
    op.add_column("saved_plan_version", sa.Column("origin", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it out."""
    op.drop_column("saved_plan_version", "origin")
