"""Alembic's way in: it works on the connection that the program hands over, in the transaction already begun."""

from __future__ import annotations

from alembic import context

from fs_app.store.setting_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can alter little in place; Alembic then copies the table.
    render_as_batch=True,
    transactional_ddl=True,
)
# No begin_transaction: the caller's transaction holds the lock against a second process and is committed by it.
context.run_migrations()
