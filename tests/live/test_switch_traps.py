"""Behaviour of FreeSWITCH 1.10.12 that our code has to work around; when one of these fails, the work-around may go."""

from __future__ import annotations

import time

import pytest

from tests.contract.driver import MUSIC, RINGALL, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import of
from tests.contract.patience import slowness, wait
from tests.live.rig.driver import LiveDriver

pytestmark = pytest.mark.live


def test_take_over_when_sent_before_the_hold_music_starts_then_music_until_broken(
    rig: LiveDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    own = floor.listen("9001", call.agent_leg)
    call.agent.hold()
    floor.esl.wait("CHANNEL_HOLD", Unique_ID=call.agent_leg)
    floor.esl.api(f"uuid_bridge {call.member_leg} {own}")
    floor.hear({CUSTOMER: {MUSIC}, "9001": set()})
    assert floor.esl.api(f"uuid_break {call.member_leg}") == "+OK\n"
    floor.hear({CUSTOMER: {"9001"}, "9001": {CUSTOMER}})


def test_ring_all_when_two_answer_at_once_then_one_may_be_left_on_a_silent_leg(rig: LiveDriver, floor: Floor) -> None:
    for _ in range(25):
        rig.reset()
        floor.esl.events.clear()
        for extension in ("1001", "1002"):
            floor.agent(extension, RINGALL)
            rig.phone(extension).behave(answers(0.2))
        floor.call(queue=RINGALL)
        winner = floor.esl.wait("cc:bridge-agent-start")["CC-Agent"]
        loser = "1002" if winner.startswith("1001") else "1001"
        events = floor.esl.gather(0.8)
        if rig.phone(loser).state == "talking":
            assert of(events, "cc:bridge-agent-fail") == []
            assert floor.agent_row(f"{loser}@default")["state"] == "Waiting"
            assert rig.hears(loser) == set()
            return
    pytest.fail("two simultaneous answers never left an orphan: the race may be mended")


def test_status_when_changed_after_a_caller_vanished_at_the_answer_then_offers_are_not_cancelled(floor: Floor) -> None:
    floor.agent("1001")
    phone = floor.driver.phone("1001")
    phone.behave(answers(0.2))
    for number in ("0311110001", "0311110002", "0311110003"):
        floor.call(number)
        start = floor.esl.wait("cc:bridge-agent-start", CC_Member_CID_Number=number)
        floor.esl.api(f"uuid_kill {start['CC-Member-Session-UUID']}")
        floor.esl.wait("cc:bridge-agent-end")
        floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
        floor.esl.gather(0.5)  # the caller's own thread takes an ordinary row away meanwhile
        if floor.rows("member list"):
            break
    else:
        pytest.skip("the caller was never gone inside the 40 ms in which his row stays")
    phone.behave(answers(60))
    floor.esl.events.clear()
    floor.call("0398765432")
    wait(lambda: phone.state == "ringing")
    floor.config("agent set status 1001@default 'On Break'")
    assert of(floor.esl.gather(0.6), "cc:bridge-agent-fail") == []
    assert phone.state == "ringing"


def test_keys_when_left_on_then_key_1_lets_the_customer_hear_the_supervisor(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.listen("9001", call.agent_leg, variables="eavesdrop_enable_dtmf=true")
    floor.hear({"9001": {CUSTOMER, "1001"}})
    floor.driver.phone("9001").press("1")
    floor.hear({CUSTOMER: {"1001", "9001"}, "1001": {CUSTOMER}})


def test_channels_when_a_call_has_just_ended_then_still_listed_for_a_moment(rig: LiveDriver, floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    wait(lambda: floor.esl.api_json("show channels as json")["row_count"] == 2)
    call.customer.hang_up()
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=call.agent_leg)
    began = time.monotonic()
    assert floor.esl.api(f"uuid_exists {call.agent_leg}") == "false"
    wait(lambda: floor.esl.api_json("show channels as json")["row_count"] == 0)
    assert time.monotonic() - began < 2 * slowness()


def test_limit_when_supervised_then_counted_once_and_lost_by_a_transfer(rig: LiveDriver, floor: Floor) -> None:
    floor.esl.api("global_setvar rig_limit=1")
    floor.agent("1001")
    call = floor.answered_call()
    usage = "limit_usage hash calls all"
    assert floor.esl.api(usage) == "1"
    own = floor.listen("9001", call.agent_leg)
    assert floor.esl.api(usage) == "1"
    rig.caller("0398765432").dial("5010")
    wait(lambda: rig.caller("0398765432").state == "idle")
    assert floor.esl.api(f"uuid_bridge {call.member_leg} {own}") == f"+OK {own}\n"
    floor.hear({CUSTOMER: {"9001"}})
    assert floor.esl.api(usage) == "1"
    rig.phone("1003").behave(answers(0))
    floor.esl.api("global_setvar rig_limit=")
    floor.esl.api(f"uuid_transfer {call.member_leg} 1003 XML public")
    floor.hear({CUSTOMER: {"1003"}})
    assert floor.esl.api(usage) == "0"
