"""Alembic, run by the program itself at its start. Owns how migrations run, not what they change."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

# Any number, the same in every version: whoever holds it migrates.
_ADVISORY_LOCK = 7_303_014


def upgrade(connection: Connection) -> None:
    """Bring the database behind ``connection`` to the newest version, within its transaction.

    On SQLite the transaction was begun IMMEDIATE, so a second process waits until the first has committed; on
    PostgreSQL it waits for an advisory lock. Whoever comes second finds nothing to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    config = _config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == newest:
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
