"""Tells all processes that an account's rights, sessions or password changed. Owns the telling, not the hearing."""

from __future__ import annotations

from pathlib import Path

import structlog
from redis import Redis, RedisError

from fs_app.store.live import ACCOUNTS

log = structlog.get_logger()


class AccountsChannel:
    """The channel ``sasayaki:accounts``; its messages are logins."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def announce(self, login: str) -> None:
        """Publish ``login``. The change itself is already in the database; a Redis that is away only delays who hears."""
        socket = self._redis.connection_pool.connection_kwargs.get("path")
        if socket is not None and not Path(socket).exists():
            return  # the embedded Redis is not running, so there is nobody to be told
        try:
            self._redis.publish(ACCOUNTS, login)
        except RedisError as error:
            log.warning("account_change_not_announced", login=login, error=type(error).__name__)
