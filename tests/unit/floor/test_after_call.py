"""What follows a call: only what somebody asked for during it, and what taking that back returns to."""

from __future__ import annotations

import pytest

from fs_app.floor import agents, commands, decide_after_call, facts
from fs_app.floor.entities import Deferred
from fs_app.floor.errors import AGENT_RINGING, Rejected
from fs_app.floor.orders import Order, SetAgentStatus
from tests.unit.floor.stage import A1, BOSS, VIEWER, Stage


def chosen(stage: Stage, code: str) -> None:
    """He gets this status, as the controller orders it."""
    stage.floor.intended[A1] = (code, stage.now)
    stage.say(facts.AgentStatusSet, A1, stage.floor.book.switch_status(code))


def follows(stage: Stage) -> object:
    return stage.doc()["after_call"]


def cancelled(stage: Stage) -> tuple[Order, ...]:
    return decide_after_call.cancel_after_call(stage.floor, BOSS, commands.CancelAfterCall(A1)).orders


@pytest.mark.parametrize("before", ["away", "on_break", "logged_out", "available"])
def test_who_goes_into_a_call_with_a_status_was_asked_for_nothing_to_follow_it(before: str) -> None:
    stage = Stage()
    chosen(stage, before)
    stage.internal()
    assert (stage.code(), follows(stage)) == ("internal_call", None)
    assert cancelled(stage) == ()


@pytest.mark.parametrize("before", ["away", "logged_out", "available"])
def test_what_was_asked_for_in_a_call_is_taken_back_to_what_was_before(before: str) -> None:
    stage = Stage()
    chosen(stage, before)
    stage.internal()
    chosen(stage, "on_break")
    assert follows(stage) == "on_break"
    chosen(stage, "wrap_up")
    assert follows(stage) == "wrap_up"
    (order,) = cancelled(stage)
    assert isinstance(order, SetAgentStatus)
    assert order.status == stage.floor.book.switch_status(before)
    chosen(stage, before)
    assert (stage.doc()["chosen"], follows(stage), cancelled(stage)) == (before, None, ())


def test_a_status_that_follows_a_call_follows_no_other_call() -> None:
    stage = Stage()
    leg, _ = stage.internal()
    chosen(stage, "away")
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    assert (stage.code(), follows(stage), cancelled(stage)) == ("away", None, ())
    stage.internal()
    assert (stage.code(), follows(stage), cancelled(stage)) == ("internal_call", None, ())


def test_a_new_controller_knows_what_it_goes_back_to() -> None:
    stage = Stage()
    chosen(stage, "away")
    stage.internal()
    chosen(stage, "on_break")
    document = stage.doc()
    stage.floor.agents[A1].chosen_before = ""
    agents.recall(stage.floor, document)
    assert stage.doc() == document
    assert len(cancelled(stage)) == 1


def test_a_new_controller_knows_it_of_what_was_answered_and_not_shown_any_more() -> None:
    stage = Stage()
    chosen(stage, "available")
    stage.internal()
    document = stage.doc()
    agents.recall(stage.floor, document)
    agents.recall_choice(stage.floor.agents[A1], "away", "On Break", stage.now)
    assert follows(stage) == "away"
    agents.recall_choice(stage.floor.agents[A1], "away", "On Break", stage.now)
    assert follows(stage) == "away", "the same, and shown"
    (order,) = cancelled(stage)
    assert isinstance(order, SetAgentStatus)
    assert order.status == "Available"


def test_what_waits_for_the_end_of_the_ringing_needs_no_order_and_a_call_that_rings_is_not_taken_away() -> None:
    stage = Stage()
    stage.offer()
    stage.floor.deferred[A1] = Deferred("away", "boss")
    assert (follows(stage), cancelled(stage)) == ("away", ())
    stage = Stage()
    chosen(stage, "away")
    stage.internal()
    chosen(stage, "available")
    stage.offer()
    with pytest.raises(Rejected, match=AGENT_RINGING):
        cancelled(stage)


def test_who_may_not_change_it_may_not_take_it_back() -> None:
    stage = Stage()
    stage.talk()
    chosen(stage, "away")
    with pytest.raises(Rejected, match="permission_denied"):
        decide_after_call.cancel_after_call(stage.floor, VIEWER, commands.CancelAfterCall(A1))
