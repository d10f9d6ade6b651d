"""Documents as the controller publishes them: made by the floor's own functions of a floor put together for the test."""

from __future__ import annotations

from typing import Any

from fs_app.floor import documents
from fs_app.floor.entities import Agent, Member, Queue, Supervision, Tier
from fs_app.floor.state import Floor

Document = dict[str, Any]
META: Document = {
    "epoch": "run-1",
    "practice": True,
    "link": {"state": "live", "since": 5.0, "nodes": [{"name": "fs1", "state": "live", "since": 5.0, "problem": None}]},
}

SALES, SUPPORT = "sales@d", "support@d"


def agent(
    ident: str, queues: dict[str, int], *, code: str = "available", call: Document | None = None, contact: str = ""
) -> Document:
    tiers = {q: Tier(level) for q, level in queues.items()}
    made = Agent(ident, f"name of {ident}", contact=contact, tiers=tiers)
    whole = documents.agent_document(Floor("fs1"), made)
    return whole | {"code": code, "since": 100.0, "call": call, "talk_since": call and call["since"]}


def call(queue: str | None, *, name: str = "Caller", number: str = "0312345678", kind: str = "queue_call") -> Document:
    return {
        "id": "call-1",
        "kind": kind,
        "state": "talking",
        "queue": queue,
        "with": {"name": name, "number": number},
        "since": 120.0,
        "supervised": [],
    }


def queue(ident: str) -> Document:
    return documents.queue_document(Floor(), Queue(ident, "longest-idle-agent", answered=3, abandoned=1))


def member(ident: str, in_queue: str, *, number: str = "0398765432", since: float = 130.0) -> Document:
    made = Member(ident, f"channel of {ident}", in_queue, "Waiting", number, since)
    return documents.member_document(Floor("fs1"), made)


def supervision(
    ident: str, of: str, queues: list[str], login: str, *, state: str = "listening", extension: str = "9001"
) -> Document:
    floor = Floor("fs1")
    floor.agents[of] = Agent(of, tiers={q: Tier(1) for q in queues})
    made = Supervision(
        ident, login, f"name of {login}", of, "monitor", extension, queues[0], f"leg of {ident}", "target", state=state
    )
    return documents.supervision_document(floor, made)
