"""What a resync asks: channels, bridged calls, one channel's data; their forms when there is nothing, too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.driver import answers
from tests.contract.esl import Esl
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait

AGENT = "1001@default"
NOBODY = "00000000-0000-0000-0000-000000000000"
GONE = "-ERR No such channel!\n"


@pytest.mark.parametrize("what", ["channels", "calls", "bridged_calls"])
def test_show_when_there_is_nothing_then_no_rows(floor: Floor, what: str) -> None:
    wait(lambda: floor.esl.api(f"show {what} as json") == '{"row_count": 0}\n')


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (f"uuid_exists {NOBODY}", "false"),
        (f"uuid_kill {NOBODY}", GONE),
        (f"uuid_dump {NOBODY} json", GONE),
        (f"uuid_getvar {NOBODY} cc_agent", GONE),
        (f"uuid_setvar {NOBODY} a b", GONE),
        (f"uuid_transfer {NOBODY} park inline", GONE),
        (f"uuid_bridge {NOBODY} {NOBODY}", "-ERR Invalid uuid\n"),
        (f"uuid_buglist {NOBODY}", "-ERR no reply\n"),
        ("uuid_kill", "-USAGE: <uuid> [cause]\n"),
    ],
)
def test_channel_command_when_there_is_no_such_channel_then_says_so(esl: Esl, command: str, reply: str) -> None:
    assert esl.api(command) == reply


@pytest.mark.parametrize(
    ("of", "name", "reply"),
    [
        ("1005@default", "effective_caller_id_name", "Ext 1005"),
        ("1005@default", "no_such_variable", "-ERR no reply\n"),
        ("4711@default", "effective_caller_id_name", "-ERR no reply\n"),
    ],
)
def test_directory_when_asked_for_a_users_variable_then_its_value_or_no_reply(
    esl: Esl, of: str, name: str, reply: str
) -> None:
    assert esl.api(f"user_data {of} var {name}") == reply


def _row(floor: Floor, what: str, uuid: str) -> dict[str, str]:
    """The row of a channel once the switch lists it: its tables lag behind its events by up to 0.2 s."""
    found: list[dict[str, str]] = []

    def listed() -> bool:
        found[:] = [row for row in floor.esl.api_json(f"show {what} as json").get("rows", []) if row["uuid"] == uuid]
        return found != []

    wait(listed, f"{uuid} is not in show {what}")
    return found[0]


def test_show_channels_when_a_call_runs_then_a_row_each_all_values_text(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    wait(lambda: _row(floor, "channels", call.agent_leg)["call_uuid"] == call.member_leg)
    agent, member = _row(floor, "channels", call.agent_leg), _row(floor, "channels", call.member_leg)
    assert {
        "direction": "outbound",
        "presence_id": AGENT,
        "callstate": "ACTIVE",
        "cid_num": CUSTOMER,
        "dest": "1001",
        "call_uuid": call.member_leg,
    }.items() <= agent.items()
    assert {
        "direction": "inbound",
        "cid_name": "Taro",
        "cid_num": CUSTOMER,
        "dest": "5010",
        "presence_id": "",
    }.items() <= member.items()
    assert all(isinstance(value, str) for row in (agent, member) for value in row.values())
    assert int(member["created_epoch"]) <= int(agent["created_epoch"])
    assert floor.esl.api_json("show channels as json")["row_count"] == 2


def test_show_bridged_calls_when_an_agent_talks_then_both_legs_and_the_second_of_the_bridge(floor: Floor) -> None:
    floor.agent("1001")
    floor.driver.phone("1001").behave(answers(2.0))
    _, start = floor.call()
    bridge = floor.esl.wait("CHANNEL_BRIDGE")
    row = _row(floor, "bridged_calls", start.uuid)
    assert row["b_uuid"] == bridge["Bridge-B-Unique-ID"]
    bridged_s = int(bridge["Event-Date-Timestamp"]) / 1e6
    assert -1.1 < int(row["call_created_epoch"]) - bridged_s <= 0.6
    assert int(row["created_epoch"]) < int(row["call_created_epoch"])
    assert (row["b_presence_id"], row["b_callstate"], row["cid_num"]) == (AGENT, "ACTIVE", CUSTOMER)


def _dump(floor: Floor, uuid: str) -> dict[str, Any]:
    return dict(json.loads(floor.esl.api(f"uuid_dump {uuid} json")))


def test_uuid_dump_when_a_call_runs_then_names_the_peer_and_when_they_met(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    for leg, peer, kind in (
        (call.agent_leg, call.member_leg, "originator"),
        (call.member_leg, call.agent_leg, "originatee"),
    ):
        dump = _dump(floor, leg)
        assert {
            "Unique-ID": leg,
            "Other-Leg-Unique-ID": peer,
            "Other-Type": kind,
            "variable_signal_bond": peer,
            "variable_bridge_uuid": peer,
            "variable_last_bridge_to": peer,
            "Channel-Call-UUID": call.member_leg,
            "Channel-Call-State": "ACTIVE",
            "Answer-State": "answered",
            "Caller-Channel-Last-Hold": "0",
        }.items() <= dump.items()
        assert int(dump["Caller-Channel-Bridged-Time"]) >= int(dump["Caller-Channel-Answered-Time"]) > 0
        assert int(dump["Caller-Channel-Created-Time"]) <= int(dump["Caller-Channel-Answered-Time"])


def test_uuid_dump_when_a_call_runs_then_says_which_agent_queue_and_member(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    agent, member = _dump(floor, call.agent_leg), _dump(floor, call.member_leg)
    assert {
        "variable_cc_side": "agent",
        "variable_cc_agent": AGENT,
        "variable_cc_queue": "support@default",
        "variable_cc_member_uuid": call.member,
        "variable_cc_member_session_uuid": call.member_leg,
        "variable_cc_agent_bridged": "true",
        "variable_dialed_user": "1001",
        "Channel-Presence-ID": AGENT,
    }.items() <= agent.items()
    assert "variable_cc_member_pre_answer_uuid" not in agent
    assert {
        "variable_cc_side": "member",
        "variable_cc_member_uuid": call.member,
        "variable_cc_queue": "support@default",
        "variable_cc_agent": AGENT,
        "variable_cc_agent_uuid": call.agent_leg,
        "variable_cc_cause": "answered",
    }.items() <= member.items()
    assert int(member["variable_cc_queue_joined_epoch"]) <= int(member["variable_cc_queue_answered_epoch"])
    assert floor.esl.api(f"uuid_getvar {call.agent_leg} cc_agent") == AGENT
    assert floor.esl.api(f"uuid_getvar {call.agent_leg} no_such_variable") == "_undef_"
    assert floor.esl.api(f"uuid_exists {call.agent_leg}") == "true"


def test_uuid_dump_when_the_agent_holds_then_held_since_and_after_the_resume_how_long(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    call.agent.hold()
    hold = floor.esl.wait("CHANNEL_HOLD", Unique_ID=call.agent_leg)
    held = _dump(floor, call.agent_leg)
    assert held["Channel-Call-State"] == "HELD"
    assert abs(int(held["Caller-Channel-Last-Hold"]) - int(hold["Event-Date-Timestamp"])) < 200_000
    assert _dump(floor, call.member_leg)["Channel-Call-State"] == "ACTIVE"
    wait(lambda: _row(floor, "channels", call.agent_leg)["callstate"] == "HELD")
    floor.esl.events.clear()
    call.agent.resume()
    floor.esl.wait("CHANNEL_CALLSTATE", Unique_ID=call.agent_leg, Channel_Call_State="ACTIVE")
    resumed = _dump(floor, call.agent_leg)
    assert resumed["Channel-Call-State"] == "ACTIVE"
    assert resumed["Caller-Channel-Last-Hold"] == held["Caller-Channel-Last-Hold"]
    assert int(resumed["Caller-Channel-Hold-Accum"]) > 0


def test_uuid_dump_when_a_leg_only_rings_then_not_answered(floor: Floor) -> None:
    floor.agent("1001")
    floor.call()
    create = floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound")
    wait(lambda: _dump(floor, create.uuid)["Channel-Call-State"] == "RINGING")
    dump = _dump(floor, create.uuid)
    assert (dump["Answer-State"], dump["Caller-Channel-Answered-Time"]) == ("ringing", "0")
    assert dump["variable_cc_member_pre_answer_uuid"] == dump["variable_cc_member_uuid"]
    assert "variable_bridge_uuid" not in dump


def test_kill_when_asked_then_the_leg_ends_with_the_cause_asked_for(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    assert floor.esl.api(f"uuid_kill {call.agent_leg} CALL_REJECTED") == "+OK\n"
    assert floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=call.agent_leg)["Hangup-Cause"] == "CALL_REJECTED"
    wait(lambda: floor.esl.api(f"uuid_exists {call.agent_leg}") == "false")


def test_uuid_dump_when_plain_then_lines_like_an_event_with_encoded_values(floor: Floor) -> None:
    _, start = floor.call(name="Hana 花子: x%y")
    dump = floor.esl.api(f"uuid_dump {start.uuid}")
    assert dump.startswith("Event-Name: CHANNEL_DATA\nCore-UUID: ")
    assert dump.endswith("\n\n")
    assert "\nCaller-Caller-ID-Name: Hana%20%E8%8A%B1%E5%AD%90%3A%20x%25y\n" in dump
    assert f"\nUnique-ID: {start.uuid}\n" in dump
