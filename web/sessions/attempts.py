"""How often a password or code may be wrong: per account and per address, counted in Redis for all workers together.

Passwords are looked at two at a time in each worker, with the count looked at just before: many tries at once are no
way round the limit, and a whole shift that logs in at nine o'clock behind one address only waits its turn.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from typing import cast

from flask import g, request
from gevent.lock import BoundedSemaphore
from redis import Redis

from fs_app.store.account_rows import Account, login_key
from fs_app.store.audit import FAILED, Deed
from web.access import who
from web.errors import SERVICE_UNAVAILABLE, WRONG_PASSWORD, Problem
from web.services import services

WINDOW_S = 300
PER_ACCOUNT = 5
PER_ADDRESS = 20
TOO_MANY = "too_many_attempts"
TURN_LIMIT_S = 20.0
_turns = BoundedSemaphore(2)


class Attempts:
    """Wrong passwords of the last five minutes. Raises ``redis.RedisError`` when Redis is away: nobody gets in."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def of(self, login: str, address: str, check: Callable[[], Account | None]) -> Account | None:
        """What ``check`` says of a password tried for ``login`` from ``address``; None is counted.

        What ``check`` raises is raised on: it neither counts nor makes the account's count forgotten. Raises
        ``Problem(too_many_attempts)`` with ``Retry-After`` in seconds, without looking at the password.
        """
        if not _turns.acquire(timeout=TURN_LIMIT_S):
            raise Problem(SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
        try:
            self._refuse_too_many(login, address)
            account = check()
            if account is None:
                self._count(login, address)
            else:
                self._redis.delete(_account_key(login))
        finally:
            _turns.release()
        return account

    def _refuse_too_many(self, login: str, address: str) -> None:
        limits = {_account_key(login): PER_ACCOUNT, _address_key(address): PER_ADDRESS}
        with self._redis.pipeline(transaction=True) as pipe:
            for key in limits:
                pipe.get(key)
                pipe.ttl(key)
            told = cast("list[bytes | int | None]", pipe.execute())
        counts, waits = told[0::2], told[1::2]
        over = [
            int(wait or 0)
            for count, wait, most in zip(counts, waits, limits.values(), strict=True)
            if int(count or 0) >= most
        ]
        if over:
            wait = max(1, *over)
            raise Problem(TOO_MANY, {"seconds": wait}, headers={"Retry-After": str(wait)})

    def _count(self, login: str, address: str) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            for key in (_account_key(login), _address_key(address)):
                pipe.incr(key)
                pipe.expire(key, WINDOW_S, nx=True)
            pipe.execute()


def require_password(password: str, command: str) -> None:
    """Let whoever sends the present request go on only with his own password, counted like a log-in.

    Raises ``Problem`` (``wrong_password``, written down as a try of ``command``; ``too_many_attempts``).
    """
    identity, stores = who(), services()
    login, address = identity.account.login, request.remote_addr or ""
    attempts = Attempts(stores.redis)
    if attempts.of(login, address, lambda: stores.accounts.with_password(login, password)) is None:
        deed = Deed(identity.actor, command, args={"login": login}, request_id=g.request_id)
        stores.audit.record(deed, FAILED, WRONG_PASSWORD)
        raise Problem(WRONG_PASSWORD)


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
