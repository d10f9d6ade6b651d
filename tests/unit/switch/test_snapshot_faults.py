"""Readings of a switch that answers in another form, and single questions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fs_app.floor.errors import ImpossibleFact
from fs_app.switch.snapshot import read_queue, read_tier
from tests.unit.switch.recorded_switch import AGENT, AGENT_LEG, CALLER, Switch, read

# ---- answers of another form


@pytest.mark.parametrize(
    "reply",
    [
        "-ERR json Command not found!\n",
        "-ERR permission denied\n",
        "",
        "[]",
        "null",
        "7",
        '{"command":"callcenter_config","data":{"arguments":"agent list"},"status":"error",'
        '"message":"Invalid request or non-existant command","response":null}',
    ],
)
def test_switch_without_mod_callcenter_says_what_to_look_at(switch: Switch, reply: str) -> None:
    switch.replies["json"] = reply
    with pytest.raises(ImpossibleFact, match="is mod_callcenter loaded"):
        read(switch)


@pytest.mark.parametrize(
    "reply",
    [
        '{"status":"error","message":"The command returned an error","response":null}',
        '{"status":"success","response":null}',
        '{"status":"success","response":{"error":"x"}}',
        "{}",
    ],
)
def test_refused_question_is_named(switch: Switch, reply: str) -> None:
    switch.replies["json"] = reply
    with pytest.raises(ImpossibleFact, match="refuses «agent list»"):
        read(switch)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("agent list", "name"),
        ("tier list", "queue"),
        ("tier list", "agent"),
        ("queue list", "name"),
        ("member list", "uuid"),
        ("member list", "queue"),
    ],
)
@pytest.mark.parametrize("value", [None, "", 7, ["x"]])
def test_row_without_its_name_is_impossible(switch: Switch, table: str, key: str, value: Any) -> None:
    row = switch.rows(table)[0]
    if value is None:
        del row[key]
    else:
        row[key] = value
    with pytest.raises(ImpossibleFact, match=f"without {key}"):
        read(switch)


@pytest.mark.parametrize("reply", ["-ERR permission denied\n", "", "null", "[]", "0 total.\n"])
@pytest.mark.parametrize("what", ["channels", "bridged_calls"])
def test_show_that_gives_no_json_is_impossible(switch: Switch, what: str, reply: str) -> None:
    switch.replies[f"show {what} as json"] = reply or " "
    with pytest.raises(ImpossibleFact, match=f"show {what}"):
        read(switch)


@pytest.mark.parametrize("rows", [[{"b_uuid": AGENT_LEG}], [{"uuid": CALLER}], [{"uuid": 1, "b_uuid": 2}]])
def test_bridge_without_its_two_legs_is_impossible(switch: Switch, rows: list[dict[str, Any]]) -> None:
    switch.bridges = rows
    with pytest.raises(ImpossibleFact, match="uuid"):
        read(switch)


@pytest.mark.parametrize("reply", ["", "-ERR no reply\n", "-ERR permission denied\n"])
def test_switch_that_does_not_tell_who_it_is_is_impossible(switch: Switch, reply: str) -> None:
    switch.core = reply
    with pytest.raises(ImpossibleFact, match="core_uuid"):
        read(switch)


def test_dump_without_its_leg_is_impossible(switch: Switch) -> None:
    del switch.dumps[CALLER]["Unique-ID"]
    with pytest.raises(ImpossibleFact, match="Unique-ID"):
        read(switch)


# ---- single questions


def test_tier_is_read_back_as_the_switch_has_it_now(switch: Switch) -> None:
    switch.rows("queue list tiers")[0]["level"] = "7"
    tier = read_tier(switch.ask, "support@default", AGENT)
    assert tier is not None
    assert (tier.level, tier.agent) == (7, AGENT)
    assert json.loads(switch.asked[0].removeprefix("json "))["data"]["queue_name"] == "support@default"
    assert read_tier(switch.ask, "support@default", "1002@default") is None


def test_queue_is_read_with_its_agents_tiers_and_settings(switch: Switch) -> None:
    agents, tiers, own = read_queue(switch.ask, "support@default")
    assert [a.agent for a in agents] == [AGENT] == [t.agent for t in tiers]
    assert own is not None
    assert own.strategy == "longest-idle-agent"
    assert read_queue(switch.ask, "nowhere")[2] is None


def test_queue_with_an_odd_name_stays_inside_its_question(switch: Switch) -> None:
    read_tier(switch.ask, 'x","arguments":"queue list\n\n', AGENT)
    assert json.loads(switch.asked[0].removeprefix("json "))["data"] == {
        "arguments": "queue list tiers",
        "queue_name": 'x","arguments":"queue list\n\n',
    }
