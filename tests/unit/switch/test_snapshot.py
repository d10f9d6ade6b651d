"""The reading of a whole switch, against the replies that a real 1.10.12 gave in the middle of a queue call."""

from __future__ import annotations

from typing import Any

import pytest

from fs_app.floor.errors import ImpossibleFact
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor
from tests.unit.switch.recorded_switch import (
    AGENT,
    AGENT_LEG,
    CALLER,
    CORE,
    NOW,
    OTHER_CORE,
    Switch,
    agent,
    floor_of,
    read,
)

# ---- what a start finds


def test_first_reading_in_a_call_shows_the_agent_talking_with_the_caller_since_the_bridge(switch: Switch) -> None:
    floor = floor_of(switch)
    shown = agent(floor)
    assert shown["code"] == "queue_call"
    assert (shown["call"]["with"]["name"], shown["call"]["with"]["number"]) == ("Taro", "0312345678")
    assert shown["call"]["queue"] == "support@default"
    assert shown["talk_since"] == pytest.approx(1795346547.372703)
    assert shown["since"] == pytest.approx(1795346547.372703)
    assert shown["tiers"] == {"support@default": 1}
    assert shown["terminal"] == "1001"
    assert floor.members == {}, "an answered caller waits no longer"
    assert floor.core == CORE


def test_reading_has_the_rows_of_the_switch_with_numbers_as_numbers(switch: Switch) -> None:
    switch.rows("agent list")[0] |= {"wrap_up_time": "15", "ready_time": "1795346600", "external_calls_count": "2"}
    switch.rows("queue list")[0] |= {"tier_rules_apply": "true", "tier_rule_wait_second": 30}
    switch.rows("tier list")[0] |= {"level": "15", "position": "2"}
    found = read(switch)
    (row,) = found.agents
    assert (row.agent, row.status, row.state, row.leg) == (AGENT, "Available", "In a queue call", AGENT_LEG)
    assert (row.wrap_up_s, row.ready_at, row.external_calls) == (15, 1795346600, 2)
    assert (row.last_bridge_start, row.last_status_change, row.calls_answered) == (1795346547, 1795346545, 1)
    assert [(q.queue, q.strategy, q.tier_rules, q.tier_rule_wait_s) for q in found.queues] == [
        ("support@default", "longest-idle-agent", True, 30),
        ("ringall@default", "ring-all", False, 0),
        ("rr@default", "round-robin", False, 0),
    ]
    assert [(t.queue, t.agent, t.level, t.position) for t in found.tiers] == [("support@default", AGENT, 15, 2)]
    assert (found.at, found.core, found.begun) == (NOW, CORE, 0)


@pytest.mark.parametrize("value", ["", "abc", "1.5", None, [], {}, 1e300, "(null)", "²"])
def test_number_that_is_none_counts_as_zero(switch: Switch, value: Any) -> None:
    switch.rows("agent list")[0]["max_no_answer"] = value
    assert read(switch).agents[0].max_no_answer in (0, int(1e300))


def test_idle_switch_has_no_rows_and_no_calls(switch: Switch) -> None:
    """``show`` then answers a count without rows at all (seen on 1.10.12)."""
    switch.channels, switch.bridges = [], []
    for table in switch.tables.values():
        table["response"] = []
    found = read(switch)
    assert (found.agents, found.tiers, found.queues, found.members, found.channels) == ((), (), (), (), ())
    floor = Floor()
    apply(floor, found)
    assert not (floor.agents or floor.queues or floor.legs)


def test_agent_without_a_contact_or_an_uuid_has_none(switch: Switch) -> None:
    """NULL columns are missing keys."""
    row = switch.rows("agent list")[0]
    del row["contact"], row["uuid"]
    found = read(switch).agents[0]
    assert (found.contact, found.leg) == ("", "")


@pytest.mark.parametrize(
    "name",
    [
        "山田 太郎@default",
        "O'Brien",
        "a|b@default",
        "<b>1001</b>",
        'say "x"',
        "a\\b",
        "1001@default\n+OK",
        "*",
        "x" * 300,
    ],
)
def test_agents_whose_names_are_odd_are_read_under_exactly_that_name(switch: Switch, name: str) -> None:
    contact = "[leg_timeout=10]user/1001@default,[x='|']sofia/gateway/a/{b}"
    switch.rows("agent list")[0] |= {"name": name, "contact": contact}
    switch.rows("tier list")[0]["agent"] = name
    found = read(switch)
    assert (found.agents[0].agent, found.agents[0].contact) == (name, contact)
    floor = Floor()
    apply(floor, found)
    assert agent(floor, name)["tiers"] == {"support@default": 1}
    assert not any(name in line for line in switch.asked)


