"""One client of the event socket: log-in, commands, events.

Owns the replies of mod_event_socket and the bounded queue towards the client. Commands of one connection are served one
after the other; a blocking ``api`` also holds back its events (mod_event_socket.c:1411).
"""

from __future__ import annotations

import contextlib
import uuid
from collections import deque
from collections.abc import Callable

import gevent
import structlog
from gevent import socket
from gevent.event import AsyncResult
from gevent.event import Event as Signal

from fs_app.greenlets import spawn
from fs_app.practice.api import commands
from fs_app.practice.core import Core
from fs_app.practice.esl.packet import Packet, PacketReader
from fs_app.practice.esl.subscription import Subscription
from fs_app.practice.events import Event, Headers

log = structlog.get_logger()

MAX_QUEUE = 100_000
MAX_LOST = 500
"""Events lost in a row before the listener is dropped (mod_event_socket.c:33)."""
_AUTH_WAIT_S = 25.0
_API_WAIT_S = 3600.0
_WRITE_BYTES = 65_536
_GOODBYE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
_NOTICE = b"Content-Type: text/disconnect-notice\nContent-Length: %d\n\n%s" % (len(_GOODBYE), _GOODBYE)
_HALF_A_FRAME = b"Content-Length: 512\nContent-Type: text/event-plain\n\nEvent-Name: HEARTBEAT\nCore-UU"


