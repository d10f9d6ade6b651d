"""Bodies and answers of the session's routes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from fs_app.store.account_rows import Account
from fs_app.store.account_rules import SHORTEST_PASSWORD
from fs_app.store.passwords import LONGEST
from web.bodies import Body

Typed = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Credentials(Body):
    """Who logs in."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    password: Typed
    code: Code | None = Field(None, description="of the authenticator app, or a recovery code; where one is asked for")


class Confirmation(Body):
    """What shows that the app has the key."""

    refusals: ClassVar[dict[str, str]] = {"code": "wrong_code"}
    code: Code


class Password(Body):
    """One's own password, for what a stolen session must not do."""

    password: Typed


class SecondFactorReply(BaseModel):
    """Whether a code is asked for at log-in, since when, and how many recovery codes are left."""

    on: bool
    since: float | None
    recovery_codes_left: int


class NewSecondFactorReply(BaseModel):
    """The key for the app, as text (base32) and as the address in its QR code. Shown this once; confirm it by a code."""

    secret: str
    uri: str


class RecoveryCodesReply(BaseModel):
    """Codes that each open the account once in place of the app. Shown this once."""

    recovery_codes: list[str]


class NewPassword(Body):
    """One's own password, old and new."""

    refusals: ClassVar[dict[str, str]] = {"password": "password_too_short"}
    current: Typed
    password: Annotated[str, StringConstraints(min_length=SHORTEST_PASSWORD, max_length=LONGEST)]


class Language(Body):
    """The language of one's pages."""

    locale: Literal["ja", "en"]


class SessionReply(BaseModel):
    """Who is logged in. ``grants``: queue → ``view`` or ``edit``; an administrator holds every queue without."""

    login: str
    name: str
    role: Literal["administrator", "supervisor", "user"]
    locale: Literal["ja", "en"]
    agent: str | None = Field(description="mod_callcenter's name of the agent that this person is")
    extensions: list[str] = Field(description="the extensions on which this account may listen")
    grants: dict[str, str]
    must_change_password: bool
    second_factor: bool = Field(description="a code is asked for at log-in")
    dial_id: str = Field(description="who one is at a phone's keypad")
    dial_password_at: float | None = Field(description="when the dial password was made; null: there is none yet")
    practice: bool = Field(description="the floor is the practice floor")


def session_reply(account: Account, *, practice: bool, role: str, grants: dict[str, str]) -> SessionReply:
    """The account as its own session or token sees it."""
    return SessionReply.model_validate(
        {
            "login": account.login,
            "name": account.name,
            "role": role,
            "locale": account.locale,
            "agent": account.agent,
            "extensions": list(account.extensions),
            "grants": grants,
            "must_change_password": account.must_change,
            "second_factor": account.second_factor,
            "dial_id": account.dial_id,
            "dial_password_at": account.dial_password_at,
            "practice": practice,
        }
    )
