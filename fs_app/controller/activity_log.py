"""Every status period of every agent, written from what is published. Reports are made of it.

Owns the queue between publishing, which never waits, and the database, which may be away. It decides no status.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

import gevent
import structlog
from gevent.queue import Full, Queue
from sqlalchemy.exc import SQLAlchemyError

from fs_app.controller.desk import SetBy
from fs_app.floor.documents import Document
from fs_app.floor.statuses import RINGING
from fs_app.store.activity import Activity, Period
from fs_app.store.durable import DatabaseUnavailable
from fs_app.store.live import Batch

WAITING_AT_MOST = 10_000
AT_ONCE = 500
RETRY_S = 1.0
GATHER_S = 0.25
"""Each transaction costs a millisecond or two, however much is in it: on a busy floor what comes together is written together."""
log = structlog.get_logger()


class _End(NamedTuple):
    agent: str
    at: float


class _Corrected(NamedTuple):
    """Another code since the same moment."""

    period: Period


class _Outcome(NamedTuple):
    """What became of the ringing that began at ``since``."""

    agent: str
    since: float
    outcome: str


class _Complete(NamedTuple):
    """From now on every agent there is has been told of."""

    at: float


_Item = Period | _Corrected | _Outcome | _End | _Complete


class ActivityLog:
    """Takes each published batch without waiting and writes in batches of its own.

    ``who_set``: agent -> what somebody last set through us.
    """

    def __init__(self, activity: Activity, who_set: dict[str, SetBy]) -> None:
        self._activity = activity
        self._queue: Queue[_Item] = Queue(WAITING_AT_MOST)
        self._taken: list[_Item] = []
        self._last: dict[str, Period] = {}
        self._ringing: dict[str, float] = {}
        """Agent -> when a ringing began of which nobody has told yet what became of it."""
        self._complete = False
        self._who_set = who_set
        self.lost = 0

    def note(self, batch: Batch) -> None:
        """What changed for whom; a full queue is counted, never waited for."""
        for document in batch.put.get("agent", []):
            last = self._last.get(document["id"])
            if last is None or (last.code, last.since) != (document["code"], document["since"]):
                period = self._last[document["id"]] = self._period(document)
                self._put(_Corrected(period) if last is not None and last.since == period.since else period)
            self._note_ringing(document)
        for gone in batch.gone.get("agent", []):
            self._end(gone, batch.at)
        if batch.reset:  # it names nobody who is gone: who went while Redis was away is only missing
            for gone in self._last.keys() - {document["id"] for document in batch.put.get("agent", [])}:
                self._end(gone, batch.at)
        if not self._complete and batch.meta is not None and batch.meta["link"]["state"] == "live":
            self._complete = True
            self._put(_Complete(batch.at))

    def _note_ringing(self, document: Document) -> None:
        """The outcome may be told a moment after the ringing has ended, or with the same word."""
        agent, outcome = document["id"], document["ring_outcome"]
        since = self._ringing.get(agent)
        if since is not None and outcome:
            self._put(_Outcome(agent, since, outcome))
            del self._ringing[agent]
        if document["code"] == RINGING and not outcome:
            self._ringing[agent] = document["since"]

    def _end(self, agent: str, at: float) -> None:
        self._last.pop(agent, None)
        self._put(_End(agent, at))

    def _put(self, item: _Item) -> None:
        try:
            self._queue.put_nowait(item)
        except Full:
            self.lost += 1

    def _period(self, document: Document) -> Period:
        call = document["call"]
        by_call = call is not None or document["until"] is not None
        set_by = self._who_set.get(document["id"])
        by = kind = "call" if by_call else "switch"
        if set_by is not None and set_by.code == document["code"] and not by_call:
            by, kind = set_by.login or set_by.kind, set_by.kind
        queue = call["queue"] if call is not None else document["wrap_up_queue"]
        return Period(document["id"], document["code"], document["since"], by, queue, None, document["terminal"], kind)

    def run(self) -> None:
        """Write for ever. Runs in a greenlet of its own."""
        while True:
            self._taken = [self._queue.get()]
            gevent.sleep(GATHER_S)
            self._take_more()
            while not self._written():
                gevent.sleep(RETRY_S)

    def close(self) -> None:
        """Write what still waits. To be called when ``run`` has ended and nothing is noted any more."""
        self._taken += [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        self._written()

    def _take_more(self) -> None:
        while len(self._taken) < AT_ONCE and not self._queue.empty():
            self._taken.append(self._queue.get_nowait())

    def _written(self) -> bool:
        try:
            for kind, items in groupby(self._taken, type):
                self._write(kind, list(items))
        except (SQLAlchemyError, DatabaseUnavailable) as error:
            log.warning("activity_not_written", error=type(error).__name__, waiting=len(self._taken))
            return False
        self._taken = []
        return True

    def _write(self, kind: type, items: list[Any]) -> None:
        if kind is Period:
            self._activity.begin(items)
        elif kind is _Corrected:
            for item in items:
                self._activity.correct(item.period)
        elif kind is _Outcome:
            for item in items:
                self._activity.outcome(*item)
        elif kind is _End:
            for item in items:
                self._activity.end(item.agent, item.at)
        else:
            self._compare_with_the_run_before(items[0].at)

    def _compare_with_the_run_before(self, at: float) -> None:
        """Its open periods of agents who are no more end; what changed within a period's first second corrects it."""
        for agent, written in self._activity.open().items():
            last = self._last.get(agent)
            if last is None:
                self._activity.end(agent, at)
            elif last.since == written.since and last.code != written.code:
                self._activity.correct(last)
