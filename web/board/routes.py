"""The board: once, as a stream, and one's own row."""

from __future__ import annotations

import socket

import orjson
from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from fs_app.floor.actor import Actor
from fs_app.floor.errors import PERMISSION_DENIED, UNKNOWN_QUEUE
from fs_app.store.durable import DatabaseUnavailable
from web import errors
from web.access import credentials, refusal, route, who
from web.board.feed import Feed, NotReady
from web.board.schemas import BoardQuery, BoardReply, OwnAgentReply
from web.board.stream import Stream
from web.services import feed, services

blueprint = Blueprint("board", __name__)
# A browser that acknowledges nothing for so long is gone (ms).
GONE_AFTER_MS = 30_000


def ready_feed() -> Feed:
    """The board of this worker. Raises ``Problem`` (503) when nothing could be read yet."""
    try:
        return feed().ready()
    except NotReady:
        raise errors.Problem(errors.SERVICE_UNAVAILABLE, headers={"Retry-After": "2"}) from None


def require_selectable(board: Feed, actor: Actor, queue: str | None) -> None:
    """Raises ``Problem`` unless ``queue`` may be selected. Without a right on it nobody learns whether it exists."""
    if queue is None:
        return
    if not actor.may_see(queue):
        raise errors.Problem(PERMISSION_DENIED)
    if queue not in board.mirror.documents["queue"] and board.link()["state"] == "live":
        raise errors.Problem(UNKNOWN_QUEUE)


@route(
    blueprint,
    "GET",
    "/board",
    action="board.read",
    summary="The floor as far as one may see it",
    query=BoardQuery,
    reply=BoardReply,
    errors=(UNKNOWN_QUEUE, errors.SERVICE_UNAVAILABLE),
)
def read_board(query: BoardQuery) -> Response:
    """The whole picture of now."""
    board, actor = ready_feed(), who().actor
    require_selectable(board, actor, query.queue)
    data = board.view(actor, query.queue).snapshot(actor, board.link(), practice=services().practice)
    return Response(data, mimetype="application/json")


@route(
    blueprint,
    "GET",
    "/board/stream",
    action="board.read",
    summary="The floor as server-sent events snapshot, change, reset and ping; Last-Event-ID resumes",
    query=BoardQuery,
    media="text/event-stream",
    errors=(UNKNOWN_QUEUE, errors.SERVICE_UNAVAILABLE),
)
def stream_board(query: BoardQuery) -> Response:
    """Ends when the session or the right on the selected queue ends."""
    board, actor, stores = ready_feed(), who().actor, services()
    require_selectable(board, actor, query.queue)
    brought, action = credentials(), g.spec.action

    def look() -> Actor | None:
        try:
            identity = brought.identity(stores)
        except (DatabaseUnavailable, SQLAlchemyError):
            return None
        return identity.actor if identity is not None and refusal(identity, action) is None else None

    _drop_dead_browsers()
    stream = Stream(board, actor, query.queue, look, practice=stores.practice)
    events = stream.events(request.headers.get("Last-Event-ID") or None)
    response = Response(events, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _drop_dead_browsers() -> None:
    """Have the system close a connection whose far end went away without a word, instead of after a quarter hour."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None and hasattr(socket, "TCP_USER_TIMEOUT") and connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER_MS)


@route(
    blueprint,
    "GET",
    "/session/agent",
    action="own.read_agent",
    summary="The agent that one is oneself, and what one may choose",
    reply=OwnAgentReply,
    errors=(errors.SERVICE_UNAVAILABLE,),
)
def own_agent() -> Response:
    """For «my account»; also for those who may not open the board."""
    board, actor = ready_feed(), who().actor
    view = board.view(actor, None)
    known = actor.agent is not None and actor.agent in board.mirror.documents["agent"]
    seen = services().site.read().agents_see_listening
    row = _own_row(board, actor, actor.agent, seen=seen) if known and actor.agent is not None else b"null"
    choices = orjson.dumps([choice for choice in view.choices if choice["own"]])
    parts = (row, choices, orjson.dumps(seen))
    return Response(b'{"agent":%s,"statuses":%s,"listened":%s}' % parts, mimetype="application/json")


def _own_row(board: Feed, actor: Actor, agent: str, *, seen: bool) -> bytes:
    """One's own call is no secret from oneself, whatever queue it is of; who listens to it is, unless the site shows it."""
    row = orjson.loads(board.view(actor, None).agent_row(agent, actor))
    call = board.mirror.documents["agent"][agent]["call"]
    if call is not None:
        row["call"] = call if seen else {**call, "supervised": []}
    return orjson.dumps(row)
