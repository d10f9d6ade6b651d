"""The pair of connections to one FreeSWITCH, from one connect to one loss. Used once; ``session`` makes the next.

Owns that both live and die together, that events wait until somebody is ready for them, and the jobs under way.

Two connections because ``api`` holds up the events of its own connection until it is done (mod_event_socket.c runs it in
the listener's thread), and because a reply waits behind all events that are queued before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gevent.event import Event as Flag

from fs_app.switch.client import EventSocket
from fs_app.switch.errors import ConnectionLost
from fs_app.switch.event import Event
from fs_app.switch.fence import Only
from fs_app.switch.jobs import Jobs
from fs_app.switch.node import NodeAddress

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ASK_CORE = "global_getvar core_uuid"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which events a node is asked for, and in which format (``plain`` or ``json``).

    ``only``: of an event, only those with this value in this header.
    """

    names: Sequence[str]
    subclasses: Sequence[str] = ()
    format: str = "plain"
    only: Only = field(default_factory=dict)


class Link:
    """Two connections that are lost together.

    ``core_uuid`` is the switch's own id, ``""`` while unknown; ``renewed`` says that it has changed under us.
    ``reason`` says why the link is lost, ``""`` while it is not. ``changed`` is set when either came about.
    """

    def __init__(
        self,
        node: NodeAddress,
        on_event: Callable[[Event], None],
        clock: Callable[[], float],
        connect_timeout_s: float,
    ) -> None:
        def connection(take: Callable[[Event], None] | None) -> EventSocket:
            return EventSocket(
                node.host, node.port, node.password, node.user, connect_timeout_s, on_event=take, on_lost=self.lose
            )

        self.events = connection(self._take)
        self.commands = connection(None)
        self.jobs = Jobs()
        self.core_uuid = self.reason = ""
        self.renewed = False
        self.changed = Flag()
        self._on_event = on_event
        self._clock = clock
        self._heard = clock()
        self._ready = Flag()

    def connect(self, subscription: Subscription) -> None:
        """Log in twice, subscribe, and ask the switch who it is. Raises what :class:`EventSocket` raises."""
        self.events.connect()
        self.commands.connect()
        asked = subscription
        self.events.subscribe(asked.names, asked.subclasses, asked.format, asked.only)
        self.core_uuid = self._ask_core(self.commands, 5.0)
        self._heard = self._clock()

    def let_events_in(self) -> None:
        """Events that waited, and all that follow, go to ``on_event`` as soon as the caller waits for something."""
        self.renewed = False
        self._ready.set()

    def silent_s(self) -> float:
        """Seconds since the last event, HEARTBEAT or any other."""
        return self._clock() - self._heard

    def probe(self, timeout_s: float) -> None:
        """Ask on both connections whether somebody is there; an answer counts as a sign of life.

        Raises CommandTimeout or ConnectionLost, also when another FreeSWITCH answers than the one connected to.
        """
        for connection in (self.commands, self.events):
            core = self._ask_core(connection, timeout_s)
            if core and self.core_uuid and core != self.core_uuid:
                raise ConnectionLost("another FreeSWITCH answers at this address")
        self._heard = self._clock()

    def lose(self, reason: str) -> None:
        """Close both connections; whoever waits for a reply or a job gets ConnectionLost. The first reason counts."""
        if self.reason:
            return
        self.reason = reason
        self.events.close()
        self.commands.close()
        self.jobs.fail_all(reason)
        self._ready.set()
        self.changed.set()

    def _ask_core(self, connection: EventSocket, timeout_s: float) -> str:
        core = connection.api(_ASK_CORE, timeout_s).strip()
        # A user without the right to ask gets "-ERR permission denied": then the first event tells.
        return core if _UUID.fullmatch(core) else ""

    def _take(self, event: Event) -> None:
        self._await_ready()
        core = event.get(b"Core-UUID")
        if core != self.core_uuid and core:
            self._meet(core)
        if self.reason:
            return
        self._heard = self._clock()
        if event.name == "BACKGROUND_JOB":
            self.jobs.done(event.get(b"Job-UUID"), event.body())
        self._on_event(event)

    def _meet(self, core: str) -> None:
        known, self.core_uuid = self.core_uuid, core
        if known:
            self._ready.clear()
            self.renewed = True
            self.jobs.fail_all("FreeSWITCH was started anew")
            self.changed.set()
            self._await_ready()

    def _await_ready(self) -> None:
        # Not without an end: losing the link ends it, and the full queue behind this event loses the link.
        while not self._ready.is_set():
            self._ready.wait(timeout=60.0)
