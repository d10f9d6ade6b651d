"""How often a password may be tried: per account and per address, counted in Redis for all workers together.

A try is counted before the password is looked at, so that many at once are no way round.
"""

from __future__ import annotations

import hashlib
import ipaddress
from typing import cast

from redis import Redis

from fs_app.store.account_rows import login_key
from web.errors import Problem

WINDOW_S = 300
PER_ACCOUNT = 5
PER_ADDRESS = 20
TOO_MANY = "too_many_attempts"


class Attempts:
    """Tries of passwords within the last five minutes. Raises ``redis.RedisError`` when Redis is away: nobody gets in."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def count(self, login: str, address: str) -> None:
        """Count a try. Raises ``Problem(too_many_attempts)`` with ``Retry-After`` in seconds when there were too many."""
        limits = {_account_key(login): PER_ACCOUNT, _address_key(address): PER_ADDRESS}
        with self._redis.pipeline(transaction=True) as pipe:
            for key in limits:
                pipe.incr(key)
                pipe.expire(key, WINDOW_S, nx=True)
                pipe.ttl(key)
            told = cast("list[int]", pipe.execute())
        counts, waits = told[0::3], told[2::3]
        over = [wait for count, wait, most in zip(counts, waits, limits.values(), strict=True) if count > most]
        if over:
            wait = max(1, *over)
            raise Problem(TOO_MANY, {"seconds": wait}, headers={"Retry-After": str(wait)})

    def forgive(self, login: str, address: str) -> None:
        """The password was right: the account begins anew, and the address gets its try back."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(_account_key(login))
            pipe.decr(_address_key(address))
            pipe.execute()


def _account_key(login: str) -> str:
    # Hashed: what somebody types as a login may be a password, and may be long.
    return "sasayaki:attempts:account:" + hashlib.sha256(login_key(login).encode()).hexdigest()[:32]


def _address_key(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "sasayaki:attempts:address:none"
    if ip.version == 6:
        # Whoever has one IPv6 address has a whole /64 of them.
        return f"sasayaki:attempts:address:{ipaddress.ip_network((ip, 64), strict=False).network_address}"
    return f"sasayaki:attempts:address:{ip}"
