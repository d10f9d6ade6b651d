"""Accounts: who there is, what each may do, and their passwords. Every change is audited in its own transaction.

Owns the tables ``accounts``, ``account_extensions``, ``grants`` and ``dial_logins``. It decides nothing about who may
change what: the panel's gate and the command line do. After each change it announces the login, so that open streams look again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fs_app.floor.actor import ADMINISTRATOR, RIGHTS, Actor
from fs_app.store import account_rows as rows
from fs_app.store.account_rows import Account, NewAccount, login_key
from fs_app.store.audit import CONFIRMED, AuditLog, Deed
from fs_app.store.dial_secrets import DialSecrets
from fs_app.store.durable import Database
from fs_app.store.passwords import Passwords
from fs_app.store.random_secrets import new_secret
from fs_app.store.tables import account_extensions, accounts, dial_logins, grants, sessions


class AccountRefused(Exception):
    """A change of accounts that cannot be; nothing changed. ``error`` is a stable id with a text in the catalogues."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


UNKNOWN_ACCOUNT = "unknown_account"
LAST_ADMINISTRATOR = "last_administrator"
SAME_AS_DIAL_PASSWORD = "same_as_dial_password"  # noqa: S105 - an error's id

CHANGEABLE = frozenset({"name", "role", "locale", "agent", "extensions", "disabled"})
Announce = Callable[[str], None]


