"""The board as one kind of viewer sees it, made once for all viewers with the same rights, queue and language.

What differs between such viewers (the row of the agent that one is oneself, whose supervision is «mine») is put in at
the end, so that 200 browsers of 20 rights cost 20 renderings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from fs_app.floor import board
from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.documents import Document
from web.board.mirror import Delta, Mirror
from web.board.words import Words

Key = tuple[str, frozenset[tuple[str, str]], str | None, str]


def key_of(actor: Actor, queue: str | None) -> Key:
    """What viewers must share to see the same: role, rights, selected queue, language."""
    grants = frozenset() if actor.role == ADMINISTRATOR else frozenset(actor.grants.items())
    return actor.role, grants, queue, actor.locale


Step = tuple[str, Document | None, Document | None]


@dataclass(slots=True)
class ViewChange:
    """A delta as one view sees it: rows as JSON, and ids that left the view.

    ``supervisions`` are (id, before, after) whoever sees them: one's own are shown wherever they are.
    """

    view: View
    seq: int
    at: float
    agents: dict[str, bytes]
    queues: list[bytes]
    waiting: list[bytes]
    supervisions: list[Step]
    gone: dict[str, list[str]]
    alarms: list[str] | None = None
    link: dict[str, Any] | None = None
    shared: bytes | None = None
    by_login: dict[str, bytes] = field(default_factory=dict)

    def frame(self, actor: Actor) -> bytes:
        """The server-sent event for ``actor``, without an id; empty when nothing of it is for him."""
        if actor.agent is not None and actor.agent in self.agents:
            own_row = self.view.agent_row(actor.agent, actor)
            return self._frame(self.agents | {actor.agent: own_row}, actor)
        if self.supervisions:
            if actor.login not in self.by_login:
                self.by_login[actor.login] = self._frame(self.agents, actor)
            return self.by_login[actor.login]
        if self.shared is None:
            self.shared = self._frame(self.agents, actor)
        return self.shared

    def _frame(self, agents: dict[str, bytes], actor: Actor) -> bytes:
        supervisions, gone = self._supervisions(actor)
        parts = {
            b"agents": _listed(agents.values()),
            b"queues": _listed(self.queues),
            b"waiting": _listed(self.waiting),
            b"supervisions": _listed(supervisions),
            b"gone": orjson.dumps(gone) if gone else b"",
            b"alarms": orjson.dumps(self.alarms) if self.alarms is not None else b"",
            b"link": orjson.dumps(self.link) if self.link else b"",
        }
        filled = b"".join(b',"%s":%s' % (name, value) for name, value in parts.items() if value)
        if not filled:
            return b""
        at = orjson.dumps(self.at or None)
        return event("change", b'{"seq":%d,"at":%s%s}' % (self.seq, at, filled))

    def _supervisions(self, actor: Actor) -> tuple[list[bytes], dict[str, list[str]]]:
        rows, gone = [], []
        for ident, before, after in self.supervisions:
            if after is not None and self.view.shows(after, actor):
                rows.append(orjson.dumps(board.supervision_row(after, actor)))
            elif before is not None and self.view.shows(before, actor):
                gone.append(ident)
        return rows, self.gone | {"supervisions": gone} if gone else self.gone


def event(name: str, data: bytes) -> bytes:
    """One server-sent event; ``data`` is JSON without line breaks."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)


def _listed(rows: Iterable[bytes]) -> bytes:
    joined = b",".join(rows)
    return b"[%s]" % joined if joined else b""


