"""One's own sessions, personal tokens and dial password."""

from __future__ import annotations

from flask import Blueprint, g

from fs_app.store.api_tokens import Narrowing
from fs_app.store.audit import CONFIRMED, Deed
from web import errors
from web.access import route, who
from web.accounts.schemas import (
    DialReply,
    NewToken,
    SessionsReply,
    TokenReply,
    TokenRow,
    TokensReply,
    sessions_reply,
    token_columns,
)
from web.services import services
from web.sessions.attempts import require_password
from web.sessions.schemas import Password

blueprint = Blueprint("own", __name__)
DAY_S = 86_400


@route(
    blueprint,
    "GET",
    "/session/sessions",
    action="own.read_sessions",
    summary="One's own living sessions",
    reply=SessionsReply,
)
def own_sessions() -> SessionsReply:
    """The newest first."""
    identity = who()
    return sessions_reply(services().sessions.of(identity.account), identity.session)


@route(
    blueprint,
    "DELETE",
    "/session/sessions/<int:ident>",
    action="own.end_session",
    summary="End one of one's own sessions",
    status=204,
    errors=("unknown_session",),
)
def end_own_session(ident: int) -> None:
    """Also the present one."""
    identity, stores = who(), services()
    if not stores.sessions.end(identity.account, ident):
        raise errors.Problem("unknown_session")
    stores.accounts.announce(identity.account.login)
    stores.audit.record(Deed(identity.actor, "own.end_session", "", "", {"session": ident}, g.request_id), CONFIRMED)


@route(
    blueprint,
    "GET",
    "/session/tokens",
    action="own.read_tokens",
    summary="One's own personal tokens",
    reply=TokensReply,
)
def own_tokens() -> TokensReply:
    """Without their secrets, which nobody has any more."""
    found = services().tokens.of(who().account)
    return TokensReply(tokens=[TokenRow.model_validate(token_columns(token)) for token in found])


@route(
    blueprint,
    "POST",
    "/session/tokens",
    action="own.add_token",
    summary="Make a personal token; its secret is shown this once",
    body=NewToken,
    reply=TokenReply,
    status=201,
    errors=("token_name_taken", "too_many_tokens"),
)
def add_own_token(body: NewToken) -> TokenReply:
    """It can only narrow its owner's rights."""
    identity, stores = who(), services()
    actions = None if body.actions is None else tuple(body.actions)
    narrowing = Narrowing(body.role, body.queues, actions)
    token, secret = stores.tokens.add(identity.account, body.name, stores.clock() + body.days * DAY_S, narrowing)
    kept = {"name": body.name, "days": body.days, "role": body.role, "queues": body.queues, "actions": actions}
    stores.audit.record(Deed(identity.actor, "own.add_token", "", "", kept, g.request_id), CONFIRMED)
    return TokenReply.model_validate(token_columns(token) | {"token": secret})


@route(
    blueprint,
    "DELETE",
    "/session/tokens/<int:ident>",
    action="own.remove_token",
    summary="Take a personal token back",
    status=204,
    errors=("unknown_token",),
)
def remove_own_token(ident: int) -> None:
    """It opens nothing from now on, open streams included."""
    identity, stores = who(), services()
    if not stores.tokens.remove(identity.account, ident):
        raise errors.Problem("unknown_token")
    stores.accounts.announce(identity.account.login)
    stores.audit.record(Deed(identity.actor, "own.remove_token", "", "", {"token": ident}, g.request_id), CONFIRMED)


@route(
    blueprint,
    "POST",
    "/session/dial-password",
    action="own.renew_dial",
    summary="Make a new dial password for oneself; it is shown this once",
    body=Password,
    reply=DialReply,
    errors=(errors.WRONG_PASSWORD, "too_many_attempts"),
)
def renew_own_dial_password(body: Password) -> DialReply:
    """With one's own password: whoever found a browser open gets no way in by phone."""
    require_password(body.password, "account.renew_dial")
    identity = who()
    account, dialled = services().accounts.renew_dial(identity.account.login, identity.actor, g.request_id)
    return DialReply(dial_id=account.dial_id, dial_password=dialled)
