"""Call-back dialling: one's own outside phone rings first, then the customer's, and both see the centre's number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from fs_app.floor import errors as floor
from fs_app.floor.actor import Actor
from web.access import route, who
from web.board.feed import Feed
from web.board.routes import ready_feed
from web.call_backs.schemas import CallBackBody, CallBackReply, CallBacksReply, CallBackState
from web.commands import ask
from web.errors import SERVICE_UNAVAILABLE, Problem

blueprint = Blueprint("call_backs", __name__)
SWITCH = (floor.SWITCH_REFUSED, floor.SWITCH_UNAVAILABLE, floor.UNCONFIRMED)
# The controller answers before its change has come round through the stream (s).
COMES_ROUND_S = 0.5


@route(
    blueprint,
    "POST",
    "/call-backs",
    action="call_back.start",
    summary="Ring one's own outside phone, and once it is taken with key 1, the customer's",
    body=CallBackBody,
    reply=CallBackState,
    status=201,
    errors=(
        floor.INVALID_NUMBER,
        floor.NUMBER_NOT_ALLOWED,
        floor.NO_OUTSIDE_PHONE,
        floor.NO_CENTRE_NUMBER,
        floor.AGENT_RINGING,
        floor.AGENT_IN_CALL,
        floor.UNKNOWN_AGENT,
        *SWITCH,
    ),
)
def start(body: CallBackBody) -> CallBackState:
    """One's own phone is ringing then; ``GET /call-backs`` tells what becomes of it."""
    return CallBackState.model_validate(ask("call_back.start", number=body.number))


@route(
    blueprint,
    "GET",
    "/call-backs",
    action="call_back.read",
    summary="One's own call-back of now, or of the last minute",
    reply=CallBacksReply,
    errors=(SERVICE_UNAVAILABLE,),
)
def read_all() -> CallBacksReply:
    """None or one: there is one at a time."""
    found = _own(ready_feed(), who().actor)
    return CallBacksReply(call_backs=[CallBackReply.model_validate(found)] if found else [])


@route(
    blueprint,
    "GET",
    "/call-backs/<ident>",
    action="call_back.read",
    summary="One of one's own call-backs",
    reply=CallBackReply,
    errors=(floor.UNKNOWN_CALL_BACK, SERVICE_UNAVAILABLE),
)
def read(ident: str) -> CallBackReply:
    """One that was begun a moment ago is waited for."""
    board, actor = ready_feed(), who().actor
    board.wait_for(lambda: (_own(board, actor) or {}).get("id") == ident, COMES_ROUND_S)
    found = _own(board, actor)
    if found is None or found["id"] != ident:
        raise Problem(floor.UNKNOWN_CALL_BACK)
    return CallBackReply.model_validate(found)


def _own(board: Feed, actor: Actor) -> dict[str, Any] | None:
    """The call-back of the actor's own agent, where he himself asked for it: nobody else is shown a customer's number here."""
    document = board.mirror.documents["agent"].get(actor.agent or "")
    found: dict[str, Any] | None = document.get("call_back") if document is not None else None
    if found is None or found["login"] != actor.login:
        return None
    return found | {"since": found["since"] or None}


@route(
    blueprint,
    "DELETE",
    "/call-backs/<ident>",
    action="call_back.cancel",
    summary="Hang up a call-back, at whatever point it is",
    status=204,
    errors=(floor.UNKNOWN_CALL_BACK, *SWITCH),
)
def cancel(ident: str) -> None:
    """Nothing rings any more."""
    ask("call_back.cancel", id=ident)
