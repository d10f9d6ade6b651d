"""Every status period of every agent, written from what is published. Reports are made of it."""

from __future__ import annotations

from typing import NamedTuple

import gevent
import structlog
from gevent.queue import Full, Queue
from sqlalchemy.exc import SQLAlchemyError

from fs_app.floor.documents import Document
from fs_app.store.activity import Activity, Period
from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.live import Batch

WAITING_AT_MOST = 10_000
AT_ONCE = 500
RETRY_S = 1.0
log = structlog.get_logger()


class _End(NamedTuple):
    agent: str
    at: float


class ActivityLog:
    """Takes each published batch without waiting and writes in batches of its own.

    ``who_set``: agent -> the code that somebody last set through us, and his login.
    """

    def __init__(self, activity: Activity, who_set: dict[str, tuple[str, str]]) -> None:
        self._activity = activity
        self._queue: Queue[Period | _End] = Queue(WAITING_AT_MOST)
        self._last: dict[str, tuple[str, float]] = {}
        self._who_set = who_set
        self.lost = 0

    def note(self, batch: Batch) -> None:
        """What changed for whom; a full queue is counted, never waited for."""
        for document in batch.put.get("agent", []):
            key = (document["code"], document["since"])
            if self._last.get(document["id"]) != key:
                self._last[document["id"]] = key
                self._put(self._period(document))
        for gone in batch.gone.get("agent", []):
            self._last.pop(gone, None)
            self._put(_End(gone, batch.at))

    def _put(self, item: Period | _End) -> None:
        try:
            self._queue.put_nowait(item)
        except Full:
            self.lost += 1

    def _period(self, document: Document) -> Period:
        call = document["call"]
        by_call = call is not None or document["until"] is not None
        code, login = self._who_set.get(document["id"], ("", ""))
        by = "call" if by_call else login if code == document["code"] else "switch"
        queue = call["queue"] if call is not None else None
        return Period(document["id"], document["code"], document["since"], by, queue, None, document["terminal"])

    def run(self) -> None:
        """Write for ever. Runs in a greenlet of its own."""
        while True:
            items = [self._queue.get()]
            while len(items) < AT_ONCE and not self._queue.empty():
                items.append(self._queue.get_nowait())
            while not self._written(items):
                gevent.sleep(RETRY_S)

    def _written(self, items: list[Period | _End]) -> bool:
        try:
            self._activity.begin([item for item in items if isinstance(item, Period)])
            for item in items:
                if isinstance(item, _End):
                    self._activity.end(item.agent, item.at)
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.warning("activity_not_written", error=type(error).__name__, waiting=len(items))
            return False
        return True
