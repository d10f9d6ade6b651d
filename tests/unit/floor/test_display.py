"""One code out of what he chose and what his legs do: never in a call when nobody talks."""

from __future__ import annotations

import pytest

from fs_app.floor import facts
from fs_app.floor.agents import set_wrap_up
from fs_app.floor.phones import extensions_of, terminal_of

from .stage import SALES, SUPPORT, Stage, uuid

A1 = "1001@default"


def test_bridged_false_and_a_late_start_never_read_as_a_call() -> None:
    stage = Stage()
    member, caller, leg = stage.offer()
    stage.say(facts.ChannelAnswered, leg)
    stage.say(facts.ChannelHungUp, caller, "NORMAL_CLEARING")
    stage.say(facts.OfferAnswered, A1, SUPPORT, member, caller, leg)
    assert stage.code() == "available"
    assert stage.doc()["alarms"] == ["silent_leg"]
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, False)
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    stage.say(facts.OfferAnswered, A1, SUPPORT, member, caller, leg)
    assert stage.code() == "available"
    assert stage.doc()["alarms"] == []


def test_a_leg_that_hung_up_before_it_was_created_stays_away() -> None:
    stage = Stage()
    leg = uuid()
    stage.say(facts.ChannelHungUp, leg, "ORIGINATOR_CANCEL")
    stage.say(facts.ChannelSeen, leg, False, extension=A1)
    assert leg not in stage.floor.legs
    assert stage.code() == "available"


def test_wrap_up_follows_a_queue_call_and_ends_by_the_clock() -> None:
    stage = Stage(wrap_up_s=10)
    member, caller, leg = stage.talk()
    stage.say(facts.ChannelHungUp, caller, "NORMAL_CLEARING")
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, True)
    doc = stage.doc()
    assert doc["code"] == "wrap_up"
    assert doc["until"] == int(stage.now) + 11
    stage.do(facts.TimePassed(doc["until"] + 0.1))
    assert (stage.code(), stage.doc()["since"]) == ("available", doc["until"])


def test_a_wrap_up_time_that_was_taken_when_the_call_had_already_ended_is_shown_from_its_end_on() -> None:
    stage = Stage()
    member, caller, leg = stage.talk()
    for one in (caller, leg):
        stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
    hung_up_at = stage.now
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, True)
    set_wrap_up(stage.floor, A1, 40)
    assert (stage.code(), stage.doc()["since"], stage.doc()["until"]) == ("wrap_up", hung_up_at, int(stage.now) + 41)


@pytest.mark.parametrize(("wrap_up_s", "code"), [(10, "wrap_up"), (0, "available")])
def test_what_follows_a_queue_call_begins_when_his_phone_is_free_and_not_when_mod_callcenter_has_noticed(
    wrap_up_s: int, code: str
) -> None:
    stage = Stage(wrap_up_s)
    member, caller, leg = stage.talk()
    stage.say(facts.ChannelsUnbridged, caller, leg)
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    free = code, stage.now
    assert (stage.code(), stage.doc()["since"]) == free
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, True)
    stage.say(facts.AgentStateSet, A1, "Waiting")
    assert (stage.code(), stage.doc()["since"]) == free
    assert stage.doc()["wrap_up_queue"] == (SUPPORT if wrap_up_s else None)


def test_a_call_that_mod_callcenter_never_took_for_bridged_has_no_wrap_up() -> None:
    stage = Stage(wrap_up_s=10)
    member, caller, leg = stage.offer()
    stage.say(facts.ChannelAnswered, leg)
    stage.say(facts.OfferAnswered, A1, SUPPORT, member, caller, leg)
    stage.say(facts.ChannelsBridged, caller, leg)
    for one in (caller, leg):
        stage.say(facts.ChannelHungUp, one, "NORMAL_CLEARING")
    assert stage.code() == "available"
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, False)
    assert stage.code() == "available"


def test_no_wrap_up_after_a_call_that_was_never_bridged_or_on_a_break() -> None:
    stage = Stage(wrap_up_s=10)
    member, _, leg = stage.offer()
    stage.say(facts.QueueCallEnded, A1, SUPPORT, member, leg, False)
    stage.say(facts.ChannelHungUp, leg, "NORMAL_CLEARING")
    assert stage.code() == "available"


