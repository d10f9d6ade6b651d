"""Where an agent is rung, decided; what became of each ringing, and what follows when an outside phone fails again and again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fs_app.floor import commands, facts, orders, terminals
from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected

from .stage import A1, AGENT, BOSS, EDITOR, SUPPORT, Stage

MOBILE = "[^^~sasayaki_outside=09011112222~leg_timeout=25]sofia/gateway/carrier/09011112222"
NOW = terminals.Kept()
SITE = terminals.Site()


def ordered(
    wish: commands.SetTerminal, actor: Actor = BOSS, kept: terminals.Kept = NOW, stage: Stage | None = None
) -> object:
    return terminals.set_terminal((stage or Stage()).floor, actor, wish, kept, SITE).orders


def refused(
    wish: commands.SetTerminal, actor: Actor = BOSS, kept: terminals.Kept = NOW, stage: Stage | None = None
) -> str:
    with pytest.raises(Rejected) as caught:
        ordered(wish, actor, kept, stage)
    return caught.value.error


def test_f1_each_kind_of_terminal_is_ordered_as_typed_values() -> None:
    extension = commands.SetTerminal(A1, "extension", "1001")
    both = commands.SetTerminal(A1, "both", "09011112222", "1001", 10)
    assert ordered(extension) == (orders.SetAgentContact(A1, "1001"),)
    assert ordered(both) == (orders.SetAgentContact(A1, "1001", orders.OutsidePhone("09011112222", 10)),)
    assert ordered(replace(both, kind="external")) == (
        orders.SetAgentContact(A1, None, orders.OutsidePhone("09011112222")),
    )


def test_f1_back_at_the_extension_of_before_is_the_contact_of_before_whatever_else_it_holds() -> None:
    theirs = "[leg_timeout=8,a=b]user/1001@default"
    kept = terminals.Kept(original=theirs)
    back = (orders.RestoreAgentContact(A1, orders.OldContact(theirs)),)
    assert ordered(commands.SetTerminal(A1, "extension", "1001"), kept=kept) == back
    assert ordered(commands.SetTerminal(A1, "original"), kept=kept) == back
    other = commands.SetTerminal(A1, "extension", "1009")
    assert ordered(other, kept=kept) == (orders.SetAgentContact(A1, "1009"),)
    assert refused(commands.SetTerminal(A1, "original")) == "no_original_terminal"


@pytest.mark.parametrize("delay", [0, 31, -1, None, "5", 2.5, True])
def test_f1_a_delay_that_is_no_whole_number_of_seconds_is_refused(delay: object) -> None:
    wish = commands.SetTerminal(A1, "both", "09011112222", "1001", delay)  # type: ignore[arg-type]
    assert refused(wish) == "invalid_request"


def test_f2_who_manages_nobody_is_rung_at_extensions_of_his_own_only() -> None:
    assert refused(commands.SetTerminal(A1, "extension", "1777"), AGENT) == "permission_denied"
    mine = replace(AGENT, extensions=("1777",))
    assert ordered(commands.SetTerminal(A1, "extension", "1777"), mine)
    assert ordered(commands.SetTerminal(A1, "extension", "1001"), AGENT)
    assert ordered(commands.SetTerminal(A1, "extension", "1777"), replace(AGENT, source="dial")), "a desk may be shared"
    stranger = Actor("x", USER, "X", agent="1002@default")
    assert refused(commands.SetTerminal(A1, "external", "09011112222"), stranger) == "permission_denied"


def test_f5_only_an_administrator_switches_the_key_off_or_on() -> None:
    wish = commands.SetTerminal(A1, "external", "09011112222", confirm=False, queue=SUPPORT)
    assert refused(wish, EDITOR) == "permission_denied"
    assert ordered(replace(wish, confirm=True), EDITOR), "it is so already"
    (order,) = ordered(wish)  # type: ignore[misc]
    assert order.outside.confirm is False
    assert refused(replace(wish, confirm=True), EDITOR, terminals.Kept(confirm=False)) == "permission_denied"


def missed(stage: Stage, cause: str, *, answer: bool = False) -> None:
    member, caller, leg = stage.offer()
    stage.floor.legs[leg].extension = ""
    if answer:
        stage.say(facts.ChannelAnswered, leg)
    stage.say(facts.ChannelHungUp, leg, cause)
    stage.say(facts.OfferFailed, A1, SUPPORT, member, cause)
    stage.say(facts.AgentStateSet, A1, "Waiting")
    stage.say(facts.ChannelHungUp, caller, "NORMAL_CLEARING")


@pytest.mark.parametrize(
    ("cause", "answer", "outcome"),
    [
        ("NO_ANSWER", False, "no_answer"),
        ("ALLOTTED_TIMEOUT", True, "not_confirmed"),
        ("USER_BUSY", False, "busy"),
        ("CALL_REJECTED", False, "rejected"),
        ("NORMAL_CIRCUIT_CONGESTION", False, "no_line"),
        ("ORIGINATOR_CANCEL", True, "cancelled"),
        ("LOSE_RACE", False, "taken"),
        ("DESTINATION_OUT_OF_ORDER", False, "failed"),
    ],
)
def test_f5_what_became_of_a_ringing_is_told_apart(cause: str, answer: bool, outcome: str) -> None:
    stage = Stage()
    missed(stage, cause, answer=answer)
    assert stage.doc()["ring_outcome"] == outcome


def test_f3_three_offers_missed_by_an_outside_phone_are_followed_by_the_queues_status_and_an_alarm() -> None:
    stage = Stage()
    stage.say(facts.AgentContactSet, A1, MOBILE)
    for cause in ("NO_ANSWER", "ORIGINATOR_CANCEL", "USER_BUSY", "NORMAL_CIRCUIT_CONGESTION"):
        missed(stage, cause)
    assert (stage.floor.missed, stage.doc()["alarms"]) == ({}, [])
    missed(stage, "ALLOTTED_TIMEOUT", answer=True)
    assert stage.floor.missed == {A1: ("away", SUPPORT)}
    assert stage.doc()["alarms"] == ["missed_offers"]
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.doc()["alarms"] == ["missed_offers"], "until somebody does something about it"
    stage.say(facts.AgentStatusSet, A1, "Available")
    assert (stage.floor.missed, stage.doc()["alarms"]) == ({}, [])


def test_f3_a_call_taken_in_between_starts_the_count_anew_and_a_desk_phone_is_not_counted() -> None:
    stage = Stage()
    for _ in range(5):
        missed(stage, "NO_ANSWER")
    assert stage.doc()["alarms"] == []
    stage.say(facts.AgentContactSet, A1, MOBILE)
    missed(stage, "NO_ANSWER")
    missed(stage, "NO_ANSWER")
    _, caller, leg = stage.talk()
    for one in (caller, leg):
        stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
    missed(stage, "NO_ANSWER")
    assert (stage.floor.missed, stage.doc()["alarms"]) == ({}, [])


def test_f4_an_agent_for_whom_no_line_was_free_is_left_alone_and_not_blamed() -> None:
    stage = Stage()
    stage.say(facts.AgentContactSet, A1, MOBILE)
    missed(stage, "NORMAL_CIRCUIT_CONGESTION")
    assert stage.floor.no_line == {A1}
    assert (stage.doc()["no_answer"], stage.doc()["missed"]) == (False, 0)


def test_a_prompt_that_cannot_be_played_is_an_alarm_until_a_call_is_taken() -> None:
    stage = Stage()
    stage.say(facts.AgentContactSet, A1, MOBILE)
    missed(stage, "DESTINATION_OUT_OF_ORDER", answer=True)
    assert "prompt_missing" in stage.doc()["alarms"]
    stage.talk()
    assert stage.doc()["alarms"] == []
