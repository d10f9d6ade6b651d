"""Callers who leave before they are served: while waiting, during the offer, at the answer; and who come back."""

from __future__ import annotations

from tests.contract.center import Center
from tests.contract.driver import PROGRESSIVE, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import assert_in_order, of
from tests.contract.patience import slowness, wait


def test_caller_when_hanging_up_while_waiting_then_cancelled_before_the_leg_ends(floor: Floor) -> None:
    caller, start = floor.call()
    caller.hang_up()
    leg = {"Unique-ID": start["CC-Member-Session-UUID"]}
    events = floor.esl.until("cc:members-count", CC_Count="0")
    events += floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=start["CC-Member-Session-UUID"])
    assert_in_order(
        events,
        (
            "cc:member-queue-end",
            leg
            | {
                "CC-Cause": "Cancel",
                "CC-Cancel-Reason": "BREAK_OUT",
                "Answer-State": "hangup",
                "Hangup-Cause": "NORMAL_CLEARING",
                "CC-Member-UUID": start["CC-Member-UUID"],
            },
        ),
        ("CHANNEL_HANGUP_COMPLETE", leg),
    )


def test_caller_when_back_soon_after_giving_up_then_has_his_old_place_and_is_seen_waiting(
    center: Center, floor: Floor
) -> None:
    caller, start = floor.call(queue=PROGRESSIVE)
    wait(lambda: center.documents("member"), "he is seen")
    caller.hang_up()
    wait(lambda: [row["state"] for row in floor.rows("member list")] == ["Abandoned"])
    wait(lambda: not center.documents("member"), lambda: center.documents("member"))
    floor.driver.caller(CUSTOMER, "Taro").dial("5013")
    back = floor.esl.wait("cc:member-queue-resume", CC_Queue=PROGRESSIVE, CC_Member_CID_Number=CUSTOMER)
    assert back["CC-Member-UUID"] == start["CC-Member-UUID"]
    assert back["CC-Member-Session-UUID"] != start["CC-Member-Session-UUID"]
    waiting = wait(lambda: list(center.documents("member").values()), "he is seen again")
    assert [(one["number"], one["queue"], one["state"]) for one in waiting] == [(CUSTOMER, PROGRESSIVE, "waiting")]


def test_caller_when_transferred_out_while_waiting_then_cancelled_but_alive(floor: Floor) -> None:
    _, start = floor.call()
    assert floor.esl.api(f"uuid_transfer {start.uuid} 1003 XML public") == "+OK\n"
    end = floor.esl.wait("cc:member-queue-end")
    assert (end["CC-Cause"], end["CC-Cancel-Reason"], end["Answer-State"]) == ("Cancel", "BREAK_OUT", "answered")
    assert "Hangup-Cause" not in end
    assert end["Caller-Destination-Number"] == "1003"
    wait(lambda: floor.driver.phone("1003").state == "ringing")


def test_caller_when_hanging_up_during_the_offer_then_the_phone_stops(floor: Floor) -> None:
    floor.agent("1001")
    caller, start = floor.call()
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    caller.hang_up()
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="Waiting")
    assert_in_order(events, ("cc:bridge-agent-fail", {"CC-Hangup-Cause": "ORIGINATOR_CANCEL"}), "cc:agent-state-change")
    leg = next(e for e in events if e.name == "CHANNEL_CREATE" and e.get("variable_cc_side") == "agent")
    # Each by a thread of its own, in any order.
    if not of(events, "cc:member-queue-end"):
        events += floor.esl.until("cc:member-queue-end")
    if not [e for e in of(events, "CHANNEL_HANGUP_COMPLETE") if e.uuid == leg.uuid]:
        events += floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=leg.uuid)
    assert of(events, "cc:member-queue-end")[0]["CC-Cancel-Reason"] == "BREAK_OUT"
    ended = [e for e in events if e.name == "CHANNEL_HANGUP_COMPLETE" and e.uuid == leg.uuid]
    assert [e["Hangup-Cause"] for e in ended] == ["ORIGINATOR_CANCEL"]
    wait(lambda: floor.driver.phone("1001").state == "idle")
    assert floor.rows("tier list")[0]["state"] == "Ready"
    assert start["CC-Member-UUID"] == floor.rows("member list")[0]["uuid"]


def test_caller_when_gone_at_the_moment_of_the_answer_then_agent_is_freed_after_a_while(floor: Floor) -> None:
    floor.agent("1001")
    floor.driver.phone("1001").behave(answers(0.2))
    for number in range(20):
        floor.esl.events.clear()
        floor.call(f"03123400{number:02}")
        leg = floor.esl.wait("cc:bridge-agent-start")["CC-Member-Session-UUID"]
        floor.esl.api(f"uuid_kill {leg}")
        ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=leg)
        end = floor.esl.wait("cc:bridge-agent-end")
        if end["CC-Agent-Bridged"] == "false":
            break
        floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")  # the bridge was quicker than we
    assert end["CC-Agent-Bridged"] == "false"
    silent_s = (int(end["Event-Date-Timestamp"]) - int(ended["Event-Date-Timestamp"])) / 1e6
    assert 2.0 < silent_s < 5.0 * slowness()
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
    assert of([*floor.esl.gather(0.2)], "CHANNEL_BRIDGE") == []
