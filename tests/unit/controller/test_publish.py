"""What the controller publishes: picture and changes always agree, whatever happens on the floor and to Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis, RedisError

from fs_app import greenlets
from fs_app.controller.publish import Publisher
from fs_app.floor import facts
from fs_app.floor.documents import document
from fs_app.floor.entities import Supervision
from fs_app.floor.listening import begin
from fs_app.store.live import FLOOR, KINDS, SEQ, STREAM, Batch, LiveReader, LiveWriter
from tests.unit.controller.conftest import Valkey
from tests.unit.floor.stage import SALES, SUPPORT, Stage, uuid

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


# ---- a floor that moves

AGENTS = ("1001@default", "1002@default", "1003@default")


def _join(desk: Desk) -> None:
    desk.calls.append(desk.stage.offer())


def _talk(desk: Desk) -> None:
    desk.calls.append(desk.stage.talk("1002@default", SALES))


def _hang_up(desk: Desk) -> None:
    if desk.calls:
        for leg in desk.calls.pop(0)[1:]:
            desk.stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")


def _leave(desk: Desk) -> None:
    if desk.calls:
        desk.stage.say(facts.MemberLeft, *desk.calls[0][:2], SUPPORT, False, "TIMEOUT")


def _status(desk: Desk) -> None:
    floor = desk.stage.floor
    away = floor.agents["1003@default"].status != "On Break" if "1003@default" in floor.agents else True
    desk.stage.say(facts.AgentStatusSet, "1003@default", "On Break" if away else "Available")


def _hire(desk: Desk) -> None:
    desk.stage.say(facts.AgentAdded, f"{len(desk.stage.floor.agents)}@default")


def _dismiss(desk: Desk) -> None:
    """A reading of the switch that no longer has the newest agents nor one of the queues."""
    stage = desk.stage
    stage.now += 1
    queues = tuple(row for row in _queue_rows() if row.queue == SUPPORT)
    begun = stage.floor.serial
    stage.do(facts.SwitchRead(stage.now, 0, "core", begun, stage.agents[:2], stage.tiers[:1], queues, (), ()))
    desk.calls.clear()


def _queue_rows() -> tuple[Any, ...]:
    from fs_app.floor.rows import QueueRow

    return tuple(QueueRow(q, "longest-idle-agent", False, True) for q in (SUPPORT, SALES))


def _supervise(desk: Desk) -> None:
    ident = f"s{len(desk.stage.floor.supervisions)}"
    begin(desk.stage.floor, Supervision(ident, "boss", "Boss", AGENTS[0], "monitor", "9001", None, uuid(), uuid()))


def _nothing_new(desk: Desk) -> None:
    desk.stage.floor.touch("agent", "1001@default")
    desk.stage.floor.touch("member", "nobody")


def _link(desk: Desk) -> None:
    desk.link = "down" if desk.link == "live" else "live"


MOVES: list[Callable[[Desk], None]] = [
    _join, _talk, _hang_up, _leave, _status, _hire, _dismiss, _supervise, _nothing_new, _link,
]  # fmt: skip
STEPS = st.lists(
    st.sampled_from(MOVES) | st.sampled_from(["flush", "flush", "newcomer", "follow", "redis_forgets", "anew"]),
    max_size=40,
)


@given(steps=STEPS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_picture_at_any_moment_and_the_changes_after_it_are_what_the_controller_has(
    redis: Redis, steps: list[Any]
) -> None:
    redis.flushall()
    desk = Desk(redis)
    desk.publisher.flush()
    followers = [Follower(redis)]
    for step in steps:
        if step == "flush":
            _flush(desk)
        elif step == "newcomer":
            followers.append(Follower(redis))
        elif step == "follow":
            for follower in followers:
                follower.follow()
        elif step == "redis_forgets":
            redis.flushall()
        elif step == "anew":
            desk.publisher.whole = True
        else:
            step(desk)
    _flush(desk)
    if not desk.writer.alive(time.time()):
        desk.publisher.whole = True
        _flush(desk)
    followers.append(Follower(redis))
    for follower in followers:
        follower.follow()
        assert follower.board == desk.board()
        assert follower.numbers == sorted(follower.numbers), "a number went back"
        assert not follower.gaps or "redis_forgets" in steps, "a change is missing"


def _flush(desk: Desk) -> None:
    """As the publisher's loop does: after a fault everything is due."""
    try:
        desk.publisher.flush()
    except RedisError:
        desk.publisher.whole = True
        desk.publisher.flush()


