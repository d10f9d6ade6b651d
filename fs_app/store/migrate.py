"""Alembic, run by the program itself at its start. Owns how migrations run, not what they change.

Alembic takes a second to load, three times in one ``serve``; so it is loaded only when there is something to migrate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number, the same in every version: whoever holds it migrates.
_ADVISORY_LOCK = 7_303_014


def newest() -> str:
    """The version that this program's tables have. Files are named ``<version>_<what>.py`` and sort by age."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(connection: Connection) -> None:
    """Bring the database behind ``connection`` to the newest version, within its transaction.

    On SQLite the transaction was begun IMMEDIATE, so a second process waits until the first has committed; on
    PostgreSQL it waits for an advisory lock. Whoever comes second finds nothing to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    if _version(connection) == newest():
        return
    from alembic import command  # noqa: PLC0415 - see above

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
    return found


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
