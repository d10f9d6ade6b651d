"""How often a password or code may be wrong: per account and per address, counted for all workers together.

Passwords are looked at two at a time in each worker, with the count looked at just before: many tries at once are no
way round the limit, and a whole shift that logs in at nine o'clock behind one address only waits its turn.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable

from flask import g, request
from gevent.lock import BoundedSemaphore
from redis import Redis

from fs_app.store.account_rows import Account, login_key
from fs_app.store.attempts import Attempts
from fs_app.store.audit import FAILED, Deed
from web.access import who
from web.errors import SERVICE_UNAVAILABLE, WRONG_PASSWORD, Problem
from web.services import services

TOO_MANY = "too_many_attempts"
TURN_LIMIT_S = 20.0
_turns = BoundedSemaphore(2)


class LogInAttempts:
    """Wrong passwords of the last five minutes. Raises ``redis.RedisError`` when Redis is away: nobody gets in."""

    def __init__(self, redis: Redis) -> None:
        self._counts = Attempts(redis)

    def of(self, login: str, address: str, check: Callable[[], Account | None]) -> Account | None:
        """What ``check`` says of a password tried for ``login`` from ``address``; None is counted.

        What ``check`` raises is raised on: it neither counts nor makes the account's count forgotten. Raises
        ``Problem(too_many_attempts)`` with ``Retry-After`` in seconds, without looking at the password.
        """
        keys = {"account": login_key(login), "address": _network(address)}
        if not _turns.acquire(timeout=TURN_LIMIT_S):
            raise Problem(SERVICE_UNAVAILABLE, headers={"Retry-After": "5"})
        try:
            pause_s = max(self._counts.pause_s(kind, key) for kind, key in keys.items())
            if pause_s > 0:
                wait = math.ceil(pause_s)
                raise Problem(TOO_MANY, {"seconds": wait}, headers={"Retry-After": str(wait)})
            account = check()
            for kind, key in keys.items():
                if account is None:
                    self._counts.wrong(kind, key)
                else:
                    self._counts.right(kind, key)
        finally:
            _turns.release()
        return account


def require_password(password: str, command: str) -> None:
    """Let whoever sends the present request go on only with his own password, counted like a log-in.

    Raises ``Problem`` (``wrong_password``, written down as a try of ``command``; ``too_many_attempts``).
    """
    identity, stores = who(), services()
    login, address = identity.account.login, request.remote_addr or ""
    attempts = LogInAttempts(stores.redis)
    if attempts.of(login, address, lambda: stores.accounts.with_password(login, password)) is None:
        deed = Deed(identity.actor, command, args={"login": login}, request_id=g.request_id)
        stores.audit.record(deed, FAILED, WRONG_PASSWORD)
        raise Problem(WRONG_PASSWORD)


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6:
        # Whoever has one IPv6 address has a whole /64 of them.
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)
