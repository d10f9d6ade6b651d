"""What other processes announce: changed accounts, changed statuses and queue settings. Owns the hearing, not the reading.

Nothing depends on a word being heard: whoever cares reads the database now and then by himself, only later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gevent
from redis import Redis, RedisError

RETRY_S = 0.5
LISTEN_S = 5.0
EVERYTHING = "*"


def listen(redis: Redis, heard: Mapping[str, Callable[[str], None]]) -> None:
    """Hand each message to its channel's function, for ever. Runs in a greenlet of its own.

    After every connection each function is told :data:`EVERYTHING`: what was announced meanwhile nobody heard.
    """
    while True:
        try:
            channel: Any = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            channel.subscribe(*heard)
            for tell in heard.values():
                tell(EVERYTHING)
            while True:
                message = channel.get_message(timeout=LISTEN_S)
                if message is not None:
                    heard[message["channel"].decode()](message["data"].decode(errors="replace"))
        except RedisError:
            gevent.sleep(RETRY_S)
