"""Wishes decided on the state of now."""

from __future__ import annotations

import pytest

from fs_app.floor import commands, decide, facts, listening, orders
from fs_app.floor.actor import Actor
from fs_app.floor.errors import HTTP_STATUS, Rejected

from .stage import A1, AGENT, BOSS, EDITOR, SALES, SUPPORT, VIEWER, Stage, uuid


def refused(call: object, *args: object, **more: object) -> str:
    with pytest.raises(Rejected) as caught:
        call(*args, **more)
    assert caught.value.error in HTTP_STATUS
    return caught.value.error


def start(
    stage: Stage, actor: Actor = BOSS, mode: str = "monitor", extension: str = "9001", **more: object
) -> decide.Decision:
    wish = commands.StartSupervision(A1, mode, extension, SUPPORT, **more)
    return decide.start_supervision(stage.floor, actor, wish, ident="s1", leg=uuid(), now=stage.now)


@pytest.mark.parametrize(
    ("code", "status"),
    [("wrap_up", "On Break"), ("on_break", "On Break"), ("away", "On Break"), ("logged_out", "Logged Out")],
)
def test_a_status_is_ordered_in_mod_callcenters_own_words(code: str, status: str) -> None:
    decision = decide.set_status(Stage().floor, BOSS, commands.SetStatus(A1, code))
    assert decision.orders == (orders.SetAgentStatus(A1, status, unless_offered=True),)


def test_the_status_he_already_has_orders_nothing() -> None:
    assert decide.set_status(Stage().floor, BOSS, commands.SetStatus(A1, "available")).orders == ()


def test_an_agent_on_break_is_changed_without_being_taken_aside_first() -> None:
    stage = Stage()
    stage.say(facts.AgentStatusSet, A1, "On Break")
    decision = decide.set_status(stage.floor, BOSS, commands.SetStatus(A1, "available"))
    assert decision.orders == (orders.SetAgentStatus(A1, "Available"),)


@pytest.mark.parametrize("code", ["ringing", "queue_call", "on_hold", "Available", "", "nonsense"])
def test_b8_a_status_that_calls_make_or_nobody_knows_cannot_be_chosen(code: str) -> None:
    assert refused(decide.set_status, Stage().floor, BOSS, commands.SetStatus(A1, code)) == "status_not_selectable"


def test_b9_a_status_is_refused_when_the_phone_began_to_ring_after_the_window_opened() -> None:
    stage = Stage()
    stage.offer()
    assert refused(decide.set_status, stage.floor, BOSS, commands.SetStatus(A1, "away")) == "agent_ringing"


def test_unknown_agents_and_queues_are_named_so_to_administrators_only() -> None:
    floor = Stage().floor
    assert refused(decide.set_status, floor, BOSS, commands.SetStatus("9@x", "away")) == "unknown_agent"
    assert refused(decide.set_status, floor, BOSS, commands.SetStatus(A1, "away", "no@queue")) == "unknown_queue"
    assert refused(decide.set_status, floor, EDITOR, commands.SetStatus(A1, "away", "no@queue")) == "permission_denied"
    assert refused(decide.set_status, floor, VIEWER, commands.SetStatus("1002@default", "away")) == "permission_denied"


@pytest.mark.parametrize("value", [0, 16, -1, "3", 3.5, None, True, [], 10**30])
def test_c5_a_priority_that_is_no_whole_number_from_1_to_15_is_refused(value: object) -> None:
    wish = commands.SetPriority(A1, SUPPORT, value)
    assert refused(decide.set_priority, Stage().floor, BOSS, wish) == "priority_out_of_range"


@pytest.mark.parametrize("value", [2, 15])
def test_a_priority_is_ordered_as_the_tiers_level(value: int) -> None:
    decision = decide.set_priority(Stage().floor, EDITOR, commands.SetPriority(A1, SUPPORT, value))
    assert decision.orders == (orders.SetTierLevel(SUPPORT, A1, value),)


def test_the_priority_he_already_has_orders_nothing() -> None:
    assert decide.set_priority(Stage().floor, EDITOR, commands.SetPriority(A1, SUPPORT, 1)).orders == ()


@pytest.mark.parametrize(("mode", "digit"), [("monitor", 0), ("whisper", 2), ("barge", 3)])
def test_a_supervision_rings_the_actors_own_extension_onto_the_agents_leg(mode: str, digit: int) -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    decision = start(stage, mode=mode)
    (order,) = decision.orders
    assert isinstance(order, orders.RingSupervisor)
    assert (order.extension, order.target, order.mode, order.leg) == ("9001", leg, digit, decision.begins.leg)


def test_an_extension_that_is_not_the_actors_own_is_refused() -> None:
    stage = Stage()
    stage.talk()
    assert refused(start, stage, extension="9999") == "permission_denied"


def test_listening_to_a_held_call_watches_the_callers_leg_silently() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    stage.say(facts.ChannelHeld, leg)
    (order,) = start(stage).orders
    assert (order.target, order.mode) == (caller, 0)
    assert refused(start, stage, mode="whisper") == "on_hold_no_whisper"


def test_one_extension_supervises_one_call_at_a_time() -> None:
    stage = Stage()
    stage.talk()
    listening.begin(stage.floor, start(stage).begins)
    assert refused(start, stage) == "already_supervising"
    assert start(stage, extension="9002").orders


