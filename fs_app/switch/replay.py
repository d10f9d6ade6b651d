"""Serves a recording as a FreeSWITCH would have: ``scripts/replay``.

Owns an event socket on the loopback that greets, takes any password, and sends the recorded events to whoever subscribes,
at the speed at which they happened. It carries nothing out: no queue, no call, no resync; for those there is the practice
floor.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gevent
import orjson
from gevent import socket
from gevent.event import Event as Flag
from gevent.server import StreamServer

from fs_app.greenlets import spawn
from fs_app.switch.recorder import read_recording, say

# What FreeSWITCH leaves as it is in a plain event (switch_utils.h, SWITCH_URL_UNSAFE names the rest).
_SAFE = "/!$'()*,-._~"
_COMMAND_LIMIT = 64 * 1024


def plain_event(headers: Mapping[str, Any]) -> bytes:
    """A recorded event in the plain format: percent-encoded values, arrays as ``ARRAY::a|:b``, the body framed at the end."""
    lines = []
    for name, value in headers.items():
        text = "ARRAY::" + "|:".join(map(str, value)) if isinstance(value, list) else str(value)
        if name not in ("_body", "Content-Length"):
            lines.append(f"{name}: {quote(text, safe=_SAFE) or '_undef_'}\n")
    body = str(headers.get("_body", "")).encode()
    end = b"Content-Length: %d\n\n%b" % (len(body), body) if body else b"\n"
    return "".join(lines).encode() + end


class ReplayServer:
    """Plays ``recording`` to each connection that subscribes, from its beginning. ``speed`` 2 is twice as fast, 0 at once.

    ``port`` 0 takes a free one; the attribute tells it. ``played`` counts events sent.
    """

    def __init__(self, recording: Path, *, speed: float = 1.0, host: str = "127.0.0.1", port: int = 0) -> None:
        self._recording = recording
        self._speed = speed
        self._core = str(next(read_recording(recording), {}).get("Core-UUID", ""))
        self._server = StreamServer((host, port), self._serve)
        self.port = port
        self.played = 0

    def start(self) -> None:
        """Begin to listen. Raises OSError when the address is taken."""
        self._server.start()
        self.port = self._server.server_port or self.port

    def stop(self) -> None:
        """End all connections and the listening."""
        self._server.stop()

    def _serve(self, sock: socket.socket, _address: object) -> None:
        playing: gevent.Greenlet[..., Any] | None = None
        try:
            sock.sendall(b"Content-Type: auth/request\n\n")
            for command in _commands(sock):
                words = command.split()
                sock.sendall(self._answer(words))
                if words[0] == "exit":
                    break
                if words[0] == "event" and playing is None:
                    playing = spawn("replay", self._play, sock, words)
        except OSError:
            return  # The client hung up.
        finally:
            if playing is not None:
                playing.kill()
            sock.close()

    def _answer(self, words: Sequence[str]) -> bytes:
        if words[:3] == ["api", "global_getvar", "core_uuid"]:
            return _body("api/response", self._core.encode())
        if words[0] == "api":
            return _body("api/response", b"-ERR a recording carries nothing out\n")
        if words[0] == "bgapi":
            return _reply("-ERR a recording carries nothing out")
        return _reply("+OK accepted" if words[0] in ("auth", "userauth") else "+OK")

    def _play(self, sock: socket.socket, words: Sequence[str]) -> None:
        json = "json" in words[:2]
        last = 0
        try:
            for event in read_recording(self._recording):
                if not _wanted(event, words):
                    continue
                at = int(event.get("Event-Date-Timestamp") or last)
                if last and self._speed > 0:
                    gevent.sleep(max(0, at - last) / 1e6 / self._speed)
                last = max(at, last)
                self._core = str(event.get("Core-UUID", self._core))
                body = orjson.dumps(event) if json else plain_event(event)
                sock.sendall(_body("text/event-json" if json else "text/event-plain", body))
                self.played += 1
        except (OSError, ValueError) as error:
            say(f"replay ended: {error}")
            sock.close()


def _wanted(event: Mapping[str, Any], words: Sequence[str]) -> bool:
    name = event["Event-Name"]
    if name == "CUSTOM":
        return "ALL" in words or event.get("Event-Subclass") in words
    return "ALL" in words or name in words


def _commands(sock: socket.socket) -> Iterator[str]:
    pending = b""
    while data := sock.recv(4096):
        *whole, pending = (pending + data).split(b"\n\n")
        if len(pending) > _COMMAND_LIMIT:
            return
        yield from (command for one in whole if (command := one.decode("utf-8", "replace").strip()))


def _reply(text: str) -> bytes:
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


def _body(content_type: str, body: bytes) -> bytes:
    return b"Content-Length: %d\nContent-Type: %b\n\n%b" % (len(body), content_type.encode(), body)


def main(arguments: Sequence[str] | None = None) -> int:
    """``scripts/replay``; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/replay",
        description="Serve a recording as an event socket on this machine. Every subscriber gets it from its beginning.",
        epilog="Any password is taken. Commands are answered with -ERR: a recording carries nothing out. Ctrl-C ends it.",
    )
    parser.add_argument("file", type=Path, help="recording of scripts/record")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="2 is twice as fast as it happened, 0 at once (%(default)s)"
    )
    parser.add_argument("--port", type=int, default=8021, help="on 127.0.0.1; 0 takes a free one (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        server = ReplayServer(options.file, speed=options.speed, port=options.port)
        server.start()
    except (OSError, ValueError) as error:
        return say(f"cannot replay: {error}", code=66)
    say(f"replaying {options.file} at esl://:any@127.0.0.1:{server.port}")
    stop = Flag()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    while not stop.wait(timeout=60):
        continue
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