class View:
    """The board for everybody with one key."""

    def __init__(
        self, key: Key, mirror: Mirror, words: Words, now: Callable[[], float], show_number: Callable[[str], str] = str
    ) -> None:
        role, grants, self.queue, locale = key
        self.actor = Actor("", role, "", locale, grants=dict(grants))
        self._mirror = mirror
        self._words = words
        self._label = words.label(locale)
        self._now = now
        self._show_number = show_number
        self._agents: tuple[int, dict[str, bytes]] = (-1, {})
        self._seen: dict[tuple[str, ...], bool] = {}

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        """The statuses that may be chosen."""
        return self._words.choices(self.actor.locale)

    def sees(self, document: Document) -> bool:
        """Whether a document belongs to this view. Asked twice for every change: kept for each set of queues."""
        see = document.get("see")
        if see is None:
            return False
        key = tuple(see)
        if key not in self._seen:
            self._seen[key] = board.in_view(self.actor, document, self.queue)
        return self._seen[key]

    def shows(self, supervision: Document, actor: Actor) -> bool:
        """Whether a supervision is shown to ``actor``: of this view, or his own."""
        return supervision["login"] == actor.login or self.sees(supervision)

    def agent_row(self, ident: str, actor: Actor | None = None) -> bytes:
        """An agent's row as JSON, for ``actor`` or for anybody of this view."""
        document = self._mirror.documents["agent"][ident]
        row = board.agent_row(document, actor or self.actor, self.queue, self._words.book, self._label)
        shown = self._show_number(row["terminal"])
        return orjson.dumps(row | {"login": self._words.logins.get(ident), "terminal_shown": shown})

    def queues(self) -> list[dict[str, Any]]:
        """The queues that the viewer may see, by name."""
        return [self._queue(ident) for ident in sorted(self._mirror.documents["queue"]) if self.actor.may_see(ident)]

    def _queue(self, ident: str) -> dict[str, Any]:
        document = self._mirror.documents["queue"][ident]
        tally = self._mirror.tallies.of(ident, self._now())
        return board.queue_row(document, self.actor, tally, self._words.queues.get(ident))

    def _queue_row(self, ident: str) -> bytes:
        return orjson.dumps(self._queue(ident))

    def _agent_rows(self) -> dict[str, bytes]:
        """All agents of the view; kept until something changes, for the next viewer."""
        if self._agents[0] != self._mirror.seq:
            documents = self._mirror.documents["agent"]
            rows = {ident: self.agent_row(ident) for ident, document in documents.items() if self.sees(document)}
            self._agents = (self._mirror.seq, rows)
        return self._agents[1]

    def supervisions(self, actor: Actor) -> list[dict[str, Any]]:
        """The supervisions of the view, and ``actor``'s own wherever they are."""
        documents = self._mirror.documents["supervision"].values()
        return [board.supervision_row(s, actor) for s in documents if self.shows(s, actor)]

    def snapshot(self, actor: Actor, link: dict[str, Any], *, practice: bool) -> bytes:
        """The whole board for ``actor`` as JSON."""
        mirror = self._mirror
        agents = self._agent_rows()
        if actor.agent is not None and actor.agent in agents:
            agents = agents | {actor.agent: self.agent_row(actor.agent, actor)}
        queues = [orjson.dumps(row) for row in self.queues()]
        members = [member for member in mirror.documents["member"].values() if self.sees(member)]
        members.sort(key=lambda member: (member["since"], member["id"]))
        head = {
            "seq": mirror.seq,
            "epoch": mirror.epoch,
            "login": actor.login,
            "queue": self.queue,
            "practice": practice,
            "now": round(self._now(), 3),
            "link": link,
            "alarms": mirror.alarms,
            "statuses": self.choices,
            "extensions": actor.extensions,
            "waiting": [board.waiting_row(member) for member in members],
            "supervisions": self.supervisions(actor),
        }
        rows = b",".join(agents[ident] for ident in sorted(agents))
        return orjson.dumps(head)[:-1] + b',"queues":[%s],"agents":[%s]}' % (b",".join(queues), rows)

    def change(self, delta: Delta) -> ViewChange:
        """``delta`` as this view sees it. An id is «gone» only for whoever could see it before."""
        agents: dict[str, bytes] = {}
        waiting: list[bytes] = []
        supervisions: list[Step] = []
        gone: dict[str, list[str]] = {}
        for (kind, ident), before in delta.before.items():
            after = self._mirror.documents[kind].get(ident)
            if kind == "supervision":
                supervisions.append((ident, before, after))
            elif kind == "queue":
                if after is None and before is not None and self.actor.may_see(ident):
                    gone.setdefault("queues", []).append(ident)
            elif after is not None and self.sees(after):
                if kind == "agent":
                    agents[ident] = self.agent_row(ident)
                else:
                    waiting.append(orjson.dumps(board.waiting_row(after)))
            elif before is not None and self.sees(before):
                gone.setdefault("agents" if kind == "agent" else "waiting", []).append(ident)
        held = self._mirror.documents["queue"]
        queues = [self._queue_row(ident) for ident in delta.queues if ident in held and self.actor.may_see(ident)]
        alarms = self._mirror.alarms if delta.meta else None
        return ViewChange(self, delta.seq, delta.at, agents, queues, waiting, supervisions, gone, alarms)