def test_an_extension_in_a_call_is_busy() -> None:
    stage = Stage()
    stage.talk()
    stage.say(facts.ChannelSeen, uuid(), True, extension="9001@default", destination="5010")
    assert refused(start, stage) == "terminal_busy"


def listen(stage: Stage, mode: str = "monitor") -> str:
    begun = start(stage, mode=mode).begins
    listening.begin(stage.floor, begun)
    stage.say(facts.ChannelSeen, begun.leg, False, extension="9001@default", supervision="s1")
    stage.say(facts.ChannelAnswered, begun.leg)
    stage.eavesdrop(begun.leg, begun.target)
    assert begun.state == "listening"
    return begun.leg


def test_a_mode_is_switched_while_listening_only_and_by_its_owner_only() -> None:
    stage = Stage()
    stage.talk()
    begun = start(stage).begins
    listening.begin(stage.floor, begun)
    assert refused(decide.change_mode, stage.floor, BOSS, commands.ChangeMode("s1", "whisper")) == "not_monitorable"
    stage = Stage()
    stage.talk()
    leg = listen(stage)
    decision = decide.change_mode(stage.floor, BOSS, commands.ChangeMode("s1", "whisper"))
    assert decision.orders == (orders.SwitchMode(leg, 2),)
    assert decide.change_mode(stage.floor, BOSS, commands.ChangeMode("s1", "monitor")).orders == ()
    assert refused(decide.change_mode, stage.floor, EDITOR, commands.ChangeMode("s1", "whisper")) == "permission_denied"
    assert refused(decide.change_mode, stage.floor, BOSS, commands.ChangeMode("s9", "whisper")) == "unknown_supervision"
    assert refused(decide.change_mode, stage.floor, BOSS, commands.ChangeMode("s1", "shout")) == "invalid_request"


def test_whispering_is_refused_while_the_agent_holds() -> None:
    stage = Stage()
    _, _, leg = stage.talk()
    listen(stage)
    stage.say(facts.ChannelHeld, leg)
    assert refused(decide.change_mode, stage.floor, BOSS, commands.ChangeMode("s1", "whisper")) == "on_hold_no_whisper"


def test_taking_over_joins_caller_and_supervisor() -> None:
    stage = Stage()
    _, caller, _ = stage.talk()
    leg = listen(stage)
    assert decide.take_over(stage.floor, BOSS, commands.TakeOver("s1")).orders == (orders.BridgeLegs(caller, leg),)


def test_taking_over_never_joins_the_colleague_whom_the_agent_asks_meanwhile() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listen(stage)
    stage.say(facts.ChannelHeld, leg)
    listening.move(stage.floor, stage.floor.supervisions["s1"], caller, on_member=True)
    stage.eavesdrop(stage.floor.supervisions["s1"].leg, caller)
    stage.internal()
    assert stage.code() == "internal_call"
    assert refused(decide.take_over, stage.floor, BOSS, commands.TakeOver("s1")) == "on_hold_no_whisper"


def test_whoever_whispers_may_go_back_to_listening_while_the_agent_holds() -> None:
    stage = Stage()
    _, caller, leg = stage.talk()
    listen(stage, mode="whisper")
    stage.say(facts.ChannelHeld, leg)
    listening.move(stage.floor, stage.floor.supervisions["s1"], caller, on_member=True)
    stage.eavesdrop(stage.floor.supervisions["s1"].leg, caller)
    decision = decide.change_mode(stage.floor, BOSS, commands.ChangeMode("s1", "monitor"))
    assert (decision.orders, decision.mode) == ((), "monitor"), "he is silent there; nothing need be sent"
    assert refused(decide.change_mode, stage.floor, BOSS, commands.ChangeMode("s1", "barge")) == "on_hold_no_whisper"


def test_an_agent_whose_phone_is_itself_listening_is_not_listened_to() -> None:
    stage = Stage()
    stage.talk()
    leg = uuid()
    stage.say(facts.ChannelSeen, leg, False, extension="1002@default", supervision="s7")
    stage.say(facts.ChannelAnswered, leg)
    assert stage.code("1002@default") == "internal_call"
    wish = commands.StartSupervision("1002@default", "monitor", "9001", SALES)
    with pytest.raises(Rejected) as caught:
        decide.start_supervision(stage.floor, BOSS, wish, ident="s1", leg=uuid(), now=stage.now)
    assert caught.value.error == "listening_itself"


def test_stopping_hangs_up_the_supervisors_leg() -> None:
    stage = Stage()
    stage.talk()
    leg = listen(stage)
    assert decide.stop_supervision(stage.floor, BOSS, commands.StopSupervision("s1")).orders == (orders.HangUp(leg),)


def test_an_agent_changes_his_own_status_and_no_other_thing() -> None:
    stage = Stage()
    assert decide.set_status(stage.floor, AGENT, commands.SetStatus(A1, "away")).orders
    assert (
        refused(decide.set_status, stage.floor, AGENT, commands.SetStatus("1002@default", "away"))
        == "permission_denied"
    )
    assert refused(decide.set_priority, stage.floor, AGENT, commands.SetPriority(A1, SUPPORT, 2)) == "permission_denied"
