"""Supervision by eavesdrop: how the supervisor's phone is rung, what proves that it listens, how it ends.

Who hears whom is in test_who_hears_whom.py.
"""

from __future__ import annotations

import json
import uuid

import pytest

from tests.contract.driver import BUSY, NOT_FOUND, REJECT, RING, UNREGISTERED, UNREGISTERED_PHONE, Behaviour, answers
from tests.contract.floor import MONITOR, STAY, WHISPER, Floor, QueueCall, eavesdrop
from tests.contract.order import assert_in_order, of
from tests.contract.patience import wait

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def call(floor: Floor) -> QueueCall:
    """A queue call of agent 1001."""
    floor.agent("1001")
    return floor.answered_call()


def test_listening_when_the_phone_answers_then_proved_on_the_watched_leg(floor: Floor, call: QueueCall) -> None:
    own, job = str(uuid.uuid4()), str(uuid.uuid4())
    floor.driver.phone("9001").behave(answers(0.2))
    floor.esl.events.clear()
    dial = eavesdrop(own, "9001", call.agent_leg, variables="sasayaki_supervision=a1b2")
    floor.esl.command(f"bgapi originate {dial}\nJob-UUID: {job}")
    events = floor.esl.until("MEDIA_BUG_START")
    leg = {"Unique-ID": own, "variable_sasayaki_supervision": "a1b2"}
    assert_in_order(
        events,
        ("CHANNEL_CREATE", leg | {"Channel-Presence-ID": "9001@default", "Call-Direction": "outbound"}),
        ("CHANNEL_ANSWER", leg),
        ("CHANNEL_EXECUTE", leg | {"Application": "eavesdrop", "Application-Data": call.agent_leg}),
        (
            "MEDIA_BUG_START",
            {"Unique-ID": call.agent_leg, "Media-Bug-Function": "eavesdrop", "Media-Bug-Target": call.agent_leg},
        ),
    )
    jobs = of(events, "BACKGROUND_JOB") or [floor.esl.wait("BACKGROUND_JOB")]
    jobs += of(floor.esl.gather(0.2), "BACKGROUND_JOB")
    assert [(e["Job-UUID"], e.body) for e in jobs] == [(job, f"+OK {own}\n")]
    assert "9001" not in json.dumps(events[-1])  # the proof says nothing about who listens
    dump = floor.esl.api_json(f"uuid_dump {own} json")
    assert dump["variable_sasayaki_supervision"] == "a1b2"
    assert (dump["variable_current_application"], dump["variable_current_application_data"]) == (
        "eavesdrop",
        call.agent_leg,
    )
    assert dump["Answer-State"] == "answered"


