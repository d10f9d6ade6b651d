"""Until when the alarms of too many wrong dial entries stand, in Redis beside the pauses that they tell of (``attempts``)."""

from __future__ import annotations

import time
from typing import cast

from redis import Redis

_KEY = "sasayaki:dial:alarms"


class KeptDialAlarms:
    """Every method raises ``redis.RedisError`` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def put(self, agent: str, until: float) -> None:
        """An agent's alarm stands until then (epoch s); an empty name is nobody's. Old ones go."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore(_KEY, 0, time.time())
            pipe.zadd(_KEY, {agent: until})
            pipe.execute()

    def all(self) -> dict[str, float]:
        """Agent -> until when (epoch s), of those that still stand."""
        found = cast("list[tuple[bytes, float]]", self._redis.zrangebyscore(_KEY, time.time(), "+inf", withscores=True))
        return {agent.decode(): until for agent, until in found}
