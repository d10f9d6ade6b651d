"""One FreeSWITCH, kept connected: when it is there, whether it still lives, and when to try again.

Owns liveness, back-off and the order of ``on_up``, ``on_event`` and ``on_down`` of one node. It must not know what an
event says about calls, nor what a resync reads: ``on_up`` does that.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import gevent
import structlog
from gevent.event import Event as Flag

from fs_app.greenlets import spawn
from fs_app.switch.errors import AuthFailed, ConnectionLost, SwitchError
from fs_app.switch.event import Event
from fs_app.switch.jobs import outcome
from fs_app.switch.link import Link, Subscription
from fs_app.switch.node import NodeAddress

__all__ = ["EVENTS", "EVENT_NAMES", "EVENT_SUBCLASSES", "NodeAddress", "SwitchSession", "Timing"]

log = structlog.get_logger()

EVENT_NAMES = (
    "CHANNEL_CREATE",
    "CHANNEL_CALLSTATE",
    "CHANNEL_ANSWER",
    "CHANNEL_BRIDGE",
    "CHANNEL_UNBRIDGE",
    "CHANNEL_HOLD",
    "CHANNEL_UNHOLD",
    "CHANNEL_UUID",
    "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_EXECUTE",
    "MEDIA_BUG_START",
    "MEDIA_BUG_STOP",
    "BACKGROUND_JOB",
    "HEARTBEAT",
)
EVENT_SUBCLASSES = ("callcenter::info",)
EVENTS = Subscription(EVENT_NAMES, EVENT_SUBCLASSES, only={"CHANNEL_EXECUTE": ("Application", "eavesdrop")})
"""What Sasayaki asks for: of the applications, of which every call executes many, only who listens."""


@dataclass(frozen=True, slots=True)
class Timing:
    """All waits of a session, in seconds.

    ``silent``: so long without any event, and the switch is asked whether it lives; HEARTBEAT comes every 20 s (seen on
    1.10.12: 19.8-20.3). ``stable``: a connection that lasted so long begins the back-off anew.
    """

    connect: float = 5.0
    silent: float = 45.0
    probe: float = 5.0
    first_retry: float = 0.2
    longest_retry: float = 10.0
    stable: float = 30.0


class SwitchSession:
    """Keeps one node connected from :meth:`start` to :meth:`close`.

    * ``on_up(session, core_uuid)`` runs in the session's greenlet after each connect, and again when the switch has become
      another one (new Core-UUID): the place for the whole resync. Subscribed events reach ``on_event`` from the moment
      ``on_up`` first waits for something, none before, so what it prepares before that misses nothing. If it raises, the
      connection is dropped and made anew. ``core_uuid`` is ``""`` when the switch does not let us ask for it.
    * ``on_event(event)`` runs in a greenlet of its own, in order, for every event, HEARTBEAT and BACKGROUND_JOB too.
    * ``on_down(reason)`` is called once for each connection for which ``on_up`` was called, never during it.

    For metrics and health: ``connects``, ``failures`` (in a row), ``silences``, ``error_id`` and ``reason`` of the last
    failure (``""`` while up), and ``link`` with the counters of both connections.
    """

    def __init__(
        self,
        node: NodeAddress,
        *,
        on_event: Callable[[Event], None],
        on_up: Callable[[SwitchSession, str], None],
        on_down: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        timing: Timing | None = None,
        subscription: Subscription | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.node = node
        self.link: Link | None = None
        self.connects = self.failures = self.silences = 0
        self.error_id = self.reason = ""
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._clock = clock
        self._timing = timing or Timing()
        self._subscription = subscription or EVENTS
        self._jitter = jitter
        self._connected = False
        self._closing = Flag()
        self._keeper: gevent.Greenlet[..., None] | None = None

    @property
    def up(self) -> bool:
        """Whether commands can be sent now."""
        return self._connected and self.link is not None and not self.link.reason

    @property
    def core_uuid(self) -> str:
        """The id of the running FreeSWITCH, ``""`` while unknown."""
        return self.link.core_uuid if self.link is not None else ""

    @property
    def pending_jobs(self) -> int:
        """Jobs whose results are awaited."""
        return len(self.link.jobs) if self.link is not None else 0

    def start(self) -> None:
        """Begin to connect, and go on trying until :meth:`close`."""
        self._keeper = spawn(f"switch {self.node.name}", self._keep)

    def close(self) -> None:
        """End both connections and the session's greenlet. ``on_down`` is not called; who waits gets ConnectionLost."""
        self._closing.set()
        if self.link is not None:
            self.link.lose("closed by us")
        if self._keeper is not None and self._keeper is not gevent.getcurrent():
            self._keeper.join(timeout=self._timing.connect)
            self._keeper.kill(timeout=self._timing.connect)

    def api(self, line: str, timeout_s: float = 5.0) -> str:
        """Run one short API command and give what it printed, ``-ERR …`` too.

        Raises ConnectionLost (while down, too), CommandTimeout, UnsafeCommand.
        """
        return self._link_now().commands.api(line, timeout_s)

    def bgapi(self, line: str, job_uuid: str | None = None) -> str:
        """Start one API command and give its job's id; the result comes as BACKGROUND_JOB with this ``Job-UUID``.

        Raises as :meth:`api` does, and CommandRefused when the switch does not start it.
        """
        job_uuid = job_uuid or str(uuid4())
        self._link_now().commands.bgapi(line, job_uuid)
        return job_uuid

    def job(self, line: str, timeout_s: float = 60.0) -> str:
        """Run one API command in a thread of the switch's own; gives what it printed, e.g. ``-ERR NO_ANSWER`` and newline.

        ``timeout_s`` covers all of it; a result that is lost costs this call only. Raises as :meth:`bgapi` does.
        """
        link = self._link_now()
        deadline = self._clock() + timeout_s
        job_uuid = str(uuid4())
        with link.jobs.expect(job_uuid) as result:
            link.commands.bgapi(line, job_uuid, timeout_s)
            return outcome(result, max(0.0, deadline - self._clock()))

    def sendevent(self, name: str, headers: Mapping[str, str]) -> None:
        """Fire an event in the switch. Raises as :meth:`bgapi` does."""
        self._link_now().commands.sendevent(name, headers)

    def _link_now(self) -> Link:
        if self.link is None or not self.up:
            raise ConnectionLost(f"{self.node.name} is not connected")
        return self.link

    def _keep(self) -> None:
        while not self._closing.is_set():
            began = self._clock()
            link = self.link = Link(self.node, self._on_event, self._clock, self._timing.connect)
            try:
                link.connect(self._subscription)
                self._stay(link)
            except Exception as error:
                self._note(link, error, lasted_s=self._clock() - began)
            finally:
                link.lose(self.reason or "given up")
                was_up, self._connected = self._connected, False
            if was_up and not self._closing.is_set():
                self._tell_down()
            self._closing.wait(timeout=self._pause())

    def _tell_down(self) -> None:
        try:
            self._on_down(self.reason)
        except Exception as error:
            # Someone else's code must not keep us from connecting again.
            log.error("switch_down_not_taken", node=self.node.name, error=type(error).__name__, exc_info=error)

    def _stay(self, link: Link) -> None:
        """Be up until the link is lost, which is told by an exception, or the session is closed."""
        self._connected = True
        self.connects += 1
        self.error_id = self.reason = ""
        log.info("switch_up", node=self.node.name, core_uuid=link.core_uuid)
        self._enter(link)
        while not self._closing.is_set():
            link.changed.wait(timeout=max(0.01, self._timing.silent - link.silent_s()))
            link.changed.clear()
            if link.reason:
                raise ConnectionLost(link.reason)
            if link.renewed:
                log.warning("switch_started_anew", node=self.node.name, core_uuid=link.core_uuid)
                self._enter(link)
            elif link.silent_s() >= self._timing.silent:
                self.silences += 1
                log.warning("switch_silent", node=self.node.name, seconds=round(link.silent_s(), 1))
                link.probe(self._timing.probe)

    def _enter(self, link: Link) -> None:
        link.let_events_in()
        self._on_up(self, link.core_uuid)

    def _note(self, link: Link, error: Exception, lasted_s: float) -> None:
        """Keep what went wrong for health and back-off, and log it when it is new."""
        if self._closing.is_set():
            return
        expected = isinstance(error, SwitchError)
        error_id = error.id if isinstance(error, SwitchError) else "switch_resync_failed"
        reason = link.reason or (str(error) if expected else f"resync failed ({type(error).__name__})")
        if self._connected and lasted_s >= self._timing.stable:
            self.failures = 0
        self.failures += 1
        if not expected:
            log.error("switch_resync_failed", node=self.node.name, error=type(error).__name__, exc_info=error)
        elif (error_id, reason) != (self.error_id, self.reason):
            log.warning("switch_down", node=self.node.name, error=error_id, reason=reason)
        self.error_id, self.reason = error_id, reason

    def _pause(self) -> float:
        """Seconds until the next try. A refused password is not hammered at: the switch may be guarded against guessing."""
        longest = self._timing.longest_retry
        if self.error_id == AuthFailed.id:
            return longest
        step = min(longest, self._timing.first_retry * 2.0 ** min(30, max(0, self.failures - 1)))
        return step * (0.5 + 0.5 * self._jitter())
