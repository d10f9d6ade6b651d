"""What the run before this one knew: read from Redis and SQL before anything is decided, or published over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import structlog
from redis import Redis, RedisError

from fs_app.controller.adopting import adopt
from fs_app.controller.desk import SetBy
from fs_app.controller.node import Node
from fs_app.floor import agents, call_backs
from fs_app.floor.state import Floor
from fs_app.store.live import LiveWriter
from fs_app.store.statuses import AgentStatuses

PATIENCE_S = 10.0
RETRY_S = 0.25
log = structlog.get_logger()
Documents = dict[str, list[dict[str, Any]]]


class Memory:
    """Reads once. ``has_read`` False: Redis has not answered so far, and who owns which supervision is not known."""

    def __init__(
        self, redis: Redis, writer: LiveWriter, nodes: dict[str, Node], begin_inbox: Callable[[], None]
    ) -> None:
        self._redis = redis
        self._writer = writer
        self._nodes = nodes
        self._begin_inbox = begin_inbox
        self.has_read = False

    def recall(self, statuses: AgentStatuses, day: str) -> dict[str, SetBy]:
        """Fill the floors; gives each agent's status that somebody chose, and who. Waits ``PATIENCE_S`` for Redis."""
        documents = self._wait()
        chosen = statuses.all()
        for node in self._nodes.values():
            floor = node.floor
            mine = self._agents_of(node, documents)
            for doc in mine:
                agents.recall(floor, doc)
            call_backs.adopt(floor, mine)
            for name, status in chosen.items():
                if len(self._nodes) == 1 or name in floor.agents:
                    agents.recall_choice(floor.agent(name), status.code, status.switch_status, status.since)
            floor.begin_day(day)
            _recall_counters(floor, documents.get("queue", []))
        self._adopt(documents)
        return {name: SetBy(status.code, status.set_by, status.set_by_kind) for name, status in chosen.items()}

    def catch_up(self) -> None:
        """Redis answers for the first time only now: running supervisions are still to be adopted. Raises RedisError."""
        if self.has_read:
            return
        documents = self._read()
        for node in self._nodes.values():
            _recall_counters(node.floor, documents.get("queue", []))
        self._adopt(documents)
        for node in self._nodes.values():
            node.resync_due.set()
        log.info("redis_answers", adopted=len(documents.get("supervision", [])))

    def _read(self) -> Documents:
        self._begin_inbox()
        documents = self._writer.remembered()
        self.has_read = True
        return documents

    def _wait(self) -> Documents:
        for _ in range(int(PATIENCE_S / RETRY_S)):
            try:
                self._redis.ping()
                return self._read()
            except RedisError:
                gevent.sleep(RETRY_S)
        hint = "no supervision is ended as unowned until it answers; look at SASAYAKI_REDIS_URL"
        log.error("redis_away", waited_s=PATIENCE_S, hint=hint)
        return {}

    def _agents_of(self, node: Node, documents: Documents) -> list[dict[str, Any]]:
        return [d for d in documents.get("agent", []) if d["node"] == node.name]

    def _adopt(self, documents: Documents) -> None:
        for node in self._nodes.values():
            known = {d["id"] for d in self._agents_of(node, documents)}
            mine = [s for s in documents.get("supervision", []) if len(self._nodes) == 1 or s["agent"] in known]
            adopt(node.floor, mine)


def _recall_counters(floor: Floor, documents: list[dict[str, Any]]) -> None:
    for doc in documents:
        if doc.get("day") == floor.day:
            queue = floor.queue(doc["id"])
            queue.answered, queue.abandoned = queue.answered + doc["answered"], queue.abandoned + doc["abandoned"]
