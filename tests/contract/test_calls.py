"""Calls beyond the offer: hold, transfer, an agent's own calls out and to colleagues. Who is who on each leg."""

from __future__ import annotations

from tests.contract.driver import EXTENSIONS, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.order import assert_in_order, of
from tests.contract.patience import wait

AGENT, SECOND = "1001@default", "1002@default"
OUTSIDE = "0312349999"


def test_hold_when_the_agent_holds_and_resumes_then_events_on_the_agents_leg(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    leg = {"Unique-ID": call.agent_leg}
    floor.esl.events.clear()
    call.agent.hold()
    held = floor.esl.until("CHANNEL_HOLD", Unique_ID=call.agent_leg)
    assert_in_order(
        held,
        ("CHANNEL_CALLSTATE", leg | {"Channel-Call-State": "HELD", "Original-Channel-Call-State": "ACTIVE"}),
        ("CHANNEL_HOLD", leg | {"Channel-Call-State": "HELD"}),
    )
    call.agent.resume()
    resumed = floor.esl.until("CHANNEL_CALLSTATE", Unique_ID=call.agent_leg, Channel_Call_State="ACTIVE")
    assert_in_order(
        resumed,
        ("CHANNEL_CALLSTATE", leg | {"Channel-Call-State": "UNHELD", "Original-Channel-Call-State": "HELD"}),
        ("CHANNEL_UNHOLD", leg),
        ("CHANNEL_CALLSTATE", leg | {"Channel-Call-State": "ACTIVE"}),
    )
    customers = [e for e in [*held, *resumed] if e.uuid == call.member_leg and e.name == "CHANNEL_CALLSTATE"]
    assert customers == []
    assert of([*held, *resumed], "CHANNEL_UNBRIDGE", "CHANNEL_BRIDGE", "cc:bridge-agent-end") == []


def test_hold_when_the_held_call_ends_then_unhold_comes_first(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    call.agent.hold()
    floor.esl.wait("CHANNEL_HOLD", Unique_ID=call.agent_leg)
    call.agent.hang_up()
    events = floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=call.agent_leg)
    assert_in_order(events, ("CHANNEL_UNHOLD", {"Unique-ID": call.agent_leg}), "CHANNEL_HANGUP_COMPLETE")


def test_hold_by_command_when_sent_then_events_on_the_leg_named(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    assert floor.esl.api(f"uuid_hold {call.agent_leg}") == "+OK Success\n"
    floor.esl.wait("CHANNEL_HOLD", Unique_ID=call.agent_leg)
    assert floor.esl.api(f"uuid_hold off {call.agent_leg}") == "+OK Success\n"
    floor.esl.wait("CHANNEL_UNHOLD", Unique_ID=call.agent_leg)


def test_blind_transfer_when_the_agent_sends_the_caller_on_then_his_part_ends(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.driver.phone("1003").behave(answers(1.5))  # mod_callcenter sees the end of the agent's leg within 0.1 s or so
    call.agent.transfer("1003")
    events = floor.esl.until("CHANNEL_BRIDGE")
    bridge = events[-1]
    assert_in_order(
        events,
        ("cc:bridge-agent-end", {"Unique-ID": call.agent_leg, "CC-Agent-Bridged": "true"}),
        ("cc:member-queue-end", {"Unique-ID": call.member_leg, "CC-Cause": "Terminated", "Answer-State": "answered"}),
        ("cc:agent-state-change", {"CC-Agent": AGENT, "CC-Agent-State": "Waiting"}),
        ("CHANNEL_BRIDGE", {"Bridge-A-Unique-ID": call.member_leg}),
    )
    new_leg = next(e for e in events if e.name == "CHANNEL_CREATE" and e.uuid == bridge["Bridge-B-Unique-ID"])
    assert new_leg["Channel-Presence-ID"] == "1003@default"
    assert "variable_cc_side" not in new_leg
    wait(lambda: call.agent.state == "idle")
    assert call.customer.state == "talking"
    end = next(e for e in events if e.name == "CHANNEL_HANGUP_COMPLETE" and e.uuid == call.agent_leg)
    assert end["Hangup-Cause"] in ("NORMAL_CLEARING", "BLIND_TRANSFER")


def test_outbound_call_when_an_agent_dials_out_then_counted_and_not_offered(floor: Floor) -> None:
    floor.agent("1001")
    phone = floor.driver.phone("1001")
    floor.driver.caller(OUTSIDE).behave(answers(0.5))
    phone.dial(OUTSIDE)
    own = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    far = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    assert {
        "Channel-Presence-ID": AGENT,
        "Caller-Username": "1001",
        "variable_user_name": "1001",
        "variable_domain_name": "default",
        "Caller-Destination-Number": OUTSIDE,
        "Caller-Caller-ID-Number": "1001",
    }.items() <= own.items()
    assert far["Caller-Destination-Number"] == OUTSIDE
    assert far["Other-Leg-Unique-ID"] == far["Channel-Call-UUID"] == own.uuid
    assert far["variable_sip_gateway_name"] == "carrier"
    assert far["Caller-Username"] == "1001"  # of the dialling agent although it is the other's leg
    assert "Channel-Presence-ID" not in far
    bridge = floor.esl.wait("CHANNEL_BRIDGE")
    assert (bridge["Bridge-A-Unique-ID"], bridge["Bridge-B-Unique-ID"]) == (own.uuid, far.uuid)
    row = floor.agent_row(AGENT)
    assert (row["external_calls_count"], row["state"], row["status"]) == ("1", "Waiting", "Available")
    floor.esl.events.clear()
    floor.call()
    assert of(floor.esl.gather(0.6), "cc:agent-offering") == []
    phone.hang_up()
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == AGENT
    assert floor.agent_row(AGENT)["external_calls_count"] == "0"


def test_outbound_call_when_not_answered_then_ended_with_the_cause(floor: Floor) -> None:
    phone = floor.driver.phone("1001")
    floor.driver.caller(OUTSIDE)
    phone.dial(OUTSIDE)
    own = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    far = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    wait(lambda: floor.driver.caller(OUTSIDE).state == "ringing")
    assert phone.state == "dialling"
    phone.hang_up()
    for leg in (own, far):
        ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=leg.uuid)
        assert ended["Hangup-Cause"] == "ORIGINATOR_CANCEL"
    wait(lambda: floor.driver.caller(OUTSIDE).state == "idle")


def test_internal_call_when_an_agent_rings_a_colleague_then_both_legs_name_their_owner(floor: Floor) -> None:
    floor.agent("1001")
    floor.agent("1002", status="On Break")
    floor.driver.phone("1002").behave(answers(0.3))
    floor.driver.phone("1001").dial("1002")
    own = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    other = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    assert (own["Channel-Presence-ID"], other["Channel-Presence-ID"]) == (AGENT, SECOND)
    assert (other["variable_dialed_user"], other["variable_dialed_domain"]) == ("1002", "default")
    assert other["Caller-Username"] == "1001"  # the dialling one's, also on this leg
    assert other["Other-Leg-Unique-ID"] == own.uuid
    bridge = floor.esl.wait("CHANNEL_BRIDGE")
    assert (bridge["Bridge-A-Unique-ID"], bridge["Bridge-B-Unique-ID"]) == (own.uuid, other.uuid)
    assert [row["external_calls_count"] for row in floor.rows("agent list")] == ["0", "0"]
    floor.driver.phone("1002").hang_up()
    events = floor.esl.until("CHANNEL_HANGUP_COMPLETE", Unique_ID=own.uuid)
    assert of(events, "CHANNEL_UNBRIDGE") != []


def test_outside_caller_when_he_rings_an_extension_then_his_leg_names_no_user(floor: Floor) -> None:
    floor.driver.phone("1001").behave(answers(0.2))
    floor.driver.caller(CUSTOMER, "Taro").dial("1001")
    outside = floor.esl.wait("CHANNEL_CREATE", Call_Direction="inbound")
    assert not {"Channel-Presence-ID", "variable_user_name", "variable_sip_auth_username"} & set(outside)
    assert (outside["Caller-Caller-ID-Number"], outside["Caller-Caller-ID-Name"]) == (CUSTOMER, "Taro")
    assert outside["Caller-Username"] == CUSTOMER  # from the From header: a claim, no proof
    inside = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    assert inside["Channel-Presence-ID"] == AGENT
    floor.esl.wait("CHANNEL_BRIDGE")


def test_phones_when_nothing_goes_on_then_idle(floor: Floor) -> None:
    assert {floor.driver.phone(extension).state for extension in EXTENSIONS} == {"idle"}
