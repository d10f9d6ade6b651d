"""Dial IDs and dial passwords: how they are made, and what the database keeps of them. Knows no permission and no phone.

A dial password is eight random digits, kept as an argon2id hash that is cheap enough for a shift that signs in at once
(docs/adr/0003-dial-passwords.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import Connection, insert, select

from fs_app.store import account_rows
from fs_app.store.passwords import Passwords
from fs_app.store.tables import dial_logins

ID_DIGITS = 6
PASSWORD_DIGITS = 8
# Some 5 ms each: fifty callers at once are answered in a fraction of a second, two at a time.
_TIME_COST, _MEMORY_KIB = 2, 4096


def random_digits(count: int) -> str:
    """``count`` random digits, the first of them no 0: a phone's own dialling rules may swallow that."""
    least: int = 10 ** (count - 1)
    return str(least + secrets.randbelow(9 * least))


class DialSecrets:
    """Makes and checks dial passwords. ``digits`` is where random digits come from."""

    def __init__(self, passwords: Passwords | None = None, digits: Callable[[int], str] = random_digits) -> None:
        self._passwords = passwords or Passwords(time_cost=_TIME_COST, memory_kib=_MEMORY_KIB, parallelism=1)
        self._digits = digits

    def new(self, is_taken: Callable[[str], bool]) -> tuple[str, str]:
        """A new dial password and what is to be stored of it. ``is_taken`` says whether it is the log-in password."""
        while True:
            password = self._digits(PASSWORD_DIGITS)
            if not is_taken(password):
                return password, self._passwords.hash(password)

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` is the one of ``stored``. ``None`` (nobody) takes as long and is always False."""
        return self._passwords.matches(password, stored)

    def issue(self, connection: Connection, account_id: int, stored: str | None, by: str, at: float) -> None:
        """Give a new account a dial ID that no other has, in the transaction that makes the account."""
        account_rows.lock(connection)
        dial_id = self._digits(ID_DIGITS)
        while connection.execute(select(dial_logins.c.account_id).where(dial_logins.c.dial_id == dial_id)).first():
            dial_id = self._digits(ID_DIGITS)
        row = {"account_id": account_id, "dial_id": dial_id, "secret_hash": stored, "changed_at": at, "changed_by": by}
        connection.execute(insert(dial_logins).values(row))
