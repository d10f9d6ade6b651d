"""Who is a member of a queue: only administrators change it, and only people who are agents can be made one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g
from pydantic import BaseModel, Field

from fs_app.floor import errors as floor
from fs_app.store import account_rules as rules
from fs_app.store.account_rows import logins_of_agents
from fs_app.store.audit import FAILED, Deed
from web import errors
from web.access import route, who
from web.board.routes import ready_feed, require_selectable
from web.bodies import Body, judged_part
from web.commands import ask
from web.queues.schemas import Level
from web.services import services

blueprint = Blueprint("members", __name__)
SWITCH = (floor.SWITCH_REFUSED, floor.SWITCH_UNAVAILABLE, floor.UNCONFIRMED)


class MemberBody(Body):
    """The call priority of the new member."""

    priority: Level = 1


class MemberReply(BaseModel):
    """A member of a queue as read back from FreeSWITCH; ``priority`` null: no member."""

    queue: str
    agent: str
    priority: int | None


class Candidate(BaseModel):
    """Somebody who can be made a member."""

    agent: str
    login: str
    name: str


class CandidatesReply(BaseModel):
    """The agents with an account who are no members yet, by name."""

    candidates: list[Candidate] = Field(description="accounts that are no agents are not in it")
    next: None = None


@route(
    blueprint,
    "GET",
    "/queues/<queue>/candidates",
    action="queue.read_candidates",
    summary="Who can be made a member of a queue",
    reply=CandidatesReply,
    errors=(floor.UNKNOWN_QUEUE, errors.SERVICE_UNAVAILABLE),
)
def read_candidates(queue: str) -> CandidatesReply:
    """Agents of FreeSWITCH that an account is linked to."""
    feed = ready_feed()
    require_selectable(feed, who().actor, judged_part("queue", queue, rules.queue))
    logins = services().database.read(logins_of_agents)
    agents: dict[str, dict[str, Any]] = feed.mirror.documents["agent"]
    free = [doc for ident, doc in agents.items() if ident in logins and queue not in doc["tiers"]]
    found = [Candidate(agent=doc["id"], login=logins[doc["id"]], name=doc["name"]) for doc in free]
    return CandidatesReply(candidates=sorted(found, key=lambda one: (one.name, one.agent)))


@route(
    blueprint,
    "PUT",
    "/queues/<queue>/members/<agent>",
    action="queue.add_member",
    summary="Make an agent a member of a queue; answered once read back from FreeSWITCH",
    body=MemberBody,
    reply=MemberReply,
    errors=(floor.UNKNOWN_AGENT, floor.UNKNOWN_QUEUE, errors.NO_AGENT_ACCOUNT, *SWITCH),
)
def add_member(queue: str, agent: str, body: MemberBody) -> MemberReply:
    """Who is a member already stays as he is."""
    stores = services()
    if agent not in stores.database.read(logins_of_agents):
        told = Deed(who().actor, "queue.add_member", agent, queue, body.model_dump(), g.request_id)
        stores.audit.record(told, FAILED, errors.NO_AGENT_ACCOUNT)
        raise errors.Problem(errors.NO_AGENT_ACCOUNT)
    return MemberReply.model_validate(ask("member.add", queue=queue, agent=agent, priority=body.priority))


@route(
    blueprint,
    "DELETE",
    "/queues/<queue>/members/<agent>",
    action="queue.remove_member",
    summary="Let an agent be no member of a queue any more",
    reply=MemberReply,
    errors=(floor.UNKNOWN_AGENT, floor.UNKNOWN_QUEUE, *SWITCH),
)
def remove_member(queue: str, agent: str) -> MemberReply:
    """A call that rings or runs is left alone."""
    return MemberReply.model_validate(ask("member.remove", queue=queue, agent=agent))