def test_buglist_when_somebody_listens_then_one_entry_each_without_a_name(floor: Floor, call: QueueCall) -> None:
    assert floor.esl.api(f"uuid_buglist {call.agent_leg}") == "<media-bugs>\n</media-bugs>\n"
    floor.listen("9001", call.agent_leg)
    floor.listen("9002", call.agent_leg)
    entry = (
        f" <media-bug>\n  <function>eavesdrop</function>\n  <target>{call.agent_leg}</target>\n"
        "  <thread-locked>0</thread-locked>\n </media-bug>\n"
    )
    assert floor.esl.api(f"uuid_buglist {call.agent_leg}") == f"<media-bugs>\n{entry}{entry}</media-bugs>\n"


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (RING, "NO_ANSWER"),
        (BUSY, "USER_BUSY"),
        (REJECT, "CALL_REJECTED"),
        (NOT_FOUND, "UNALLOCATED_NUMBER"),
        (UNREGISTERED_PHONE, "USER_NOT_REGISTERED"),
    ],
)
def test_ringing_when_the_supervisor_does_not_come_then_result_says_why(
    floor: Floor, call: QueueCall, behaviour: Behaviour, cause: str
) -> None:
    floor.driver.phone("9001").behave(behaviour)
    own = str(uuid.uuid4())
    dial = eavesdrop(own, "9001", call.agent_leg).replace("originate_timeout=10", "originate_timeout=1")
    assert floor.esl.bgapi(f"originate {dial}") == f"-ERR {cause}\n"
    assert of(floor.esl.gather(0.2), "MEDIA_BUG_START") == []
    assert floor.esl.api(f"uuid_exists {own}") == "false"
    assert call.agent.state == call.customer.state == "talking"


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        (f"user/{UNREGISTERED}@default", "USER_NOT_REGISTERED"),
        ("user/8888@default", "SUBSCRIBER_ABSENT"),
        ("sofia/gateway/nowhere/0312345678", "INVALID_GATEWAY"),
        ("nonsense/1001", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_originate_when_the_target_cannot_be_rung_then_result_says_why(floor: Floor, target: str, cause: str) -> None:
    assert floor.esl.bgapi(f"originate {target} &park()") == f"-ERR {cause}\n"


def test_originate_when_the_outside_number_does_not_exist_then_result_says_so(floor: Floor) -> None:
    floor.driver.caller("0312349999").behave(NOT_FOUND)
    assert floor.esl.bgapi("originate sofia/gateway/carrier/0312349999 &park()") == "-ERR UNALLOCATED_NUMBER\n"


def test_originate_when_its_uuid_is_in_use_then_refused(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg)
    floor.driver.phone("9002").behave(answers(0))
    again = f"originate {eavesdrop(own, '9002', call.agent_leg)}"
    assert floor.esl.bgapi(again) == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert floor.esl.api(f"uuid_exists {own}") == "true"


def test_ringing_when_killed_then_the_phone_stops(floor: Floor, call: QueueCall) -> None:
    own, job = str(uuid.uuid4()), str(uuid.uuid4())
    floor.esl.command(f"bgapi originate {eavesdrop(own, '9001', call.agent_leg)}\nJob-UUID: {job}")
    wait(lambda: floor.driver.phone("9001").state == "ringing")
    assert floor.esl.api(f"uuid_kill {own}") == "+OK\n"
    assert floor.esl.wait("BACKGROUND_JOB", Job_UUID=job).body == "-ERR NORMAL_CLEARING\n"
    wait(lambda: floor.driver.phone("9001").state == "idle")


def test_answer_when_the_watched_call_is_gone_then_no_proof_and_the_leg_ends(floor: Floor) -> None:
    floor.driver.phone("9001").behave(answers(0))
    own = str(uuid.uuid4())
    assert floor.esl.bgapi(f"originate {eavesdrop(own, '9001', NOBODY)}") == f"+OK {own}\n"
    events = floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=own)
    assert of(events, "MEDIA_BUG_START") == []


@pytest.mark.parametrize("way", ["supervisor", "kill", "call ends"])
def test_listening_when_it_ends_then_stop_on_the_watched_leg_and_the_leg_is_gone(
    floor: Floor, call: QueueCall, way: str
) -> None:
    own = floor.listen("9001", call.agent_leg)
    floor.esl.events.clear()
    if way == "supervisor":
        floor.driver.phone("9001").hang_up()
    elif way == "kill":
        assert floor.esl.api(f"uuid_kill {own}") == "+OK\n"
    else:
        call.customer.hang_up()
    events = floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=own)
    stop = of(events, "MEDIA_BUG_STOP")
    assert [(e.uuid, e["Media-Bug-Function"]) for e in stop] == [(call.agent_leg, "eavesdrop")]
    wait(lambda: floor.driver.phone("9001").state == "idle")
    if way != "call ends":
        assert call.agent.state == call.customer.state == "talking"


def test_mode_when_switched_then_accepted_without_any_event(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg)
    floor.esl.events.clear()
    floor.switch_mode(own, WHISPER)
    floor.switch_mode(own, MONITOR)
    names = {e.name for e in floor.esl.gather(0.4)} - {"HEARTBEAT", "cc:members-count", "cc:agent-state-change"}
    assert names <= {"BACKGROUND_JOB"}


def test_mode_when_the_listener_is_gone_then_accepted_all_the_same(floor: Floor) -> None:
    floor.switch_mode(NOBODY, WHISPER)


def test_mode_when_the_end_is_sent_then_listening_ends(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg)
    floor.switch_mode(own, "*")
    floor.esl.wait("MEDIA_BUG_STOP", Unique_ID=call.agent_leg)
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=own)


def test_keys_when_switched_off_then_they_do_nothing(floor: Floor, call: QueueCall) -> None:
    floor.listen("9001", call.agent_leg)
    floor.hear({"9001": {"1001", call.customer.number}})
    floor.driver.phone("9001").press("13")
    floor.esl.gather(1.2)
    floor.hear({call.customer.number: {"1001"}, "1001": {call.customer.number}})


def test_following_when_the_call_ends_then_the_leg_stays_and_takes_the_next(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg, follow=True)
    floor.esl.events.clear()
    call.customer.hang_up()
    events = floor.esl.until("CHANNEL_EXECUTE", Unique_ID=own)
    assert_in_order(
        events,
        ("MEDIA_BUG_STOP", {"Unique-ID": call.agent_leg}),
        ("CHANNEL_EXECUTE_COMPLETE", {"Unique-ID": own, "Application": "eavesdrop"}),
        (
            "CHANNEL_EXECUTE",
            {"Unique-ID": own, "Application": "playback", "Application-Data": "silence_stream://-1"},
        ),
    )
    following = floor.answered_call("1001", "0398765432")
    floor.move(own, following.agent_leg)
    assert floor.driver.phone("9001").state == "talking"


