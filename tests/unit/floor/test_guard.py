"""What the floor sees to by itself: supervisions that are no longer right."""

from __future__ import annotations

import pytest

from fs_app.floor import commands, decide, facts, guard, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.entities import Supervision

from .stage import A1, BOSS, EDITOR, SALES, SUPPORT, VIEWER, Stage, uuid


def listen(stage: Stage, actor: Actor = EDITOR, mode: str = "monitor", *, follow: bool = False) -> Supervision:
    wish = commands.StartSupervision(A1, mode, "9001", SUPPORT, follow)
    begun = decide.start_supervision(stage.floor, actor, wish, ident="s1", leg=uuid(), now=stage.now).begins
    listening.begin(stage.floor, begun)
    stage.say(facts.ChannelSeen, begun.leg, False, extension="9001@default", supervision="s1")
    stage.say(facts.ChannelAnswered, begun.leg)
    stage.eavesdrop(begun.leg, begun.target)
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
    listening.move(stage.floor, listener, caller, on_member=True)
    stage.eavesdrop(listener.leg, caller)
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
    listening.move(stage.floor, listener, caller, on_member=True)
    stage.eavesdrop(listener.leg, caller)
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
    stage.say(facts.EavesdropExecuted, listener.leg, leg)
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
