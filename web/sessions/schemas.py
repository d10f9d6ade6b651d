"""Bodies and answers of the session's routes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field, StringConstraints

from fs_app.store.account_rows import Account
from fs_app.store.account_rules import SHORTEST_PASSWORD
from fs_app.store.passwords import LONGEST
from web.bodies import Body

Typed = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class Credentials(Body):
    """Who logs in."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    password: Typed


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
            "practice": practice,
        }
    )
