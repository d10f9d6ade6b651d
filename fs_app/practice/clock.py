"""Time on the practice floor: one scheduler that everything which happens later goes through.

It owns timers and the notion of «now». It must not know what the timers do. The real clock runs in a greenlet and may
go faster than the wall; the manual clock moves only when a test says so.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from typing import Any

import gevent
import structlog
from gevent.event import Event

from fs_app.greenlets import spawn

log = structlog.get_logger()

TICK = 0.02
"""s; FreeSWITCH's own clock steps in 20 ms, most things happen one step after their cause (seen on 1.10.12)."""

_BATCH = 200


class Timer:
    """A call in the future that can be taken back."""

    __slots__ = ("callback", "cancelled", "due")

    def __init__(self, due: float, callback: Callable[[], Any]) -> None:
        self.due = due
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        """Never call it; harmless when it was called already."""
        self.cancelled = True


class Clock:
    """Wall-clock time from the moment it was made, ``speed`` times as fast as the wall."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError("speed must be above zero")
        self.speed = speed
        self._wall = time.time()
        self._mono = time.monotonic()
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = 0
        self._wake = Event()
        self._running: gevent.Greenlet[..., Any] | None = None

    def now(self) -> float:
        """Epoch seconds, never going back."""
        return self._wall + (time.monotonic() - self._mono) * self.speed

    def now_us(self) -> int:
        """Epoch microseconds as FreeSWITCH stamps with them: its clock stands still between two ticks, so an event and
        the channel times that it changes read the same.
        """
        now = int(self.now() * 1_000_000)
        return now - now % int(TICK * 1_000_000)

    def exact_us(self) -> int:
        """Epoch microseconds between the ticks, as the few things that FreeSWITCH measures exactly (holds)."""
        return int(self.now() * 1_000_000)

    def epoch(self) -> int:
        """Whole epoch seconds, as mod_callcenter keeps them."""
        return int(self.now())

    def later(self, delay_s: float, callback: Callable[..., Any], *args: Any) -> Timer:
        """Call ``callback(*args)`` in ``delay_s`` seconds of this clock; 0 is «after what is going on now»."""
        call = (lambda: callback(*args)) if args else callback
        timer = Timer(self.now() + max(0.0, delay_s), call)
        self._order += 1
        heapq.heappush(self._heap, (timer.due, self._order, timer))
        self._wake.set()
        return timer

    def soon(self, callback: Callable[..., Any], *args: Any) -> Timer:
        """``later(0, …)``: in the order asked for."""
        return self.later(0.0, callback, *args)

    def start(self) -> None:
        """Let time run."""
        if self._running is None:
            self._running = spawn("practice-clock", self._run)

    def stop(self) -> None:
        """No timer is called any more."""
        running, self._running = self._running, None
        self._heap.clear()
        if running is not None and running is not gevent.getcurrent():
            running.kill()

    def _run(self) -> None:
        while True:
            self._wake.clear()
            for _ in range(_BATCH):
                timer = self._pop_due(self.now())
                if timer is None:
                    break
                self._call(timer)
            else:
                gevent.sleep(0)
                continue
            wait = None if not self._heap else max(0.0, self._heap[0][0] - self.now()) / self.speed
            self._wake.wait(wait)

    def _pop_due(self, now: float) -> Timer | None:
        while self._heap and (self._heap[0][0] <= now or self._heap[0][2].cancelled):
            timer = heapq.heappop(self._heap)[2]
            if not timer.cancelled:
                return timer
        return None

    def _call(self, timer: Timer) -> None:
        # One broken call must not stop a whole floor; it is loud in the log.
        try:
            timer.callback()
        except Exception:
            log.exception("practice_timer_failed")


class ManualClock(Clock):
    """Time that stands still until :meth:`advance`. Timers that fail raise in ``advance``."""

    def __init__(self, start: float | None = None) -> None:
        super().__init__()
        self._now = time.time() if start is None else start

    def now(self) -> float:
        """Epoch seconds as last advanced to."""
        return self._now

    def start(self) -> None:
        """Nothing to start."""

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, calling what falls due in its order and at its time."""
        end = self._now + seconds
        while True:
            timer = self._pop_due(end)
            if timer is None:
                break
            self._now = max(self._now, timer.due)
            timer.callback()
        self._now = end
