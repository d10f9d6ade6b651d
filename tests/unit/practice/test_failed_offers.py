"""What follows an offer that fails, and one whose agent changes his status while it rings."""

from __future__ import annotations

import pytest

from fs_app.practice.phones import Behaviour
from tests.unit.practice.dispatching import CALLER, offered
from tests.unit.practice.floor import Floor


@pytest.mark.parametrize(
    ("behaviour", "cause", "delay_s", "tier"),
    [
        (Behaviour("busy"), "USER_BUSY", 7, "Ready"),
        (Behaviour("reject"), "CALL_REJECTED", 8, "Ready"),
        (Behaviour("not_found"), "UNALLOCATED_NUMBER", 9, "No Answer"),
    ],
)
def test_delay_when_offer_fails_then_that_of_the_cause(
    behaviour: Behaviour, cause: str, delay_s: int, tier: str
) -> None:
    floor = Floor()
    agent = floor.agent("1001")
    for key, value in (("busy_delay_time", 7), ("reject_delay_time", 8), ("no_answer_delay_time", 9)):
        floor.api(f"callcenter_config agent set {key} {agent} {value}")
    floor.switch.phone("1001").behaviour = behaviour
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    failed = floor.named("bridge-agent-fail")
    assert [event["CC-Hangup-Cause"] for event in failed] == [cause]
    assert int(floor.row(agent)["ready_time"]) == int(failed[0]["CC-Agent-Aborted-Time"]) + delay_s
    assert floor.tier_state(agent) == tier


def test_agent_when_unregistered_then_five_seconds_and_no_count() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.switch.phone("1001").registered = False
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    assert [e["CC-Hangup-Cause"] for e in floor.named("bridge-agent-fail")] == ["USER_NOT_REGISTERED"]
    assert floor.row(agent)["no_answer_count"] == "0"
    assert int(floor.row(agent)["ready_time"]) == int(floor.named("bridge-agent-fail")[0]["CC-Agent-Aborted-Time"]) + 5


def test_agent_when_max_no_answer_is_reached_then_on_break() -> None:
    floor = Floor()
    agent = floor.agent("1001", contact="[leg_timeout=2]user/1001@default")
    floor.api(f"callcenter_config agent set max_no_answer {agent} 2")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(6)
    event = floor.named("agent-max-no-answer")[0]
    assert (event["CC-Agent-No-Answer-Count"], event["CC-Agent-No-Answer-Status"]) == ("2", "On Break")
    assert floor.row(agent)["status"] == "On Break"
    assert len(offered(floor)) == 2


@pytest.mark.parametrize("status", ["'On Break'", "'Logged Out'", "'Available (On Demand)'"])
def test_ringing_offer_when_status_changes_then_cancelled(status: str) -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    floor.eyes.events.clear()
    floor.api(f"callcenter_config agent set status {agent} {status}")
    floor.advance(0.05)
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["ORIGINATOR_CANCEL"]
    assert [e["CC-Hangup-Cause"] for e in floor.named("bridge-agent-fail")] == ["ORIGINATOR_CANCEL"]
    assert floor.tier_state(agent) == "Ready"
    assert floor.members()[0]["state"] == "Waiting"
    floor.advance(1)
    # On Demand is still available: the same caller comes again at once.
    assert len(offered(floor)) == (1 if "Demand" in status else 0)


def test_ringing_offer_when_ring_all_and_status_changes_then_rings_on_and_can_be_answered() -> None:
    floor = Floor()
    floor.agent("1001", "ringall@default")
    floor.switch.caller(CALLER).dial("5011")
    floor.advance(0.5)
    assert floor.members("ringall@default")[0]["serving_agent"] == "ring-all"
    floor.api("callcenter_config agent set status 1001@default 'On Break'")
    floor.advance(1)
    floor.switch.phone("1001").answer()
    floor.advance(0.5)
    row = floor.row("1001@default")
    assert (row["status"], row["state"]) == ("On Break", "In a queue call")


def test_ringing_offer_when_a_stale_row_names_the_agent_then_status_change_misses_it() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    phone = floor.switch.phone("1001")
    phone.behaviour = Behaviour("answer")
    vanishing = floor.switch.caller("0312345670")
    vanishing.dial("5010")
    while not floor.named("bridge-agent-start"):
        floor.advance(0.001)
    floor.advance(0.025)
    vanishing.hang_up()
    floor.advance(4)
    assert floor.members()[0]["serving_agent"] == agent
    phone.behaviour = Behaviour("ring")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    floor.api(f"callcenter_config agent set status {agent} 'On Break'")
    floor.advance(1)
    assert phone.state == "ringing"
    floor.api(f"callcenter_config agent set status {agent} Available")
    phone.reject()
    floor.advance(62)
    assert [row["cid_number"] for row in floor.members()] == [CALLER]
    floor.api(f"callcenter_config agent set status {agent} 'On Break'")
    floor.advance(0.1)
    assert phone.state == "idle"


def test_running_call_when_status_changes_then_untouched_and_state_from_offer_time() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.api(f"callcenter_config agent set status {agent} 'Available (On Demand)'")
    floor.talking()
    floor.api(f"callcenter_config agent set status {agent} 'On Break'")
    floor.advance(1)
    assert floor.switch.phone("1001").state == "talking"
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert floor.row(agent)["state"] == "Idle"
