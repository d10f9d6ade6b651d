"""The reading of a whole switch, against the replies that a real 1.10.12 gave in the middle of a queue call."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from fs_app.floor import facts
from fs_app.floor.documents import document
from fs_app.floor.errors import ImpossibleFact
from fs_app.floor.fold import apply
from fs_app.floor.state import Floor
from fs_app.switch.snapshot import read_queue, read_switch, read_tier
from tests import replay

RECORDED: dict[str, Any] = json.loads(
    (Path(replay.__file__).parent / "recordings/answered-queue-call.snapshot.json").read_text()
)
CORE = "46474769-003e-4b1b-a56a-30abd82b59a0"
OTHER_CORE = "ffffffff-003e-4b1b-a56a-30abd82b59a0"
CALLER, AGENT_LEG = "3abff117-d62f-45bd-a940-b5a54c639c64", "f7d286fc-5aa6-4fd6-8f65-387a501165d0"
AGENT = "1001@default"
NOW = 1795346550.0
GONE = "-ERR No such channel!\n"


class Switch:
    """Answers as recorded, and keeps what it was asked. ``replies`` may be changed by a test."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.core = CORE
        recorded = copy.deepcopy(RECORDED)
        self.channels: list[dict[str, Any]] = recorded["show_channels_as_json"]["rows"]
        self.bridges: list[dict[str, Any]] = [{"uuid": CALLER, "b_uuid": AGENT_LEG, "callstate": "ACTIVE"}]
        members = recorded["callcenter_config queue list members"]
        self.tables: dict[str, Any] = {
            name: recorded[f"callcenter_config {name}"] for name in ("agent list", "queue list", "tier list")
        } | {"member list": members, "queue list agents": recorded["callcenter_config agent list"]}
        self.tables["queue list tiers"] = self.tables["tier list"]
        self.dumps = {CALLER: recorded["uuid_dump member leg json"], AGENT_LEG: recorded["uuid_dump agent leg json"]}
        self.alive = {CALLER, AGENT_LEG}
        self.replies: dict[str, str] = {}

    def ask(self, line: str) -> str:
        self.asked.append(line)
        assert "\n" not in line
        name, _, rest = line.partition(" ")
        if line in self.replies or name in self.replies:
            return self.replies.get(line) or self.replies[name]
        answers: dict[str, Callable[[str], str]] = {
            "global_getvar": lambda _: self.core,
            "json": self._callcenter,
            "show": self._show,
            "uuid_dump": self._dump,
            "uuid_exists": lambda uuid: "true" if uuid in self.alive else "false",
        }
        return answers[name](rest)

    def rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.tables[table]["response"]
        return rows

    def _callcenter(self, text: str) -> str:
        request = json.loads(text)
        assert request["command"] == "callcenter_config"
        return json.dumps(self.tables[request["data"]["arguments"]]) + "\n"

    def _show(self, what: str) -> str:
        rows = {"channels as json": self.channels, "bridged_calls as json": self.bridges}[what]
        return json.dumps({"row_count": len(rows), "rows": rows} if rows else {"row_count": 0}) + "\n"

    def _dump(self, uuid: str) -> str:
        if uuid not in self.alive:
            return GONE
        return "".join(f"{name}: {quote(str(value)) or '_undef_'}\n" for name, value in self.dumps[uuid].items())

    def asked_of(self, command: str) -> list[str]:
        return [line for line in self.asked if line.startswith(command)]


@pytest.fixture
def switch() -> Switch:
    return Switch()


def read(switch: Switch, floor: Floor | None = None) -> facts.SwitchRead:
    return read_switch(switch.ask, floor or Floor(), now=lambda: NOW)


def floor_of(switch: Switch) -> Floor:
    floor = Floor()
    apply(floor, read(switch, floor))
    return floor


def agent(floor: Floor, ident: str = AGENT) -> dict[str, Any]:
    found = document(floor, "agent", ident)
    assert found is not None
    return found


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
