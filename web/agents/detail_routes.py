"""One agent in detail: why he is not rung next, in each of his queues, and who listened to him."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response

from fs_app.floor import board
from fs_app.floor import errors as floor
from fs_app.floor.actor import Actor
from fs_app.floor.documents import Document
from fs_app.floor.errors import Rejected
from fs_app.store import account_rules as rules
from fs_app.store.audit_pages import Filters
from fs_app.store.priorities import Priorities
from web import errors
from web.access import route, who
from web.agents.detail_schemas import AgentReply, ListenedQuery, ListenedReply
from web.board.routes import ready_feed
from web.bodies import judged_part
from web.commands import ask
from web.services import services
from web.texts import reason_text

blueprint = Blueprint("agent_detail", __name__)
LISTENING = {
    "supervision.start": "began",
    "supervision.set_mode": "changed",
    "supervision.mode": "changed",  # as rows written until 2026 have it
    "supervision.next_call": "next_call",
    "supervision.take_over": "took_over",
}


@route(
    blueprint,
    "GET",
    "/agents/<agent>",
    action="agent.read",
    summary="One agent, and for each of his queues why he is not rung next",
    reply=AgentReply,
    errors=(floor.UNKNOWN_AGENT, errors.SERVICE_UNAVAILABLE),
)
def read_agent(agent: str) -> Response:
    """The first of mod_callcenter's own conditions that keeps him from the next offer, read from its rows now."""
    feed, actor = ready_feed(), who().actor
    document = feed.mirror.documents["agent"].get(judged_part("agent", agent, rules.agent))
    _require_sight(actor, agent, document)
    view = feed.view(actor, None)
    labels = {row["queue"]: row["label"] for row in view.queues()}
    queues = orjson.dumps(_queues(actor, document or {}, labels))
    parts = (view.agent_row(agent, actor), queues, orjson.dumps(actor.agent == agent))
    return Response(b'{"agent":%s,"queues":%s,"own":%s}' % parts, mimetype="application/json")


def _require_sight(actor: Actor, agent: str, document: Document | None) -> None:
    """Raises ``Problem`` unless the actor may see this agent; only an administrator learns that there is none."""
    if document is not None and (actor.agent == agent or board.visible(actor, document)):
        return
    hidden = document is not None or not (actor.is_administrator or actor.agent == agent)
    raise errors.Problem(floor.PERMISSION_DENIED if hidden else floor.UNKNOWN_AGENT)


def _queues(actor: Actor, document: Document, labels: dict[str, str]) -> list[dict[str, Any]]:
    tiers = {queue: level for queue, level in document["tiers"].items() if actor.may_see(queue)}
    kept = Priorities(services().database).of_agent(document["id"]) if tiers else {}
    problem: str | None = None
    found = []
    for queue, level in tiers.items():
        now: dict[str, Any] = {"agents": [], "reasons": []}
        if problem is None:  # one that could not be asked is enough: each would be waited for as long
            try:
                now = ask("queue.foresee", queue=queue)["now"]
            except Rejected as rejected:
                problem = rejected.error
        first = next((reason for reason in now["reasons"] if reason["agent"] == document["id"]), None)
        found.append(
            {
                "queue": queue,
                "label": labels.get(queue, queue),
                "priority": level,
                "priority_until": kept[queue].until if queue in kept else None,
                "next": document["id"] in now["agents"],
                "reason": _reason(first, actor.locale) if first else None,
                "problem": problem,
            }
        )
    return found


def _reason(reason: dict[str, Any], locale: str) -> dict[str, Any]:
    return {"id": reason["id"], "text": reason_text(reason["id"], locale), "until": reason["until"]}


@route(
    blueprint,
    "GET",
    "/agents/<agent>/listened",
    action="agent.read_listened",
    summary="Who listened to an agent: for himself where the site allows it, and for administrators",
    query=ListenedQuery,
    reply=ListenedReply,
)
def read_listened(agent: str, query: ListenedQuery) -> ListenedReply:
    """Each beginning, change of the mode, next call and take-over that took place, the newest first."""
    actor, stores = who().actor, services()
    judged_part("agent", agent, rules.agent)
    if not actor.is_administrator and not (actor.agent == agent and stores.site.read().agents_see_listening):
        raise errors.Problem(floor.PERMISSION_DENIED)
    filters = Filters(agent=agent, commands=tuple(LISTENING), outcome="confirmed")
    page = stores.audit.page(filters, query.cursor, query.limit)
    names = stores.accounts.names({row["login"] for row in page.rows})
    rows = [
        {
            "id": row["id"],
            "at": row["at"],
            "login": row["login"],
            "name": names.get(row["login"], row["login"]),
            "mode": row["args"].get("mode", ""),
            "began": row["command"] == "supervision.start",
            "what": LISTENING[row["command"]],
        }
        for row in page.rows
    ]
    return ListenedReply.model_validate({"listened": rows, "next": None if page.next is None else str(page.next)})
