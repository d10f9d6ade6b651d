"""How often somebody may be wrong before he must wait: counted in Redis, for all processes together.

Owns the counts and the pauses. What was wrong, and what somebody is told meanwhile, is for others. Whatever is counted
under a key is hashed: what somebody typed as a login or a dial ID may be his password.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis


@dataclass(frozen=True, slots=True)
class Rule:
    """From the ``free``-th wrong entry on there is a pause, twice as long each time, from ``first_s`` to ``longest_s``.

    All is forgotten ``forgotten_s`` after the last pause; with ``window`` so long after the first wrong entry, and a
    pause lasts until then at most. ``forgiven``: one right entry makes it forgotten as well. Times in s.
    """

    free: int
    first_s: float
    longest_s: float
    forgotten_s: float
    window: bool = False
    forgiven: bool = True


LOG_IN_WINDOW_S = 300
RULES = {
    "account": Rule(5, LOG_IN_WINDOW_S, LOG_IN_WINDOW_S, LOG_IN_WINDOW_S, window=True),
    # Many log in from one address; one who knows a password must not wipe out what he tried on others.
    "address": Rule(20, LOG_IN_WINDOW_S, LOG_IN_WINDOW_S, LOG_IN_WINDOW_S, window=True, forgiven=False),
    "dial_id": Rule(3, 30.0, 1800.0, 3600.0),
    "dial_caller": Rule(5, 30.0, 1800.0, 3600.0, forgiven=False),
}

# KEYS: the count. ARGV: free, first, longest, forgotten (ms), window (0 or 1). Returns the pause that holds now (ms).
_WRONG = """
local free, first, longest, forgotten = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
local pause = 0
if count >= free then pause = math.min(longest, first * 2 ^ math.min(count - free, 60)) end
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + pause))
if ARGV[5] == '0' then
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', pause + forgotten))
elseif count == 1 then
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', forgotten))
end
return math.min(pause, redis.call('PTTL', KEYS[1]))
"""


class Attempts:
    """The wrong entries of one Redis. Every method raises ``redis.RedisError`` when it is away: nobody gets in.

    ``kind`` is one of :data:`RULES`. To be asked before each check, and told after it; checks of one key that run side
    by side are each seen with the count of before, so keep them few.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._count: Any = redis.register_script(_WRONG)

    def pause_s(self, kind: str, key: str) -> float:
        """How long nothing is looked at yet (s); 0.0 when an entry may be checked."""
        name = _name(kind, key)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.time()
            pipe.hget(name, "until")
            pipe.pttl(name)
            (seconds, micros), until, left_ms = cast("tuple[tuple[int, int], bytes | None, int]", pipe.execute())
        if until is None:
            return 0.0
        return max(0.0, min(int(until) - seconds * 1000 - micros / 1000, left_ms) / 1000)

    def wrong(self, kind: str, key: str) -> float:
        """Count a wrong entry; returns the pause that holds from now on (s), 0.0 while there is none."""
        rule = RULES[kind]
        times = [round(value * 1000) for value in (rule.first_s, rule.longest_s, rule.forgotten_s)]
        return float(self._count(keys=[_name(kind, key)], args=[rule.free, *times, int(rule.window)])) / 1000

    def right(self, kind: str, key: str) -> None:
        """An entry was right: the wrong ones of this key are forgotten, where the kind's rule forgives."""
        if RULES[kind].forgiven:
            self._redis.delete(_name(kind, key))


def _name(kind: str, key: str) -> str:
    return f"sasayaki:attempts:{kind}:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
