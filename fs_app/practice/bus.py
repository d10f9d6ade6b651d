"""The event bus: numbers every event, stamps it, and hands it to those who asked for its kind.

Owns the Core-UUID and the global sequence. It must not know channels or queues: callers give it headers, as a function
that is only called when somebody listens.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Protocol

from fs_app.practice.clock import Clock
from fs_app.practice.events import Event, Headers

VERSION = "1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit"
"""The release whose behaviour the practice floor follows, as that release names itself."""

Source = tuple[str, str, str]

SOURCES: dict[str, Source] = {
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", "626"),
    "CHANNEL_ORIGINATE": ("switch_core_state_machine.c", "switch_core_session_run", "636"),
    "CHANNEL_CALLSTATE": ("switch_channel.c", "switch_channel_perform_set_callstate", "301"),
    "CHANNEL_ANSWER": ("switch_channel.c", "switch_channel_perform_mark_answered", "3934"),
    "CHANNEL_PROGRESS": ("switch_channel.c", "switch_channel_perform_mark_ring_ready_value", "3506"),
    "CHANNEL_PROGRESS_MEDIA": ("switch_channel.c", "switch_channel_perform_mark_pre_answered", "3614"),
    "CHANNEL_BRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1689"),
    "CHANNEL_UNBRIDGE": ("switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge", "1879"),
    "CHANNEL_HOLD": ("switch_channel.c", "switch_channel_mark_hold", "875"),
    "CHANNEL_UNHOLD": ("switch_channel.c", "switch_channel_mark_hold", "875"),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", "2944"),
    "CHANNEL_EXECUTE_COMPLETE": ("switch_core_session.c", "switch_core_session_exec", "2967"),
    "CHANNEL_HANGUP_COMPLETE": ("switch_core_state_machine.c", "switch_core_session_reporting_state", "943"),
    "CHANNEL_DESTROY": ("switch_core_session.c", "switch_core_session_perform_destroy", "1626"),
    "MEDIA_BUG_START": ("switch_core_media_bug.c", "switch_core_media_bug_add", "1014"),
    "MEDIA_BUG_STOP": ("switch_core_media_bug.c", "switch_core_media_bug_destroy", "84"),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", "1572"),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", "95"),
    "DTMF": ("switch_channel.c", "switch_channel_dequeue_dtmf", "672"),
}


class Listener(Protocol):
    """Somebody who takes events."""

    def wants(self, name: str, subclass: str) -> bool:
        """Whether events of this kind are taken at all; asked before the event is built."""
        ...

    def deliver(self, event: Event) -> None:
        """Take one event; must return at once."""
        ...


class Bus:
    """Fires events to listeners, in the order of the firing."""

    def __init__(self, clock: Clock, hostname: str) -> None:
        self._clock = clock
        self._hostname = hostname
        self._listeners: list[Listener] = []
        self._second = -1
        self._dates: tuple[str, str] = ("", "")
        self.core_uuid = ""
        self.sequence = 0
        self.reset()

    def reset(self) -> None:
        """What a new FreeSWITCH process begins with: a new Core-UUID, the sequence from the start."""
        self.core_uuid = str(uuid.uuid4())
        self.sequence = 430  # module load has fired about that many before the first call (seen on 1.10.12)

    def listen(self, listener: Listener) -> None:
        """Add a listener."""
        self._listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        """Remove a listener; harmless when it is not there."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def fire(
        self,
        name: str,
        headers: Callable[[], Headers],
        *,
        subclass: str = "",
        source: Source | None = None,
        body: str | None = None,
    ) -> None:
        """Number the event and deliver it; ``headers()`` is called only when somebody wants it."""
        self.sequence += 1
        takers = [listener for listener in self._listeners if listener.wants(name, subclass)]
        if not takers:
            return
        event = Event(name, [*self.stamp(name, subclass, source), *headers()], subclass, body)
        for taker in takers:
            taker.deliver(event)

    def stamp(self, name: str, subclass: str = "", source: Source | None = None) -> Headers:
        """The headers that begin every event, with the present sequence number."""
        now_us = self._clock.now_us()
        local, gmt = self._date(now_us // 1_000_000)
        file, function, line = source or SOURCES.get(name, ("switch_event.c", "switch_event_fire", "0"))
        stamp: Headers = [("Event-Subclass", subclass)] if subclass else []
        stamp += [
            ("Event-Name", name),
            ("Core-UUID", self.core_uuid),
            ("FreeSWITCH-Hostname", self._hostname),
            ("FreeSWITCH-Switchname", self._hostname),
            ("FreeSWITCH-IPv4", "127.0.0.1"),
            ("FreeSWITCH-IPv6", "::1"),
            ("Event-Date-Local", local),
            ("Event-Date-GMT", gmt),
            ("Event-Date-Timestamp", str(now_us)),
            ("Event-Calling-File", file),
            ("Event-Calling-Function", function),
            ("Event-Calling-Line-Number", line),
            ("Event-Sequence", str(self.sequence)),
        ]
        return stamp

    def _date(self, second: int) -> tuple[str, str]:
        if second != self._second:
            self._second = second
            self._dates = (
                time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second)),
                time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second)),
            )
        return self._dates
