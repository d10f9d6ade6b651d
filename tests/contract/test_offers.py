"""One offer of a queue call, from its beginning to the end of the call, or to its failure."""

from __future__ import annotations

import pytest

from tests.contract.driver import (
    BUSY,
    NOT_FOUND,
    REJECT,
    RING,
    RINGALL,
    SUPPORT,
    UNREGISTERED_PHONE,
    Behaviour,
    answers,
)
from tests.contract.esl import Event
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import assert_in_order, of
from tests.contract.patience import wait

AGENT, SECOND = "1001@default", "1002@default"


def test_answered_call_when_all_goes_well_then_events_in_this_order(floor: Floor) -> None:
    floor.agent("1001")
    floor.driver.phone("1001").behave(answers(0.3))
    customer = floor.driver.caller(CUSTOMER, "Taro")
    customer.dial("5010")
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="In a queue call")
    start = of(events, "cc:bridge-agent-start")[0]
    agent, member = {"Unique-ID": start["CC-Agent-UUID"]}, {"Unique-ID": start["CC-Member-Session-UUID"]}
    assert_in_order(
        events,
        ("CHANNEL_CREATE", member),
        ("CHANNEL_ANSWER", member),
        ("cc:member-queue-start", {"CC-Queue": SUPPORT} | member),
        ("cc:members-count", {"CC-Queue": SUPPORT, "CC-Count": "1", "CC-Selection": "Single-Queue"}),
        ("cc:agent-state-change", {"CC-Agent": AGENT, "CC-Agent-State": "Receiving"}),
        ("cc:agent-offering", {"CC-Agent": AGENT, "CC-Queue": SUPPORT, "CC-Member-CID-Number": CUSTOMER}),
        ("CHANNEL_CREATE", agent),
        ("CHANNEL_ORIGINATE", agent),
        ("CHANNEL_ANSWER", agent),
        ("cc:bridge-agent-start", agent),
        (
            "CHANNEL_BRIDGE",
            member | {"Bridge-A-Unique-ID": member["Unique-ID"], "Bridge-B-Unique-ID": agent["Unique-ID"]},
        ),
        ("cc:agent-state-change", {"CC-Agent-State": "In a queue call"}),
    )
    customer.hang_up()
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="Waiting")
    assert_in_order(
        events,
        ("cc:bridge-agent-end", agent | {"CC-Agent-Bridged": "true", "CC-Agent": AGENT}),
        (
            "cc:member-queue-end",
            member | {"CC-Cause": "Terminated", "CC-Agent": AGENT, "CC-Agent-UUID": agent["Unique-ID"]},
        ),
        ("cc:agent-state-change", {"CC-Agent-State": "Waiting"}),
    )
    assert not [e for e in events if e.name == "cc:members-count" and e["CC-Count"] == "0"]
    row = floor.agent_row(AGENT)
    assert (row["calls_answered"], row["state"], row["uuid"]) == ("1", "Waiting", "")


def test_answered_call_when_it_starts_then_headers_name_everybody(floor: Floor) -> None:
    floor.agent("1001")
    floor.driver.phone("1001").behave(answers(0.1))
    floor.call()
    offer = floor.esl.wait("cc:agent-offering")
    create = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    start = floor.esl.wait("cc:bridge-agent-start")
    shared = {
        "CC-Queue": SUPPORT,
        "CC-Agent": AGENT,
        "CC-Agent-System": "single_box",
        "CC-Member-CID-Name": "Taro",
        "CC-Member-CID-Number": CUSTOMER,
        "CC-Member-UUID": start["CC-Member-UUID"],
        "CC-Member-Session-UUID": start["CC-Member-Session-UUID"],
    }
    assert shared.items() <= offer.items()
    assert offer["CC-Agent-Type"] == "Callback"
    assert "Unique-ID" not in offer
    assert (shared | {"CC-Agent-UUID": create.uuid, "Unique-ID": create.uuid}).items() <= start.items()
    for header in ("CC-Agent-Called-Time", "CC-Agent-Answered-Time", "CC-Member-Joined-Time"):
        assert abs(int(start[header]) - int(start["Event-Date-Timestamp"]) / 1e6) < 5
    variables = {
        "variable_cc_side": "agent",
        "variable_cc_agent": AGENT,
        "variable_cc_queue": SUPPORT,
        "variable_cc_member_uuid": start["CC-Member-UUID"],
        "variable_cc_member_session_uuid": start["CC-Member-Session-UUID"],
        "Channel-Presence-ID": AGENT,
        "variable_dialed_user": "1001",
        "Call-Direction": "outbound",
        "Caller-Caller-ID-Number": CUSTOMER,
    }
    assert variables.items() <= create.items()
    assert create["variable_cc_member_pre_answer_uuid"] == start["CC-Member-UUID"]


@pytest.mark.parametrize("who", ["customer", "agent"])
def test_answered_call_when_either_hangs_up_then_both_legs_end(floor: Floor, who: str) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    (call.customer if who == "customer" else call.agent).hang_up()
    for leg in (call.agent_leg, call.member_leg):
        ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=leg)
        assert ended["Hangup-Cause"] == "NORMAL_CLEARING"
    end = floor.esl.wait("cc:bridge-agent-end")
    assert end["CC-Agent-Bridged"] == "true"
    assert end["CC-Hangup-Cause"] == "SUCCESS"
    assert int(end["CC-Bridge-Terminated-Time"]) >= int(end["CC-Agent-Answered-Time"])
    assert floor.esl.wait("cc:member-queue-end")["CC-Cause"] == "Terminated"


