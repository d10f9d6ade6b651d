"""``callcenter_config`` answers word for word as mod_callcenter does."""

from __future__ import annotations

import json

import pytest

from tests.unit.practice.floor import RECORDINGS, Floor


@pytest.fixture
def floor() -> Floor:
    floor = Floor()
    floor.agent("1001")
    return floor


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("", "-USAGE"),
        ("agent", "-ERR Invalid!\n"),
        ("agent add", "-ERR Invalid!\n"),
        ("agent add 1002@default Nonsense", "-ERR Agent type invalid!\n"),
        ("agent add 1001@default Callback", "-ERR Agent already exist!\n"),
        ("agent add 1002@default callback", "+OK\n"),
        ("agent add 1002@default uuid-standby", "+OK\n"),
        ("agent del nobody", "+OK\n"),
        ("agent reload nobody", "+OK\n"),
        ("agent nonsense", "-ERR no reply\n"),
        ("nonsense list", "-ERR no reply\n"),
        ("agent set status 1001@default", "-ERR Invalid!\n"),
        ("agent set status nobody Available", "-ERR Agent not found!\n"),
        ("agent set status 1001@default On Break", "-ERR Invalid Agent Status!\n"),
        ("agent set status 1001@default 'On Break'", "+OK\n"),
        ("agent set status 1001@default On\\sBreak", "+OK\n"),
        ("^^:agent:set:status:1001@default:Available (On Demand)", "+OK\n"),
        ("agent set status 1001@default Unknown", "-ERR Invalid Agent Status!\n"),
        ("agent set state 1001@default Nonsense", "-ERR Invalid Agent State!\n"),
        ("agent set state 1001@default 'In a queue call'", "+OK\n"),
        ("agent set state_if_waiting 1001@default Reserved", "+OK\n"),
        ("agent set ready_time 1001@default abc", "+OK\n"),
        ("agent set type 1001@default Nonsense", "-ERR Invalid Agent Type!\n"),
        ("agent set nonsense 1001@default 1", "-ERR Invalid Agent Update KEY!\n"),
        ("agent get status 1001@default", "Available"),
        ("agent get nonsense 1001@default", "-ERR Invalid Agent Update KEY!\n"),
        ("agent get status nobody", "-ERR Agent not found!\n"),
        ("agent list nobody", "+OK\n"),
        ("tier add nowhere@default 1001@default", "-ERR Queue not found!\n"),
        ("tier add rr@default nobody", "-ERR Agent not found!\n"),
        ("tier add support@default 1001@default", "-ERR Tier already exist!\n"),
        ("tier set level rr@default 1001@default 3", "-ERR Unknown Error!\n"),
        ("tier set level support@default 1001@default abc", "+OK\n"),
        ("tier set level support@default 1001@default -3", "+OK\n"),
        ("tier set nonsense support@default 1001@default 3", "-ERR Invalid Tier Update KEY!\n"),
        ("tier set state support@default 1001@default Nonsense", "-ERR Invalid Tier State!\n"),
        ("tier set level support@default 1001@default", "-ERR Invalid!\n"),
        ("tier del nowhere nobody", "+OK\n"),
        ("tier reload all", "-ERR Unknown Error!\n"),
        ("queue count", "9\n"),
        ("queue count agents support@default", "1\n"),
        ("queue count agents support@default 'On Break'", "0\n"),
        ("queue count members", "0\n"),
        ("queue count tiers support@default", "1\n"),
        ("queue list nonsense", "-ERR Invalid!\n"),
        ("queue list members support@default", "+OK\n"),
        ("queue load nowhere", "-ERR Invalid Queue not found!\n"),
        ("queue load support@default", "+OK\n"),
        ("queue unload nowhere", "+OK\n"),
        ("queue reload support@default", "+OK\n"),
    ],
)
def test_reply_when_command_is_sent_then_as_the_module_writes_it(floor: Floor, command: str, reply: str) -> None:
    assert floor.api(f"callcenter_config {command}").startswith(reply)


def test_status_when_sent_unquoted_then_cut_at_the_blank_and_accepted(floor: Floor) -> None:
    assert floor.api("callcenter_config agent set status 1001@default Available (On Demand)") == "+OK\n"
    assert floor.row("1001@default")["status"] == "Available"


