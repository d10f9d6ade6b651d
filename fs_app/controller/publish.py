"""Publishes what changed: documents of touched entities, compared with what was published last, in small batches.

Bursts are coalesced (``GATHER_S``, ``EVERY_S``); while Redis is away nothing is queued up, and everything is written
anew after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
import structlog
from gevent.event import Event
from redis import RedisError

from fs_app.floor.documents import Document, document
from fs_app.floor.state import Floor
from fs_app.store.live import KINDS, Batch, LiveWriter

GATHER_S = 0.008
"""What one thing brings about is told together."""
EVERY_S = 0.025
"""Changes go out at most this often: each batch costs Redis and every panel something."""
RETRY_S = 0.25
log = structlog.get_logger()


class Publisher:
    """The only writer of the live state. ``meta`` gives the document about the floor as a whole (links, practice)."""

    def __init__(self, writer: LiveWriter, floors: Iterable[Floor], meta: Callable[[], Document]) -> None:
        self._writer = writer
        self._floors = list(floors)
        self._meta = meta
        self._published: dict[tuple[str, str], Document] = {}
        self._published_meta: Document | None = None
        self._due = Event()
        self.whole = True
        self.batches = 0
        self.failures = 0
        self.on_write: Callable[[Batch], None] = lambda _: None
        self.before_whole: Callable[[], None] = lambda: None

    def poke(self) -> None:
        """Something was touched."""
        self._due.set()

    def run(self) -> None:
        """Publish for ever. Runs in a greenlet of its own."""
        last = 0.0
        while True:
            self._due.wait(timeout=1.0)
            self._due.clear()
            gevent.sleep(max(GATHER_S, last + EVERY_S - time.monotonic()))
            last = time.monotonic()
            try:
                self.flush()
            except RedisError as error:
                self.whole = True
                self.failures += 1
                log.warning("redis_away", error=type(error).__name__)
                gevent.sleep(RETRY_S)
                self._due.set()

    def flush(self) -> None:
        """Write what changed since the last flush; everything when a whole picture is due."""
        if self.whole:
            self.before_whole()
            self._writer.rewind()
        batch = self._whole_batch() if self.whole else self._batch()
        if not batch:
            return
        batch.seq = self._writer.write(batch)
        self.whole = False
        self.batches += 1
        self.on_write(batch)

    def _batch(self) -> Batch:
        batch = Batch(at=max((floor.now for floor in self._floors), default=0.0))
        for floor in self._floors:
            for kind, ident in floor.take_touched():
                self._add(batch, kind, ident, document(floor, kind, ident))
        meta = self._meta()
        if meta != self._published_meta:
            batch.meta = self._published_meta = meta
        return batch

    def _add(self, batch: Batch, kind: str, ident: str, doc: Document | None) -> None:
        before = self._published.get((kind, ident))
        if doc == before:
            return
        if doc is None:
            del self._published[kind, ident]
            batch.gone.setdefault(kind, []).append(ident)
        else:
            self._published[kind, ident] = doc
            batch.put.setdefault(kind, []).append(doc)

    def _whole_batch(self) -> Batch:
        """All documents: after a start, and after Redis was away or lost its memory."""
        self._published.clear()
        batch = Batch(at=time.time(), reset=True, meta=self._meta())
        self._published_meta = batch.meta
        for floor in self._floors:
            floor.take_touched()
            sources: dict[str, Iterable[str]] = dict(
                zip(KINDS, (floor.agents, floor.queues, floor.members, floor.supervisions), strict=True)
            )
            for kind, idents in sources.items():
                for ident in list(idents):
                    self._add(batch, kind, ident, document(floor, kind, ident))
        return batch

    def numbers(self) -> dict[str, Any]:
        """For metrics."""
        return {"batches": self.batches, "redis_failures": self.failures, "documents": len(self._published)}
