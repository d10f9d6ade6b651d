"""Status, wrap-up and terminal of an agent. The controller decides, on the state of the floor at that moment."""

from __future__ import annotations

from flask import Blueprint

from fs_app.floor import errors as floor
from web.access import route
from web.agents.schemas import HandReply, SelectedQueue, StatusBody, StatusReply, TerminalBody, TerminalReply
from web.commands import ask

blueprint = Blueprint("agents", __name__)
SWITCH = (floor.SWITCH_REFUSED, floor.SWITCH_UNAVAILABLE, floor.UNCONFIRMED)
SCOPE = (floor.QUEUE_NOT_SELECTED, floor.UNKNOWN_AGENT, floor.NOT_A_MEMBER)


@route(
    blueprint,
    "PUT",
    "/agents/<agent>/status",
    action="agent.set_status",
    summary="Give an agent another status; answered once FreeSWITCH has confirmed it",
    body=StatusBody,
    reply=StatusReply,
    errors=(
        *SCOPE,
        floor.AGENT_IN_CALL,
        floor.AGENT_RINGING,
        floor.STATUS_NOT_SELECTABLE,
        floor.EXTENSION_TAKEN,
        floor.NUMBER_NOT_ALLOWED,
        *SWITCH,
    ),
)
def set_status(agent: str, body: StatusBody) -> StatusReply:
    """Agents may do so for themselves."""
    return StatusReply.model_validate(ask("status.set", agent=agent, **body.model_dump()))


@route(
    blueprint,
    "DELETE",
    "/agents/<agent>/after-call",
    action="agent.cancel_after_call",
    summary="Take back the status that was asked for to follow an agent's call",
    query=SelectedQueue,
    reply=StatusReply,
    errors=(*SCOPE, floor.AGENT_RINGING, *SWITCH),
)
def cancel_after_call(agent: str, query: SelectedQueue) -> StatusReply:
    """The agent has again what was chosen before. Changes nothing where nobody asked, or the call has ended."""
    return StatusReply.model_validate(ask("after_call.cancel", agent=agent, queue=query.queue))


@route(
    blueprint,
    "DELETE",
    "/agents/<agent>/wrap-up",
    action="agent.end_wrap_up",
    summary="End an agent's automatic wrap-up now",
    query=SelectedQueue,
    reply=StatusReply,
    errors=(*SCOPE, *SWITCH),
)
def end_wrap_up(agent: str, query: SelectedQueue) -> StatusReply:
    """The next call may come at once."""
    return StatusReply.model_validate(ask("wrap_up.end", agent=agent, queue=query.queue))


@route(
    blueprint,
    "PUT",
    "/agents/<agent>/terminal",
    action="agent.set_terminal",
    summary="Let an agent be rung at an extension, an outside number, or one after the other",
    body=TerminalBody,
    reply=TerminalReply,
    errors=(
        *SCOPE,
        floor.INVALID_NUMBER,
        floor.NUMBER_NOT_ALLOWED,
        floor.EXTENSION_UNKNOWN,
        floor.EXTENSION_TAKEN,
        floor.NO_ORIGINAL,
        floor.AGENT_IN_CALL,
        floor.AGENT_RINGING,
        *SWITCH,
    ),
)
def set_terminal(agent: str, body: TerminalBody) -> TerminalReply:
    """Agents may do so for themselves."""
    return TerminalReply.model_validate(ask("terminal.set", agent=agent, **body.model_dump()))


@route(
    blueprint,
    "PUT",
    "/agents/<agent>/hand",
    action="agent.raise_hand",
    summary="Ask for help: supervisors see the raised hand",
    reply=HandReply,
    errors=(floor.UNKNOWN_AGENT, floor.AGENT_LOGGED_OUT, floor.SWITCH_UNAVAILABLE),
)
def raise_hand(agent: str) -> HandReply:
    """Only for oneself."""
    return HandReply.model_validate(ask("hand.raise", agent=agent))


@route(
    blueprint,
    "DELETE",
    "/agents/<agent>/hand",
    action="agent.lower_hand",
    summary="Lower a raised hand",
    query=SelectedQueue,
    reply=HandReply,
    errors=(*SCOPE, floor.SWITCH_UNAVAILABLE),
)
def lower_hand(agent: str, query: SelectedQueue) -> HandReply:
    """For oneself, and for whoever may change the agent's status."""
    return HandReply.model_validate(ask("hand.lower", agent=agent, queue=query.queue))
