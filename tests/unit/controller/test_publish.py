"""What the controller publishes: picture and changes always agree, whatever happens on the floor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from fs_app.floor import facts
from fs_app.floor.entities import Supervision
from fs_app.floor.listening import begin
from fs_app.store.live import FLOOR, STREAM
from tests.unit.controller.publishing import Desk, Follower, change_status, flush
from tests.unit.floor.stage import SALES, SUPPORT, uuid

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
    _join, _talk, _hang_up, _leave, change_status, _hire, _dismiss, _supervise, _nothing_new, _link,
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
            flush(desk)
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
    flush(desk)
    if not desk.writer.alive(time.time()):
        desk.publisher.whole = True
        flush(desk)
    followers.append(Follower(redis))
    for follower in followers:
        follower.follow()
        assert follower.board == desk.board()
        assert follower.numbers == sorted(follower.numbers), "a number went back"
        assert not follower.gaps or "redis_forgets" in steps, "a change is missing"


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
        change_status(desk)
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