def test_following_when_the_leg_is_parked_then_it_stays_too(floor: Floor, call: QueueCall) -> None:
    floor.driver.phone("9001").behave(answers(0))
    own = str(uuid.uuid4())
    steps = f"'eavesdrop:{call.agent_leg},park' inline"
    assert floor.esl.bgapi(f"originate {{origination_uuid={own}}}user/9001@default {steps}") == f"+OK {own}\n"
    floor.esl.wait("MEDIA_BUG_START", Unique_ID=call.agent_leg)
    call.customer.hang_up()
    floor.esl.wait("CHANNEL_EXECUTE", Unique_ID=own, Application="park")
    assert floor.esl.api(f"uuid_exists {own}") == "true"


def test_proof_when_the_listener_is_moved_then_his_own_leg_says_so_first(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg, follow=True)
    floor.esl.events.clear()
    assert floor.esl.api(f"uuid_transfer {own} 'eavesdrop:{call.member_leg},{STAY}' inline") == "+OK\n"
    events = floor.esl.until("MEDIA_BUG_START", Unique_ID=call.member_leg)
    on_member = {"Unique-ID": own, "Application": "eavesdrop", "Application-Data": call.member_leg}
    bug = {"Unique-ID": call.member_leg, "Media-Bug-Function": "eavesdrop"}
    assert_in_order(events, ("CHANNEL_EXECUTE", on_member), ("MEDIA_BUG_START", bug))


def test_proof_when_an_outside_phone_answers_then_nothing_is_executed_before_its_key(
    floor: Floor, call: QueueCall
) -> None:
    mobile, own = floor.driver.caller("09011112222"), str(uuid.uuid4())
    mobile.behave(answers(0))
    _, _, ordered = eavesdrop(own, "9001", call.agent_leg).partition("user/9001@default ")
    variables = f"{{origination_uuid={own},group_confirm_key=1,group_confirm_file=silence_stream://5000}}"
    floor.esl.events.clear()
    floor.esl.command(f"bgapi originate {variables}sofia/gateway/carrier/09011112222 {ordered}")
    floor.esl.wait("CHANNEL_ANSWER", Unique_ID=own)
    assert of(floor.esl.gather(0.5), "CHANNEL_EXECUTE") == []
    assert floor.esl.api(f"uuid_getvar {own} current_application") == "_undef_"
    mobile.press("1")
    begun = {"Unique-ID": own, "Application": "eavesdrop", "Application-Data": call.agent_leg}
    events = floor.esl.until("MEDIA_BUG_START", Unique_ID=call.agent_leg)
    assert_in_order(events, ("CHANNEL_EXECUTE", begun), "MEDIA_BUG_START")


def test_take_over_when_bridged_with_the_caller_then_the_agent_is_free(floor: Floor, call: QueueCall) -> None:
    own = floor.listen("9001", call.agent_leg)
    floor.esl.events.clear()
    assert floor.esl.api(f"uuid_bridge {call.member_leg} {own}") == f"+OK {own}\n"
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="Waiting")
    events += floor.esl.gather(0.3)
    bridged = {"Bridge-A-Unique-ID": call.member_leg, "Bridge-B-Unique-ID": own}
    assert_in_order(events, ("MEDIA_BUG_STOP", {"Unique-ID": call.agent_leg}), ("CHANNEL_BRIDGE", bridged))
    assert_in_order(
        events,
        ("cc:bridge-agent-end", {"Unique-ID": call.agent_leg, "CC-Agent-Bridged": "true"}),
        ("cc:member-queue-end", {"Unique-ID": call.member_leg, "CC-Cause": "Terminated", "Answer-State": "answered"}),
        "cc:agent-state-change",
    )
    # mod_callcenter and the leg are threads of their own: either may be the first to tell its end.
    ended = next(e for e in events if e.name == "CHANNEL_HANGUP_COMPLETE" and e.uuid == call.agent_leg)
    assert ended["Hangup-Cause"] == "NORMAL_CLEARING"
    assert of(events, "CHANNEL_UNBRIDGE") != []
    wait(lambda: call.agent.state == "idle")
    assert (call.customer.state, floor.driver.phone("9001").state) == ("talking", "talking")
    assert floor.rows("member list") == []
    call.customer.hang_up()
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=own)
