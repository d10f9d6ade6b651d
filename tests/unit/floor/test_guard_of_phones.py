"""What the floor sees to by itself: phones and agents that a call has left behind."""

from __future__ import annotations

import pytest

from fs_app.floor import facts, guard, orders

from .stage import A1, SALES, SUPPORT, Stage, uuid


def unwanted(stage: Stage, after_s: float) -> list[tuple[str, str]]:
    return [(m.order.leg, m.why) for m in guard.unwanted_legs(stage.floor, stage.now + after_s)]


def test_the_loser_of_ring_all_on_a_silent_leg_is_hung_up_after_two_seconds() -> None:
    stage = Stage()
    member, caller, first = stage.offer(queue=SALES)
    second = uuid()
    stage.say(facts.OfferStarted, "1002@default", SALES, member, caller)
    stage.say(
        facts.ChannelSeen, second, False, extension="1002@default", side="agent", agent="1002@default", queue=SALES,
        member=member, member_channel=caller,
    )  # fmt: skip
    stage.say(facts.ChannelAnswered, first)
    stage.say(facts.ChannelAnswered, second)
    stage.say(facts.OfferAnswered, A1, SALES, member, caller, first)
    stage.say(facts.ChannelsBridged, caller, first)
    assert "silent_leg" in stage.doc("1002@default")["alarms"]
    assert stage.code("1002@default") == "available"
    assert unwanted(stage, 3) == [(second, "silent_leg")]
    assert stage.code() == "queue_call"


def test_a_phone_that_rings_for_a_caller_who_has_gone_is_silenced() -> None:
    stage = Stage()
    _, caller, leg = stage.offer()
    stage.say(facts.ChannelHungUp, caller, "ORIGINATOR_CANCEL")
    assert unwanted(stage, 3) == [(leg, "ghost_offer")]


def test_a_ringing_phone_and_a_talking_one_are_left_alone() -> None:
    stage = Stage()
    stage.offer()
    assert unwanted(stage, 60) == []
    stage = Stage()
    stage.talk()
    assert unwanted(stage, 60) == []


def test_an_answered_mobile_that_has_not_pressed_its_key_rings_on() -> None:
    stage = Stage()
    _, _, leg = stage.offer()
    stage.say(facts.ChannelAnswered, leg)
    assert stage.code() == "ringing"
    assert unwanted(stage, 8) == []


def test_a_supervisors_leg_that_nobody_owns_is_ended() -> None:
    stage = Stage()
    leg = uuid()
    stage.say(facts.ChannelSeen, leg, False, extension="9001@default", supervision="gone")
    assert unwanted(stage, 1) == []
    assert unwanted(stage, 6) == [(leg, "unowned_supervision")]


def test_an_agent_stuck_in_receiving_without_a_leg_is_set_free() -> None:
    stage = Stage()
    stage.say(facts.AgentStateSet, A1, "Receiving")
    stage.floor.agents[A1].tiers[SUPPORT].state = "Offering"
    assert list(guard.stuck_agents(stage.floor, stage.now + 30)) == []
    found = [m.order for m in guard.stuck_agents(stage.floor, stage.now + 120)]
    assert found == [orders.SetAgentState(A1, "Waiting"), orders.SetTierState(SUPPORT, A1, "Ready")]


def test_an_agent_taken_aside_and_forgotten_is_set_waiting_again() -> None:
    stage = Stage()
    stage.say(facts.AgentStateSet, A1, "Idle")
    assert [m.why for m in guard.stuck_agents(stage.floor, stage.now + 6)] == ["parked"]


def after_status(stage: Stage, after_s: float) -> list[tuple[str, str]]:
    found = guard.offers_after_status(stage.floor, stage.floor.agents[A1], stage.now + after_s)
    return [(m.order.leg, m.why) for m in found]


@pytest.mark.parametrize("status", ["On Break", "Logged Out"])
def test_a_phone_that_rings_on_after_its_agent_stopped_taking_calls_is_silenced(status: str) -> None:
    stage = Stage()
    _, _, leg = stage.offer(queue=SALES)
    stage.say(facts.AgentStatusSet, A1, status)
    assert after_status(stage, 0.5) == [], "mod_callcenter mostly does it itself, in the same tick"
    assert after_status(stage, 1.5) == [(leg, "offer_after_status")]


@pytest.mark.parametrize("status", ["Available", "Available (On Demand)"])
def test_a_phone_of_an_agent_who_takes_calls_rings_on(status: str) -> None:
    stage = Stage()
    stage.offer()
    stage.say(facts.AgentStatusSet, A1, status)
    assert after_status(stage, 60) == []


def test_a_voicemail_that_picked_up_before_the_agent_went_on_break_is_ended_and_who_just_picked_up_is_not() -> None:
    stage = Stage()
    _, _, leg = stage.offer()
    stage.say(facts.AgentStatusSet, A1, "On Break")
    stage.say(facts.ChannelAnswered, leg)
    assert after_status(stage, 1) == []
    assert after_status(stage, 3) == [(leg, "offer_after_status")]


def test_a_call_that_he_has_is_his_whatever_status_he_takes() -> None:
    stage = Stage()
    stage.talk()
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert after_status(stage, 60) == []


def test_a_mobile_that_answers_after_its_caller_has_gone_is_hung_up() -> None:
    stage = Stage()
    member, caller, leg = stage.offer()
    stage.say(facts.MemberLeft, member, caller, SUPPORT, False, "BREAK_OUT")
    stage.say(facts.ChannelHungUp, caller, "NORMAL_CLEARING")
    stage.say(facts.ChannelAnswered, leg)
    assert stage.code() == "available"
    assert [m.why for m in guard.watch(stage.floor, stage.now + 3)] == ["silent_leg"]
