"""Tiers (who serves which queue, at which level) and queues: commands, replies, and the JSON lists used for a resync."""

from __future__ import annotations

import json

import pytest

from tests.contract.driver import (
    FEWEST_CALLS,
    LEAST_TALK,
    PROGRESSIVE,
    QUEUES,
    RANDOM,
    RINGALL,
    ROUND_ROBIN,
    SEQUENTIAL,
    SUPPORT,
    TOP_DOWN,
)
from tests.contract.esl import Esl
from tests.contract.floor import Floor
from tests.contract.patience import wait

AGENT = "1001@default"


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (f"tier add nowhere@default {AGENT}", "-ERR Queue not found!\n"),
        (f"tier add {RINGALL} nobody@default", "-ERR Agent not found!\n"),
        (f"tier add {SUPPORT} {AGENT} 1 1", "-ERR Tier already exist!\n"),
        (f"tier set level {SUPPORT} {AGENT} 5", "+OK\n"),
        (f"tier set position {SUPPORT} {AGENT} 2", "+OK\n"),
        (f"tier set state {SUPPORT} {AGENT} 'No Answer'", "+OK\n"),
        (f"tier set state {SUPPORT} {AGENT} Nonsense", "-ERR Invalid Tier State!\n"),
        (f"tier set nonsense {SUPPORT} {AGENT} 2", "-ERR Invalid Tier Update KEY!\n"),
        (f"tier set level {RINGALL} {AGENT} 2", "-ERR Unknown Error!\n"),
        (f"tier set level nowhere@default {AGENT} 2", "-ERR Unknown Error!\n"),
        (f"tier set level {SUPPORT} nobody@default 2", "-ERR Unknown Error!\n"),
        (f"tier del {SUPPORT} nobody@default", "+OK\n"),
        (f"tier del {SUPPORT} {AGENT}", "+OK\n"),
        ("tier reload all", "-ERR Unknown Error!\n"),
        ("queue nonsense x", "-ERR no reply\n"),
        ("queue load nowhere@default", "-ERR Invalid Queue not found!\n"),
        ("queue count", f"{len(QUEUES)}\n"),
        (f"queue count agents {SUPPORT}", "1\n"),
        (f"queue count agents {SUPPORT} Available", "1\n"),
        (f"queue count agents {SUPPORT} 'On Break'", "0\n"),
        (f"queue count tiers {SUPPORT}", "1\n"),
        (f"queue count members {SUPPORT}", "0\n"),
        ("queue count members", "0\n"),
        (f"queue list members {SUPPORT}", "+OK\n"),
        ("queue list agents nowhere@default", "+OK\n"),
        (f"queue list tiers {SUPPORT}", f"queue|agent|state|level|position\n{SUPPORT}|{AGENT}|Ready|1|1\n+OK\n"),
        ("tier list", f"queue|agent|state|level|position\n{SUPPORT}|{AGENT}|Ready|1|1\n+OK\n"),
    ],
)
def test_reply(floor: Floor, command: str, reply: str) -> None:
    floor.agent("1001")
    assert floor.config(command) == reply


@pytest.mark.parametrize(("sent", "stored"), [("15", "15"), ("abc", "0"), ("-3", "-3")])
def test_level_when_set_then_stored_unchecked_and_without_event(floor: Floor, sent: str, stored: str) -> None:
    floor.agent("1001")
    floor.esl.wait("cc:agent-status-change")
    floor.esl.events.clear()
    assert floor.config(f"tier set level {SUPPORT} {AGENT} {sent}") == "+OK\n"
    assert floor.rows("tier list") == [
        {"queue": SUPPORT, "agent": AGENT, "state": "Ready", "level": stored, "position": "1"}
    ]
    assert [e.name for e in floor.esl.gather(0.3) if e.name.startswith("cc:")] == []


def test_tier_list_when_read_then_ordered_by_level(floor: Floor) -> None:
    floor.agent("1001", level=5)
    floor.agent("1002", SUPPORT, RINGALL, level=2)
    rows = [(row["queue"], row["agent"], row["level"]) for row in floor.rows("tier list")]
    assert sorted(rows[:2]) == [(RINGALL, "1002@default", "2"), (SUPPORT, "1002@default", "2")]
    assert rows[2] == (SUPPORT, AGENT, "5")


