"""A small event socket on the loopback that says exactly what a test scripts, and the words to script it with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

import gevent
from gevent import socket
from gevent.server import StreamServer

PASSWORD = "tr0ub4dor"
CORE = "46474769-003e-4b1b-a56a-30abd82b59a0"
AUTH_REQUEST = b"Content-Type: auth/request\n\n"
NOTICE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


def reply(text: str | bytes) -> bytes:
    raw = text if isinstance(text, bytes) else text.encode()
    return b"Content-Type: command/reply\nReply-Text: " + raw + b"\n\n"


def api_response(body: str | bytes) -> bytes:
    raw = body if isinstance(body, bytes) else body.encode()
    return b"Content-Type: api/response\nContent-Length: %d\n\n%b" % (len(raw), raw)


def framed(body: bytes, content_type: str = "text/event-plain") -> bytes:
    return b"Content-Length: %d\nContent-Type: %b\n\n%b" % (len(body), content_type.encode(), body)


def plain(headers: Mapping[str, str | bytes], body: str = "") -> bytes:
    """A plain event as FreeSWITCH writes it: values percent-encoded, an empty one ``_undef_``, the body framed at the end."""
    lines = "".join(f"{name}: {quote(value, safe=_SAFE) or '_undef_'}\n" for name, value in headers.items())
    end = f"Content-Length: {len(body.encode())}\n\n{body}" if body else "\n"
    return framed((lines + end).encode())


_SAFE = "/!$'()*,-._~"


def heartbeat(sequence: int = 1, core: str = CORE) -> bytes:
    return plain({"Event-Name": "HEARTBEAT", "Core-UUID": core, "Event-Sequence": str(sequence)})


def background_job(job: str, output: str, core: str = CORE) -> bytes:
    return plain(
        {"Event-Name": "BACKGROUND_JOB", "Core-UUID": core, "Job-UUID": job, "Job-Command": "originate"}, output
    )


def until(condition: Callable[[], object], what: str = "", deadline_s: float = 5.0) -> None:
    """Wait for a condition that a user would notice, and fail when it does not come."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f"did not happen within {deadline_s} s: {what or condition}"
        gevent.sleep(0.002)


class Peer:
    """One client's connection, from the server's side."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.commands: list[str] = []
        self.gone = False

    def send(self, *parts: bytes) -> None:
        self.sock.sendall(b"".join(parts))

    def close(self) -> None:
        """End the stream after what was sent (no reset)."""
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.sock.close()

    @property
    def subscribed(self) -> bool:
        return any(command.startswith("event ") for command in self.commands)


Answer = bytes | None
Answers = Callable[[Peer, str], Answer]


class ScriptedSwitch:
    """Greets, takes the password, answers by ``answers`` (None: no answer), and keeps every connection for the test."""

    def __init__(self, answers: Answers | None = None, greeting: bytes = AUTH_REQUEST) -> None:
        self.answers: Answers = answers or obliging
        self.greeting = greeting
        self.core = CORE
        self.peers: list[Peer] = []
        self._server = StreamServer(("127.0.0.1", 0), self._serve)
        self._server.start()
        self.port = self._server.server_port

    def stop(self) -> None:
        self._server.stop()
        for peer in self.peers:
            peer.sock.close()

    def refuse(self) -> None:
        """No new connections from now on."""
        self._server.stop()

    @property
    def live(self) -> list[Peer]:
        return [peer for peer in self.peers if not peer.gone]

    @property
    def subscriber(self) -> Peer:
        """The newest connection that asked for events."""
        until(lambda: any(peer.subscribed for peer in self.live), "a subscription")
        return [peer for peer in self.live if peer.subscribed][-1]

    @property
    def commander(self) -> Peer:
        """The newest connection that did not."""
        until(
            lambda: any(len(peer.commands) > 1 and not peer.subscribed for peer in self.live), "a commands connection"
        )
        return [peer for peer in self.live if len(peer.commands) > 1 and not peer.subscribed][-1]

    def _serve(self, sock: socket.socket, _address: object) -> None:
        peer = Peer(sock)
        self.peers.append(peer)
        try:
            peer.send(self.greeting)
            for command in _commands(sock):
                peer.commands.append(command)
                if command.startswith(("auth ", "userauth ")):
                    right = command.removeprefix("auth ") == PASSWORD or command == f"userauth board@default:{PASSWORD}"
                    peer.send(reply("+OK accepted" if right else "-ERR invalid"))
                    if not right:
                        return
                elif command == "api global_getvar core_uuid" and self.answers is obliging:
                    peer.send(api_response(self.core))
                else:
                    answer = self.answers(peer, command)
                    if answer is not None:
                        peer.send(answer)
        except OSError:
            pass  # The client hung up, which some tests are about.
        finally:
            peer.gone = True


def obliging(_peer: Peer, command: str) -> Answer:
    """Says yes to everything; a background job's result is for the test to send."""
    if command.startswith("api global_getvar core_uuid"):
        return api_response(CORE)
    if command.startswith("api "):
        return api_response("+OK\n")
    if command.startswith("bgapi "):
        job = command.partition("Job-UUID: ")[2]
        return b"Content-Type: command/reply\nReply-Text: +OK Job-UUID: %b\nJob-UUID: %b\n\n" % (
            job.encode(),
            job.encode(),
        )
    return reply("+OK")


def _commands(sock: socket.socket) -> Iterator[str]:
    pending = b""
    while data := sock.recv(65536):
        *whole, pending = (pending + data).split(b"\n\n")
        yield from (command.decode() for command in whole)


@contextmanager
def switch(answers: Answers | None = None, greeting: bytes = AUTH_REQUEST) -> Iterator[ScriptedSwitch]:
    scripted = ScriptedSwitch(answers, greeting)
    try:
        yield scripted
    finally:
        scripted.stop()
