"""A minimal event socket client for tests: blocking, one socket, written independently of the product's.

It judges the product and both switches, so it shares no code with fs_app.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tests.contract.patience import LIMIT_S

EVENTS = (
    "CHANNEL_CREATE CHANNEL_ORIGINATE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD "
    "CHANNEL_UNHOLD CHANNEL_UUID CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE "
    "MEDIA_BUG_START MEDIA_BUG_STOP BACKGROUND_JOB HEARTBEAT CUSTOM callcenter::info"
)


class EslError(Exception):
    """The socket ended, or said something that is no frame."""


class Event(dict[str, str]):
    """One event: decoded headers (the first of a repeated one counts) and ``body``."""

    body: str = ""

    @property
    def name(self) -> str:
        """``Event-Name``, or ``CC-Action`` as ``cc:<action>`` for mod_callcenter's, or the subclass of another CUSTOM."""
        if self.get("Event-Subclass") == "callcenter::info":
            return "cc:" + self["CC-Action"]
        return self.get("Event-Subclass") or self["Event-Name"]

    @property
    def uuid(self) -> str:
        """``Unique-ID``, empty when the event is of no channel."""
        return self.get("Unique-ID", "")


class Esl:
    """A logged-in connection. ``events`` holds what arrived and was not yet taken by ``wait``/``take``."""

    def __init__(self, url: str, subscribe: str = "", timeout_s: float = LIMIT_S) -> None:
        parts = urlsplit(url)
        self._timeout = timeout_s
        self._socket = socket.create_connection((parts.hostname, parts.port or 8021), timeout=timeout_s)
        self._buffer = b""
        self.events: list[Event] = []
        greeting, _ = self._frame(time.monotonic() + timeout_s)
        if greeting.get("Content-Type") != "auth/request":
            raise EslError(f"unexpected greeting {greeting}")
        self.auth_reply = self.command(f"auth {parts.password}") if parts.password else ""
        if subscribe:
            self.command(f"event plain {subscribe}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        self._socket.close()

    def send(self, text: str) -> None:
        """Send one packet (the empty line is added)."""
        self._socket.sendall(text.encode() + b"\n\n")

    def command(self, text: str) -> str:
        """Send a packet and return its ``Reply-Text``, or the body for ``api``."""
        self.send(text)
        deadline = time.monotonic() + self._timeout
        while True:
            headers, body = self._frame(deadline)
            if headers.get("Content-Type") == "command/reply":
                return headers.get("Reply-Text", "")
            if headers.get("Content-Type") == "api/response":
                return body.decode(errors="replace")
            self._keep(headers, body)

    def api(self, text: str) -> str:
        """``api …``; the reply's body as it came."""
        return self.command(f"api {text}")

    def api_json(self, text: str) -> Any:
        """``api …`` whose reply is JSON."""
        return json.loads(self.api(text))

    def bgapi(self, text: str, job: str = "", limit_s: float = LIMIT_S) -> str:
        """``bgapi …``; waits for its BACKGROUND_JOB (must be subscribed) and returns that body."""
        reply = self.command(f"bgapi {text}" + (f"\nJob-UUID: {job}" if job else ""))
        assert reply.startswith("+OK Job-UUID: "), reply
        job = reply.removeprefix("+OK Job-UUID: ").strip()
        return self.wait(lambda e: e.name == "BACKGROUND_JOB" and e["Job-UUID"] == job, limit_s).body

    def wait(self, wanted: Callable[[Event], bool] | str, limit_s: float = LIMIT_S, **headers: str) -> Event:
        """The next event that fits (by predicate, or by name and header values); earlier ones stay in ``events``."""
        fits = _by_name(wanted, headers) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + limit_s
        start = 0
        while True:
            for index in range(start, len(self.events)):
                if fits(self.events[index]):
                    return self.events.pop(index)
            start = len(self.events)
            try:
                self._keep(*self._frame(deadline))
            except TimeoutError:
                seen = [e.name for e in self.events][-40:]
                raise AssertionError(f"no event {wanted} {headers} within {limit_s} s; seen: {seen}") from None

    def until(self, wanted: Callable[[Event], bool] | str, limit_s: float = LIMIT_S, **headers: str) -> list[Event]:
        """All events up to and including the one that fits, in order of arrival; they are taken out of ``events``."""
        mark = self.wait(wanted, limit_s, **headers)
        number = mark["Event-Sequence"], mark["arrived"]
        taken = [e for e in self.events if float(e["arrived"]) <= float(number[1])]
        self.events = [e for e in self.events if float(e["arrived"]) > float(number[1])]
        return [*taken, mark]

    def gather(self, seconds: float) -> list[Event]:
        """All events of the next ``seconds`` and those not taken before; for «nothing comes»."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._keep(*self._frame(deadline))
            except TimeoutError:
                break
        with contextlib.suppress(TimeoutError):  # what has come while this process stood still
            while True:
                self._keep(*self._frame(time.monotonic() + 0.005))
        taken, self.events = self.events, []
        return taken

    def _keep(self, headers: dict[str, str], body: bytes) -> None:
        kind = headers.get("Content-Type")
        if kind == "text/disconnect-notice":
            raise EslError("disconnect-notice")
        if kind == "text/event-plain":
            self.events.append(_parse_plain(body))
        elif kind == "text/event-json":
            values = json.loads(body)
            event = Event({k: v if isinstance(v, str) else v[0] for k, v in values.items() if k != "_body"})
            event.body = values.get("_body", "")
            event["arrived"] = repr(time.monotonic())
            self.events.append(event)
        else:
            raise EslError(f"unexpected frame {headers}")

    def _frame(self, deadline: float) -> tuple[dict[str, str], bytes]:
        while b"\n\n" not in self._buffer:
            self._receive(deadline)
        block, self._buffer = self._buffer.split(b"\n\n", 1)
        headers = dict(line.split(": ", 1) for line in block.decode(errors="replace").split("\n") if ": " in line)
        size = int(headers.get("Content-Length", "0"))
        while len(self._buffer) < size:
            self._receive(deadline)
        body, self._buffer = self._buffer[:size], self._buffer[size:]
        return headers, body

    def _receive(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        data = self._socket.recv(65536)
        if not data:
            raise EslError("closed by the switch")
        self._buffer += data


def _by_name(name: str, headers: dict[str, str]) -> Callable[[Event], bool]:
    """A predicate; in ``headers`` an underscore stands for the hyphen unless the header is a ``variable_…``."""
    wanted = {k if k.startswith("variable_") else k.replace("_", "-"): v for k, v in headers.items()}
    return lambda event: event.name == name and all(event.get(k) == v for k, v in wanted.items())


def _parse_plain(body: bytes) -> Event:
    block, _, rest = body.partition(b"\n\n")
    event = Event()
    for line in block.split(b"\n"):
        name, _, value = line.decode("ascii", errors="replace").partition(": ")
        event.setdefault(name, unquote(value, errors="replace"))
    event.body = rest.decode(errors="replace")
    event["arrived"] = repr(time.monotonic())
    return event
