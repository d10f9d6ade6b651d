"""Whose an extension is, by what administrators entered for accounts. Reads the accounts' tables and writes none."""

from __future__ import annotations

from sqlalchemy import select

from fs_app.store.durable import Database
from fs_app.store.tables import account_extensions, accounts


class ExtensionOwners:
    """The extensions of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def logins(self, extension: str) -> list[str]:
        """The accounts that have this extension and are not disabled. Raises ``DatabaseUnavailable``."""
        query = (
            select(accounts.c.login)
            .join(account_extensions, account_extensions.c.account_id == accounts.c.id)
            .where(account_extensions.c.extension == extension, accounts.c.disabled.is_(False))
            .order_by(accounts.c.login)
        )
        return self._database.read(lambda connection: [str(row.login) for row in connection.execute(query)])