def test_queue_list_when_read_then_all_with_their_settings(floor: Floor) -> None:
    lines = floor.config("queue list").split("\n")
    assert lines[0] == (
        "name|strategy|moh_sound|time_base_score|tier_rules_apply|tier_rule_wait_second|tier_rule_wait_multiply_level|"
        "tier_rule_no_agent_no_wait|discard_abandoned_after|abandoned_resume_allowed|max_wait_time|"
        "max_wait_time_with_no_agent|max_wait_time_with_no_agent_time_reached|record_template|calls_answered|"
        "calls_abandoned|ring_progressively_delay|skip_agents_with_external_calls|agent_no_answer_status"
    )
    assert lines[-2:] == ["+OK", ""]
    rows = {row["name"]: row for row in floor.rows("queue list")}
    assert {name: row["strategy"] for name, row in rows.items()} == {
        SUPPORT: "longest-idle-agent",
        RINGALL: "ring-all",
        ROUND_ROBIN: "round-robin",
        PROGRESSIVE: "ring-progressively",
        TOP_DOWN: "top-down",
        LEAST_TALK: "agent-with-least-talk-time",
        FEWEST_CALLS: "agent-with-fewest-calls",
        SEQUENTIAL: "sequentially-by-agent-order",
        RANDOM: "random",
    }
    assert rows[SUPPORT]["skip_agents_with_external_calls"] == "true"
    assert rows[SUPPORT]["tier_rules_apply"] == "false"
    assert rows[SUPPORT]["discard_abandoned_after"] == 60
    assert "calls_answered" not in rows[SUPPORT]


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (
            {"command": "callcenter_config", "data": {"arguments": "queue list members"}},
            {
                "status": "error",
                "message": "The command returned an error",
                "response": {"error": "Missing data attribute: queue_name"},
            },
        ),
        (
            {"command": "callcenter_config", "data": {"arguments": "nonsense"}},
            {"status": "error", "message": "The command returned an error", "response": None},
        ),
        (
            {"command": "nonsense", "data": {}},
            {"status": "error", "message": "Invalid request or non-existant command", "response": None},
        ),
        (
            {"command": "callcenter_config"},
            {"status": "error", "message": "Invalid request or non-existant command", "response": None},
        ),
        (
            {"command": "callcenter_config", "data": {"arguments": "agent list"}},
            {"status": "success", "response": []},
        ),
        (
            {"command": "callcenter_config", "data": {"arguments": "member list"}},
            {"status": "success", "response": []},
        ),
        (
            {"command": "callcenter_config", "data": {"arguments": "queue list agents", "queue_name": "nowhere"}},
            {"status": "success", "response": []},
        ),
    ],
)
def test_json_when_asked_then_the_request_comes_back_with_the_answer(
    esl: Esl, request_: dict[str, object], reply: dict[str, object]
) -> None:
    assert esl.api_json(f"json {json.dumps(request_)}") == request_ | reply


def test_json_when_it_is_none_then_refused(esl: Esl) -> None:
    assert esl.api("json {broken").strip() == "-ERR Parse error."


def test_members_when_a_caller_waits_then_listed_by_queue_and_by_all(floor: Floor) -> None:
    _, start = floor.call()
    wait(lambda: floor.rows("member list"), "his row is written after the event")
    rows = floor.rows("queue list members", SUPPORT)
    assert rows == floor.rows("member list")
    assert len(rows) == 1
    expected = {
        "queue": SUPPORT,
        "uuid": start["CC-Member-UUID"],
        "session_uuid": start["CC-Member-Session-UUID"],
        "cid_number": "0312345678",
        "cid_name": "Taro",
        "state": "Waiting",
        "serving_agent": "",
        "bridge_epoch": "0",
        "abandoned_epoch": "0",
    }
    assert expected.items() <= rows[0].items()
    assert 0 <= int(str(rows[0]["joined_epoch"])) - int(str(rows[0]["system_epoch"])) <= 1, "a second may begin between"
    assert rows[0]["system_epoch"] != "0"
    assert floor.rows("queue list members", RINGALL) == []
    assert floor.config(f"queue count members {SUPPORT}") == "1\n"


def test_members_when_the_caller_has_left_then_abandoned_row_without_channel(floor: Floor) -> None:
    caller, start = floor.call()
    caller.hang_up()
    floor.esl.wait("cc:member-queue-end", CC_Member_UUID=start["CC-Member-UUID"])

    def row() -> dict[str, object]:
        return floor.rows("member list")[0]

    wait(lambda: row()["state"] == "Abandoned", lambda: str(row()))
    assert row()["session_uuid"] == ""
    assert row()["abandoned_epoch"] != "0"


def test_members_when_answered_then_answered_row_with_the_agent(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()

    def row() -> dict[str, object]:
        return floor.rows("member list")[0]

    wait(lambda: row()["state"] == "Answered", lambda: str(row()))
    assert row()["uuid"] == call.member
    assert row()["serving_agent"] == AGENT
    assert row()["bridge_epoch"] != "0"
    assert floor.agent_row(AGENT)["uuid"] == call.agent_leg
    assert [tier["state"] for tier in floor.rows("tier list")] == ["Active Inbound"]
