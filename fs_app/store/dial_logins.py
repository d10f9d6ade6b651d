"""Who somebody at a phone's keypad is: a dial ID, and a dial password where one is asked for.

Reads the table ``dial_logins``, which ``Accounts`` writes. Counting wrong entries is for :mod:`fs_app.store.attempts`;
whether a password may be waived is for the caller to say. Neither ID nor password is ever logged here.
"""

from __future__ import annotations

import re

from sqlalchemy import Row, select

from fs_app.store.dial_secrets import DialSecrets
from fs_app.store.durable import Database
from fs_app.store.tables import accounts, dial_logins

_DIGITS = re.compile(r"[0-9]{1,20}")


class DialLogins:
    """The dial logins of one database."""

    def __init__(self, database: Database, secrets: DialSecrets | None = None) -> None:
        self._database = database
        self._secrets = secrets or DialSecrets()

    def check(self, dial_id: str, password: str) -> str | None:
        """The login of the account whose dial ID and dial password these are, else None; all take the same time.

        A disabled account is nobody, and so is one for which no dial password was made yet. Takes some 5 ms of a
        thread, two at a time. Raises ``DatabaseUnavailable``.
        """
        row = self._row(dial_id)
        fits = self._secrets.matches(password, row.secret_hash if row is not None else None)
        return str(row.login) if fits and row is not None and not row.disabled else None

    def login_of(self, dial_id: str) -> str | None:
        """The login of the account with this dial ID, else None; for a phone whose word alone is taken."""
        row = self._row(dial_id)
        return str(row.login) if row is not None and not row.disabled else None

    def _row(self, dial_id: str) -> Row[str, bool, str | None] | None:
        known = dial_id if _DIGITS.fullmatch(dial_id) else ""
        query = (
            select(accounts.c.login, accounts.c.disabled, dial_logins.c.secret_hash)
            .join(accounts, accounts.c.id == dial_logins.c.account_id)
            .where(dial_logins.c.dial_id == known)
        )
        return self._database.read(lambda connection: connection.execute(query).one_or_none())
