"""An account as a value, how its rows become one, and how a new one is put there; within a transaction of others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Label,
    Select,
    String,
    Table,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from fs_app.floor.actor import Actor
from fs_app.store.keyed import Keyed
from fs_app.store.tables import account_extensions, accounts, dial_logins, grants, second_factors

# Any number of our own, not the one of the migrations.
_ADVISORY_LOCK = 7_303_015


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account begins with. ``agent`` is mod_callcenter's name of the agent that this person is."""

    login: str
    name: str
    role: str
    locale: str = "ja"
    agent: str | None = None
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is now. ``grants``: queue → ``view`` or ``edit``. Times in epoch seconds."""

    id: int
    login: str
    name: str
    role: str
    locale: str
    agent: str | None
    must_change: bool
    disabled: bool
    session_epoch: int
    created_at: float
    password_changed_at: float
    extensions: tuple[str, ...] = ()
    grants: Mapping[str, str] = field(default_factory=dict)
    second_factor: bool = False
    """Whether a code is asked for at log-in."""
    dial_id: str = ""
    dial_password_at: float | None = None
    """When the dial password was made; None: never yet, and nobody gets in by phone with it."""

    def actor(self, *, source: str = "panel", address: str = "", token: str | None = None, session: str = "") -> Actor:
        """The account as the rules see it."""
        return Actor(
            self.login,
            self.role,
            self.name,
            self.locale,
            self.agent,
            self.extensions,
            self.grants,
            source=source,
            address=address,
            token=token,
            session=session,
        )


def login_key(login: str) -> str:
    """The login as it is compared: without regard to case and width of the letters."""
    return unicodedata.normalize("NFKC", login).casefold()


def lock(connection: Connection) -> None:
    """Let one change of accounts happen at a time (SQLite's write transactions do so anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})


def by_login(connection: Connection, login: str) -> Account | None:
    """The account of a login, or None."""
    row = _BY_LOGIN.row(connection, login_key(login))
    return account(row) if row is not None else None


def by_id(connection: Connection, ident: int) -> Account | None:
    """The account of a row number, or None."""
    row = _BY_ID.row(connection, ident)
    return account(row) if row is not None else None


def existing(connection: Connection, login: str) -> Account:
    """The account of a login that was just written."""
    account = by_login(connection, login)
    assert account is not None  # noqa: S101 - written in this transaction
    return account


def logins_of_agents(connection: Connection) -> dict[str, str]:
    """The login of each agent's account, by agent."""
    query = select(accounts.c.agent, accounts.c.login).where(accounts.c.agent.is_not(None))
    return {row.agent: row.login for row in connection.execute(query)}


def page(connection: Connection, after_key: str, limit: int) -> list[Account]:
    """Accounts in the order of their logins."""
    query = columns().where(accounts.c.login_key > after_key).order_by(accounts.c.login_key).limit(limit)
    return [account(dict(row)) for row in connection.execute(query).mappings()]


def with_password_hash(connection: Connection, login: str) -> tuple[Account, str] | None:
    """The account of a login and the stored hash of its log-in password; None for nobody."""
    account = by_login(connection, login)
    if account is None:
        return None
    query = select(accounts.c.password_hash).where(accounts.c.id == account.id)
    return account, connection.execute(query).scalar_one()


def dial_hash(connection: Connection, login: str) -> str | None:
    """The stored hash of an account's dial password; None for nobody, and while there is none."""
    same = dial_logins.c.account_id == accounts.c.id
    query = select(dial_logins.c.secret_hash).join(accounts, same).where(accounts.c.login_key == login_key(login))
    found: str | None = connection.execute(query).scalar()
    return found


def put(connection: Connection, new: NewAccount, hashed: str, now: float, *, must_change: bool) -> int:
    """Write a new account with its extensions; returns its row number. Raises ``IntegrityError`` (see :func:`taken`)."""
    values = {
        "login": new.login,
        "login_key": login_key(new.login),
        "name": new.name,
        "role": new.role,
        "locale": new.locale,
        "agent": new.agent,
        "password_hash": hashed,
        "must_change": must_change,
        "created_at": now,
        "password_changed_at": now,
    }
    ident: int = connection.execute(insert(accounts).returning(accounts.c.id).values(values)).scalar_one()
    put_extensions(connection, ident, new.extensions)
    return ident


def put_extensions(connection: Connection, account_id: int, extensions: Iterable[str]) -> None:
    """Write an account's extensions in their order, each once."""
    listed = [
        {"account_id": account_id, "extension": extension, "position": position}
        for position, extension in enumerate(dict.fromkeys(extensions))
    ]
    if listed:
        connection.execute(insert(account_extensions), listed)


def taken(error: IntegrityError) -> str:
    """Which name was taken already; any other integrity error is ours and raised on."""
    told = str(error.orig)
    if "login_key" in told:
        return "login_taken"
    if "agent" in told:
        return "agent_taken"
    raise error


def columns() -> Select[*tuple[Any, ...]]:
    """What :func:`account` is made from: to be joined and narrowed further."""
    c = accounts.c
    return select(
        c.id,
        c.login,
        c.name,
        c.role,
        c.locale,
        c.agent,
        c.must_change,
        c.disabled,
        c.session_epoch,
        c.created_at,
        c.password_changed_at,
        exists()
        .where(second_factors.c.account_id == c.id, second_factors.c.confirmed_at.is_not(None))
        .label("second_factor"),
        dial_logins.c.dial_id,
        case((dial_logins.c.secret_hash.is_not(None), dial_logins.c.changed_at)).label("dial_password_at"),
        _listed(account_extensions, cast(account_extensions.c.position, String), account_extensions.c.extension),
        _listed(grants, grants.c.held, grants.c.queue),
    ).join(dial_logins, dial_logins.c.account_id == c.id)


_SPACE = literal_column("' '", String)
"""In the statement, and no parameter beside its key."""


def _listed(table: Table, first: ColumnElement[str], second: ColumnElement[str]) -> Label[str]:
    """An account's rows of another table as lines of two words, so that one statement reads it whole."""
    lines = select(func.aggregate_strings(first + _SPACE + second, "\n")).where(table.c.account_id == accounts.c.id)
    return lines.scalar_subquery().label(table.name)


_BY_ID = Keyed(columns().where(accounts.c.id == bindparam("key")))
_BY_LOGIN = Keyed(columns().where(accounts.c.login_key == bindparam("key")))
_TRUTHS = ("must_change", "disabled", "second_factor")


def account(row: dict[str, Any]) -> Account:
    """The account of a row of :func:`columns`, which has nothing else in it."""
    ordered = sorted((int(position), extension) for position, extension in _pairs(row.pop(account_extensions.name)))
    row |= {name: bool(row[name]) for name in _TRUTHS}
    rights = {queue: held for held, queue in sorted(_pairs(row.pop(grants.name)), key=itemgetter(1))}
    return Account(**row, extensions=tuple(extension for _, extension in ordered), grants=rights)


def _pairs(lines: str | None) -> list[tuple[str, str]]:
    words = (line.partition(" ") for line in (lines or "").split("\n") if line)
    return [(first, second) for first, _, second in words]
