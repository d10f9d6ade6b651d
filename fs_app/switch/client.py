"""One connection to an event socket: greenswitch's inbound client with all that can lose, forge or hang replaced.

Owns the socket, the reader greenlet and the matching of replies. The only user of greenswitch. It neither reconnects nor
knows what an event means. Any fault ends the connection for good: all who wait fail at once, the events that came before
the fault are still handed over, then ``on_lost`` is called, once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import gevent
import greenswitch
from gevent import socket
from gevent.event import AsyncResult

from fs_app.greenlets import spawn
from fs_app.switch.errors import (
    AuthFailed,
    CannotConnect,
    CommandRefused,
    CommandTimeout,
    ConnectionLost,
    Refused,
    UnsafeCommand,
)
from fs_app.switch.event import Event
from fs_app.switch.fence import Only, event_name, filters, job_id, packet, subscription
from fs_app.switch.hand_over import STALL_S, HandOver
from fs_app.switch.node import Secret
from fs_app.switch.turns import Turns
from fs_app.switch.wire import BrokenFrame, Frame, Framer

__all__ = [
    "AuthFailed",
    "CannotConnect",
    "CommandRefused",
    "CommandTimeout",
    "ConnectionLost",
    "EventSocket",
    "Refused",
    "UnsafeCommand",
]

READ_BYTES = 64 * 1024
SILENCE_S = 10.0
"""Longest pause of the switch inside a frame; between frames HEARTBEAT is the measure, see ``session``."""


class EventSocket(greenswitch.InboundESL):  # type: ignore[misc] # greenswitch has no types
    """A connection for events, for commands, or for both. Used once: after a loss make a new one.

    ``on_event`` gets every event, in order, in a greenlet of its own; an exception of it is logged and counted, and the
    next event comes all the same. ``on_lost`` gets the reason, once, when a connection that :meth:`connect` had made
    breaks; not after :meth:`close`. ``frames``, ``events``, ``commands``, ``bytes_read``, ``bytes_sent`` count for metrics,
    ``hand_over`` has the depth and the stalls of the queue to ``on_event``.
    """

    def __init__(
        self,
        host: str,
        port: int,
        password: Secret | str,
        user: str | None = None,
        connect_timeout_s: float = 5.0,
        *,
        on_event: Callable[[Event], None] | None = None,
        on_lost: Callable[[str], None] | None = None,
        silence_s: float = SILENCE_S,
        stall_s: float = STALL_S,
    ) -> None:
        # The base class keeps its password readable, so it gets none.
        super().__init__(host, port, "", connect_timeout_s)
        self.where = f"{host}:{port}"
        self.hand_over = HandOver(on_event, self._tell_loss, stall_s)
        self.frames = self.events = self.commands = self.bytes_read = self.bytes_sent = 0
        self._secret = password
        self._user = user
        self._on_lost = on_lost
        self._silence_s = silence_s
        self._framer = Framer()
        self._turns = Turns()
        self._reply: AsyncResult[Frame] | None = None
        self._greeting: AsyncResult[Frame] = AsyncResult()
        self._reason = ""
        self._established = False

    def __repr__(self) -> str:
        return f"<EventSocket {self.where} {'up' if self.connected else 'down'}>"

    def connect(self) -> None:
        """Connect and log in, within ``connect_timeout_s``.

        Raises :class:`CannotConnect`, :class:`Refused` or :class:`AuthFailed`.
        """
        began = time.monotonic()
        try:
            with gevent.Timeout(self.timeout, TimeoutError("no answer in time")):
                self.sock: socket.socket = socket.create_connection((self.host, self.port))
        except OSError as error:
            raise CannotConnect(f"{self.where}: {error.strerror or error}") from error
        self.sock.settimeout(self._silence_s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connected = True
        self.start_event_handlers()
        try:
            self._await_greeting()
            self.authenticate(max(0.1, self.timeout - (time.monotonic() - began)))
        except (ConnectionLost, CommandTimeout) as error:
            raise CannotConnect(f"{self.where}: {error}") from error
        finally:
            if not self._established:
                self.close()

    def authenticate(self, timeout_s: float = 5.0) -> None:
        """Answer ``auth/request`` by ``auth``, or by ``userauth`` when there is a user (mod_event_socket.c:1746)."""
        secret = self._secret if isinstance(self._secret, str) else self._secret.get_secret_value()
        line = f"auth {secret}" if self._user is None else f"userauth {self._user}:{secret}"
        if not self.send(line, timeout_s=timeout_s).reply_text().startswith("+OK"):
            raise AuthFailed(f"{self.where}: wrong password or user")
        self._established = True

    def close(self) -> None:
        """End the connection; whoever waits on it gets :class:`ConnectionLost`. ``on_lost`` is not called."""
        self._on_lost = None
        self.hand_over.stop()
        self._give_up("closed by us")

    stop = close

    def send(self, command: str, *, headers: Mapping[str, str] | None = None, timeout_s: float = 5.0) -> Frame:
        """Send one command and give its reply, ``-ERR …`` too.

        One command is in flight at a time, in the order of asking. A reply that does not come within ``timeout_s`` ends the
        connection, because replies are told apart by their order only. Raises :class:`UnsafeCommand` (nothing was sent),
        :class:`CommandTimeout`, :class:`ConnectionLost`.
        """
        sent = packet(command, headers)
        deadline = time.monotonic() + timeout_s
        if not self._turns.take(timeout_s):
            raise CommandTimeout(f"{self.where}: no turn to ask within {timeout_s:g} s")
        try:
            return self._ask(sent, max(0.001, deadline - time.monotonic()))
        finally:
            self._reply = None
            self._turns.give_back()

    def api(self, line: str, timeout_s: float = 5.0) -> str:
        """Run one API command in the listener's thread, which serves nothing else meanwhile; gives what it printed."""
        reply = self.send(f"api {line}", timeout_s=timeout_s)
        return reply.text() if reply.content_type == "api/response" else reply.reply_text()

    def bgapi(self, line: str, job_uuid: str, timeout_s: float = 5.0) -> None:
        """Start one API command; its result comes as BACKGROUND_JOB with ``job_uuid``, which comes back unchanged.

        Raises :class:`CommandRefused` when the switch does not start it.
        """
        _want_ok(self.send(f"bgapi {line}", headers={"Job-UUID": job_id(job_uuid)}, timeout_s=timeout_s))

    def sendevent(self, name: str, headers: Mapping[str, str], timeout_s: float = 5.0) -> None:
        """Fire an event in the switch, which answers ``+OK`` even when nobody is there to hear it (seen on 1.10.12)."""
        _want_ok(self.send(f"sendevent {event_name(name)}", headers=headers, timeout_s=timeout_s))

    def subscribe(
        self, names: Sequence[str], subclasses: Sequence[str] = (), format: str = "plain", only: Only | None = None
    ) -> None:
        """Ask for events, in format ``plain`` or ``json``. Subscriptions add up; names unknown to the switch are passed over.

        ``only``: of an event (the key), only those with this value in this header.
        """
        for line in filters(names, subclasses, only or {}):
            _want_ok(self.send(line))
        _want_ok(self.send(subscription(names, subclasses, format)))

    def start_event_handlers(self) -> None:
        """Start the reader and, beside it, the greenlet that calls ``on_event``."""
        self._process_events_greenlet = spawn(f"esl-events {self.where}", self.process_events)
        self._receive_events_greenlet = spawn(f"esl-reader {self.where}", self.receive_events)

    def process_events(self) -> None:
        """What the second of the two greenlets does."""
        self.hand_over.run()

    def receive_events(self) -> None:
        """The reader: reads, frames, hands over, and lets others run after each read."""
        try:
            while True:
                self._take_apart(self._read())
                gevent.sleep(0)
        except (ConnectionLost, BrokenFrame) as error:
            self._give_up(str(error))
        except OSError as error:
            self._give_up(f"connection broken ({error.strerror or type(error).__name__})")
        finally:
            self._give_up("the reader failed")
            self.hand_over.end()

    def handle_event(self, frame: Frame) -> None:
        """A frame that is no event: a reply, the greeting, a farewell. Raises ConnectionLost for what nobody asked for."""
        kind = frame.content_type
        if kind in ("command/reply", "api/response"):
            if self._reply is None or self._reply.ready():
                raise ConnectionLost("a reply that nobody asked for")
            self._reply.set(frame)
        elif kind in ("auth/request", "text/rude-rejection") and not self._greeting.ready():
            self._greeting.set(frame)
        elif kind == "text/disconnect-notice":
            linger = frame.header("Content-Disposition") == "linger"
            raise ConnectionLost("disconnect notice" + (" (lingering)" if linger else ""))
        else:
            raise ConnectionLost("a frame of a kind that nobody asked for")

    def _read(self) -> bytes:
        while True:
            try:
                data = self.sock.recv(READ_BYTES)
            except TimeoutError:
                if self._framer.partial:
                    raise ConnectionLost(f"silence of {self._silence_s:g} s inside a frame") from None
                continue
            if not data:
                raise ConnectionLost("closed by the switch" + (" inside a frame" if self._framer.partial else ""))
            self.bytes_read += len(data)
            return data

    def _take_apart(self, data: bytes) -> None:
        broken: BrokenFrame | None = None
        try:
            frames = self._framer.feed(data)
        except BrokenFrame as error:
            frames, broken = error.before, error
        events: list[Event] = []
        try:
            for frame in frames:
                self.frames += 1
                if frame.content_type.startswith("text/event-"):
                    events.append(frame.event())
                else:
                    self.handle_event(frame)
        finally:
            self.events += len(events)
            if events and not self.hand_over.put(events):
                raise ConnectionLost("events were not taken in time")
        if broken is not None:
            raise broken

    def _await_greeting(self) -> None:
        if not self._greeting.wait(timeout=self.timeout) and not self._greeting.ready():
            raise CannotConnect(f"{self.where}: connected, but it does not greet like an event socket")
        greeting: Frame = self._greeting.get()  # type: ignore[assignment] # ready, so a frame or an exception
        if greeting.content_type == "text/rude-rejection":
            raise Refused(f"{self.where}: the switch's access list does not let this address in")

    def _ask(self, sent: bytes, timeout_s: float) -> Frame:
        reply: AsyncResult[Frame] = AsyncResult()
        self._reply = reply
        if not self.connected:
            raise ConnectionLost(self._reason or "not connected")
        self.commands += 1
        limit = gevent.Timeout(timeout_s)
        try:
            with limit:
                self.sock.sendall(sent)
                self.bytes_sent += len(sent)
                return reply.get()  # type: ignore[return-value] # without a limit of its own it never gives None
        except OSError as error:
            self._give_up("connection broken while sending")
            raise ConnectionLost(self._reason) from error
        except BaseException as error:
            # Without its reply this command would leave one behind that the next would take for its own.
            if error is not limit:
                self._give_up("a command was abandoned")
                raise
            self._give_up(f"no reply within {timeout_s:.3g} s")
            raise CommandTimeout(f"{self.where}: {self._reason}") from None

    def _give_up(self, reason: str) -> None:
        """Make all who wait on this connection fail now; the reader ends by it and lets the loss be told."""
        if self._reason:
            return
        self._reason = reason
        self.connected = self._run = False
        for waiting in (self._greeting, self._reply):
            if waiting is not None and not waiting.ready():
                waiting.set_exception(ConnectionLost(reason))
        sock: socket.socket | None = getattr(self, "sock", None)
        if sock is not None:
            sock.close()

    def _tell_loss(self) -> None:
        told, self._on_lost = self._on_lost, None
        if told is not None and self._established:
            told(self._reason)


def _want_ok(reply: Frame) -> None:
    if not reply.reply_text().startswith("+OK"):
        raise CommandRefused(reply.reply_text())
