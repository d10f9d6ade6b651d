"""What ``originate`` answers, and the ``uuid_*`` and ``show`` commands around a call."""

from __future__ import annotations

import json

import pytest

from fs_app.practice.phones import Behaviour
from tests.unit.practice.floor import RECORDINGS, Floor


@pytest.fixture
def floor() -> Floor:
    return Floor()


@pytest.mark.parametrize(
    ("kind", "cause"), [("busy", "USER_BUSY"), ("reject", "CALL_REJECTED"), ("not_found", "UNALLOCATED_NUMBER")]
)
def test_reply_when_phone_refuses_then_its_cause(floor: Floor, kind: str, cause: str) -> None:
    floor.switch.phone("9001").behaviour = Behaviour(kind)
    assert floor.api("originate user/9001@default &park()") == f"-ERR {cause}\n"


@pytest.mark.parametrize(
    ("dial", "cause"),
    [
        ("{originate_timeout=3}user/9001@default", "NO_ANSWER"),
        ("[leg_timeout=3]user/9001@default", "NO_ANSWER"),
        ("[leg_timeout=3]user/9001@default,[leg_timeout=3]user/9002@default", "ALLOTTED_TIMEOUT"),
        ("user/1099@default", "USER_NOT_REGISTERED"),
        ("user/7777@default", "SUBSCRIBER_ABSENT"),
        ("user/9001@elsewhere", "SUBSCRIBER_ABSENT"),
        ("sofia/gateway/nowhere/0312345678", "INVALID_GATEWAY"),
        ("nonsense", "CHAN_NOT_IMPLEMENTED"),
        ("{a=1user/9001", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_reply_when_nobody_answers_then_cause_as_seen(floor: Floor, dial: str, cause: str) -> None:
    assert floor.api(f"originate {dial} &park()") == f"-ERR {cause}\n"


def test_reply_when_uuid_is_taken_then_out_of_order(floor: Floor) -> None:
    floor.switch.phone("9001").behaviour = Behaviour("answer")
    given = "{origination_uuid=11111111-1111-4111-8111-111111111111}user/9001"
    assert floor.api(f"originate {given} &park()").startswith("+OK 11111111")
    assert floor.api(f"originate {given} &park()") == "-ERR DESTINATION_OUT_OF_ORDER\n"


def test_reply_when_killed_while_ringing_then_normal_clearing(floor: Floor) -> None:
    replies = floor.bgapi("originate {origination_uuid=abc}user/9001 &park()")
    floor.advance(0.5)
    assert replies == []
    assert floor.api("uuid_kill abc") == "+OK\n"
    floor.advance(0.5)
    assert replies == ["-ERR NORMAL_CLEARING\n"]


@pytest.mark.parametrize("line", ["originate", "originate user/9001", "originate a b c d e f g h"])
def test_reply_when_arguments_are_wrong_then_usage(floor: Floor, line: str) -> None:
    assert floor.api(line).startswith("-USAGE: <call url>")


def test_leg_when_originated_with_variables_then_its_events_carry_them(floor: Floor) -> None:
    floor.switch.phone("9001").behaviour = Behaviour("answer")
    floor.api("originate {supervision=7,origination_caller_id_name='Listen in'}[x=1]user/9001@default &park()")
    created = floor.named("CHANNEL_CREATE")[0]
    assert (created["variable_supervision"], created["variable_x"]) == ("7", "1")
    assert (created["Caller-Caller-ID-Name"], created["Channel-Presence-ID"]) == ("Listen in", "9001@default")


def test_application_data_when_it_has_a_bracket_then_cut_there(floor: Floor) -> None:
    floor.switch.phone("9001").behaviour = Behaviour("answer")
    floor.api("originate user/9001 &playback(tone_stream://%(1,2,3);loops=-1)")
    floor.advance(0.1)
    assert floor.named("CHANNEL_EXECUTE")[0]["Application-Data"] == "tone_stream://%(1,2,3"


def test_show_when_a_call_runs_then_columns_as_the_recorded_snapshot(floor: Floor) -> None:
    assert floor.api("show channels as json") == floor.api("show calls as json") == '{"row_count": 0}\n'
    floor.agent("1001")
    member, leg = floor.talking()
    snapshot = json.loads((RECORDINGS / "answered-queue-call.snapshot.json").read_text())["show_channels_as_json"]
    shown = json.loads(floor.api("show channels as json"))
    assert shown["row_count"] == 2
    for mine, seen in zip(shown["rows"], snapshot["rows"], strict=True):
        assert list(mine) == list(seen)
        assert {key for key in seen if seen[key]} == {key for key in mine if mine[key]}
    calls = json.loads(floor.api("show calls as json"))
    assert [(row["uuid"], row["b_uuid"]) for row in calls["rows"]] == [(member, leg)]
    assert all(isinstance(value, str) for row in calls["rows"] for value in row.values())


def test_dump_when_a_call_runs_then_enough_for_a_resync(floor: Floor) -> None:
    floor.agent("1001")
    member, leg = floor.talking()
    agent = json.loads(floor.api(f"uuid_dump {leg} json"))
    assert {
        "cc_queue": "support@default",
        "cc_agent": "1001@default",
        "cc_side": "agent",
        "cc_agent_bridged": "true",
        "cc_member_session_uuid": member,
        "dialed_user": "1001",
    }.items() <= {name.removeprefix("variable_"): value for name, value in agent.items()}.items()
    customer = json.loads(floor.api(f"uuid_dump {member} json"))
    assert customer["variable_cc_side"] == "member"
    assert customer["variable_cc_agent_uuid"] == leg
    assert customer["variable_cc_cause"] == "answered"
    assert customer["Event-Name"] == "CHANNEL_DATA"
    assert "variable_cc_member_pre_answer_uuid" not in agent


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("uuid_exists gone", "false"),
        ("uuid_kill gone", "-ERR No such channel!\n"),
        ("uuid_kill", "-USAGE"),
        ("uuid_transfer gone 1001", "-ERR No such channel!\n"),
        ("uuid_transfer gone", "-USAGE"),
        ("uuid_bridge gone gone", "-ERR Invalid uuid\n"),
        ("uuid_setvar gone a b", "-ERR No such channel!\n"),
        ("uuid_getvar gone a", "-ERR No such channel!\n"),
        ("uuid_dump gone json", "-ERR No such channel!\n"),
        ("uuid_hold gone", "-ERR Operation failed\n"),
        ("uuid_buglist gone", "-ERR no reply\n"),
        ("nosuchcmd x", "-ERR nosuchcmd Command not found!\n"),
        ("module_exists mod_callcenter", "true"),
        ("module_exists mod_nonsense", "false"),
        ("global_getvar nonsense", "-ERR no reply\n"),
        ("global_getvar domain", "default"),
        ("user_exists id 1001 default", "true"),
        ("user_exists id 7777 default", "false"),
        ("user_data 1001@default var effective_caller_id_name", "Ext 1001"),
        ("limit_usage hash inbound company1", "0"),
        ("version", "FreeSWITCH Version 1.10.12"),
        ("status", "UP 0 years, 0 days"),
    ],
)
def test_reply_when_command_is_sent_then_as_freeswitch(floor: Floor, line: str, reply: str) -> None:
    assert floor.api(line).startswith(reply)


def test_variable_when_set_and_read_then_bare_value(floor: Floor) -> None:
    uuid = floor.switch.caller("0312345678").dial("5010").uuid
    assert floor.api(f"uuid_getvar {uuid} note") == "_undef_"
    assert floor.api(f"uuid_setvar {uuid} note some words") == "+OK\n"
    assert floor.api(f"uuid_getvar {uuid} note") == "some words"
    assert floor.api(f"uuid_setvar {uuid} note") == "+OK\n"
    assert floor.api(f"uuid_getvar {uuid} note") == "_undef_"


def test_hold_command_when_sent_then_holds_and_releases(floor: Floor) -> None:
    floor.agent("1001")
    _, leg = floor.talking()
    assert floor.api(f"uuid_hold {leg}") == "+OK Success\n"
    assert [row["callstate"] for row in json.loads(floor.api("show channels as json"))["rows"]] == ["ACTIVE", "HELD"]
    assert floor.api(f"uuid_hold off {leg}") == "+OK Success\n"
    assert [e["Event-Name"] for e in floor.named("CHANNEL_HOLD") + floor.named("CHANNEL_UNHOLD")] == [
        "CHANNEL_HOLD",
        "CHANNEL_UNHOLD",
    ]


def test_inbound_call_when_limit_is_reached_then_busy(floor: Floor) -> None:
    for index in range(50):
        floor.switch.caller(f"03123400{index:02}").dial("5010")
    floor.eyes.events.clear()
    floor.switch.caller("0399999999").dial("5010")
    floor.advance(1)
    assert [e["Hangup-Cause"] for e in floor.named("CHANNEL_HANGUP_COMPLETE")] == ["USER_BUSY"]
    assert floor.api("limit_usage hash inbound company1") == "50"


def test_name_when_it_has_line_breaks_then_plain_events_stay_whole(floor: Floor) -> None:
    from fs_app.practice.events import Event

    event = Event("X", [("Caller-Caller-ID-Name", "Evil\nEvent-Name: FAKE\r\n"), ("Empty", "")])
    assert event.serialize_plain() == b"Caller-Caller-ID-Name: Evil%0AEvent-Name%3A%20FAKE%0D%0A\nEmpty: _undef_\n\n"


def test_leg_when_phone_hangs_up_while_held_then_unhold_is_reported(floor: Floor) -> None:
    floor.agent("1001")
    floor.talking()
    floor.switch.phone("1001").hold()
    floor.advance(0.5)
    floor.eyes.events.clear()
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert len(floor.named("CHANNEL_UNHOLD")) == 1
