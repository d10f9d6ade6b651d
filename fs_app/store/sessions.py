"""Sessions of browsers: begun at log-in, found by the cookie's secret, over after a while or when somebody ends them.

Owns the table ``sessions``. Whether a password was right is for others to say.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from fs_app.store import account_rows
from fs_app.store.account_rows import Account
from fs_app.store.durable import Database
from fs_app.store.keyed import Keyed
from fs_app.store.random_secrets import new_secret, stored_form
from fs_app.store.tables import accounts, sessions

# The time last seen is written at most this often (s): not every click is worth a write.
TOUCH_EVERY_S = 60.0
# Of one account; the oldest ends when another begins.
MOST = 50


@dataclass(frozen=True, slots=True)
class Session:
    """One session, without its secret. Times in epoch seconds."""

    id: int
    created_at: float
    seen_at: float
    address: str
    user_agent: str


_PARTS = ("id", "created_at", "seen_at", "address", "user_agent")
# Asked with every request and every command: made once, and session and account by one statement.
_WITH_ACCOUNT = (
    account_rows.columns()
    .add_columns(*(sessions.c[name].label(f"session_{name}") for name in _PARTS))
    .join(sessions, sessions.c.account_id == accounts.c.id)
    .where(sessions.c.session_epoch == accounts.c.session_epoch)
)
_OF_SECRET = Keyed(_WITH_ACCOUNT.where(sessions.c.token_hash == bindparam("key")))
_OF_ID = Keyed(_WITH_ACCOUNT.where(sessions.c.id == bindparam("key")))


class Sessions:
    """The sessions of one database. ``idle_s``: over after so long without a request; ``longest_s``: over at last."""

    def __init__(
        self,
        database: Database,
        *,
        idle_s: float = 3600.0,
        longest_s: float = 43200.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._clock = clock

    def begin(self, account: Account, address: str, user_agent: str) -> str:
        """Begin a session; returns the secret for the cookie, which is stored nowhere."""
        secret, now = new_secret(), self._clock()

        def work(connection: Connection) -> None:
            self._sweep(connection, account, now)
            connection.execute(
                insert(sessions).values(
                    token_hash=stored_form(secret),
                    account_id=account.id,
                    session_epoch=account.session_epoch,
                    created_at=now,
                    seen_at=now,
                    address=address[:64],
                    user_agent=user_agent[:300],
                )
            )

        self._database.write(work)
        return secret

    def find(self, secret: str) -> tuple[Session, Account] | None:
        """The living session of a cookie's secret and its account as it is now; None when it is over."""
        hashed, now = stored_form(secret), self._clock()
        found = self._living(_OF_SECRET, hashed, now)
        if found is not None and now - found[0].seen_at >= TOUCH_EVERY_S:
            seen = update(sessions).where(sessions.c.token_hash == hashed).values(seen_at=now)
            self._database.write(lambda connection: connection.execute(seen))
        return found

    def of(self, account: Account) -> list[Session]:
        """The living sessions of an account, the newest first."""
        now = self._clock()
        query = select(sessions).where(
            sessions.c.account_id == account.id, sessions.c.session_epoch == account.session_epoch
        )
        found = self._database.read(lambda connection: connection.execute(query.order_by(sessions.c.id.desc())).all())
        return [
            Session(row.id, row.created_at, row.seen_at, row.address, row.user_agent)
            for row in found
            if self._lives(row.created_at, row.seen_at, now)
        ]

    def by_id(self, ident: int) -> Account | None:
        """The account of a living session that was known before, as it is now: what was begun by it may go on."""
        found = self._living(_OF_ID, ident, self._clock())
        return found[1] if found is not None else None

    def _living(self, query: Keyed, key: str | int, now: float) -> tuple[Session, Account] | None:
        def work(connection: Connection) -> tuple[Session, Account] | None:
            fields = query.row(connection, key)
            if fields is None:
                return None
            session = Session(*(fields.pop(f"session_{name}") for name in _PARTS))
            account = account_rows.account(fields)
            if account.disabled or not self._lives(session.created_at, session.seen_at, now):
                return None
            return session, account

        return self._database.look(work)

    def end(self, account: Account, ident: int) -> bool:
        """End one session of an account; False when it has no such session."""
        gone = delete(sessions).where(sessions.c.id == ident, sessions.c.account_id == account.id)
        return self._database.write(lambda connection: connection.execute(gone).rowcount) > 0

    def _lives(self, created_at: float, seen_at: float, now: float) -> bool:
        return now - seen_at < self._idle_s and now - created_at < self._longest_s

    def _sweep(self, connection: Connection, account: Account, now: float) -> None:
        """Remove what is over, of everybody, and the account's oldest beyond the limit."""
        connection.execute(
            delete(sessions).where(
                (sessions.c.seen_at <= now - self._idle_s) | (sessions.c.created_at <= now - self._longest_s)
            )
        )
        kept = select(sessions.c.id).where(sessions.c.account_id == account.id).order_by(sessions.c.id.desc())
        oldest = kept.offset(MOST - 1).limit(1).scalar_subquery()
        connection.execute(delete(sessions).where(sessions.c.account_id == account.id, sessions.c.id <= oldest))