def test_the_reason_of_a_break_is_remembered_while_it_fits() -> None:
    stage = Stage()
    stage.floor.intended[A1] = ("away", stage.now)
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.code() == "away"
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.code() == "away"
    stage.say(facts.AgentStatusSet, A1, "Available")
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.code() == "on_break"


def test_a6_time_in_a_status_counts_from_its_change_and_not_from_its_repetition() -> None:
    stage = Stage()
    stage.say(facts.AgentStatusSet, A1, "On Break")
    since = stage.doc()["since"]
    stage.say(facts.AgentStatusSet, A1, "On Break")
    assert stage.doc()["since"] == since
    stage.say(facts.AgentStatusSet, A1, "Available")
    assert stage.doc()["since"] == stage.now


def test_an_older_status_that_arrives_later_changes_nothing() -> None:
    stage = Stage()
    stage.say(facts.AgentStatusSet, A1, "On Break")
    stage.do(facts.AgentStatusSet(stage.now, stage.seq - 1, A1, "Available"))
    assert stage.code() == "on_break"


def test_a_misspelt_status_shows_an_alarm() -> None:
    stage = Stage()
    stage.say(facts.AgentStatusSet, A1, "available")
    assert (stage.code(), stage.doc()["alarms"]) == ("available", ["unknown_status"])


def test_direct_calls_in_and_out_have_their_own_names() -> None:
    stage = Stage()
    caller, leg = uuid(), uuid()
    stage.say(facts.ChannelSeen, caller, True, caller_name="Jiro", caller_number="09012345678")
    stage.say(facts.ChannelSeen, leg, False, extension=A1, caller_name="Jiro", caller_number="09012345678")
    assert stage.code() == "ringing"
    stage.say(facts.ChannelsBridged, caller, leg)
    assert (stage.code(), stage.doc()["call"]["with"]["name"]) == ("external_call", "Jiro")
    stage = Stage()
    out, callee = uuid(), uuid()
    stage.say(facts.ChannelSeen, out, True, extension=A1, destination="0312349999")
    stage.say(facts.ChannelSeen, callee, False, destination="0312349999")
    stage.say(facts.ChannelsBridged, out, callee)
    assert (stage.code(), stage.doc()["call"]["with"]["number"]) == ("outbound_call", "0312349999")


def test_both_ends_of_an_internal_call_read_so() -> None:
    stage = Stage()
    stage.internal()
    assert stage.code() == stage.code("1003@default") == "internal_call"


def test_contacts_are_read_as_phones_and_numbers() -> None:
    both = "[leg_timeout=10]user/1001@default,[leg_delay_start=10,group_confirm_key=1]sofia/gateway/carrier/09011112222"
    assert extensions_of(both) == ["1001@default"]
    assert (terminal_of(both).kind, terminal_of(both).outside) == ("both", "09011112222")
    assert extensions_of("sofia/internal/1001@192.0.2.9:5060") == ["1001@"]
    assert extensions_of("{a=b}sofia/internal/1002%pbx.example") == ["1002@pbx.example"]
    assert terminal_of("user/1003").text == "1003"
    assert (terminal_of("").kind, terminal_of("null/x").text) == ("other", "")


def test_a_call_of_an_unnamed_phone_is_found_by_its_contact() -> None:
    stage = Stage()
    stage.say(facts.AgentContactSet, "1003@default", "sofia/internal/2003@192.0.2.9")
    stage.say(facts.ChannelSeen, uuid(), True, presence="2003@pbx.example", destination="1001")
    assert stage.code("1003@default") == "internal_call"


def test_queue_call_of_the_other_queue_keeps_its_queue() -> None:
    stage = Stage()
    stage.talk(queue=SALES)
    assert stage.doc()["call"]["queue"] == SALES


def test_the_second_half_of_a_loopback_contact_is_no_call_of_the_agents() -> None:
    stage = Stage()
    member, caller, _ = stage.offer()
    more = {"side": "agent", "agent": A1, "queue": SUPPORT, "member": member, "member_channel": caller}
    stage.say(facts.ChannelSeen, uuid(), True, extension=A1, destination="9197", **more)
    assert stage.code() == "ringing"
