"""Supervisions as everybody sees them."""

from __future__ import annotations

import time
from dataclasses import replace

from fs_app.floor.actor import Actor
from fs_app.store import account_rows
from fs_app.store.api_tokens import ApiTokens, Narrowing
from tests.contract.center import Center


def told(center: Center, ident: str) -> dict[str, object]:
    """A supervision as the board tells it."""
    return center.documents("supervision")[ident]


def by_token(center: Center, owner: Actor, queues: dict[str, str]) -> Actor:
    """Who asks with a new personal token of ``owner``'s that is narrowed to these queues."""
    narrowing = Narrowing(queues=queues)
    with center.database() as database:
        account = database.read(lambda connection: account_rows.by_login(connection, owner.login))
        assert account is not None
        token, _ = ApiTokens(database).add(account, "a program", time.time() + 600, narrowing)
    return narrowing.apply(replace(owner, source="token", token=token.name, session=f"token:{token.id}"))


def taken_back(center: Center, token: Actor) -> None:
    """Its owner takes the token back."""
    with center.database() as database:
        account = database.read(lambda connection: account_rows.by_login(connection, token.login))
        assert account is not None
        assert ApiTokens(database).remove(account, int(token.session.partition(":")[2]))
