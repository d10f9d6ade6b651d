"""Runs of a controller that writes status periods, and what is then found of an agent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis

from fs_app import greenlets
from fs_app.controller.activity_log import ActivityLog
from fs_app.controller.desk import SetBy
from fs_app.controller.publish import Publisher
from fs_app.store.activity import Activity
from fs_app.store.live import LiveWriter
from tests.unit.floor.stage import Stage

AGENT, OTHER = "1001@default", "1002@default"
Told = list[tuple[str, float, float | None]]


class Run:
    """One run of a controller, from its first batch on. ``link`` is the state of its switch."""

    def __init__(self, activity: Activity, stage: Stage, redis: Redis, link: str = "live") -> None:
        self.who_set: dict[str, SetBy] = {}
        self.log = ActivityLog(activity, self.who_set)
        self.link = link
        self.publisher = Publisher(LiveWriter(redis, "e"), [stage.floor], self._meta)
        self.publisher.on_write = self.log.note

    def _meta(self) -> dict[str, Any]:
        return {"link": {"state": self.link}}

    def publish(self) -> None:
        self.publisher.flush()

    def end(self) -> None:
        """An orderly end, as Controller.stop."""
        self.log.close()


@contextmanager
def writing(log: ActivityLog) -> Iterator[None]:
    loop = greenlets.spawn("activity", log.run)
    try:
        yield
    finally:
        loop.kill()


def told(activity: Activity, agent: str = AGENT) -> Told:
    return [(p.code, p.since, p.until) for p in activity.between(0, 10**10, [agent])]
