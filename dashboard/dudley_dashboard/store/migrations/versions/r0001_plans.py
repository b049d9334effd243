"""Plans and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of plans and versions."""
    op.create_table(
        "saved_plan",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(240), nullable=False, unique=True),
        sa.Column("latest", sa.Integer, nullable=False),
    )
    op.create_table(
        "saved_plan_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "plan_id",
            sa.Integer,
            sa.ForeignKey("saved_plan.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_version", sa.String(40), nullable=False),
        sa.UniqueConstraint("plan_id", "number", name="one_of_each_number"),
    )


def downgrade() -> None:
    """Take them out, with all that is in them."""
    op.drop_table("saved_plan_version")
    op.drop_table("saved_plan")
