"""Listening to a running call: start, look, switch the mode, take over, stop."""

from __future__ import annotations

from flask import Blueprint

from fs_app.floor import errors as floor
from fs_app.floor.actor import Actor
from web.access import route, who
from web.board.feed import Feed
from web.board.routes import ready_feed
from web.board.schemas import SupervisionRow
from web.commands import ask
from web.errors import Problem
from web.supervisions.schemas import (
    AllSupervisions,
    ModeBody,
    SupervisionBody,
    SupervisionReply,
    SupervisionsReply,
    SupervisionState,
)

blueprint = Blueprint("supervisions", __name__)
SWITCH = (floor.SWITCH_REFUSED, floor.SWITCH_UNAVAILABLE, floor.UNCONFIRMED)
UNKNOWN = (floor.UNKNOWN_SUPERVISION,)
# The controller answers before its change has come round through the stream (s).
COMES_ROUND_S = 0.5


@route(
    blueprint,
    "POST",
    "/supervisions",
    action="supervision.start",
    summary="Ring one of one's own extensions and let it hear an agent's call",
    body=SupervisionBody,
    reply=SupervisionState,
    status=201,
    errors=(
        floor.QUEUE_NOT_SELECTED,
        floor.UNKNOWN_AGENT,
        floor.NOT_MONITORABLE,
        floor.ON_HOLD_NO_WHISPER,
        floor.OTHER_QUEUE_CALL,
        floor.NO_MEDIA,
        floor.NOT_A_MEMBER,
        floor.OWN_CALL,
        floor.ALREADY_SUPERVISING,
        floor.TERMINAL_BUSY,
        floor.LISTENING_ITSELF,
        floor.INVALID_NUMBER,
        *SWITCH,
    ),
)
def start(body: SupervisionBody) -> SupervisionState:
    """It is ringing then; the board tells when it listens, and why it failed."""
    return SupervisionState.model_validate(ask("supervision.start", **body.model_dump()))


@route(
    blueprint,
    "GET",
    "/supervisions",
    action="supervision.read",
    summary="All supervisions that one may see",
    query=AllSupervisions,
    reply=SupervisionsReply,
)
def list_supervisions(query: AllSupervisions) -> SupervisionsReply:
    """Those that ended a moment ago too, with their cause."""
    rows = ready_feed().view(who().actor, None).supervisions(who().actor)
    return SupervisionsReply(supervisions=[SupervisionRow.model_validate(row) for row in rows])


@route(
    blueprint,
    "GET",
    "/supervisions/<ident>",
    action="supervision.read",
    summary="One supervision",
    reply=SupervisionRow,
    errors=UNKNOWN,
)
def read_supervision(ident: str) -> SupervisionRow:
    """One that was made a moment ago is waited for."""
    board, actor = ready_feed(), who().actor
    board.wait_for(lambda: ident in board.mirror.documents["supervision"], COMES_ROUND_S)
    row = _find(board, actor, ident)
    if row is None:
        raise Problem(floor.UNKNOWN_SUPERVISION)
    return SupervisionRow.model_validate(row)


def _find(board: Feed, actor: Actor, ident: str) -> dict[str, object] | None:
    return next((row for row in board.view(actor, None).supervisions(actor) if row["id"] == ident), None)


@route(
    blueprint,
    "PATCH",
    "/supervisions/<ident>",
    action="supervision.set_mode",
    summary="Switch a running supervision between monitor, whisper and barge",
    body=ModeBody,
    reply=SupervisionReply,
    errors=(*UNKNOWN, floor.NOT_MONITORABLE, floor.ON_HOLD_NO_WHISPER, floor.OTHER_QUEUE_CALL, *SWITCH),
)
def set_mode(ident: str, body: ModeBody) -> SupervisionReply:
    """Without hanging up."""
    return SupervisionReply.model_validate(ask("supervision.mode", id=ident, mode=body.mode))


@route(
    blueprint,
    "POST",
    "/supervisions/<ident>/take-over",
    action="supervision.take_over",
    summary="Go on with the caller; the agent's leg ends",
    reply=SupervisionReply,
    errors=(*UNKNOWN, floor.NOT_MONITORABLE, floor.OTHER_QUEUE_CALL, *SWITCH),
)
def take_over(ident: str) -> SupervisionReply:
    """Takes no body."""
    return SupervisionReply.model_validate(ask("supervision.take_over", id=ident))


@route(
    blueprint,
    "DELETE",
    "/supervisions/<ident>",
    action="supervision.stop",
    summary="Hang up the supervisor's leg",
    status=204,
    errors=(*UNKNOWN, *SWITCH),
)
def stop(ident: str) -> None:
    """Agent and caller go on."""
    ask("supervision.stop", id=ident)
