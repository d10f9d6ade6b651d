"""The board as server-sent events: snapshot, then changes; a reset before every new snapshot; a ping every 5 s.

Nothing is sent before the session and its rights have been looked at, at the start, whenever they change, and every
minute, which also keeps the session of an open board alive up to its longest time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import orjson

from fs_app.floor.actor import Actor
from web.board.feed import Feed
from web.board.viewer import Viewer
from web.board.views import event

PING_S = 5.0
LOOK_S = 60.0
# What a browser waits before it connects again (ms).
RETRY_MS = 1000

Look = Callable[[], Actor | None]


class Stream:
    """One viewer's stream. ``look`` says who the viewer is now; None: nobody any more."""

    def __init__(self, feed: Feed, actor: Actor, queue: str | None, look: Look, *, practice: bool) -> None:
        self._feed = feed
        self._viewer = Viewer(actor, queue)
        self._look = look
        self._practice = practice

    def events(self, last_id: str | None) -> Iterator[bytes]:
        """The events, until the viewer goes or may not watch any more. ``last_id``: of the last event that it got."""
        feed, viewer = self._feed, self._viewer
        feed.join(viewer)
        try:
            # Looked at anew: what was announced before joining was not heard here.
            if not self._still_may():
                return
            yield b"retry: %d\n\n" % RETRY_MS + self._first(last_id)
            looked = pinged = time.monotonic()
            while not viewer.ended:
                if viewer.must_look or time.monotonic() - looked >= LOOK_S:
                    looked = time.monotonic()
                    if not self._still_may():
                        return
                piece = self._due()
                if viewer.must_ping or time.monotonic() - pinged >= PING_S:
                    pinged = time.monotonic()
                    piece += self._ping()
                if piece:
                    # At most once a round: a write may last as long as the browser likes, and rights may go meanwhile.
                    yield piece
                viewer.wait(max(0.0, pinged + PING_S - time.monotonic()))
        finally:
            feed.leave(viewer)

    def _first(self, last_id: str | None) -> bytes:
        viewer = self._viewer
        seq = viewer.seen(last_id) if last_id is not None and viewer.reset_reason is None else None
        delta = self._feed.since(viewer.actor, seq) if seq is not None else None
        if delta is None:
            return (b"" if last_id is None else self._reset("gap")) + self._snapshot()
        viewer.empty()
        view = self._feed.view(viewer.actor, viewer.queue)
        frame = view.change(delta).frame(viewer.actor)
        return (viewer.ident(delta.seq) + frame if frame else b"") + self._ping()

    def _due(self) -> bytes:
        viewer = self._viewer
        if viewer.reset_reason is not None:
            return self._reset(viewer.reset_reason) + self._snapshot()
        return viewer.take()

    def _snapshot(self) -> bytes:
        """Whatever waited is in it already."""
        viewer, feed = self._viewer, self._feed
        viewer.empty()
        viewer.reset_reason = None
        view = feed.view(viewer.actor, viewer.queue)
        data = view.snapshot(viewer.actor, feed.link(), practice=self._practice)
        return viewer.ident(feed.mirror.seq) + event("snapshot", data)

    def _reset(self, reason: str) -> bytes:
        """With an id that nobody can resume from: cut before the snapshot came, the browser needs one."""
        return b"id: 0\n" + event("reset", orjson.dumps({"reason": reason}))

    def _ping(self) -> bytes:
        self._viewer.must_ping = False
        feed = self._feed
        told = {"now": round(feed.now(), 3), "seq": feed.mirror.seq, "link": feed.link()}
        return event("ping", orjson.dumps(told))

    def _look_now(self) -> Actor | None:
        self._viewer.must_look = False
        return self._look()

    def _still_may(self) -> bool:
        """Look at the viewer's rights; with others than before the whole picture is due."""
        viewer, now = self._viewer, self._look_now()
        while viewer.must_look:  # announced again while it was looked
            now = self._look_now()
        if now is None or (viewer.queue is not None and not now.may_see(viewer.queue)):
            return False
        if now != viewer.actor:
            self._feed.leave(viewer)
            viewer.become(now)
            self._feed.join(viewer)
            viewer.reset("rights")
        return True
