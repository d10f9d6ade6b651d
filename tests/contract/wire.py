"""A wire between the controller and the event socket on which the answer to one command can be lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Wire:
    """Passes every connection on to the switch. Once a client has said ``lose``, nothing more comes back to anybody.

    ``cut`` ends the connections and lets new ones through whole.
    """

    def __init__(self, esl_url: str) -> None:
        self._url = urlsplit(esl_url)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._phrase = b""
        self._silent = False
        self.lost = threading.Event()
        """The command has been handed to the switch."""
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def esl_url(self) -> str:
        """The switch's URL by way of this wire."""
        return f"{self._url.scheme}://:{self._url.password}@127.0.0.1:{self._server.getsockname()[1]}"

    def lose(self, phrase: str) -> None:
        """The answer to the next command that holds ``phrase`` never arrives, nor anything after it."""
        self._phrase = phrase.encode()
        self.lost.clear()

    def cut(self) -> None:
        """End every connection."""
        pairs, self._pairs = self._pairs, []
        for end in (end for pair in pairs for end in pair):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._silent = False

    def close(self) -> None:
        """For good."""
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                switch = socket.create_connection(("127.0.0.1", self._url.port or 8021))
                self._pairs.append((client, switch))
                for job, *ends in ((self._out, client, switch), (self._back, switch, client)):
                    threading.Thread(target=job, args=ends, daemon=True).start()

    def _out(self, client: socket.socket, switch: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := client.recv(65536):
                hit = bool(self._phrase) and self._phrase in said
                if hit:
                    self._phrase, self._silent = b"", True
                switch.sendall(said)
                if hit:
                    self.lost.set()
            switch.shutdown(socket.SHUT_WR)

    def _back(self, switch: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := switch.recv(65536):
                if not self._silent:
                    client.sendall(said)
            client.shutdown(socket.SHUT_WR)