class Connection:
    """A listener of the bus behind a socket."""

    def __init__(self, core: Core, sock: socket.socket, gone: Callable[[Connection], None]) -> None:
        self._core = core
        self._sock = sock
        self._gone = gone
        self._subscription = Subscription()
        self._queue: deque[bytes] = deque()
        self._pending = Signal()
        self._lost = 0
        self._authed = False
        self._closing = False
        self._blocked = False

    def start(self) -> None:
        """Serve until either side is done."""
        spawn("practice-esl-writer", self._write)
        spawn("practice-esl-reader", self._serve)

    def wants(self, name: str, subclass: str) -> bool:
        """For the bus."""
        return self._authed and not self._closing and self._subscription.wants(name, subclass)

    def deliver(self, event: Event) -> None:
        """For the bus: queue the event, or lose it when the client does not read."""
        if not self._subscription.passes(event):
            return
        if len(self._queue) >= MAX_QUEUE:
            self._lost += 1
            if self._lost > MAX_LOST:
                log.warning("practice_listener_killed", lost=self._lost)
                self.drop()
            return
        self._lost = 0
        self._send(event.frame(self._subscription.form))

    def cut(self) -> None:
        """End in the middle of a frame, as when the network breaks."""
        with contextlib.suppress(OSError):
            self._sock.send(_HALF_A_FRAME)
        self.drop()

    def drop(self) -> None:
        """End at once; what is queued is not sent any more."""
        if not self._closing:
            self._closing = True
            self._pending.set()
            self._core.bus.leave(self)
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
            self._sock.close()
            self._gone(self)

    def _send(self, frame: bytes) -> None:
        self._queue.append(frame)
        self._pending.set()

    def _write(self) -> None:
        while not self._closing:
            self._pending.wait()
            self._pending.clear()
            while self._queue and not self._blocked and not self._closing:
                batch, size = [], 0
                while self._queue and size < _WRITE_BYTES:
                    frame = self._queue.popleft()
                    batch.append(frame)
                    size += len(frame)
                try:
                    self._sock.sendall(b"".join(batch))
                except OSError:
                    self.drop()
                    return

    def _serve(self) -> None:
        self._send(b"Content-Type: auth/request\n\n")
        reader = PacketReader(self._sock)
        try:
            packet = gevent.with_timeout(_AUTH_WAIT_S, reader.read, timeout_value=None)
            while packet is not None and self._command(packet):
                packet = reader.read()
        except OSError as error:
            log.debug("practice_client_gone", error=str(error))
        self._finish()

    def _finish(self) -> None:
        """The notice, everything that is still queued, and the end."""
        if self._closing:
            return
        self._send(_NOTICE)
        for _ in range(400):
            if not self._queue or self._closing:
                break
            gevent.sleep(0.005)
        self.drop()

    def _reply(self, text: str, extra: str = "") -> None:
        packet = f"Content-Type: command/reply\nReply-Text: {text}\n{extra}\n"
        self._send(packet.encode("utf-8", "surrogateescape"))

    def _command(self, packet: Packet) -> bool:
        """Serve one packet; ``False`` ends the connection."""
        text = packet.command
        verb, _, rest = text.partition(" ")
        verb = verb.lower()
        if verb.startswith(("exit", "...")):
            self._reply("+OK bye")
            return False
        if not self._authed:
            return self._log_in(verb, rest)
        if verb == "api" and rest:
            self._api(rest)
        elif verb == "bgapi" and rest:
            self._bgapi(rest, packet)
        elif verb.startswith("sendevent"):
            self._reply(f"+OK {self.send_event(rest, packet)}")
        elif verb.startswith("sendmsg"):
            self._reply(self._send_message(rest.strip() or packet.headers.get("session-id", ""), packet))
        else:
            self._reply(self._listen_command(verb, rest))
        return True

    def _log_in(self, verb: str, rest: str) -> bool:
        domain = self._core.config.domain
        given = rest
        if verb == "userauth":
            user, _, given = rest.partition(":")
            if user.partition("@")[2] != domain:
                given = ""
        if verb not in ("auth", "userauth") or given != self._core.config.password:
            if verb in ("auth", "userauth"):
                self._reply("-ERR invalid")
                return False
            self._reply("-ERR command not found")
            return True
        self._authed = True
        self._core.bus.listen(self)
        self._reply("+OK accepted")
        return True

    def _listen_command(self, verb: str, rest: str) -> str:
        subscription = self._subscription
        if verb.startswith("nixevent"):
            return subscription.nixevent(rest.split())
        if verb.startswith("noevents"):
            self._queue.clear()
            return subscription.clear()
        if verb.startswith("event"):
            return subscription.event(rest.split())
        if verb == "filter":
            return subscription.filter(rest)
        if verb == "nolog":
            return "-ERR not loging"
        if verb == "log":
            return f"+OK log level {rest or 'DEBUG'} [7]"
        if verb in ("linger", "nolinger", "divert_events"):
            return "-ERR not controlling a session"
        return "-ERR command not found"

    def _api(self, text: str) -> None:
        """Answer in place; nothing else of this connection moves until the reply is there."""
        name, _, argument = text.partition(" ")
        answer: AsyncResult[str] = AsyncResult()
        commands.run(self._core, name, argument, answer.set)
        waited = not answer.ready()
        if waited:
            self._blocked = True
            try:
                answer.wait(_API_WAIT_S)
            finally:
                self._blocked = False
        body = (answer.value or commands.NO_REPLY).encode("utf-8", "surrogateescape")
        frame = b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(body), body)
        if waited:
            self._queue.appendleft(frame)
        else:
            self._queue.append(frame)
        self._pending.set()

    def _bgapi(self, text: str, packet: Packet) -> None:
        job = packet.headers.get("job-uuid") or str(uuid.uuid4())
        self._reply(f"+OK Job-UUID: {job}", f"Job-UUID: {job}\n")
        commands.start_job(self._core, text, job)

    def send_event(self, name: str, packet: Packet) -> str:
        """A private event for a session named by Unique-ID, else one for everybody; the event's uuid."""
        event_uuid = str(uuid.uuid4())
        target = self._core.channels.find(packet.headers.get("unique-id", ""))
        if target is not None:
            self._core.executor.private_event(target, packet.headers)
            return event_uuid
        headers: Headers = [("Event-UUID", event_uuid)]
        headers += [
            (packet.names[key], value)
            for key, value in packet.headers.items()
            if key not in ("event-name", "event-subclass", "content-length")
        ]
        subclass = packet.headers.get("event-subclass", "")
        self._core.bus.fire(
            name.strip().upper() or "CUSTOM", lambda: headers, subclass=subclass, body=packet.body or None
        )
        return event_uuid

    def _send_message(self, target: str, packet: Packet) -> str:
        """``sendmsg <uuid>`` with call-command hangup; a session in an application does not serve others."""
        channel = self._core.channels.find(target)
        if channel is None:
            return f"-ERR invalid session id [{target}]"
        if packet.headers.get("call-command", "").lower() == "hangup":
            self._core.channels.hangup(channel, packet.headers.get("hangup-cause", "NORMAL_CLEARING").upper())
        return "+OK"