class Accounts:
    """The accounts of one database."""

    def __init__(
        self,
        database: Database,
        audit: AuditLog,
        passwords: Passwords,
        announce: Announce,
        clock: Callable[[], float] = time.time,
        *,
        dial: DialSecrets | None = None,
    ) -> None:
        self._database = database
        self._audit = audit
        self._dial = dial or DialSecrets()
        self._passwords = passwords
        self.announce = announce
        self._clock = clock

    # -- reading

    def get(self, login: str) -> Account:
        """One account, however its login was typed. Raises ``AccountRefused(unknown_account)``."""
        account = self._database.read(lambda connection: rows.by_login(connection, login))
        if account is None:
            raise AccountRefused(UNKNOWN_ACCOUNT)
        return account

    def page(self, after: str = "", limit: int = 100) -> list[Account]:
        """At most ``limit`` accounts in the order of their logins, from the one after ``after`` on."""
        return self._database.read(lambda connection: rows.page(connection, login_key(after), limit))

    def names(self, logins: Iterable[str]) -> dict[str, str]:
        """The name of each of these logins that still is an account."""
        query = select(accounts.c.login, accounts.c.name).where(accounts.c.login.in_(list(logins)))
        return self._database.read(lambda connection: {row.login: row.name for row in connection.execute(query)})

    def with_password(self, login: str, password: str) -> Account | None:
        """The account if ``password`` is its own and it is not disabled, else None; both take the same time."""
        found = self._database.read(lambda connection: rows.with_password_hash(connection, login))
        stored = found[1] if found else None
        if not self._passwords.matches(password, stored) or found is None or stored is None:
            return None
        if self._passwords.is_outdated(stored):
            self._rehash(login, password)
        # As it was before the check: a session begun under a password that changed meanwhile does not live.
        account = found[0]
        return None if account.disabled else account

    # -- changing

    def add(
        self, new: NewAccount, password: str, by: Actor, *, must_change: bool, request_id: str = ""
    ) -> tuple[Account, str]:
        """Make an account; returns it with its dial password, which is told this once.

        Raises ``AccountRefused`` (``login_taken``, ``agent_taken``).
        """
        hashed = self._passwords.hash(password)
        told, kept = self._dial.new(lambda made: made == password)
        shown = {k: v for k, v in asdict(new).items() if k != "agent"} | {"must_change": must_change}
        deed = Deed(by, "account.add", new.agent or "", args=shown, request_id=request_id)

        def work(connection: Connection) -> Account:
            self._insert(connection, new, hashed, kept, by, must_change=must_change)
            self._audit.append(connection, CONFIRMED, deed)
            return rows.existing(connection, new.login)

        return self._changed(work), told

    def change(
        self, login: str, changes: Mapping[str, Any], by: Actor, request_id: str = "", *, password: str | None = None
    ) -> Account:
        """Change some of name, role, locale, agent, extensions, disabled; all of it or nothing.

        A ``password`` is set with it as by :meth:`set_password`; its owner must change it. Raises ``AccountRefused``
        (``agent_taken``, ``last_administrator``, and what :meth:`set_password` raises). Disabling ends all sessions.
        """
        if unknown := changes.keys() - CHANGEABLE:
            raise ValueError(f"not changeable: {sorted(unknown)}")
        hashed = self._hashed(login, password) if password is not None else None

        def work(connection: Connection) -> Account:
            before = self._existing(connection, login)
            after = replace(before, **changes)
            if after != before:
                self._write_change(connection, before, after)
                args = {"login": before.login} | {k: v for k, v in changes.items() if getattr(before, k) != v}
                deed = Deed(by, "account.change", after.agent or "", "", args, request_id)
                self._audit.append(connection, CONFIRMED, deed)
            if hashed is not None:
                self._write_password(connection, before, hashed, by, must_change=True, request_id=request_id)
            return rows.existing(connection, login)

        return self._changed(work)

    def remove(self, login: str, by: Actor, request_id: str = "") -> None:
        """Remove an account with its rights, sessions and tokens. Raises ``AccountRefused`` like :meth:`change`."""

        def work(connection: Connection) -> Account:
            account = self._existing(connection, login)
            connection.execute(delete(accounts).where(accounts.c.id == account.id))
            self._keep_an_administrator(connection)
            deed = Deed(by, "account.remove", account.agent or "", args={"login": account.login}, request_id=request_id)
            self._audit.append(connection, CONFIRMED, deed)
            return account

        self._changed(work)

    def grant(self, login: str, queue: str, right: str, by: Actor, request_id: str = "") -> Account:
        """Give the account ``none``, ``view`` or ``edit`` on a queue. Raises ``AccountRefused(unknown_account)``."""
        if right not in RIGHTS:
            raise ValueError(f"no right: {right}")

        def work(connection: Connection) -> Account:
            account = self._existing(connection, login)
            if account.grants.get(queue, "none") == right:
                return account
            connection.execute(delete(grants).where(grants.c.account_id == account.id, grants.c.queue == queue))
            if right != "none":
                connection.execute(insert(grants).values(account_id=account.id, queue=queue, held=right))
            args = {"login": account.login, "right": right}
            self._audit.append(connection, CONFIRMED, Deed(by, "account.grant", "", queue, args, request_id))
            return rows.existing(connection, login)

        return self._changed(work)

    def set_password(self, login: str, password: str, by: Actor, *, must_change: bool, request_id: str = "") -> Account:
        """Set a password; every session of the account is over.

        Raises ``AccountRefused`` (``unknown_account``, ``same_as_dial_password``).
        """
        hashed = self._hashed(login, password)

        def work(connection: Connection) -> Account:
            account = self._existing(connection, login)
            self._write_password(connection, account, hashed, by, must_change=must_change, request_id=request_id)
            return rows.existing(connection, login)

        return self._changed(work)

    def renew_dial(self, login: str, by: Actor, request_id: str = "") -> tuple[Account, str]:
        """Make a new dial password; returns the account with it, told this once. The dial ID stays.

        It is never the log-in password. Raises ``AccountRefused(unknown_account)``.
        """
        found = self._database.read(lambda connection: rows.with_password_hash(connection, login))
        if found is None:
            raise AccountRefused(UNKNOWN_ACCOUNT)
        told, kept = self._dial.new(lambda made: self._passwords.matches(made, found[1]))

        def work(connection: Connection) -> Account:
            account = self._existing(connection, login)
            row = update(dial_logins).where(dial_logins.c.account_id == account.id)
            connection.execute(row.values(secret_hash=kept, changed_at=self._clock(), changed_by=by.login))
            deed = Deed(by, "account.renew_dial", args={"login": account.login}, request_id=request_id)
            self._audit.append(connection, CONFIRMED, deed)
            return rows.existing(connection, login)

        return self._changed(work), told

    def ensure_first_administrator(
        self, password: str | None, by: Actor, extensions: tuple[str, ...] = ()
    ) -> str | None:
        """Make ``admin`` when there is no account at all, with ``extensions`` to listen on and no dial password yet.

        Returns the random password if one was made, which is the only time it is ever shown; None otherwise.
        """
        nobody = select(func.count()).select_from(accounts)
        if self._database.read(lambda connection: connection.execute(nobody).scalar_one()):
            return None
        given = password or new_secret()[:20]
        hashed = self._passwords.hash(given)

        def work(connection: Connection) -> bool:
            rows.lock(connection)
            if connection.execute(nobody).scalar_one():
                return False
            new = NewAccount("admin", "Administrator", ADMINISTRATOR, extensions=extensions)
            self._insert(connection, new, hashed, None, by, must_change=False)
            self._audit.append(connection, CONFIRMED, Deed(by, "account.add", args=asdict(new)))
            return True

        made = self._database.write(work)
        return given if made and not password else None

    # -- parts

    def _changed(self, work: Callable[[Connection], Account]) -> Account:
        try:
            account = self._database.write(work)
        except IntegrityError as error:
            raise AccountRefused(rows.taken(error)) from None
        self.announce(account.login)
        return account

    def _existing(self, connection: Connection, login: str) -> Account:
        rows.lock(connection)
        account = rows.by_login(connection, login)
        if account is None:
            raise AccountRefused(UNKNOWN_ACCOUNT)
        return account

    def _insert(
        self, connection: Connection, new: NewAccount, hashed: str, dial: str | None, by: Actor, *, must_change: bool
    ) -> None:
        now = self._clock()
        account_id = rows.put(connection, new, hashed, now, must_change=must_change)
        self._dial.issue(connection, account_id, dial, by.login, now)

    def _hashed(self, login: str, password: str) -> str:
        kept = self._database.read(lambda connection: rows.dial_hash(connection, login))
        if kept is not None and self._dial.matches(password, kept):
            raise AccountRefused(SAME_AS_DIAL_PASSWORD)
        return self._passwords.hash(password)

    def _write_password(
        self, connection: Connection, account: Account, hashed: str, by: Actor, *, must_change: bool, request_id: str
    ) -> None:
        values = {"password_hash": hashed, "must_change": must_change, "password_changed_at": self._clock()}
        epoch = accounts.c.session_epoch + 1
        connection.execute(update(accounts).where(accounts.c.id == account.id).values(session_epoch=epoch, **values))
        connection.execute(delete(sessions).where(sessions.c.account_id == account.id))
        args = {"login": account.login, "must_change": must_change}
        self._audit.append(connection, CONFIRMED, Deed(by, "account.set_password", "", "", args, request_id))

    def _write_change(self, connection: Connection, before: Account, after: Account) -> None:
        values = {name: getattr(after, name) for name in CHANGEABLE - {"extensions"}}
        if after.disabled:
            values["session_epoch"] = accounts.c.session_epoch + 1
            connection.execute(delete(sessions).where(sessions.c.account_id == before.id))
        connection.execute(update(accounts).where(accounts.c.id == before.id).values(values))
        if after.extensions != before.extensions:
            connection.execute(delete(account_extensions).where(account_extensions.c.account_id == before.id))
            rows.put_extensions(connection, before.id, after.extensions)
        self._keep_an_administrator(connection)

    def _keep_an_administrator(self, connection: Connection) -> None:
        able = select(func.count()).where(accounts.c.role == ADMINISTRATOR, accounts.c.disabled.is_(False))
        if not connection.execute(able).scalar_one():
            raise AccountRefused(LAST_ADMINISTRATOR)

    def _rehash(self, login: str, password: str) -> None:
        hashed = self._passwords.hash(password)
        row = update(accounts).where(accounts.c.login_key == login_key(login)).values(password_hash=hashed)
        self._database.write(lambda connection: connection.execute(row))
