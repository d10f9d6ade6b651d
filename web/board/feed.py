"""One reader of the stream per worker: keeps the mirror true, renders each change once per view, hands it to the viewers.

Owns the greenlets that read Redis. When Redis or the controller is away the viewers are told so and keep what they see;
afterwards they get a reset and the whole picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

import gevent
import structlog
from gevent.event import Event
from redis import Redis, RedisError

from fs_app.floor.actor import Actor
from fs_app.greenlets import spawn
from fs_app.store.live import ACCOUNTS, SETTINGS, LiveReader
from web.board.link import LinkWatch
from web.board.mirror import Delta, Gap, Mirror
from web.board.viewer import Viewer
from web.board.views import Key, View, key_of
from web.board.words import Words

# Changes go out at most this often (s): a lone one at once, a burst together.
GATHER_S = 0.010
# The controller is looked for this often (s).
LOOK_S = 1.0
# The site's own names are read again this often (s).
WORDS_S = 60.0
LONGEST_PAUSE_S = 2.0
READY_LIMIT_S = 5.0
MOST_OF_ONE_LOGIN = 100
log = structlog.get_logger()


class NotReady(Exception):
    """No picture of the floor could be read yet."""


class Feed:
    """The board of one worker. Starts reading when it is first asked."""

    def __init__(
        self,
        redis: Redis,
        read_words: Callable[[], Words],
        now: Callable[[], float] = time.time,
        show_number: Callable[[str], str] = str,
    ) -> None:
        self._redis = redis
        self._reader = LiveReader(redis)
        self._read_words = read_words
        self.now = now
        self._show_number = show_number
        self.mirror = Mirror()
        self._link = LinkWatch(now)
        self._words: Words | None = None
        self._views: dict[Key, View] = {}
        self._viewers: dict[Key, dict[Viewer, None]] = {}
        self._ready = Event()
        self._advanced = Event()
        self._started = False
        self._words_due = False
        # Rights may have changed unheard before this number, and of these logins before theirs.
        self._unheard = 0
        self._changed: dict[str, int] = {}
        # Whoever has seen no more than this may hold names that are none any more.
        self._renamed = 0

    # -- asking

    def ready(self) -> Feed:
        """This feed, once it holds a picture. Raises ``NotReady`` after 5 s without one."""
        if not self._started:
            self._started = True
            spawn("board-feed", self._run)
            spawn("board-announcements", self._listen)
        if not self._ready.wait(READY_LIMIT_S):
            raise NotReady
        return self

    def link(self) -> dict[str, Any]:
        """The state of the way from the switch to this worker."""
        return self._link.told(self.mirror.meta)

    def view(self, actor: Actor, queue: str | None) -> View:
        """The board as ``actor`` sees it with ``queue`` selected; kept while somebody watches it."""
        key = key_of(actor, queue)
        found = self._views.get(key)
        if found is None:
            assert self._words is not None  # noqa: S101 - read before the feed is ready
            found = View(key, self.mirror, self._words, self.now, self._show_number)
            if key in self._viewers:
                self._views[key] = found
        return found

    def wait_for(self, seen: Callable[[], bool], limit_s: float) -> bool:
        """Wait until ``seen`` holds of the mirror, at most ``limit_s``."""
        end = time.monotonic() + limit_s
        while not seen():
            left = end - time.monotonic()
            self._advanced.clear()
            if left <= 0 or not self._advanced.wait(left):
                return seen()
        return True

    # -- viewers

    def join(self, viewer: Viewer) -> None:
        """Hand ``viewer`` every change of its view from now on; beyond 100 of one login the oldest ends."""
        same = [one for one in self._all() if one.actor.login == viewer.actor.login]
        for one in same[: len(same) + 1 - MOST_OF_ONE_LOGIN]:
            one.end()
        self._viewers.setdefault(key_of(viewer.actor, viewer.queue), {})[viewer] = None

    def leave(self, viewer: Viewer) -> None:
        """Hand it nothing any more. To be called before its actor or queue changes."""
        key = key_of(viewer.actor, viewer.queue)
        watching = self._viewers.get(key, {})
        watching.pop(viewer, None)
        if not watching:
            self._viewers.pop(key, None)
            self._views.pop(key, None)

    def count(self) -> int:
        """How many watch."""
        return sum(len(viewers) for viewers in self._viewers.values())

    def since(self, actor: Actor, seq: int) -> Delta | None:
        """What changed after ``seq``; None when only a whole picture will do, also because rights or names changed since."""
        if seq <= max(self._unheard, self._renamed, self._changed.get(actor.login, 0)):
            return None
        return self.mirror.since(seq)

    def _all(self) -> list[Viewer]:
        return [viewer for viewers in self._viewers.values() for viewer in viewers]

    # -- reading

    def _run(self) -> None:
        pause_s = 0.1
        while True:
            try:
                self._load()
                pause_s = 0.1
                self._follow()
            except Gap:
                log.info("board_read_anew", seq=self.mirror.seq)
            except Exception as error:  # whatever is away, the board goes on when it is back
                log.warning("board_feed_away", error=type(error).__name__)
                self._hear(alive=False)
                gevent.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _load(self) -> None:
        picture, words = self._reader.picture(), self._read_words()
        alive = self._reader.alive()
        self.mirror.load(picture)
        self._rename(words)
        self._link.heard(alive)
        self._ready.set()
        self._advanced.set()
        for viewer in self._all():
            viewer.reset("new_picture")

    def _rename(self, words: Words) -> None:
        if words != self._words:
            self._renamed = self.mirror.seq
        self._words = words
        self._views.clear()

    def _follow(self) -> None:
        looked, worded, flushed = time.monotonic(), time.monotonic(), 0.0
        pending: Delta | None = None
        while True:
            wait_s = LOOK_S if pending is None else flushed + GATHER_S - time.monotonic()
            if pending is not None and wait_s <= 0:
                self._flush(pending)
                pending, flushed = None, time.monotonic()
                continue
            if pending is not None:
                gevent.sleep(wait_s)
            pending = self._take(pending, block_ms=1 if pending is not None else int(LOOK_S * 1000))
            now = time.monotonic()
            if now - looked >= LOOK_S:
                looked = now
                self._hear(alive=self._reader.alive())
            if self._words_due or now - worded >= WORDS_S:
                worded, self._words_due = now, False
                self._look_at_words()

    def _take(self, pending: Delta | None, block_ms: int) -> Delta | None:
        for entry in self._reader.changes(self.mirror.seq, block_ms):
            delta = self.mirror.apply(entry)
            self._link.measure(delta.at)
            if pending is None:
                pending = Delta(delta.since, delta.seq)
            pending.merge(delta)
        return pending

    def _look_at_words(self) -> None:
        words = self._read_words()
        if words != self._words:
            self._rename(words)
            for viewer in self._all():
                viewer.reset("new_names")

    def _flush(self, delta: Delta) -> None:
        link = self.link() if delta.meta else None
        for key, viewers in list(self._viewers.items()):
            actor = next(iter(viewers)).actor
            view = self.view(actor, key[2])
            change = view.change(delta)
            change.link = link
            for viewer in viewers:
                viewer.hand(change.frame(viewer.actor), delta.seq)
        self._advanced.set()

    def _hear(self, *, alive: bool) -> None:
        if self._link.heard(alive):
            for viewer in self._all():
                viewer.ping_now()

    # -- rights

    def _listen(self) -> None:
        pause_s = 0.1
        while True:
            try:
                channel: Any = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                channel.subscribe(ACCOUNTS, SETTINGS)
                self._unheard = self.mirror.seq
                self._look_again("*")
                self._words_due = True
                pause_s = 0.1
                while True:
                    message = channel.get_message(timeout=5.0)
                    if message is not None and message["channel"] == SETTINGS.encode():
                        self._words_due = True
                    elif message is not None:
                        self._words_due = True  # whose account an agent is
                        self._look_again(cast("bytes", message["data"]).decode(errors="replace"))
            except RedisError:
                gevent.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _look_again(self, login: str) -> None:
        if login == "*":
            self._unheard = self.mirror.seq
            self._changed.clear()
        else:
            self._changed[login] = self.mirror.seq
        for viewer in self._all():
            if login in ("*", viewer.actor.login):
                viewer.look_again()
