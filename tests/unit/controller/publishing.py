"""A floor with its publisher, and a reader who follows what is published."""

from __future__ import annotations

from typing import Any

from redis import Redis, RedisError

from fs_app.controller.publish import Publisher
from fs_app.floor import facts
from fs_app.floor.documents import document
from fs_app.store.live import KINDS, Batch, LiveReader, LiveWriter
from tests.unit.floor.stage import Stage

Board = dict[tuple[str, str], dict[str, Any]]


class Desk:
    """A floor with its publisher. ``link`` is what the document about the floor as a whole says."""

    def __init__(self, redis: Redis, epoch: str = "e1") -> None:
        self.stage = Stage()
        self.link = "live"
        self.writer = LiveWriter(redis, epoch)
        self.publisher = Publisher(self.writer, [self.stage.floor], self._meta)
        self.calls: list[tuple[str, str, str]] = []
        self.written: list[Batch] = []
        self.publisher.on_write = self.written.append

    def _meta(self) -> dict[str, Any]:
        return {"epoch": self.writer.epoch, "link": {"state": self.link}}

    def board(self) -> Board:
        """What everybody who follows must hold."""
        floor = self.stage.floor
        sources = dict(zip(KINDS, (floor.agents, floor.queues, floor.members, floor.supervisions), strict=True))
        found: Board = {}
        for kind, idents in sources.items():
            for ident in idents:
                doc = document(floor, kind, ident)
                assert doc is not None
                found[kind, ident] = doc
        return found | {("meta", ""): self._meta()}


class Follower:
    """A reader as the panel has them: one picture, then every change after it."""

    def __init__(self, redis: Redis) -> None:
        self._reader = LiveReader(redis)
        self.numbers: list[int] = []
        self.pictures = self.gaps = 0
        self.take_picture()

    def take_picture(self) -> None:
        picture = self._reader.picture()
        self.seq = picture.seq
        self.numbers.append(picture.seq)
        self.pictures += 1
        self.board: Board = {
            (kind, doc["id"] if kind != "meta" else ""): doc for kind, docs in picture.documents.items() for doc in docs
        }

    def follow(self) -> None:
        """Everything there is after what is known."""
        end = self._reader.picture().seq
        while self.seq < end:
            for entry in self._reader.changes(self.seq, block_ms=1000, count=3):
                self.numbers.append(entry["seq"])
                missing = entry["seq"] != self.seq + 1 and not entry.get("reset")
                self.gaps += missing
                if missing or entry.get("reset"):
                    self.take_picture()
                    break
                self._apply(entry)

    def _apply(self, entry: dict[str, Any]) -> None:
        self.seq = entry["seq"]
        for kind, docs in entry["put"].items():
            self.board |= {(kind, doc["id"]): doc for doc in docs}
        for kind, idents in entry["gone"].items():
            for ident in idents:
                del self.board[kind, ident]
        if entry["meta"]:
            self.board["meta", ""] = entry["meta"]


def change_status(desk: Desk) -> None:
    floor = desk.stage.floor
    away = floor.agents["1003@default"].status != "On Break" if "1003@default" in floor.agents else True
    desk.stage.say(facts.AgentStatusSet, "1003@default", "On Break" if away else "Available")


def flush(desk: Desk) -> None:
    """As the publisher's loop does: after a fault everything is due."""
    try:
        desk.publisher.flush()
    except RedisError:
        desk.publisher.whole = True
        desk.publisher.flush()
