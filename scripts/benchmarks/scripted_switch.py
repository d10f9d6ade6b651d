"""A switch that answers from a script and sends a prepared stream of events as fast as its listener reads.

A process of its own, so that it takes no time from what is measured: plain threads, ready bytes, ``sendfile``. On standard
output it says its port; on standard input ``send FILE`` lets the stream go to the newest subscriber and prints the moment
(``time.monotonic``, s) at which it began, and ``send FILE RATE`` paces it at RATE events/s, each stamped with the moment at
which it goes out (``Event-Date-Timestamp``). With ``--tell`` every ``bgapi`` is told on standard output as it arrives.
Commands are carried out in words only: every job answers ``+OK``, and an agent's status is confirmed by its event.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

from scripts.benchmarks.floor_plan import CORE, FloorPlan
from scripts.benchmarks.mix import framed, plain

PASSWORD = "bench"  # noqa: S105 - nobody but these processes can reach it
_JOB = "Job-UUID: "
_STAMP = re.compile(rb"(?<=\nEvent-Date-Timestamp: )\d{16}")
_LENGTH = re.compile(rb"Content-Length: (\d+)")
_SET_STATUS = re.compile(r"bgapi callcenter_config agent set status (\S+) '([A-Za-z ]+)'")


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
        self._sending = threading.Lock()
        self._sequence = 10**9
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
                if command.startswith("event"):
                    self._subscribe(sock, command)
                else:
                    sock.sendall(self._answer(command))
                    self._carry_out(command)
        except OSError:
            pass  # The client has gone; it was measured, or it failed and says so itself.

    def _subscribe(self, sock: socket.socket, command: str) -> None:
        """Whoever has read that events were granted misses none: in between nobody else is told or finds no subscriber."""
        with self._subscribed:
            sock.sendall(self._answer(command))
            self._subscriber = sock
            self._subscribed.notify_all()

    def _answer(self, command: str) -> bytes:
        if command.startswith("api "):
            body = self._script.api(command.removeprefix("api "))
            return b"Content-Type: api/response\nContent-Length: %d\n\n%b" % (len(body), body)
        if command.startswith("bgapi ") and _JOB in command:
            job = command.partition(_JOB)[2].partition("\n")[0].encode()
            return b"Content-Type: command/reply\nReply-Text: +OK Job-UUID: %b\nJob-UUID: %b\n\n" % (job, job)
        text = b"+OK accepted" if command.startswith("auth") else b"+OK"
        return b"Content-Type: command/reply\nReply-Text: %b\n\n" % text

    def _carry_out(self, command: str) -> None:
        """What a job tells whoever asked for events: a status by its event, then the result of the job."""
        with self._subscribed:
            nobody_listens = self._subscriber is None
        if nobody_listens or not command.startswith("bgapi ") or _JOB not in command:
            return
        job = {"Event-Name": "BACKGROUND_JOB", "Job-UUID": command.partition(_JOB)[2].partition("\n")[0]}
        asked = _SET_STATUS.match(command)
        if asked is not None:
            words = {"CC-Agent": asked[1], "CC-Action": "agent-status-change", "CC-Agent-Status": asked[2]}
            self._fire({"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info"} | words)
        self._fire(job, b"+OK\n")

    def _fire(self, headers: dict[str, str], body: bytes = b"") -> None:
        with self._sending:
            self._sequence += 1
            stamp = {"Event-Date-Timestamp": str(time.time_ns() // 1000), "Event-Sequence": str(self._sequence)}
            length = f"Content-Length: {len(body)}\n" if body else ""
            text = plain(headers | {"Core-UUID": CORE} | stamp) + length + "\n"
            self.subscriber().sendall(framed(text.encode() + body))

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

    def pace(self, path: str, rate: float) -> None:
        """The file's events one by one, ``rate`` a second, each stamped as it goes out."""
        sock, began = self.subscriber(), time.monotonic()
        print(json.dumps(began), flush=True)
        for number, event in enumerate(_frames(path)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            with self._sending:
                sock.sendall(_STAMP.sub(b"%d" % (time.time_ns() // 1000), event, count=1))


def _frames(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while line := file.readline():
            found = _LENGTH.match(line)
            assert found is not None  # noqa: S101 - our own files begin each frame with its length
            yield line + file.readline() + file.readline() + file.read(int(found[1]))


def _tell(command: str, at: float) -> None:
    if command.startswith("bgapi "):
        print(json.dumps({"command": command.partition("\n")[0], "at": at}), flush=True)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    for name in ("agents", "queues", "channels"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--tell", action="store_true")
    options = parser.parse_args()
    switch = Switch(Script(FloorPlan(options.agents, options.queues, options.channels, since=int(time.time()))))
    if options.tell:
        switch.on_command = _tell
    switch.start()
    print(json.dumps(switch.port), flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        try:
            if word == "send" and len(rest) == 2:
                switch.pace(rest[0], float(rest[1]))
            elif word == "send":
                switch.send(*rest)
        except OSError as error:
            print(f"sending ended early: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
