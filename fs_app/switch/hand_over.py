"""From the reader of a connection to whoever handles its events: in order, bounded, nothing dropped unseen.

Owns the queue between the two and the greenlet that calls the handler. It knows no socket.
"""

from __future__ import annotations

from collections.abc import Callable

import gevent
import structlog
from gevent.queue import Full, Queue

from fs_app.switch.event import Event

log = structlog.get_logger()

QUEUED_READS = 64
"""Reads handed over and not yet worked through: at most 4 MiB and one large frame, then reading stops."""
STALL_S = 10.0
"""How long the reader waits for room. A listener that does not read holds up the event delivery of the whole FreeSWITCH
(mod_event_socket.c:394, switch_apr.c:762), so then the connection is rather given up."""


class HandOver:
    """A bounded queue of events, and its end.

    Counters for metrics: ``depth`` (events waiting now), ``stalls`` (times that reading stopped because the queue was
    full), ``handler_errors``, ``discarded`` (events of a broken connection that the handler did not take in time).
    """

    def __init__(
        self, on_event: Callable[[Event], None] | None, on_end: Callable[[], None], stall_s: float = STALL_S
    ) -> None:
        self._queue: Queue[list[Event] | None] = Queue(QUEUED_READS)
        self._on_event = on_event
        self._on_end = on_end
        self._stall_s = stall_s
        self._stopped = self._stuck = False
        self.depth = self.stalls = self.handler_errors = self.discarded = 0

    def put(self, events: list[Event]) -> bool:
        """Queue ``events``; waits while the queue is full, and answers False when that took too long."""
        if self._queue.full():
            self.stalls += 1
        try:
            self._queue.put(events, timeout=self._stall_s)
        except Full:
            self._stuck = True
            self.discarded += len(events)
            return False
        self.depth += len(events)
        return True

    def end(self) -> None:
        """No event comes any more: call ``on_end`` after the last of them, or now if they are not being taken."""
        if not self._stopped and not self._stuck:
            try:
                self._queue.put(None, timeout=self._stall_s)
                return
            except Full:
                log.error("events_discarded", events=self.depth)
        self._discard()
        self._queue.put_nowait(None)
        self._on_end()

    def stop(self) -> None:
        """Hand nothing over any more, not even what is queued."""
        self._stopped = True

    def run(self) -> None:
        """Call the handler until the end. Others run after each read's worth of events."""
        while (events := self._queue.get()) is not None:
            for event in events:
                self.depth -= 1
                if self._stopped:
                    self.discarded += 1
                elif self._on_event is not None:
                    self._handle(event, self._on_event)
            gevent.sleep(0)
        self._on_end()

    def _handle(self, event: Event, handler: Callable[[Event], None]) -> None:
        try:
            handler(event)
        except Exception as error:
            # One event that cannot be handled must not cost the others; the periodic resync mends what it would have told.
            self.handler_errors += 1
            log.error("event_handler_failed", event_name=event.name, error=type(error).__name__, exc_info=error)

    def _discard(self) -> None:
        while not self._queue.empty():
            events = self._queue.get_nowait() or []
            self.discarded += len(events)
            self.depth -= len(events)
