"""Browsers' ends of the board: all of them in one process, which stores what comes with its moment and reads it afterwards.

``stream``: each viewer holds one EventSource. ``poll``: each asks for the whole board every 1.5 s, one after the other in
an even pace. Both then say how old each agent's new status was when it first was there. Standard library only, so that the
measuring takes as little from the measured as it can.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

POLL_S = 1.5
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass
class Viewer:
    """One browser: its connection, and what came with the moment (epoch s) at which it came."""

    sock: socket.socket
    request: bytes
    arrived: list[tuple[float, bytes]] = field(default_factory=list)

    def take(self) -> None:
        """What is there now. Raises ConnectionError when the panel has hung up."""
        data = self.sock.recv(262144)
        if not data:
            raise ConnectionError("the panel has hung up")
        self.arrived.append((time.time(), data))


def connected(port: int, cookie: str, path: str) -> Viewer:
    """A viewer that has asked nothing yet."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = f"GET /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
    return Viewer(sock, request.encode())


def watch(viewers: list[Viewer], seconds: float) -> None:
    """Store what comes on all connections for so long."""
    selector = selectors.DefaultSelector()
    for viewer in viewers:
        selector.register(viewer.sock, selectors.EVENT_READ, viewer)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            key.data.take()


def poll(viewers: list[Viewer], seconds: float) -> None:
    """Everybody asks every 1.5 s; late answers are taken as they come."""
    selector, began = selectors.DefaultSelector(), time.monotonic()
    due = [(began + POLL_S * index / len(viewers), viewer) for index, viewer in enumerate(viewers)]
    for viewer in viewers:
        selector.register(viewer.sock, selectors.EVENT_READ, viewer)
    while (now := time.monotonic()) < began + seconds:
        while due and due[0][0] <= now:
            at, viewer = due.pop(0)
            viewer.sock.sendall(viewer.request)
            due.append((at + POLL_S, viewer))
        for key, _ in selector.select(max(0.0, due[0][0] - time.monotonic())):
            key.data.take()


def documents(viewer: Viewer) -> Iterator[tuple[float, Any]]:
    """Each event's data, or each answer, with the moment at which its last byte came."""
    pending = b""
    for at, data in viewer.arrived:
        pending += data
        while (found := _event(pending) or _answer(pending)) is not None:
            document, pending = found
            if document:
                yield at, json.loads(document)


def _event(pending: bytes) -> tuple[bytes, bytes] | None:
    if pending.startswith(b"HTTP/") and b"text/event-stream" not in pending.partition(b"\r\n\r\n")[0]:
        return None
    before, end, rest = pending.partition(b"\n\n")
    if not end:
        return None
    _, mark, data = before.rpartition(b"\ndata: ")
    return (data if mark else b""), rest


def _answer(pending: bytes) -> tuple[bytes, bytes] | None:
    head, end, rest = pending.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    if not end or found is None or len(rest) < int(found[1]):
        return None
    return rest[: int(found[1])], rest[int(found[1]) :]


def delays_ms(viewers: Iterable[Viewer], begun: float) -> list[float]:
    """For every viewer and every status that began after ``begun`` (epoch s): ms from its event to its row."""
    found = []
    for viewer in viewers:
        seen: dict[str, float] = {}
        for at, document in documents(viewer):
            for row in document.get("agents", ()):
                since = row["status"]["since"]
                if since > max(begun, seen.get(row["agent"], 0.0)):
                    seen[row["agent"]] = since
                    found.append((at - since) * 1000)
    return found


def main(way: str, port: int, seconds: float, cookies: list[str]) -> None:
    """Connect, say «ready», go for ``seconds`` at the word «go», and tell the delays."""
    path = "board/stream" if way == "stream" else "board"
    viewers = [connected(port, cookie, path) for cookie in cookies]
    if way == "stream":
        for viewer in viewers:
            viewer.sock.sendall(viewer.request)
            viewer.take()
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.time()
    (watch if way == "stream" else poll)(viewers, seconds)
    print(json.dumps({"delays_ms": sorted(delays_ms(viewers, begun))}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), json.loads(sys.stdin.readline()))
