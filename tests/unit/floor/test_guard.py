"""What the floor sees to by itself."""

from __future__ import annotations

import pytest

from fs_app.floor import commands, decide, facts, guard, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Supervision

from .stage import BOSS, EDITOR, SALES, SUPPORT, VIEWER, Stage, uuid

A1 = "1001@default"


def listen(stage: Stage, actor: Actor = EDITOR, mode: str = "monitor", *, follow: bool = False) -> Supervision:
    wish = commands.StartSupervision(A1, mode, "9001", SUPPORT, follow)
    begun = decide.start_supervision(stage.floor, actor, wish, ident="s1", leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, begun)
    stage.say(facts.ChannelSeen, begun.leg, False, extension="9001@default", supervision="s1")
    stage.say(facts.ChannelAnswered, begun.leg)
    stage.say(facts.ListeningStarted, begun.target)
    return begun


def ring(stage: Stage, actor: Actor = EDITOR, *, follow: bool = False) -> Supervision:
    wish = commands.StartSupervision(A1, "monitor", "9001", SUPPORT, follow)
    begun = decide.start_supervision(stage.floor, actor, wish, ident="s1", leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, begun)
    stage.say(facts.ChannelSeen, begun.leg, False, extension="9001@default", supervision="s1")
    return begun


def mends(stage: Stage, actor: Actor | None = EDITOR) -> list[tuple[orders.Order, str]]:
    return [(m.order, m.why) for m in guard.supervisions(stage.floor, lambda _: actor, stage.now)]


def test_a_supervision_that_is_right_is_left_alone() -> None:
    stage = Stage()
    stage.talk()
    listen(stage)
    assert mends(stage) == []


def test_a_hold_moves_the_whisperer_silently_to_the_caller_and_the_resume_back_to_whispering() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listener = listen(stage, mode="whisper")
    stage.say(facts.ChannelHeld, leg)
    assert mends(stage) == [(orders.MoveSupervisor(listener.leg, caller, 0, False), "on_hold")]
    listening.move(stage.floor, listener, caller, stage.now, on_member=True)
    stage.say(facts.ListeningStarted, caller)
    assert listener.state == "listening"
    assert mends(stage) == []
    stage.say(facts.ChannelResumed, leg)
    assert mends(stage) == [(orders.MoveSupervisor(listener.leg, leg, 2, False), "resumed")]


def test_a_withdrawn_right_ends_the_supervision() -> None:
    stage = Stage()
    stage.talk()
    listener = listen(stage)
    assert mends(stage, VIEWER) == [(orders.HangUp(listener.leg), "permission_denied")]
    assert mends(stage, None) == [(orders.HangUp(listener.leg), "permission_denied")]


def test_an_agent_taken_out_of_the_queue_is_no_longer_heard() -> None:
    stage = Stage()
    stage.talk()
    listener = listen(stage)
    stage.floor.agents[A1].tiers.pop(SUPPORT)
    assert mends(stage) == [(orders.HangUp(listener.leg), "not_a_member")]


def test_a_follower_waits_between_calls_and_joins_the_next_permitted_one() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listener = listen(stage, follow=True)
    for one in (caller, leg):
        stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
    assert listener.state == "following"
    assert mends(stage) == []
    _, _, other = stage.talk(queue=SALES)
    assert mends(stage) == [], "a call of a queue that he may not hear is skipped"
    stage.say(facts.ChannelHungUp, other, "NORMAL_CLEARING")
    _, _, second = stage.talk()
    assert mends(stage) == [(orders.MoveSupervisor(listener.leg, second, 0, True), "next_call")]


def test_a_call_that_may_not_be_heard_any_more_ends_the_listening() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    listener = listen(stage)
    other = uuid()
    stage.say(facts.ChannelSeen, other, True, side="member")
    stage.floor.legs[leg].queue, stage.floor.legs[leg].member_channel = SALES, other
    stage.say(facts.ChannelsBridged, other, leg)
    assert mends(stage) == [(orders.HangUp(listener.leg), "other_queue_call")]
    assert mends(stage, BOSS) == []


def ends(listener: Supervision, why: str) -> list[tuple[orders.Order, str]]:
    return [(orders.HangUp(listener.leg), why)]