def test_waiting_caller_is_read_with_a_name_fit_to_be_shown(switch: Switch) -> None:
    switch.bridges = []
    for dump in switch.dumps.values():
        dump["Caller-Channel-Bridged-Time"] = "0"
    switch.rows("member list")[0] |= {"state": "Waiting", "cid_name": "Evil\n\x1b[2JEvent-Name: X", "serving_agent": ""}
    floor = floor_of(switch)
    (member,) = floor.members.values()
    assert member.name == "Evil [2JEvent-Name: X"
    assert (member.number, member.channel, member.joined_at) == ("0312345678", CALLER, 1795346546.0)
    assert member.queue == "support@default"


def test_member_of_a_call_that_is_gone_waits_no_longer(switch: Switch) -> None:
    """Rows of callers whose switch was killed stay for a minute, without a channel (seen on 1.10.12)."""
    row = switch.rows("member list")[0]
    row |= {"state": "Abandoned", "session_uuid": ""}
    ghost = row | {"uuid": "ghost", "state": "Waiting"}
    del ghost["session_uuid"]
    switch.rows("member list").append(ghost)
    assert floor_of(switch).members == {}


# ---- legs


def test_row_whose_leg_is_dead_is_left_out(switch: Switch) -> None:
    """``show channels`` keeps dead rows, as ACTIVE (seen on 1.10.12)."""
    switch.alive = {CALLER}
    floor = floor_of(switch)
    assert set(floor.legs) == {CALLER}
    assert agent(floor)["call"] is None


def test_second_reading_asks_only_whether_the_known_legs_still_live(switch: Switch) -> None:
    floor = floor_of(switch)
    before = agent(floor)
    assert len(switch.asked_of("uuid_dump")) == 2
    switch.asked.clear()
    apply(floor, read(switch, floor))
    assert switch.asked_of("uuid_") == [f"uuid_exists {CALLER}", f"uuid_exists {AGENT_LEG}"]
    assert agent(floor) == before


def test_second_reading_when_a_known_leg_has_died_unseen_then_its_call_is_over(switch: Switch) -> None:
    floor = floor_of(switch)
    switch.alive = {CALLER}
    switch.bridges = []
    apply(floor, read(switch, floor))
    assert set(floor.legs) == {CALLER}
    assert agent(floor)["call"] is None


def test_second_reading_when_a_leg_is_held_meanwhile_then_it_is_dumped_anew(switch: Switch) -> None:
    floor = floor_of(switch)
    switch.asked.clear()
    next(row for row in switch.channels if row["uuid"] == AGENT_LEG)["callstate"] = "HELD"
    switch.dumps[AGENT_LEG] |= {"Channel-Call-State": "HELD", "Caller-Channel-Last-Hold": "1795346549000000"}
    apply(floor, read(switch, floor))
    assert switch.asked_of("uuid_") == [f"uuid_exists {CALLER}", f"uuid_dump {AGENT_LEG}"]
    assert agent(floor)["hold_since"] == 1795346549.0


def test_second_reading_when_a_bridge_was_missed_then_both_legs_are_dumped_anew(switch: Switch) -> None:
    bridges, switch.bridges = switch.bridges, []
    floor = floor_of(switch)
    assert agent(floor)["talk_since"] is None
    switch.bridges = bridges
    switch.asked.clear()
    apply(floor, read(switch, floor))
    assert sorted(switch.asked_of("uuid_")) == sorted([f"uuid_dump {CALLER}", f"uuid_dump {AGENT_LEG}"])
    assert agent(floor)["talk_since"] == pytest.approx(1795346547.372703)


def test_reading_of_a_switch_started_anew_believes_nothing_of_the_old_one(switch: Switch) -> None:
    floor = floor_of(switch)
    switch.asked.clear()
    switch.core = OTHER_CORE
    found = read(switch, floor)
    assert found.core == OTHER_CORE
    assert len(switch.asked_of("uuid_dump")) == 2
    assert switch.asked_of("uuid_exists") == []


@pytest.mark.parametrize(
    "uuid", ["a b", "a\nexit", "a'b", "", "x" * 200, "unload@mod_event_socket", "reload-MOD_EVENT_SOCKET", "${x}", "é"]
)
def test_leg_whose_id_a_caller_has_written_never_reaches_a_command(switch: Switch, uuid: str) -> None:
    """With inbound-use-callid-as-uuid the Call-ID is the leg's id. The others are read all the same."""
    switch.channels.insert(0, switch.channels[0] | {"uuid": uuid})
    if not uuid:
        with pytest.raises(ImpossibleFact, match="without uuid"):
            read(switch)
        return
    assert {leg.uuid for leg in read(switch).channels} == {CALLER, AGENT_LEG}
    assert not any(uuid in line for line in switch.asked)


def test_leg_under_a_call_id_is_read(switch: Switch) -> None:
    call_id = "6bf2-1b.Z+x_y@192.0.2.7:5060"
    switch.channels[0]["uuid"] = switch.bridges[0]["uuid"] = switch.dumps[CALLER]["Unique-ID"] = call_id
    switch.dumps[call_id] = switch.dumps.pop(CALLER)
    switch.alive = {call_id, AGENT_LEG}
    assert agent(floor_of(switch))["call"]["with"]["name"] == "Taro"