def test_status_when_spelt_in_lower_case_then_stored_so_and_never_offered(floor: Floor) -> None:
    assert floor.api("callcenter_config agent set status 1001@default available") == "+OK\n"
    assert floor.row("1001@default")["status"] == "available"
    floor.switch.caller("0312345678").dial("5010")
    floor.advance(5)
    assert floor.named("agent-offering") == []


def test_status_event_when_nothing_changed_then_fired_all_the_same(floor: Floor) -> None:
    floor.eyes.events.clear()
    floor.api("callcenter_config agent set status 1001@default Available")
    assert [e["CC-Agent-Status"] for e in floor.named("agent-status-change")] == ["Available"]


def test_counters_when_agent_returns_to_available_then_reset(floor: Floor) -> None:
    floor.talking()
    floor.switch.phone("1001").hang_up()
    floor.advance(1)
    assert floor.row("1001@default")["calls_answered"] == "1"
    floor.api("callcenter_config agent set status 1001@default 'On Break'")
    assert floor.row("1001@default")["calls_answered"] == "1"
    floor.api("callcenter_config agent set status 1001@default Available")
    assert floor.row("1001@default")["calls_answered"] == "0"


def test_agent_get_when_called_then_fires_an_event(floor: Floor) -> None:
    floor.eyes.events.clear()
    floor.api("callcenter_config agent get status 1001@default")
    assert [e["CC-Agent-Status"] for e in floor.named("agent-status-get")] == ["Available"]


def test_contact_when_set_then_event_carries_it(floor: Floor) -> None:
    floor.eyes.events.clear()
    floor.api("callcenter_config agent set contact 1001@default [leg_timeout=9]user/1001@default")
    assert [e["CC-Agent-Contact"] for e in floor.named("agent-contact-change")] == ["[leg_timeout=9]user/1001@default"]


def test_tier_level_when_set_then_no_event(floor: Floor) -> None:
    floor.eyes.events.clear()
    floor.api("callcenter_config tier set level support@default 1001@default 7")
    assert floor.eyes.events == []
    assert floor.json("tier list")[0]["level"] == "7"


def test_agent_list_when_agent_is_new_then_null_columns_are_empty(floor: Floor) -> None:
    floor.api("callcenter_config agent add new@default Callback")
    header, *_, row, ok = floor.api("callcenter_config agent list").splitlines()
    assert ok == "+OK"
    agent = dict(zip(header.split("|"), row.split("|"), strict=True))
    assert (agent["uuid"], agent["contact"], agent["status"], agent["state"]) == (
        "",
        "",
        "Logged Out",
        "Waiting",
    )


def test_json_when_call_runs_then_shaped_as_the_recorded_snapshot(floor: Floor) -> None:
    floor.talking()
    snapshot = json.loads((RECORDINGS / "answered-queue-call.snapshot.json").read_text())
    for arguments in ("agent list", "queue list", "tier list", "queue list members"):
        data = {"arguments": arguments, **({"queue_name": "support@default"} if "members" in arguments else {})}
        request = {"command": "callcenter_config", "format": "pretty", "data": data}
        reply = floor.api(f"json {json.dumps(request)}")
        seen = snapshot[f"callcenter_config {arguments}"]
        mine = json.loads(reply)
        assert list(mine) == list(seen)
        assert list(mine["response"][0]) == list(seen["response"][0])
        assert [type(value) for value in mine["response"][0].values()] == [
            type(v) for v in seen["response"][0].values()
        ]
        assert reply.startswith('{\n\t"command":\t"callcenter_config"')
        assert reply.endswith("}\n")


@pytest.mark.parametrize(
    ("request_text", "reply"),
    [
        ('{"command":"callcenter_config","data":{"arguments":"member list"}}', '"status":"success","response":[]}\n'),
        (
            '{"command":"callcenter_config","data":{"arguments":"queue list members"}}',
            '"status":"error","message":"The command returned an error",'
            '"response":{"error":"Missing data attribute: queue_name"}}\n',
        ),
        ('{"command":"callcenter_config","data":{"arguments":"nonsense"}}', '"response":null}\n'),
        ('{"command":"nonsense","data":{}}', '"message":"Invalid request or non-existant command","response":null}\n'),
        ("{", "-ERR Parse error.\n"),
    ],
)
def test_json_when_request_is_odd_then_envelope_as_seen(floor: Floor, request_text: str, reply: str) -> None:
    assert floor.api(f"json {request_text}").endswith(reply)
