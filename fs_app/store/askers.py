"""Who asked for something, looked up again: with the rights of now, for as long as the log-in or token behind it lasts."""

from __future__ import annotations

from dataclasses import replace

from fs_app.floor.actor import Actor
from fs_app.floor.errors import PERMISSION_DENIED, Rejected
from fs_app.store import account_rows
from fs_app.store.account_rows import Account
from fs_app.store.api_tokens import ApiTokens
from fs_app.store.durable import Database
from fs_app.store.sessions import Sessions


class Askers:
    """Every look is by a key, and on SQLite on the loop: nothing comes between it and what is decided by it."""

    def __init__(self, database: Database, sessions: Sessions, tokens: ApiTokens) -> None:
        self._database = database
        self._sessions = sessions
        self._tokens = tokens

    def now(self, login: str, session: str = "") -> Actor | None:
        """The account with its rights of now, a token's narrowed; None when account, log-in or token is no more.

        ``session`` is ``Actor.session``; without one the account alone counts. Raises what :meth:`Database.look` raises.
        """
        kind, _, ident = session.partition(":")
        if kind == "token":
            found = self._tokens.by_id(int(ident))
            if found is None:
                return None
            token, owner = found
            return token.narrowing.apply(owner.actor(source="token", token=token.name, session=session))
        account = self._sessions.by_id(int(ident)) if session else self._by_login(login)
        return None if account is None or account.disabled else account.actor(session=session)

    def again(self, actor: Actor) -> Actor:
        """Whoever asks, as he is now. Raises Rejected (``permission_denied``) when he may ask for nothing any more.

        The command line and the practice floor's people have no account: they are who they are.
        """
        if not actor.session and (actor.source != "dial" or not actor.login):
            return actor
        found = self.now(actor.login, actor.session)
        if found is None:
            raise Rejected(PERMISSION_DENIED)
        return replace(found, source=actor.source, address=actor.address, token=actor.token)

    def _by_login(self, login: str) -> Account | None:
        return self._database.look(lambda connection: account_rows.by_login(connection, login))