def test_flush_when_nothing_looks_different_then_nothing_is_written(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    length = redis.xlen(STREAM)
    _nothing_new(desk)
    desk.publisher.flush()
    assert redis.xlen(STREAM) == length
    assert len(desk.written) == 1


def test_many_changes_of_one_agent_are_one_document_with_the_last_word(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    for _ in range(9):
        _status(desk)
    desk.publisher.flush()
    (documents,) = [batch.put for batch in desk.written[1:]]
    assert [(doc["id"], doc["code"]) for doc in documents["agent"]] == [("1003@default", "on_break")]
    assert desk.written[-1].at == desk.stage.now


def test_queue_and_agent_that_are_gone_are_gone_from_picture_and_stream(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    _dismiss(desk)
    desk.publisher.flush()
    assert desk.written[-1].gone == {"agent": ["1003@default"], "queue": [SALES]}
    assert not redis.hexists(FLOOR, "agent:1003@default")
    assert not redis.hexists(FLOOR, f"queue:{SALES}")


# ---- Redis and its memory


def test_numbers_when_redis_holds_one_from_the_future_then_they_go_on_behind_it(redis: Redis) -> None:
    """As after a controller on a machine whose clock ran ahead."""
    future = int(time.time() * 1000) + 10_000_000
    redis.xadd(STREAM, {"d": b'{"seq":%d,"reset":true,"epoch":"old","at":0}' % future}, id=f"{future}-0")
    follower = Follower(redis)
    desk = Desk(redis)
    desk.publisher.flush()
    assert desk.writer.seq > future
    follower.follow()
    assert follower.board == desk.board()


def test_numbers_of_a_new_run_are_greater_and_its_first_word_is_a_reset(redis: Redis) -> None:
    old = Desk(redis, "e1")
    old.publisher.flush()
    follower = Follower(redis)
    new = Desk(redis, "e2")
    new.stage.talk()
    new.publisher.flush()
    assert new.writer.seq > old.writer.seq
    follower.follow()
    assert follower.board == new.board()
    assert follower.pictures == 2


def test_heartbeat_when_redis_was_emptied_then_it_is_told_and_everything_is_written_anew(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    assert desk.writer.alive(time.time())
    before = desk.writer.seq
    redis.flushall()
    assert not desk.writer.alive(time.time())
    desk.publisher.whole = True
    desk.publisher.flush()
    assert desk.writer.seq > before
    assert Follower(redis).board == desk.board()
    assert desk.writer.alive(time.time())


def test_heartbeat_when_redis_has_an_older_memory_then_it_is_told(redis: Redis) -> None:
    """After a crash the last second may be missing; the connection mends itself, so no error tells it."""
    desk = Desk(redis)
    desk.publisher.flush()
    older = {key: redis.dump(key) for key in (FLOOR, STREAM, SEQ)}
    desk.stage.talk()
    desk.publisher.flush()
    for key, value in older.items():
        redis.restore(key, 0, value, replace=True)
    assert not desk.writer.alive(time.time())


def test_write_when_redis_has_an_older_memory_then_everything_is_written_anew(redis: Redis) -> None:
    """The change that comes first must not hide that others are missing."""
    desk = Desk(redis)
    desk.publisher.flush()
    older = {key: redis.dump(key) for key in (FLOOR, STREAM, SEQ)}
    desk.stage.talk()
    desk.publisher.flush()
    for key, value in older.items():
        redis.restore(key, 0, value, replace=True)
    _status(desk)
    _flush(desk)
    assert Follower(redis).board == desk.board()


def test_publisher_when_redis_is_killed_and_comes_back_then_the_picture_is_true_again(own_valkey: Valkey) -> None:
    desk = Desk(own_valkey.client())
    loop = greenlets.spawn("publish", desk.publisher.run)
    try:
        desk.publisher.poke()
        _until_true(desk, own_valkey)
        follower = Follower(own_valkey.client())
        own_valkey.kill()
        desk.stage.talk()
        desk.publisher.poke()
        _wait(lambda: desk.publisher.failures >= 2, "two tries")
        own_valkey.start()
        _until_true(desk, own_valkey)
        follower.follow()
        assert follower.board == desk.board()
        assert follower.numbers == sorted(follower.numbers)
    finally:
        loop.kill()


def test_publisher_when_redis_comes_back_empty_then_the_picture_is_whole(own_valkey: Valkey) -> None:
    desk = Desk(own_valkey.client())
    desk.publisher.flush()
    follower = Follower(own_valkey.client())
    own_valkey.kill()
    own_valkey.forget()
    own_valkey.start()
    desk.stage.talk()
    _flush(desk)
    assert Follower(own_valkey.client()).board == desk.board()
    follower.follow()
    assert follower.board == desk.board()


def _until_true(desk: Desk, valkey: Valkey) -> None:
    client = valkey.client()
    _wait(lambda: Follower(client).board == desk.board(), "a true picture")


def _wait(check: Callable[[], bool], told: str, limit_s: float = 10.0) -> None:
    with gevent.Timeout(limit_s, AssertionError(f"not within {limit_s} s: {told}")):
        while not check():
            gevent.sleep(0.005)


def test_batch_that_redis_refuses_changes_no_number(redis: Redis) -> None:
    desk = Desk(redis)
    desk.publisher.flush()
    before = desk.writer.seq
    redis.xadd(STREAM, {"d": b"{}"}, id=f"{before + 5}-0")
    desk.stage.talk()
    with pytest.raises(RedisError):
        desk.publisher.flush()
    assert desk.writer.seq == before
    _flush(desk)
    assert Follower(redis).board == desk.board()