def held_and_moved(stage: Stage, caller: str, leg: str, *, follow: bool = False) -> Supervision:
    """A listener who was moved to the caller's leg because the agent holds the call."""
    listener = listen(stage, follow=follow)
    stage.say(facts.ChannelHeld, leg)
    listening.move(stage.floor, listener, caller, stage.now, on_member=True)
    stage.say(facts.ListeningStarted, caller)
    return listener


def sent_away(stage: Stage, caller: str, leg: str) -> None:
    """The agent transfers the caller: his own leg ends, the caller goes on with somebody else."""
    third = uuid()
    stage.say(facts.ChannelSeen, third, False, extension="1003@default")
    stage.say(facts.ChannelHungUp, leg, "BLIND_TRANSFER")
    stage.say(facts.ChannelsBridged, caller, third)


def test_d12_a_caller_sent_away_during_a_hold_is_listened_to_no_longer() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listener = held_and_moved(stage, caller, leg)
    sent_away(stage, caller, leg)
    assert mends(stage, BOSS) == ends(listener, "call_ended")


def test_a_follower_lets_go_of_a_caller_sent_away_and_waits() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listener = held_and_moved(stage, caller, leg, follow=True)
    sent_away(stage, caller, leg)
    assert mends(stage) == [(orders.LetWait(listener.leg), "between_calls")]
    listening.let_wait(stage.floor, listener)
    assert (listener.state, listener.target, mends(stage)) == ("following", "", [])


def test_who_listens_stays_with_the_customer_while_the_agent_asks_a_colleague() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listener = held_and_moved(stage, caller, leg, follow=True)
    stage.internal()
    assert (listener.target, mends(stage)) == (caller, [])


def test_d17_a_right_withdrawn_while_the_phone_rings_ends_the_ringing() -> None:
    stage = Stage()
    stage.talk()
    listener = ring(stage)
    assert mends(stage) == []
    assert mends(stage, VIEWER) == ends(listener, "permission_denied")


def test_a_call_that_ends_while_the_phone_rings_ends_the_ringing_but_for_a_follower() -> None:
    for follow in (False, True):
        stage = Stage()
        _, caller, leg = stage.talk()
        listener = ring(stage, follow=follow)
        for one in (caller, leg):
            stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
        assert mends(stage) == [], "a bridge that is made anew is away for a moment"
        stage.now += 1
        assert mends(stage) == ([] if follow else ends(listener, "call_ended"))
    stage.say(facts.ChannelAnswered, listener.leg)
    assert (listener.state, mends(stage)) == ("following", [])
    _, _, second = stage.talk()
    assert mends(stage) == [(orders.MoveSupervisor(listener.leg, second, 0, True), "next_call")]


def test_a_barge_does_not_go_on_into_the_next_customers_call_but_a_whisper_does() -> None:
    for mode, digit in (("barge", 0), ("whisper", 2)):
        stage = Stage()
        _, caller, leg = stage.talk()
        listener = listen(stage, mode=mode, follow=True)
        for one in (caller, leg):
            stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
        _, _, second = stage.talk()
        assert mends(stage) == [(orders.MoveSupervisor(listener.leg, second, digit, True), "next_call")]


def test_a_call_that_a_follower_may_not_hear_any_more_makes_him_wait() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    listener = listen(stage, follow=True)
    other = uuid()
    stage.say(facts.ChannelSeen, other, True, side="member")
    stage.floor.legs[leg].queue, stage.floor.legs[leg].member_channel = SALES, other
    stage.say(facts.ChannelsBridged, other, leg)
    assert mends(stage) == [(orders.LetWait(listener.leg), "between_calls")]


@pytest.mark.parametrize(
    ("first", "by_phone", "cause"),
    [("supervisor", True, "hung_up"), ("supervisor", False, "call_ended"), ("agent", True, "call_ended")],
)
def test_d18_how_a_listening_ended_is_known_whoever_ended_it(first: str, by_phone: bool, cause: str) -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    listener = listen(stage)
    if first == "agent":
        stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    stage.say(facts.ChannelHungUp, listener.leg, "NORMAL_CLEARING", by_phone=by_phone)
    assert (listener.state, listener.cause) == ("ended", cause)


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
