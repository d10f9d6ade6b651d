"""Listening for event socket clients on the loopback.

Owns the listening socket and the set of connections.
"""

from __future__ import annotations

from typing import Any

import gevent
import structlog
from gevent import socket

from fs_app.greenlets import spawn
from fs_app.practice.core import Core
from fs_app.practice.esl.connection import Connection

log = structlog.get_logger()


class EslServer:
    """Accepts clients from ``start`` to ``stop``."""

    def __init__(self, core: Core, port: int = 0) -> None:
        self._core = core
        self._listening: socket.socket | None = None
        self._accepting: gevent.Greenlet[..., Any] | None = None
        self._connections: set[Connection] = set()
        self.port = port

    def start(self) -> int:
        """Listen on 127.0.0.1; the port, which stays the same over a restart. ``OSError`` when it is taken."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(64)
        self._listening = listening
        self.port = int(listening.getsockname()[1])
        self._accepting = spawn("practice-esl-accept", self._accept, listening)
        return self.port

    def stop(self) -> None:
        """Close the port and drop everybody."""
        accepting, self._accepting = self._accepting, None
        if accepting is not None:
            accepting.kill()  # first: a socket that somebody waits on is closed only later
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.close()
        for connection in tuple(self._connections):
            connection.drop()

    def cut(self) -> None:
        """Break every connection after half a frame; new ones are welcome."""
        for connection in tuple(self._connections):
            connection.cut()

    def _accept(self, listening: socket.socket) -> None:
        while listening is self._listening:
            try:
                sock, _ = listening.accept()
            except OSError as error:
                if listening is not self._listening:
                    return
                # Out of file descriptors, say: the floor goes on, the next client may have more luck.
                log.warning("practice_accept_failed", error=str(error))
                gevent.sleep(0.1)
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self._core, sock, self._connections.discard)
            self._connections.add(connection)
            connection.start()
