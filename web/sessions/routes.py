"""Log-in, log-out, who am I, own password, own language."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from fs_app.floor.actor import Actor
from fs_app.store.account_rows import Account
from fs_app.store.accounts import SAME_AS_DIAL_PASSWORD, AccountRefused
from fs_app.store.audit import CONFIRMED, FAILED, Deed
from web import errors
from web.access import Identity, route, who
from web.services import services
from web.sessions import cookie
from web.sessions.attempts import LogInAttempts, require_password
from web.sessions.schemas import Credentials, Language, NewPassword, SessionReply, session_reply

blueprint = Blueprint("session", __name__)


@route(
    blueprint,
    "POST",
    "/session",
    action="session.start",
    summary="Log in",
    body=Credentials,
    reply=SessionReply,
    errors=(errors.WRONG_CREDENTIALS, errors.SECOND_FACTOR_REQUIRED, "too_many_attempts"),
)
def log_in(body: Credentials) -> Response:
    """Begin a session with a new secret, whatever cookie came along."""
    stores, address = services(), request.remote_addr or ""
    account = LogInAttempts(stores.redis).of(body.login, address, lambda: _let_in(body, address))
    if account is None:
        stores.audit.record(_try(_known(body.login), address), FAILED, errors.WRONG_CREDENTIALS)
        raise errors.Problem(errors.WRONG_CREDENTIALS)
    _end_present()
    stores.audit.record(_try(account, address), CONFIRMED)
    return _with_new_session(account)


def _let_in(body: Credentials, address: str) -> Account | None:
    """The account, if password and code are right. A wrong code looks like a wrong password, to the clock as well.

    Raises ``Problem(second_factor_required)`` to whoever knows the password and sent no code.
    """
    stores = services()
    fits = stores.second_factors.fits(body.login, body.code or "")
    account = stores.accounts.with_password(body.login, body.password)
    if account is None or not account.second_factor:
        return account
    if body.code is None:
        raise errors.Problem(errors.SECOND_FACTOR_REQUIRED)
    return account if fits and stores.second_factors.use(account, body.code, address, g.request_id) else None


def _known(login: str) -> Account | None:
    try:
        return services().accounts.get(login)
    except AccountRefused:
        return None


def _try(account: Account | None, address: str) -> Deed:
    # An unknown login is not written down: people type their password there.
    actor = account.actor(address=address) if account else Actor("", "", "", address=address)
    return Deed(actor, "session.start", request_id=g.request_id)


def _with_new_session(account: Account) -> Response:
    secret = services().sessions.begin(account, request.remote_addr or "", request.user_agent.string)
    response = Response(_own_view(account).model_dump_json(), mimetype="application/json")
    cookie.put(response, secret)
    return response


def _end_present() -> None:
    identity: Identity | None = g.identity
    if identity is not None and identity.session is not None:
        services().sessions.end(identity.account, identity.session.id)
        # Its open streams end now, not when they are looked at next.
        services().accounts.announce(identity.account.login)


def _own_view(account: Account) -> SessionReply:
    return session_reply(account, practice=services().practice, role=account.role, grants=dict(account.grants))


@route(blueprint, "GET", "/session", action="session.read", summary="Who is logged in", reply=SessionReply)
def read_session() -> SessionReply:
    """The account behind the session or token, with the rights that hold here."""
    identity = who()
    grants = dict(identity.actor.grants)
    return session_reply(identity.account, practice=services().practice, role=identity.actor.role, grants=grants)


@route(blueprint, "DELETE", "/session", action="session.end", summary="Log out", status=204)
def log_out() -> Response:
    """End the session; a token stays, it is no session."""
    identity = who()
    if identity.session is not None:
        _end_present()
        services().audit.record(Deed(identity.actor, "session.end", request_id=g.request_id), CONFIRMED)
    response = Response(status=204)
    cookie.remove(response)
    return response


@route(
    blueprint,
    "PATCH",
    "/session",
    action="own.change_locale",
    summary="Change the language of one's pages",
    body=Language,
    reply=SessionReply,
)
def change_language(body: Language) -> SessionReply:
    """The account's language, kept for every later session."""
    identity = who()
    account = services().accounts.change(
        identity.account.login, {"locale": body.locale}, identity.actor, request_id=g.request_id
    )
    return _own_view(account)


@route(
    blueprint,
    "PUT",
    "/session/password",
    action="own.change_password",
    summary="Change one's own password; every other session ends",
    body=NewPassword,
    reply=SessionReply,
    errors=(
        errors.WRONG_PASSWORD,
        errors.PASSWORD_TOO_SHORT,
        errors.SAME_PASSWORD,
        SAME_AS_DIAL_PASSWORD,
        "too_many_attempts",
    ),
)
def change_password(body: NewPassword) -> Response:
    """All sessions end, this one too: it goes on with a new secret. Somebody else may know the old password."""
    require_password(body.current, "account.set_password")
    if body.password == body.current:
        raise errors.Problem(errors.SAME_PASSWORD)
    identity, stores = who(), services()
    account = stores.accounts.set_password(
        identity.account.login, body.password, identity.actor, must_change=False, request_id=g.request_id
    )
    return _with_new_session(account)
