"""Accounts for administrators: list, make, change, remove, queue rights, sessions. Every change is audited by the store."""

from __future__ import annotations

from flask import Blueprint, g

from fs_app.store import account_rules as rules
from fs_app.store.account_rows import NewAccount
from fs_app.store.accounts import SAME_AS_DIAL_PASSWORD
from fs_app.store.audit import CONFIRMED, Deed
from web import errors
from web.access import route, who
from web.accounts.schemas import (
    AccountChange,
    AccountReply,
    AccountsReply,
    DialReply,
    GrantBody,
    NewAccountBody,
    NewAccountReply,
    PageQuery,
    SessionsReply,
    account_columns,
    account_reply,
    sessions_reply,
)
from web.bodies import judged_part
from web.services import services

blueprint = Blueprint("accounts", __name__)
TAKEN = ("login_taken", "agent_taken")


@route(
    blueprint,
    "GET",
    "/accounts",
    action="account.read",
    summary="All accounts, in the order of their logins",
    query=PageQuery,
    reply=AccountsReply,
)
def list_accounts(query: PageQuery) -> AccountsReply:
    """One page; one more is read to know whether there is another."""
    found = services().accounts.page(query.cursor, query.limit + 1)
    rows = [account_reply(account) for account in found[: query.limit]]
    return AccountsReply(accounts=rows, next=rows[-1].login if len(found) > query.limit else None)


@route(
    blueprint,
    "POST",
    "/accounts",
    action="account.add",
    summary="Make an account",
    body=NewAccountBody,
    reply=NewAccountReply,
    status=201,
    errors=TAKEN,
)
def add_account(body: NewAccountBody) -> NewAccountReply:
    """The password was seen by somebody else, so it must be changed; the dial password may be renewed by its owner."""
    new = NewAccount(body.login, body.name, body.role, body.locale, body.agent, body.extensions)
    added = services().accounts.add(new, body.password, who().actor, must_change=True, request_id=g.request_id)
    account, dialled = added
    return NewAccountReply.model_validate(account_columns(account) | {"dial_password": dialled})


@route(
    blueprint,
    "GET",
    "/accounts/<login>",
    action="account.read",
    summary="One account",
    reply=AccountReply,
    errors=("unknown_account",),
)
def read_account(login: str) -> AccountReply:
    """However the login was typed."""
    return account_reply(services().accounts.get(login))


@route(
    blueprint,
    "PATCH",
    "/accounts/<login>",
    action="account.change",
    summary="Change an account; what is left out stays",
    body=AccountChange,
    reply=AccountReply,
    errors=("unknown_account", "agent_taken", "last_administrator", SAME_AS_DIAL_PASSWORD),
)
def change_account(login: str, body: AccountChange) -> AccountReply:
    """A new password ends all sessions of the account."""
    accounts, actor = services().accounts, who().actor
    changes = body.model_dump(exclude_unset=True, exclude={"password"})
    password = body.password if "password" in body.model_fields_set else None
    return account_reply(accounts.change(login, changes, actor, g.request_id, password=password))


@route(
    blueprint,
    "DELETE",
    "/accounts/<login>",
    action="account.remove",
    summary="Remove an account with its rights, sessions and tokens",
    status=204,
    errors=("unknown_account", "last_administrator"),
)
def remove_account(login: str) -> None:
    """Its rows in the audit stay."""
    services().accounts.remove(login, who().actor, g.request_id)


@route(
    blueprint,
    "PUT",
    "/accounts/<login>/grants/<queue>",
    action="account.grant",
    summary="Give an account a right on a queue",
    body=GrantBody,
    reply=AccountReply,
    errors=("unknown_account",),
)
def grant(login: str, queue: str, body: GrantBody) -> AccountReply:
    """The queue need not exist yet."""
    account = services().accounts.grant(
        login, judged_part("queue", queue, rules.queue), body.right, who().actor, g.request_id
    )
    return account_reply(account)


@route(
    blueprint,
    "POST",
    "/accounts/<login>/dial-password",
    action="account.renew_dial",
    summary="Make a new dial password for an account; it is shown this once",
    reply=DialReply,
    errors=("unknown_account",),
)
def renew_dial_password(login: str) -> DialReply:
    """The old one opens nothing any more."""
    account, dialled = services().accounts.renew_dial(login, who().actor, g.request_id)
    return DialReply(dial_id=account.dial_id, dial_password=dialled)


@route(
    blueprint,
    "DELETE",
    "/accounts/<login>/second-factor",
    action="account.remove_second_factor",
    summary="Ask an account for no code any more, e.g. because its phone is lost",
    status=204,
    errors=("unknown_account",),
)
def remove_second_factor(login: str) -> None:
    """Its owner can begin a new one."""
    services().second_factors.remove(login, who().actor, "account.remove_second_factor", g.request_id)


@route(
    blueprint,
    "GET",
    "/accounts/<login>/sessions",
    action="account.read_sessions",
    summary="The living sessions of an account",
    reply=SessionsReply,
    errors=("unknown_account",),
)
def list_sessions(login: str) -> SessionsReply:
    """The newest first."""
    stores = services()
    return sessions_reply(stores.sessions.of(stores.accounts.get(login)), who().session)


@route(
    blueprint,
    "DELETE",
    "/accounts/<login>/sessions/<int:ident>",
    action="account.end_session",
    summary="End a session of an account",
    status=204,
    errors=("unknown_account", "unknown_session"),
)
def end_session(login: str, ident: int) -> None:
    """Its browser is logged out at once."""
    stores, actor = services(), who().actor
    account = stores.accounts.get(login)
    if not stores.sessions.end(account, ident):
        raise errors.Problem("unknown_session")
    stores.accounts.announce(account.login)
    deed = Deed(actor, "account.end_session", args={"login": account.login, "session": ident}, request_id=g.request_id)
    stores.audit.record(deed, CONFIRMED)
