"""Run by alembic: bring the database to a revision, in the transaction that it is given."""

from __future__ import annotations

from alembic import context

from dudley_dashboard.store.plans import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
