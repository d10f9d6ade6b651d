"""A switch that answers from a script and sends a prepared stream of events as fast as its listener reads.

A process of its own, so that it takes no time from what is measured: plain threads, ready bytes, ``sendfile``. On standard
output it says its port; on standard input ``send FILE`` lets the stream go to the newest subscriber and prints the moment
(``time.monotonic``, s) at which it began, and ``send FILE RATE`` paces it at RATE events/s.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

from scripts.benchmarks.floor_plan import CORE, FloorPlan
from scripts.benchmarks.mix import plain

PASSWORD = "bench"  # noqa: S105 - nobody but these processes can reach it
_JOB = "Job-UUID: "


class Script:
    """Every answer, ready before anybody asks."""

    def __init__(self, plan: FloorPlan) -> None:
        self._texts: dict[str, bytes] = {
            "global_getvar core_uuid": CORE.encode(),
            "global_getvar domain": b"default",
            "show channels as json": _json(_table(plan.channel_rows())),
            "show bridged_calls as json": _json(_table(plan.call_rows())),
        }
        lists = {
            "agent list": plan.agent_rows(),
            "tier list": plan.tier_rows(),
            "queue list": plan.queue_rows(),
            "member list": plan.member_rows(),
        }
        self._lists = {name: _json(rows) for name, rows in lists.items()}
        for uuid, headers in plan.dumps().items():
            self._texts[f"uuid_dump {uuid}"] = plain(headers).encode() + b"\n"
            self._texts[f"uuid_exists {uuid}"] = b"true"

    def api(self, line: str) -> bytes:
        """What an API command prints."""
        if line.startswith("json "):
            asked = json.loads(line.removeprefix("json "))
            rows = self._lists.get(asked["data"]["arguments"], b"null")
            return b'%b,"status":"success","response":%b}\n' % (_json(asked)[:-1], rows)
        return self._texts.get(line, b"false" if line.startswith("uuid_exists ") else b"-ERR no reply\n")


def _table(rows: list[dict[str, object]]) -> dict[str, object]:
    return {"row_count": len(rows), **({"rows": rows} if rows else {})}


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _commands(sock: socket.socket) -> Iterator[str]:
    pending = b""
    while data := sock.recv(65536):
        *whole, pending = (pending + data).split(b"\n\n")
        for command in whole:
            yield command.decode().strip("\n")


class Switch:
    """Listens, answers each connection in a thread of its own, and remembers who asked for events."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._subscribed = threading.Condition()
        self._subscriber: socket.socket | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.on_command: Callable[[str, float], None] = lambda command, at: None

    def start(self) -> None:
        """Accept in the background."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.sendall(b"Content-Type: auth/request\n\n")
            for command in _commands(sock):
                self.on_command(command, time.monotonic())
                sock.sendall(self._answer(command))
                if command.startswith("event"):
                    with self._subscribed:
                        self._subscriber = sock
                        self._subscribed.notify_all()
        except OSError:
            pass  # The client has gone; it was measured, or it failed and says so itself.

    def _answer(self, command: str) -> bytes:
        if command.startswith("api "):
            body = self._script.api(command.removeprefix("api "))
            return b"Content-Type: api/response\nContent-Length: %d\n\n%b" % (len(body), body)
        if command.startswith("bgapi ") and _JOB in command:
            job = command.partition(_JOB)[2].partition("\n")[0].encode()
            return b"Content-Type: command/reply\nReply-Text: +OK Job-UUID: %b\nJob-UUID: %b\n\n" % (job, job)
        text = b"+OK accepted" if command.startswith("auth") else b"+OK"
        return b"Content-Type: command/reply\nReply-Text: %b\n\n" % text

    def subscriber(self) -> socket.socket:
        """Whoever asked for events last; waits until somebody does."""
        with self._subscribed:
            if not self._subscribed.wait_for(lambda: self._subscriber is not None, timeout=60):
                raise TimeoutError("nobody asked for events within 60 s")
            assert self._subscriber is not None  # noqa: S101 - just waited for
            return self._subscriber

    def send(self, path: str) -> None:
        """The whole file to the subscriber, as fast as it is taken."""
        sock = self.subscriber()
        with open(path, "rb") as file:
            size, sent = os.fstat(file.fileno()).st_size, 0
            print(json.dumps(time.monotonic()), flush=True)
            while sent < size:
                sent += os.sendfile(sock.fileno(), file.fileno(), sent, size - sent)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    for name in ("agents", "queues", "channels"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    switch = Switch(Script(FloorPlan(options.agents, options.queues, options.channels, since=int(time.time()))))
    switch.start()
    print(json.dumps(switch.port), flush=True)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "send":
            try:
                switch.send(rest)
            except OSError as error:
                print(f"sending ended early: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
