"""Call priority of an agent in a queue, and who would be rung next."""

from __future__ import annotations

from flask import Blueprint

from fs_app.floor import errors as floor
from web.access import route
from web.commands import ask
from web.queues.schemas import ForecastQuery, ForecastReply, PriorityBody, PriorityReply

blueprint = Blueprint("queues", __name__)
SWITCH = (floor.SWITCH_REFUSED, floor.SWITCH_UNAVAILABLE, floor.UNCONFIRMED)


@route(
    blueprint,
    "PUT",
    "/queues/<queue>/agents/<agent>/priority",
    action="agent.set_priority",
    summary="Change an agent's call priority; answered once read back from FreeSWITCH",
    body=PriorityBody,
    reply=PriorityReply,
    errors=(floor.UNKNOWN_AGENT, floor.NOT_A_MEMBER, floor.PRIORITY_OUT_OF_RANGE, *SWITCH),
)
def set_priority(queue: str, agent: str, body: PriorityBody) -> PriorityReply:
    """The queue of the address counts as selected."""
    return PriorityReply.model_validate(ask("priority.set", queue=queue, agent=agent, **body.model_dump()))


@route(
    blueprint,
    "GET",
    "/queues/<queue>/forecast",
    action="queue.foresee",
    summary="Who would be rung for the next call, now and after a change of priority",
    query=ForecastQuery,
    reply=ForecastReply,
    errors=(floor.UNKNOWN_QUEUE, floor.UNKNOWN_AGENT, floor.SWITCH_UNAVAILABLE),
)
def foresee(queue: str, query: ForecastQuery) -> ForecastReply:
    """Changes nothing."""
    return ForecastReply.model_validate(ask("queue.foresee", queue=queue, agent=query.agent, priority=query.priority))