@pytest.mark.parametrize(
    ("behaviour", "cause", "delay"),
    [
        (BUSY, "USER_BUSY", "busy_delay_time"),
        (REJECT, "CALL_REJECTED", "reject_delay_time"),
        (RING, "NO_ANSWER", "no_answer_delay_time"),
        (NOT_FOUND, "UNALLOCATED_NUMBER", "no_answer_delay_time"),
        (UNREGISTERED_PHONE, "USER_NOT_REGISTERED", ""),
    ],
)
def test_offer_when_it_fails_then_says_why_and_the_agent_is_left_alone_for_a_while(
    floor: Floor, behaviour: Behaviour, cause: str, delay: str
) -> None:
    floor.agent("1001", contact="[leg_timeout=2]user/1001@default")
    if delay:
        floor.config(f"agent set {delay} {AGENT} 30")
    floor.driver.phone("1001").behave(behaviour)
    _, start = floor.call()
    fail = floor.esl.wait("cc:bridge-agent-fail")
    assert fail["CC-Hangup-Cause"] == cause
    assert fail["CC-Agent"] == AGENT
    assert fail["CC-Member-UUID"] == start["CC-Member-UUID"]
    assert int(fail["CC-Agent-Aborted-Time"]) >= int(fail["CC-Agent-Called-Time"])
    floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
    row = floor.agent_row(AGENT)
    wait_s = int(str(row["ready_time"])) - int(fail["CC-Agent-Aborted-Time"])
    assert 4 <= wait_s <= 31 if not delay else 29 <= wait_s <= 31
    counted = delay == "no_answer_delay_time"
    assert row["no_answer_count"] == ("1" if counted else "0")
    assert floor.rows("tier list")[0]["state"] == ("No Answer" if counted else "Ready")
    assert [member["state"] for member in floor.rows("member list")] == ["Waiting"]
    floor.esl.events.clear()
    assert of(floor.esl.gather(0.5), "cc:agent-offering") == []


def test_offer_when_unanswered_too_often_then_agent_goes_on_break(floor: Floor) -> None:
    floor.agent("1001", contact="[leg_timeout=1]user/1001@default")
    floor.config(f"agent set max_no_answer {AGENT} 1")
    floor.call()
    events = floor.esl.until("cc:agent-status-change", CC_Agent_Status="On Break")
    assert_in_order(
        events,
        (
            "cc:agent-max-no-answer",
            {"CC-Agent": AGENT, "CC-Agent-No-Answer-Count": "1", "CC-Agent-No-Answer-Status": "On Break"},
        ),
        "cc:agent-status-change",
    )
    assert floor.agent_row(AGENT)["status"] == "On Break"


@pytest.mark.parametrize("status", ["On Break", "Logged Out", "Available (On Demand)"])
def test_status_when_changed_during_an_offer_then_offer_is_cancelled(floor: Floor, status: str) -> None:
    floor.agent("1001")
    _, start = floor.call()
    leg = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound").uuid
    wait(lambda: floor.driver.phone("1001").state == "ringing")
    floor.config(f"agent set status {AGENT} '{status}'")
    events = floor.esl.until("cc:agent-state-change", CC_Agent_State="Waiting")
    assert_in_order(
        events,
        ("cc:agent-status-change", {"CC-Agent-Status": status}),
        ("cc:bridge-agent-fail", {"CC-Hangup-Cause": "ORIGINATOR_CANCEL", "CC-Member-UUID": start["CC-Member-UUID"]}),
        ("cc:agent-state-change", {"CC-Agent-State": "Waiting"}),
    )
    # mod_callcenter and the leg are threads of their own: either may be the first to tell its end.
    ended = of(events, "CHANNEL_HANGUP_COMPLETE") or [floor.esl.wait("CHANNEL_HANGUP_COMPLETE")]
    assert [(e.uuid, e["Hangup-Cause"]) for e in ended] == [(leg, "ORIGINATOR_CANCEL")]
    offered_again = of(floor.esl.gather(0.6), "cc:agent-offering") != []
    assert offered_again == (status == "Available (On Demand)")
    assert of(events, "cc:member-queue-end") == []


def test_status_when_changed_during_ring_all_then_phones_go_on_ringing_and_may_answer(floor: Floor) -> None:
    floor.agent("1001", RINGALL)
    floor.agent("1002", RINGALL)
    floor.call(queue=RINGALL)
    phones = floor.driver.phone("1001"), floor.driver.phone("1002")
    wait(lambda: all(phone.state == "ringing" for phone in phones))
    assert {row["serving_agent"] for row in floor.rows("member list")} == {"ring-all"}
    floor.config(f"agent set status {AGENT} 'On Break'")
    assert _fails(floor.esl.gather(0.5)) == []
    assert phones[0].state == "ringing"
    phones[0].answer()
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent"] == AGENT
    floor.esl.wait("cc:agent-state-change", CC_Agent=AGENT, CC_Agent_State="In a queue call")
    row = floor.agent_row(AGENT)
    assert (row["status"], row["state"]) == ("On Break", "In a queue call")


def test_ring_all_when_one_answers_then_the_others_lose(floor: Floor) -> None:
    floor.agent("1001", RINGALL)
    floor.agent("1002", RINGALL)
    floor.driver.phone("1002").behave(answers(0.5))
    floor.call(queue=RINGALL)
    fail = floor.esl.wait("cc:bridge-agent-fail")
    assert (fail["CC-Agent"], fail["CC-Hangup-Cause"]) == (AGENT, "LOSE_RACE")
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent"] == SECOND
    wait(lambda: floor.driver.phone("1001").state == "idle")


def _fails(events: list[Event]) -> list[tuple[str, str]]:
    return [(e["CC-Agent"], e["CC-Hangup-Cause"]) for e in of(events, "cc:bridge-agent-fail")]
