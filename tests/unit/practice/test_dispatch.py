"""Who is offered a caller, and when."""

from __future__ import annotations

import pytest

from fs_app.practice.phones import Behaviour
from tests.unit.practice.dispatching import CALLER, floor_with, offered, serve
from tests.unit.practice.floor import Floor


@pytest.mark.parametrize(
    "strategy", ["longest-idle-agent", "agent-with-fewest-calls", "sequentially-by-agent-order", "no-such-strategy"]
)
def test_offer_when_levels_differ_then_smallest_first(strategy: str) -> None:
    floor = floor_with(strategy=strategy)
    floor.agent("1001", level=3)
    floor.agent("1002", level=1)
    floor.agent("1003", level=2)
    assert [serve(floor), serve(floor)] == ["1002", "1002"]


def test_offer_when_longest_idle_then_who_ended_longest_ago() -> None:
    floor = Floor()
    for extension in ("1001", "1002", "1003"):
        floor.agent(extension)
    assert [serve(floor, seconds=3) for _ in range(4)] == ["1001", "1002", "1003", "1001"]


def test_offer_when_round_robin_then_levels_first_and_then_in_turn() -> None:
    floor = Floor()
    for extension in ("1001", "1002", "1003"):
        floor.agent(extension, "rr@default")
    assert [serve(floor, "5012", 3) for _ in range(4)] == ["1001", "1002", "1003", "1001"]
    floor.api("callcenter_config tier set level rr@default 1001@default 2")
    floor.api("callcenter_config tier set level rr@default 1002@default 2")
    assert [serve(floor, "5012", 3) for _ in range(2)] == ["1003", "1003"]


def test_offer_when_top_down_then_next_position_after_a_failure() -> None:
    floor = floor_with(strategy="top-down")
    for position, extension in enumerate(("1001", "1002"), start=1):
        agent = floor.agent(extension)
        floor.api(f"callcenter_config tier set position support@default {agent} {position}")
        floor.switch.phone(extension).behaviour = Behaviour("busy")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    assert offered(floor)[:2] == ["1001", "1002"]


def test_offer_when_ring_progressively_then_one_more_after_the_delay() -> None:
    floor = floor_with(strategy="ring-progressively", ring_progressively_delay=3)
    floor.agent("1001", contact="[leg_timeout=30]user/1001@default")
    floor.agent("1002")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(2)
    assert offered(floor) == ["1001"]
    floor.advance(2.5)
    assert offered(floor) == ["1001", "1002"]
    assert floor.switch.phone("1001").state == "ringing"
    floor.switch.phone("1002").answer()
    floor.advance(0.5)
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["LOSE_RACE"]


def test_offer_when_wrap_up_runs_then_not_before_its_end() -> None:
    floor = Floor()
    floor.agent("1001")
    floor.api("callcenter_config agent set wrap_up_time 1001@default 10")
    serve(floor)
    assert floor.row("1001@default")["state"] == "Waiting"
    floor.eyes.events.clear()
    floor.switch.caller("0312345679").dial("5010")
    floor.advance(8)
    assert offered(floor) == []
    floor.advance(4)
    assert offered(floor) == ["1001"]


def test_offer_when_agent_has_an_external_call_then_skipped() -> None:
    floor = Floor()
    floor.agent("1001")
    floor.switch.phone("1001").dial("0312349999")
    assert floor.row("1001@default")["external_calls_count"] == "1"
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(3)
    assert offered(floor) == []


def test_tiers_when_agent_is_offered_then_other_queues_stand_by() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.agent("1001", "rr@default")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    assert (floor.tier_state(agent), floor.tier_state(agent, "rr@default")) == ("Offering", "Standby")
    floor.switch.phone("1001").answer()
    floor.advance(0.5)
    assert (floor.tier_state(agent), floor.tier_state(agent, "rr@default")) == ("Active Inbound", "Standby")
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert (floor.tier_state(agent), floor.tier_state(agent, "rr@default")) == ("Ready", "Ready")


@pytest.mark.parametrize(("multiply", "opens_s"), [(True, 12), (False, 4)])
def test_second_level_when_tier_rules_apply_then_opens_after_the_wait(multiply: bool, opens_s: int) -> None:
    floor = floor_with(tier_rules_apply=True, tier_rule_wait_second=4, tier_rule_wait_multiply_level=multiply)
    floor.agent("1001", level=1)
    floor.agent("1002", level=3)
    floor.api("callcenter_config agent set status 1001@default 'On Break'")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(opens_s - 1.5)
    assert offered(floor) == []
    floor.advance(3)
    assert offered(floor) == ["1002"]


def test_second_level_when_first_is_logged_out_and_no_wait_then_at_once() -> None:
    floor = floor_with(tier_rules_apply=True, tier_rule_wait_second=60)
    floor.agent("1001", level=1)
    floor.agent("1002", level=3)
    floor.api("callcenter_config agent set status 1001@default 'Logged Out'")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    assert offered(floor) == ["1002"]


def test_caller_when_he_waited_longest_then_served_first() -> None:
    floor = Floor()
    floor.api("callcenter_config queue list")
    for number in ("0312345671", "0312345672"):
        floor.switch.caller(number).dial("5010")
        floor.advance(2)
    floor.agent("1001")
    floor.advance(0.5)
    assert floor.named("agent-offering")[0]["CC-Member-CID-Number"] == "0312345671"


def test_caller_when_max_wait_is_over_then_leaves_with_timeout() -> None:
    floor = floor_with(max_wait_time=5)
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(8)
    ended = floor.named("member-queue-end")[0]
    assert (ended["CC-Cause"], ended["CC-Cancel-Reason"], ended["Answer-State"]) == ("Cancel", "TIMEOUT", "answered")


def test_caller_when_transferred_out_of_the_queue_then_break_out_while_answered() -> None:
    floor = Floor()
    channel = floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    floor.api(f"uuid_transfer {channel.uuid} 1002")
    floor.advance(0.5)
    ended = floor.named("member-queue-end")[0]
    assert (ended["CC-Cancel-Reason"], ended["Answer-State"], ended["Caller-Destination-Number"]) == (
        "BREAK_OUT",
        "answered",
        "1002",
    )
    assert "Hangup-Cause" not in ended


def test_members_count_when_call_was_answered_then_stays_at_one() -> None:
    floor = Floor()
    floor.agent("1001")
    serve(floor)
    assert [event["CC-Count"] for event in floor.named("members-count")] == ["1", "1"]


def test_abandoned_row_when_discard_time_is_over_then_deleted() -> None:
    floor = Floor()
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    floor.switch.caller(CALLER).hang_up()
    floor.advance(30)
    assert [row["state"] for row in floor.members()] == ["Abandoned"]
    floor.advance(35)
    assert floor.members() == []
