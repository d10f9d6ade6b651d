"""Personal tokens for programs: shown once, stored hashed, always with an end, and never more than their owner may.

Owns the table ``api_tokens`` and the rule how a token narrows its owner's rights.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fs_app.floor.actor import ADMINISTRATOR, SUPERVISOR, USER, Actor
from fs_app.store import account_rows
from fs_app.store.account_rows import Account
from fs_app.store.accounts import AccountRefused
from fs_app.store.durable import Database
from fs_app.store.random_secrets import API_TOKEN_PREFIX, new_secret, stored_form
from fs_app.store.tables import api_tokens

TOKEN_NAME_TAKEN = "token_name_taken"  # noqa: S105 - an error's id
TOO_MANY_TOKENS = "too_many_tokens"
MOST = 50
TOUCH_EVERY_S = 60.0
_RANK = {USER: 0, SUPERVISOR: 1, ADMINISTRATOR: 2}
_RIGHTS = {"none": 0, "view": 1, "edit": 2}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a token is narrowed to; None is «as the owner».

    ``queues`` names the only queues and the greatest right on each; with it an administrator's token is a
    supervisor's, since administrators hold every queue. ``actions`` are the only actions that it may ask for.
    """

    role: str | None = None
    queues: Mapping[str, str] | None = None
    actions: tuple[str, ...] | None = None

    def apply(self, actor: Actor) -> Actor:
        """The owner with the narrower rights; never one that the owner does not hold now."""
        role = min(actor.role, self.role or actor.role, key=lambda role: _RANK[role])
        grants: Mapping[str, str] = actor.grants
        if self.queues is not None:
            grants = {queue: _smaller(most, actor.right(queue)) for queue, most in self.queues.items()}
            role = min(role, SUPERVISOR, key=lambda role: _RANK[role])
        elif role != actor.role:
            grants = {} if actor.is_administrator else actor.grants
        return replace(actor, role=role, grants={q: right for q, right in grants.items() if right != "none"})

    def allows(self, action: str) -> bool:
        """Whether the token may ask for ``action`` at all."""
        return self.actions is None or action in self.actions


def _smaller(one: str, other: str) -> str:
    return min(one, other, key=lambda right: _RIGHTS[right])


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret. Times in epoch seconds."""

    id: int
    name: str
    created_at: float
    expires_at: float
    used_at: float | None
    narrowing: Narrowing


class ApiTokens:
    """The personal tokens of one database."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def add(self, account: Account, name: str, expires_at: float, narrowing: Narrowing) -> tuple[ApiToken, str]:
        """Make a token; the secret returned beside it is shown now and never again.

        Raises ``AccountRefused`` (``token_name_taken``, ``too_many_tokens``).
        """
        secret, now = API_TOKEN_PREFIX + new_secret(), self._clock()

        def work(connection: Connection) -> int:
            connection.execute(delete(api_tokens).where(api_tokens.c.expires_at <= now))
            held = select(func.count()).where(api_tokens.c.account_id == account.id)
            if connection.execute(held).scalar_one() >= MOST:
                raise AccountRefused(TOO_MANY_TOKENS)
            ident: int = connection.execute(
                insert(api_tokens)
                .returning(api_tokens.c.id)
                .values(
                    token_hash=stored_form(secret),
                    account_id=account.id,
                    name=name,
                    created_at=now,
                    expires_at=expires_at,
                    role=narrowing.role,
                    queues=None if narrowing.queues is None else dict(narrowing.queues),
                    actions=None if narrowing.actions is None else list(narrowing.actions),
                )
            ).scalar_one()
            return ident

        try:
            ident = self._database.write(work)
        except IntegrityError:
            raise AccountRefused(TOKEN_NAME_TAKEN) from None
        return ApiToken(ident, name, now, expires_at, None, narrowing), secret

    def find(self, secret: str) -> tuple[ApiToken, Account] | None:
        """The living token of a secret and its owner as he is now; None when there is none."""
        if not secret.startswith(API_TOKEN_PREFIX):
            return None
        now = self._clock()
        found = self._living(api_tokens.c.token_hash == stored_form(secret))
        if found is not None and now - (found[0].used_at or 0.0) >= TOUCH_EVERY_S:
            used = update(api_tokens).where(api_tokens.c.id == found[0].id).values(used_at=now)
            self._database.write(lambda connection: connection.execute(used))
        return found

    def of(self, account: Account) -> list[ApiToken]:
        """The living tokens of an account, the newest first."""
        query = select(api_tokens).where(api_tokens.c.account_id == account.id, api_tokens.c.expires_at > self._clock())
        return self._database.read(
            lambda connection: [_token(row) for row in connection.execute(query.order_by(api_tokens.c.id.desc()))]
        )

    def by_id(self, ident: int) -> tuple[ApiToken, Account] | None:
        """As :meth:`find`, of a token that was known before: what was begun by it may go on."""
        return self._living(api_tokens.c.id == ident)

    def _living(self, which: ColumnElement[bool]) -> tuple[ApiToken, Account] | None:
        now = self._clock()

        def work(connection: Connection) -> tuple[ApiToken, Account] | None:
            row = connection.execute(select(api_tokens).where(which)).one_or_none()
            if row is None or row.expires_at <= now:
                return None
            account = account_rows.by_id(connection, row.account_id)
            # Whoever must change a password that somebody else knows must not go round it with a token.
            if account is None or account.disabled or account.must_change:
                return None
            return _token(row), account

        return self._database.look(work)

    def remove(self, account: Account, ident: int) -> bool:
        """Take a token back; False when the account has no such token."""
        gone = delete(api_tokens).where(api_tokens.c.id == ident, api_tokens.c.account_id == account.id)
        return self._database.write(lambda connection: connection.execute(gone).rowcount) > 0


def _token(row: Row[Any]) -> ApiToken:
    actions = None if row.actions is None else tuple(row.actions)
    narrowing = Narrowing(row.role, row.queues, actions)
    return ApiToken(row.id, row.name, row.created_at, row.expires_at, row.used_at, narrowing)
