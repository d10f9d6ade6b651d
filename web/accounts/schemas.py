"""Bodies and answers of accounts, sessions and tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from fs_app.store import account_rules as rules
from fs_app.store.account_rows import Account
from fs_app.store.api_tokens import ApiToken
from fs_app.store.passwords import LONGEST
from fs_app.store.sessions import Session
from web.actions import ACTIONS
from web.bodies import Body, Query, without_defaults

Role = Literal["administrator", "supervisor", "user"]
Locale = Literal["ja", "en"]
Right = Literal["none", "view", "edit"]
Login = Annotated[str, AfterValidator(rules.login), Field(max_length=64)]
Name = Annotated[str, AfterValidator(rules.person)]
Agent = Annotated[str, AfterValidator(rules.agent), Field(examples=["1001@default"])]
Queue = Annotated[str, AfterValidator(rules.queue), Field(examples=["support@default"])]
Extension = Annotated[str, AfterValidator(rules.extension), Field(examples=["9001"])]
Extensions = Annotated[tuple[Extension, ...], Field(max_length=20, strict=False)]
# Chosen by an administrator, to be changed at the first log-in; shorter than one's own may be.
Given = Annotated[str, StringConstraints(min_length=8, max_length=LONGEST)]
LONGEST_TOKEN_LIFE_DAYS = 366


class NewAccountBody(Body):
    """An account to be made. Its password must be changed at the first log-in."""

    login: Login
    name: Name
    role: Role
    locale: Locale = "ja"
    agent: Agent | None = None
    extensions: Extensions = ()
    password: Given


class AccountChange(Body):
    """What is to be changed; what is left out stays. A new password must be changed at the next log-in."""

    # The values below only say that a field may be left out; none of them is ever taken.
    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: Name = ""
    role: Role = "user"
    locale: Locale = "ja"
    agent: Agent | None = None
    extensions: Extensions = ()
    disabled: bool = False
    password: Given = ""


class GrantBody(Body):
    """The right on a queue."""

    right: Right


class PageQuery(Query):
    """Which page of a list: ``cursor`` is the answer's ``next``."""

    cursor: str = Field("", max_length=200)
    limit: int = Field(100, ge=1, le=500)


class AccountReply(BaseModel):
    """An account. Times in epoch seconds."""

    login: str
    name: str
    role: Role
    locale: Locale
    agent: str | None
    extensions: list[str]
    grants: dict[str, str]
    must_change_password: bool
    second_factor: bool
    disabled: bool
    created_at: float
    password_changed_at: float
    dial_id: str = Field(description="who this is at a phone's keypad")
    dial_password_at: float | None = Field(description="when the dial password was made; null: there is none yet")


class DialReply(BaseModel):
    """A new dial password; shown this once. The dial ID stays what it was."""

    dial_id: str
    dial_password: str


class NewAccountReply(AccountReply):
    """A new account; ``dial_password`` is shown this once."""

    dial_password: str


class AccountsReply(BaseModel):
    """A page of accounts in the order of their logins."""

    accounts: list[AccountReply]
    next: str | None


class SessionRow(BaseModel):
    """A session of an account. Times in epoch seconds."""

    id: int
    created_at: float
    seen_at: float
    address: str
    user_agent: str
    present: bool = Field(description="the session that asks")


class SessionsReply(BaseModel):
    """All living sessions, the newest first."""

    sessions: list[SessionRow]
    next: None = None


class NewToken(Body):
    """A personal token. It never holds more than its owner; what is given here narrows it further."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    days: int = Field(90, ge=1, le=LONGEST_TOKEN_LIFE_DAYS, description="until it ends by itself")
    role: Role | None = Field(None, description="at most this role")
    queues: dict[Queue, Right] | None = Field(None, max_length=200, description="only these queues, at most so far")
    actions: list[Literal[tuple(ACTIONS)]] | None = Field(  # type: ignore[valid-type]
        None, max_length=100, description="only these actions"
    )


class TokenRow(BaseModel):
    """A personal token without its secret. Times in epoch seconds."""

    id: int
    name: str
    created_at: float
    expires_at: float
    used_at: float | None
    role: Role | None
    queues: dict[str, str] | None
    actions: list[str] | None


class TokensReply(BaseModel):
    """All living tokens, the newest first."""

    tokens: list[TokenRow]
    next: None = None


class TokenReply(TokenRow):
    """A new token; ``token`` is shown this once."""

    token: str


def account_reply(account: Account) -> AccountReply:
    """The account as administrators see it."""
    return AccountReply.model_validate(account_columns(account))


def account_columns(account: Account) -> dict[str, object]:
    """An account as plain values."""
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role,
        "locale": account.locale,
        "agent": account.agent,
        "extensions": list(account.extensions),
        "grants": dict(account.grants),
        "must_change_password": account.must_change,
        "second_factor": account.second_factor,
        "disabled": account.disabled,
        "created_at": account.created_at,
        "password_changed_at": account.password_changed_at,
        "dial_id": account.dial_id,
        "dial_password_at": account.dial_password_at,
    }


def sessions_reply(sessions: list[Session], present: Session | None) -> SessionsReply:
    """The sessions of an account; ``present`` is the one that asks."""
    return SessionsReply(
        sessions=[
            SessionRow(
                id=one.id,
                created_at=one.created_at,
                seen_at=one.seen_at,
                address=one.address,
                user_agent=one.user_agent,
                present=present is not None and one.id == present.id,
            )
            for one in sessions
        ]
    )


def token_columns(token: ApiToken) -> dict[str, object]:
    """A token's row as plain values."""
    narrowing = token.narrowing
    return {
        "id": token.id,
        "name": token.name,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
        "role": narrowing.role,
        "queues": None if narrowing.queues is None else dict(narrowing.queues),
        "actions": None if narrowing.actions is None else list(narrowing.actions),
    }
