"""One open stream: what waits to be sent, and what must be looked at before anything more is sent.

Bounded: a browser that does not read gets a reset and the whole picture when it reads again, never an endless queue.
"""

from __future__ import annotations

from collections import deque
from hashlib import blake2s

from gevent.event import Event

from fs_app.floor.actor import Actor

# What may wait for one browser (frames, bytes).
MOST_FRAMES = 256
MOST_BYTES = 1_000_000


def mark_of(actor: Actor, queue: str | None) -> str:
    """Who watches what, in 12 hex digits: part of every event's id, so that nobody resumes what another watched."""
    seen = (actor.login, actor.agent, actor.role, sorted(actor.grants.items()), actor.extensions, actor.locale, queue)
    return blake2s(repr(seen).encode(), digest_size=6).hexdigest()


class Viewer:
    """A browser that watches the board as ``actor`` with ``queue`` selected."""

    def __init__(self, actor: Actor, queue: str | None) -> None:
        self.queue = queue
        self.become(actor)
        self.reset_reason: str | None = None
        self.must_look = False
        self.must_ping = False
        self.ended = False
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._woken = Event()

    def become(self, actor: Actor) -> None:
        """The account is another, or has other rights, from now on."""
        self.actor = actor
        self._mark = mark_of(actor, self.queue)

    def ident(self, seq: int) -> bytes:
        """The line with the id of an event that brings this viewer up to ``seq``."""
        return b"id: %d.%s\n" % (seq, self._mark.encode())

    def seen(self, last_id: str) -> int | None:
        """The number up to which the browser with this last id has seen this very board; None when it has not."""
        seq, _, mark = last_id.partition(".")
        return int(seq) if mark == self._mark and seq.isascii() and seq.isdigit() and len(seq) < 18 else None

    def hand(self, frame: bytes, seq: int) -> None:
        """Send ``frame`` next, which tells of all up to ``seq``; nothing is sent for an empty one."""
        if not frame or self.reset_reason is not None:
            return
        frame = self.ident(seq) + frame
        if len(self._frames) >= MOST_FRAMES or self._bytes + len(frame) > MOST_BYTES:
            self.reset("slow")
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        self._woken.set()

    def reset(self, reason: str) -> None:
        """Drop what waits; the whole picture must be sent."""
        self.empty()
        self.reset_reason = reason
        self._woken.set()

    def look_again(self) -> None:
        """Rights may have changed: look before anything more is sent."""
        self.must_look = True
        self._woken.set()

    def ping_now(self) -> None:
        """The state of the link changed."""
        self.must_ping = True
        self._woken.set()

    def end(self) -> None:
        """Send nothing more."""
        self.ended = True
        self._woken.set()

    def empty(self) -> None:
        """Drop what waits."""
        self._frames.clear()
        self._bytes = 0

    def take(self) -> bytes:
        """All that waits, as one piece."""
        taken = b"".join(self._frames)
        self.empty()
        return taken

    def wait(self, limit_s: float) -> None:
        """Wait until there is something to do, at most ``limit_s``."""
        self._woken.wait(limit_s)
        self._woken.clear()
