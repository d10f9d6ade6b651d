"""Commands from the panel to the controller, through Redis, each with a deadline and exactly one answer.

A command is taken out before it is carried out and dropped past its deadline: nothing is done twice or late.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any, cast

import orjson
import structlog
from redis import Redis, RedisError

from fs_app.floor.actor import Actor
from fs_app.floor.errors import SWITCH_UNAVAILABLE, UNCONFIRMED, Rejected
from fs_app.store.live import ALIVE

COMMANDS = "sasayaki:wishes"
COMMANDS_KEPT = 1000
REPLY_S = 30
# One turn with Redis instead of two, which is felt by whoever clicks.
_SEND = f"""
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], -{COMMANDS_KEPT}, -1)
return 1
"""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Request:
    """One wish as it travels. ``deadline`` is epoch s."""

    id: str
    kind: str
    actor: Actor
    args: dict[str, Any]
    deadline: float
    request_id: str = ""


def encode(request: Request) -> bytes:
    """The request as JSON."""
    return orjson.dumps(request)


def decode(data: bytes) -> Request:
    """The request that ``encode`` wrote."""
    raw = orjson.loads(data)
    actor = raw.pop("actor")
    actor["extensions"] = tuple(actor["extensions"])
    return Request(actor=Actor(**actor), **raw)


def reply_key(ident: str) -> str:
    """Where the answer to a request is put."""
    return f"sasayaki:reply:{ident}"


class CommandClient:
    """The panel's side."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._send: Any = redis.register_script(_SEND)

    def ask(
        self, kind: str, actor: Actor, args: dict[str, Any], *, timeout_s: float = 5.0, request_id: str = ""
    ) -> Any:
        """Send a wish and wait for its answer; the result, or Rejected with the controller's reason.

        ``switch_unavailable`` when no controller runs, ``unconfirmed`` when no answer came in time or Redis went away
        meanwhile: the outcome is then unknown and the board will show it. Raises RedisError when nothing was sent.
        """
        request = Request(uuid.uuid4().hex, kind, actor, args, time.time() + timeout_s, request_id)
        self._connect()
        try:
            if not self._send([ALIVE, COMMANDS], [encode(request)]):
                raise Rejected(SWITCH_UNAVAILABLE)
            told = self._redis.blpop([reply_key(request.id)], timeout=timeout_s + 1.0)
        except RedisError as error:
            # It may have been sent, and may be carried out: nobody can say that nothing has changed.
            raise Rejected(UNCONFIRMED) from error
        answer = cast("tuple[bytes, bytes] | None", told)
        if answer is None:
            raise Rejected(UNCONFIRMED)
        reply = orjson.loads(answer[1])
        if not reply["ok"]:
            raise Rejected(reply["error"], reply.get("cause"))
        return reply["result"]

    def _connect(self) -> None:
        """Have a connection that stands. Raises RedisError without having sent anything."""
        pool = self._redis.connection_pool
        pool.release(pool.get_connection())


class CommandInbox:
    """The controller's side. A new run begins with what is sent from now on."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._started = False

    def take(self, block_s: float = 1.0) -> Request | None:
        """The next request, out of Redis before anybody acts on it; None when ``block_s`` passed without.

        What cannot be read is passed over. The first call begins as ``start`` does.
        """
        if not self._started:
            self.start()
        taken = cast("tuple[bytes, bytes] | None", self._redis.blpop([COMMANDS], timeout=block_s))
        if taken is None:
            return None
        try:
            return decode(taken[1])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("command_unreadable", error=type(error).__name__)
            return None

    def start(self) -> None:
        """Drop everything that is already there: it was sent to a controller that is no more."""
        self._redis.delete(COMMANDS)
        self._started = True

    def confirm(self, request: Request, result: Any) -> None:
        """Answer that the wish is proved to be carried out."""
        self._reply(request, {"ok": True, "result": result})

    def refuse(self, request: Request, error: str, cause: str | None = None) -> None:
        """Answer why not."""
        self._reply(request, {"ok": False, "error": error, "cause": cause})

    def _reply(self, request: Request, answer: dict[str, Any]) -> None:
        key = reply_key(request.id)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(key, orjson.dumps(answer))
            pipe.expire(key, REPLY_S)
            pipe.execute()
