"""An agent rung on several phones at once: desk and mobile, with a key to press on the mobile, and with a delay."""

from __future__ import annotations

from tests.contract.driver import BUSY, answers
from tests.contract.floor import Floor
from tests.contract.order import assert_in_order, of
from tests.contract.patience import wait

AGENT = "1001@default"
DESK = "[leg_timeout=6]user/1001@default"
MOBILE_NUMBER = "09011112222"
KEY = "group_confirm_key=1,group_confirm_file=silence_stream://200,group_confirm_timeout=4"
MOBILE = f"[leg_timeout=10,{KEY}]sofia/gateway/carrier/{MOBILE_NUMBER}"


def _legs(floor: Floor) -> tuple[str, str]:
    """The uuids of the desk's and the mobile's leg of the offer that comes next."""
    found = {}
    while len(found) < 2:
        create = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
        assert create["variable_cc_agent"] == AGENT
        found[create["Caller-Destination-Number"]] = create.uuid
    return found["1001"], found[MOBILE_NUMBER]


def test_mobile_when_the_key_is_pressed_then_it_gets_the_call_and_not_before(floor: Floor) -> None:
    floor.agent("1001", contact=f"{DESK},{MOBILE}")
    mobile = floor.driver.caller(MOBILE_NUMBER)
    mobile.behave(answers(0.2, press="1", press_after_s=1.0))
    floor.call()
    desk_leg, mobile_leg = _legs(floor)
    answer = floor.esl.wait("CHANNEL_ANSWER", Unique_ID=mobile_leg)
    start = floor.esl.wait("cc:bridge-agent-start")
    assert start["CC-Agent-UUID"] == mobile_leg
    assert int(start["Event-Date-Timestamp"]) - int(answer["Event-Date-Timestamp"]) > 800_000
    lost = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=desk_leg)
    assert lost["Hangup-Cause"] == "LOSE_RACE"
    assert floor.esl.wait("CHANNEL_BRIDGE")["Bridge-B-Unique-ID"] == mobile_leg
    floor.hear({MOBILE_NUMBER: {"0312345678"}, "0312345678": {MOBILE_NUMBER}, "1001": set()})


def test_mobile_when_voicemail_answers_then_the_desk_phone_still_gets_the_call(floor: Floor) -> None:
    floor.agent("1001", contact=f"{DESK},{MOBILE}")
    floor.driver.caller(MOBILE_NUMBER).behave(answers(0.2))
    floor.driver.phone("1001").behave(answers(1.5))
    floor.call()
    desk_leg, mobile_leg = _legs(floor)
    floor.esl.wait("CHANNEL_ANSWER", Unique_ID=mobile_leg)
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent-UUID"] == desk_leg
    assert floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=mobile_leg)["Hangup-Cause"] == "LOSE_RACE"


def test_mobile_when_only_voicemail_answers_then_the_offer_fails(floor: Floor) -> None:
    floor.agent("1001", contact=f"[leg_timeout=3]user/1001@default,{MOBILE}")
    floor.config(f"agent set no_answer_delay_time {AGENT} 30")
    floor.driver.caller(MOBILE_NUMBER).behave(answers(0.2))
    _, start = floor.call()
    _, mobile_leg = _legs(floor)
    answer = floor.esl.wait("CHANNEL_ANSWER", Unique_ID=mobile_leg)
    events = floor.esl.until("cc:bridge-agent-fail")
    assert events[-1]["CC-Hangup-Cause"] == "ALLOTTED_TIMEOUT"
    assert of(events, "cc:bridge-agent-start") == []
    told = (e for e in events if e.name == "CHANNEL_HANGUP_COMPLETE" and e.uuid == mobile_leg)
    ended = next(told, None) or floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=mobile_leg)
    assert 3 < (int(ended["Event-Date-Timestamp"]) - int(answer["Event-Date-Timestamp"])) / 1e6 < 6
    assert [row["uuid"] for row in floor.rows("member list")] == [start["CC-Member-UUID"]]


def test_mobile_when_busy_then_the_desk_phone_rings_on(floor: Floor) -> None:
    floor.agent("1001", contact=f"{DESK},{MOBILE}")
    floor.driver.caller(MOBILE_NUMBER).behave(BUSY)
    floor.call()
    _, mobile_leg = _legs(floor)
    assert floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=mobile_leg)["Hangup-Cause"] == "USER_BUSY"
    assert of(floor.esl.gather(0.5), "cc:bridge-agent-fail") == []
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.driver.phone("1001").answer()
    floor.esl.wait("cc:bridge-agent-start")


def test_delayed_leg_when_its_time_comes_then_rung_too(floor: Floor) -> None:
    floor.agent("1001", contact=f"{DESK},[leg_delay_start=2,leg_timeout=6]sofia/gateway/carrier/{MOBILE_NUMBER}")
    floor.call()
    desk = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number="1001")
    mobile = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number=MOBILE_NUMBER)
    assert 1.5 < (int(mobile["Event-Date-Timestamp"]) - int(desk["Event-Date-Timestamp"])) / 1e6 < 3.5
    wait(lambda: floor.driver.caller(MOBILE_NUMBER).state == "ringing")
    assert floor.driver.phone("1001").state == "ringing"


def test_delayed_leg_when_cancelled_before_its_time_then_it_ends_without_having_been_created(floor: Floor) -> None:
    floor.agent("1001", contact=f"{DESK},[leg_delay_start=4,leg_timeout=6]sofia/gateway/carrier/{MOBILE_NUMBER}")
    caller, _ = floor.call()
    desk = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.esl.events.clear()
    caller.hang_up()
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="Waiting")
    events += floor.esl.gather(0.5)
    ended = {
        e.uuid: e["Hangup-Cause"]
        for e in events
        if e.name == "CHANNEL_HANGUP_COMPLETE" and e["Call-Direction"] == "outbound"
    }
    assert len(ended) == 2
    assert ended[desk.uuid] == "ORIGINATOR_CANCEL"
    assert of(events, "CHANNEL_CREATE") == []
    assert floor.driver.caller(MOBILE_NUMBER).state == "idle"


def test_sequence_when_the_caller_leaves_then_the_next_phone_is_rung_for_nobody(floor: Floor) -> None:
    floor.agent("1001", contact=f"user/1001@default|sofia/gateway/carrier/{MOBILE_NUMBER}")
    caller, _ = floor.call()
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.esl.events.clear()
    caller.hang_up()
    events = floor.esl.until("CHANNEL_CREATE", Caller_Destination_Number=MOBILE_NUMBER)
    assert_in_order(events, ("cc:member-queue-end", {"CC-Cause": "Cancel"}), "CHANNEL_CREATE")
    ghost = events[-1].uuid
    wait(lambda: floor.driver.caller(MOBILE_NUMBER).state == "ringing")
    assert floor.agent_row(AGENT)["state"] == "Receiving"
    assert floor.esl.api(f"uuid_kill {ghost}") == "+OK\n"
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
