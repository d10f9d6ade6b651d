"""Who is offered a caller, when, and what follows an offer that fails."""

from __future__ import annotations

import dataclasses

import pytest

from fs_app.practice.config import SwitchConfig, contract_floor
from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import Floor

CALLER = "0312345678"


def floor_with(**changes: object) -> Floor:
    """The contract floor with another support queue."""
    config = contract_floor()
    support = dataclasses.replace(config.queues[0], **changes)
    return Floor(dataclasses.replace(config, queues=(support, *config.queues[1:])))


def offered(floor: Floor) -> list[str]:
    return [event["CC-Agent"].partition("@")[0] for event in floor.named("agent-offering")]


def serve(floor: Floor, number: str = "5010", seconds: float = 2.0) -> str:
    """One call from dialling to hang-up, answered by whoever is offered it; the agent's extension."""
    for extension in floor.switch.config.extensions:
        floor.switch.phone(extension).behaviour = Behaviour("answer", 0.5)
    before = len(floor.named("bridge-agent-start"))
    caller = floor.switch.caller(CALLER)
    caller.dial(number)
    floor.advance(seconds)
    caller.hang_up()
    floor.advance(1)
    started = floor.named("bridge-agent-start")[before:]
    assert len(started) == 1
    return started[0]["CC-Agent"].partition("@")[0]


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


def test_sequential_contact_when_caller_leaves_then_ghost_call_to_the_second_number() -> None:
    floor = Floor()
    agent = floor.agent("1001", contact="user/1001@default|sofia/gateway/carrier/09011112222")
    channel = floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    floor.switch.caller(CALLER).hang_up()
    floor.advance(1)
    assert floor.switch.caller("09011112222").state == "ringing"
    assert floor.row(agent)["state"] == "Receiving"
    assert floor.api(f"uuid_exists {channel.uuid}") == "false"
    assert f'"uuid":"{channel.uuid}"' in floor.api("show channels as json")
    floor.eyes.events.clear()
    floor.switch.caller("09011112222").answer()
    floor.advance(0.5)
    assert [e["CC-Agent-Bridged"] for e in floor.named("bridge-agent-end")] == ["false"]
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["ORIGINATOR_CANCEL"]
    assert floor.api("show channels as json") == '{"row_count": 0}\n'


def test_delayed_leg_when_caller_leaves_during_the_delay_then_it_ends_without_create() -> None:
    floor = Floor()
    floor.agent("1001", contact="user/1001@default,[leg_delay_start=8]sofia/gateway/carrier/09011112222")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(2)
    assert "09011112222" not in floor.api("show channels as json")
    floor.switch.caller(CALLER).hang_up()
    floor.advance(20)
    mobile = [e for e in floor.eyes.events if e.get("Channel-Name") == "sofia/external/09011112222"]
    assert [e["Event-Name"] for e in mobile] == ["CHANNEL_CALLSTATE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"]
    assert floor.row("1001@default")["state"] == "Waiting"


def test_confirmation_when_prompt_is_missing_then_only_that_leg_ends() -> None:
    config: SwitchConfig = dataclasses.replace(contract_floor(), missing_sounds=("gone.wav",))
    floor = Floor(config)
    confirm = "group_confirm_key=1,group_confirm_file=gone.wav,group_confirm_timeout=8"
    floor.agent("1001", contact=f"user/1001@default,[{confirm}]sofia/gateway/carrier/09011112222")
    floor.switch.caller("09011112222").behaviour = Behaviour("answer", 0.5)
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(2)
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["DESTINATION_OUT_OF_ORDER"]
    assert floor.switch.phone("1001").state == "ringing"
    assert floor.named("bridge-agent-fail") == []


def test_abandoned_row_when_discard_time_is_over_then_deleted() -> None:
    floor = Floor()
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    floor.switch.caller(CALLER).hang_up()
    floor.advance(30)
    assert [row["state"] for row in floor.members()] == ["Abandoned"]
    floor.advance(35)
    assert floor.members() == []


def test_callcenter_break_when_called_then_agent_is_free_while_the_call_goes_on() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    _, leg = floor.talking()
    assert floor.api(f"callcenter_break agent {leg}") == "-ERR no reply\n"
    floor.advance(0.5)
    assert floor.row(agent)["state"] == "Waiting"
    assert floor.switch.hears("1001") == {CALLER}
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert len(floor.named("bridge-agent-end")) == 1


def test_standby_agent_when_offered_then_his_standing_leg_is_bridged() -> None:
    floor = Floor()
    agent = floor.agent("1001")
    floor.switch.phone("1001").behaviour = Behaviour("answer")
    uuid = floor.api("originate user/1001 &park()").split()[1]
    floor.api(f"callcenter_config agent set type {agent} uuid-standby")
    floor.api(f"callcenter_config agent set uuid {agent} {uuid}")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(1)
    assert floor.row(agent)["state"] == "In a queue call"
    assert floor.switch.hears("1001") == {CALLER}


def test_loopback_contact_when_answered_then_the_leg_behind_it_talks() -> None:
    floor = Floor()
    agent = floor.agent("1001", contact="loopback/1001/default")
    floor.switch.caller(CALLER).dial("5010")
    floor.advance(0.5)
    assert floor.switch.phone("1001").state == "ringing"
    leg = floor.leg("1001")
    floor.switch.phone("1001").answer()
    floor.advance(1)
    assert floor.named("bridge-agent-start")[0]["CC-Agent-UUID"] == leg
    assert floor.row(agent)["uuid"] == leg
    assert (floor.switch.hears("1001"), floor.switch.hears(CALLER)) == ({CALLER}, {"1001"})
    assert "loopback" not in floor.api("show channels as json")
    floor.switch.caller(CALLER).hang_up()
    floor.advance(1)
    assert floor.api("show channels as json") == '{"row_count": 0}\n'


def test_loopback_leg_when_bridged_then_sound_passes_through_both_ends() -> None:
    floor = Floor()
    for extension in ("1001", "1002"):
        floor.switch.phone(extension).behaviour = Behaviour("answer")
    assert floor.api("originate loopback/1001/default 1002").startswith("+OK")
    floor.advance(1)
    assert (floor.switch.hears("1001"), floor.switch.hears("1002")) == ({"1002"}, {"1001"})
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert floor.switch.phone("1002").state == "idle"
