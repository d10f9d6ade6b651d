"""Waiting for the event that proves a command: proved, out of time, link lost, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent
import pytest

from fs_app import greenlets
from fs_app.controller.pending import LinkLost, Pending
from fs_app.floor import facts
from fs_app.floor.errors import Rejected
from fs_app.floor.state import Floor
from tests.unit.floor.stage import Stage

AGENT = "1001@default"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def pending() -> Pending:
    return Pending()


def on_break(floor: Floor) -> bool:
    return floor.agents[AGENT].status == "On Break"


def later(function: Callable[[], object]) -> None:
    """As the events' greenlet does it, when the waiting one has begun to wait."""
    greenlets.spawn("later", function)


def test_wait_when_the_event_comes_then_true_and_nobody_waits_any_more(stage: Stage, pending: Pending) -> None:
    result = pending.expect(on_break)

    def event() -> None:
        stage.say(facts.AgentStatusSet, AGENT, "On Break")
        pending.check(stage.floor)

    later(event)
    assert pending.wait(result, 5.0) is True
    assert len(pending) == 0


def test_wait_when_the_event_came_before_the_waiting_then_true_at_once(stage: Stage, pending: Pending) -> None:
    """The answer to an order may come after the event that proves it."""
    result = pending.expect(on_break)
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    pending.check(stage.floor)
    stage.say(facts.AgentStatusSet, AGENT, "Available")
    pending.check(stage.floor)
    assert pending.wait(result, 0.0) is True


def test_wait_when_only_other_events_come_then_false_in_time_and_nobody_waits(stage: Stage, pending: Pending) -> None:
    result = pending.expect(on_break)

    def events() -> None:
        stage.say(facts.AgentStatusSet, "1002@default", "On Break")
        pending.check(stage.floor)

    later(events)
    began = time.monotonic()
    assert pending.wait(result, 0.05) is False
    assert time.monotonic() - began < 2.0
    assert len(pending) == 0


def test_require_when_nothing_comes_then_the_outcome_is_unconfirmed(pending: Pending) -> None:
    with pytest.raises(Rejected) as refused:
        pending.require(pending.expect(on_break), 0.01)
    assert refused.value.error == "unconfirmed"
    assert len(pending) == 0


def test_require_when_proved_then_it_returns(stage: Stage, pending: Pending) -> None:
    result = pending.expect(on_break)
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    pending.check(stage.floor)
    pending.require(result, 0.0)


def test_link_lost_then_all_who_wait_are_told_at_once(pending: Pending) -> None:
    results = [pending.expect(on_break) for _ in range(3)]
    later(pending.fail_all)
    began = time.monotonic()
    for result in results:
        with pytest.raises(LinkLost):
            pending.wait(result, 10.0)
    assert time.monotonic() - began < 2.0
    assert len(pending) == 0


def test_link_lost_then_a_required_proof_is_unconfirmed(pending: Pending) -> None:
    result = pending.expect(on_break)
    pending.fail_all()
    with pytest.raises(Rejected) as refused:
        pending.require(result, 10.0)
    assert refused.value.error == "unconfirmed"


def test_link_lost_then_what_waits_afterwards_is_not_touched(stage: Stage, pending: Pending) -> None:
    pending.fail_all()
    result = pending.expect(on_break)
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    pending.check(stage.floor)
    assert pending.wait(result, 0.0) is True


def test_forgotten_proof_is_looked_at_no_more(stage: Stage, pending: Pending) -> None:
    looked: list[bool] = []
    result = pending.expect(lambda _: looked.append(True) or False)
    pending.check(stage.floor)
    pending.forget(result)
    pending.forget(result)
    pending.check(stage.floor)
    assert looked == [True]


def test_one_event_may_prove_several_and_leaves_the_others_waiting(stage: Stage, pending: Pending) -> None:
    first, second, other = (
        pending.expect(on_break),
        pending.expect(on_break),
        pending.expect(lambda floor: floor.agents[AGENT].state == "Idle"),
    )
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    pending.check(stage.floor)
    assert pending.wait(first, 0.0) and pending.wait(second, 0.0)
    assert len(pending) == 1
    stage.say(facts.AgentStateSet, AGENT, "Idle")
    pending.check(stage.floor)
    assert pending.wait(other, 0.0)


def test_waiting_does_not_hold_up_others(stage: Stage, pending: Pending) -> None:
    results = [pending.expect(on_break) for _ in range(100)]
    waiting = [greenlets.spawn("wait", pending.wait, result, 5.0) for result in results]
    gevent.sleep(0)
    stage.say(facts.AgentStatusSet, AGENT, "On Break")
    pending.check(stage.floor)
    gevent.joinall(waiting, timeout=5)
    assert [greenlet.value for greenlet in waiting] == [True] * 100
