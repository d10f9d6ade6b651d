"""How Redis is reached: a server, a Unix socket, or whatever Sentinel names as the master. Owns the connection's limits."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

CONNECT_LIMIT_S = 2.0
# Longer than any blocking read that we ask for (a command's answer: 6 s), so that it ends waits on a dead line only.
ANSWER_LIMIT_S = 15.0
SENTINEL_PORT = 26379


def connect(url: str, *, connect_limit_s: float = CONNECT_LIMIT_S, answer_limit_s: float = ANSWER_LIMIT_S) -> Redis:
    """A client with a pool of its own; nothing is sent yet. Answers are bytes.

    ``url``: ``redis://``, ``rediss://``, ``unix://``, or ``sentinel://[[USER]:PASSWORD@]HOST[:PORT],…/MASTER[/DB]``
    (``sentinels://`` with TLS); the password holds for Sentinel and for Redis. Nothing is sent twice by itself: a
    command whose answer was lost may have been carried out.
    """
    limits = {
        "socket_connect_timeout": connect_limit_s,
        "socket_timeout": answer_limit_s,
        "health_check_interval": 30,
        "retry": Retry(NoBackoff(), 0),
    }
    if not url.startswith(("sentinel://", "sentinels://")):
        return Redis.from_url(url, **limits)
    parts = urlsplit(url)
    credentials, _, hosts = parts.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    master, _, database = parts.path.strip("/").partition("/")
    secret = {"username": unquote(user) or None, "password": unquote(password) or None}
    common = {**limits, **secret, "ssl": parts.scheme == "sentinels"}
    servers = [_host_and_port(host) for host in hosts.split(",")]
    sentinel = Sentinel(servers, sentinel_kwargs=common, **common)  # type: ignore[no-untyped-call]
    client: Redis = sentinel.master_for(unquote(master), db=int(database or 0))  # type: ignore[no-untyped-call]
    return client


def _host_and_port(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or port.endswith("]"):
        return text.strip("[]"), SENTINEL_PORT
    return host.strip("[]"), int(port)
