"""Who dials a code: the phone's owner, or whoever knows a dial ID and its password. Wrong entries are counted and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from fs_app.controller.desk import Desk
from fs_app.floor import dialogue
from fs_app.floor.actor import Actor
from fs_app.store.audit import FAILED, Deed, system
from fs_app.store.dial_line import DialLine, Question

BY_ID, BY_CALLER = "dial_id", "dial_caller"
log = structlog.get_logger()


class Logins(Protocol):
    """Dial IDs and their passwords (``store.dial_logins``)."""

    def check(self, dial_id: str, password: str) -> str | None:
        """The login that both belong to."""
        ...

    def login_of(self, dial_id: str) -> str | None:
        """The login that a dial ID belongs to."""
        ...


class Tries(Protocol):
    """Wrong entries and the pauses that follow them (``store.attempts``)."""

    def pause_s(self, kind: str, key: str) -> float:
        """How long nothing is looked at yet (s)."""
        ...

    def wrong(self, kind: str, key: str) -> float:
        """Count one; the pause from now on (s)."""
        ...

    def right(self, kind: str, key: str) -> None:
        """Forget them."""
        ...


class Codes(Protocol):
    """The site's table of codes, and of its own numbers with a function (``store.dial_codes``)."""

    def listed(self) -> list[Any]:
        """Every code, those out of use too."""
        ...

    def outside(self) -> dict[str, str]:
        """Number → function."""
        ...


@dataclass(frozen=True, slots=True)
class DialStores:
    """What the dial codes read and count. ``logins_at``: the accounts of an extension; ``waived``: the site's policy."""

    line: DialLine
    codes: Codes
    logins: Logins
    tries: Tries
    logins_at: Callable[[str], list[str]]
    waived: Callable[[], bool]


class People:
    """Finds the account behind a call. ``alarm(agent, pause_s)`` is told of too many wrong entries (no agent: nobody's)."""

    def __init__(
        self,
        desk: Desk,
        stores: DialStores,
        actor_by_login: Callable[[str], Actor | None],
        alarm: Callable[[str, float], None],
    ) -> None:
        self._desk = desk
        self._logins = stores.logins
        self._tries = stores.tries
        self._actor_by_login = actor_by_login
        self._logins_at = stores.logins_at
        self._waived = stores.waived
        self._alarm = alarm

    def actor(self, question: Question, login: str) -> Actor | None:
        """The account with its rights of now, as the one who dials."""
        found = self._actor_by_login(login)
        where = question.user if question.inside else question.caller
        return replace(found, source="dial", address=where) if found is not None else None

    def owner(self, question: Question) -> Actor | None:
        """The one account whose extension the phone is, where the site lets that stand for a password."""
        logins = self._own(question)
        return self.actor(question, logins[0]) if len(logins) == 1 else None

    def vouched(self, question: Question, dial_id: str) -> Actor | None:
        """The account of this dial ID, where the phone is one of its own and the site lets that stand for a password."""
        login = self._logins.login_of(dial_id)
        return self.actor(question, login) if login is not None and login in self._own(question) else None

    def _own(self, question: Question) -> list[str]:
        """A phone of another domain has the same digits and is somebody else's."""
        ours = {node.dial.domain for node in self._desk.nodes.values()}
        if not question.inside or not question.user or question.domain not in ours or not self._waived():
            return []
        return self._logins_at(question.user)

    def login(self, question: Question, dial_id: str, password: str) -> Actor | str:
        """The account, or the prompt that says why not. After too many wrong entries nothing is looked at for a while."""
        keys = ((BY_ID, dial_id), (BY_CALLER, _caller(question)))
        if any(self._tries.pause_s(*key) > 0 for key in keys):
            return dialogue.WRONG_WAIT
        login = self._logins.check(dial_id, password)
        actor = self.actor(question, login) if login is not None else None
        if actor is not None:
            for key in keys:
                self._tries.right(*key)
            return actor
        pause_s = max(self._tries.wrong(*key) for key in keys)
        if pause_s <= 0:
            return "wrong"
        self._raise_alarm(question, dial_id, pause_s)
        return dialogue.WRONG_WAIT

    def _raise_alarm(self, question: Question, dial_id: str, pause_s: float) -> None:
        """On the board, and in the audit; what was typed is in neither: it may be a password."""
        login = self._logins.login_of(dial_id)
        actor = self._actor_by_login(login) if login is not None else None
        agent = (actor.agent if actor is not None else None) or ""
        self._alarm(agent, pause_s)
        noted = {"way": question.way, "caller": _caller(question), "login": login or "", "pause_s": round(pause_s)}
        self._desk.audit.record(
            Deed(system("dial"), "dial.wrong_entries", agent, "", noted), FAILED, dialogue.WRONG_WAIT
        )
        log.warning("dial_wrong_entries", way=question.way, pause_s=round(pause_s))


def _caller(question: Question) -> str:
    return f"{question.user}@{question.domain}" if question.user else f"outside {question.caller}"
