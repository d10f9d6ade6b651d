"""Tells all processes that an account, or what administrators set for the floor, changed. Owns the telling, not the hearing."""

from __future__ import annotations

from pathlib import Path

import structlog
from redis import Redis, RedisError

from fs_app.store.live import ACCOUNTS, SETTINGS

STATUSES = "statuses"
QUEUES = "queues"
SITE = "site"
DIAL_CODES = "dial_codes"
log = structlog.get_logger()


class AccountsChannel:
    """The channel ``sasayaki:accounts``; its messages are logins."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def announce(self, login: str) -> None:
        """Publish ``login``. The change itself is already in the database; a Redis that is away only delays who hears."""
        _publish(self._redis, ACCOUNTS, login)


class SettingsChannel:
    """The channel ``sasayaki:settings``; its messages are the four words above."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def announce(self, what: str) -> None:
        """Publish what is to be read anew from the database, where it already is; unheard, it is read a little later."""
        _publish(self._redis, SETTINGS, what)


def _publish(redis: Redis, channel: str, message: str) -> None:
    socket = redis.connection_pool.connection_kwargs.get("path")
    if socket is not None and not Path(socket).exists():
        return  # the embedded Redis is not running, so there is nobody to be told
    try:
        redis.publish(channel, message)
    except RedisError as error:
        log.warning("change_not_announced", channel=channel, message=message, error=type(error).__name__)
