"""The panel's listening socket, opened once and handed on, so that a restart of the panel refuses nobody."""

from __future__ import annotations

import errno
import socket
from http.client import HTTPConnection, HTTPException

from fs_app.serve.faults import CannotStart

BACKLOG = 2048


def listening_socket(host: str, port: int) -> socket.socket:
    """A TCP socket that listens on ``host`` and ``port`` (0: any free one).

    Raises :class:`CannotStart` with the remedy when the address is taken, not ours or not allowed.
    """
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(BACKLOG)
    except OSError as error:
        raise CannotStart(f"The panel cannot listen on {host}:{port}: {_why(error)}") from None
    return listener


def _why(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "another program does. End it, or choose another address with --listen HOST:PORT."
        case errno.EACCES:
            return "this account may not. Choose a port above 1023 with --listen HOST:PORT."
        case _:
            return "this machine has no such address. Choose another one with --listen HOST:PORT."


def web_address(listener: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def answers(address: str, path: str = "/healthz") -> bool:
    """Whether the panel's process answers on ``address`` that it is up, or with ``/readyz`` that all parts are."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
