"""mod_callcenter's agents: the commands that are sent, their replies letter by letter, and the events that follow."""

from __future__ import annotations

import time

import pytest

from tests.contract.esl import Esl
from tests.contract.floor import Floor

AGENT = "1001@default"
COLUMNS = (
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time|busy_delay_time|no_answer_delay_time|"
    "last_bridge_start|last_bridge_end|last_offered_call|last_status_change|no_answer_count|calls_answered|talk_time|ready_time|"
    "external_calls_count"
)


@pytest.fixture
def agent(floor: Floor) -> str:
    """An agent that was just added and nothing else: logged out, without contact and tier."""
    assert floor.config(f"agent add {AGENT} Callback") == "+OK\n"
    floor.esl.wait("cc:agent-add", CC_Agent=AGENT, CC_Agent_Type="Callback")
    return AGENT


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("agent", "-ERR Invalid!\n"),
        ("agent add", "-ERR Invalid!\n"),
        ("nonsense", "-ERR Invalid!\n"),
        ("agent nonsense x", "-ERR no reply\n"),
        ("nonsense nonsense x", "-ERR no reply\n"),
        (f"agent add {AGENT} Callback", "-ERR Agent already exist!\n"),
        ("agent add 1002@default nonsense", "-ERR Agent type invalid!\n"),
        ("agent del nobody@default", "+OK\n"),
        ("agent set status nobody@default Available", "-ERR Agent not found!\n"),
        (f"agent set status {AGENT} Nonsense", "-ERR Invalid Agent Status!\n"),
        (f"agent set state {AGENT} Nonsense", "-ERR Invalid Agent State!\n"),
        (f"agent set state_if_waiting {AGENT} Idle", "-ERR Agent not found!\n"),
        (f"agent set nonsense {AGENT} 1", "-ERR Invalid Agent Update KEY!\n"),
        (f"agent set type {AGENT} nonsense", "-ERR Invalid Agent Type!\n"),
        (f"agent set wrap_up_time {AGENT} abc", "+OK\n"),
        (f"agent get status {AGENT}", "Logged Out"),
        (f"agent get state {AGENT}", "Waiting"),
        (f"agent get uuid {AGENT}", "-ERR no reply\n"),
        (f"agent get nonsense {AGENT}", "-ERR Invalid Agent Update KEY!\n"),
        ("agent get status nobody@default", "-ERR Agent not found!\n"),
        ("agent list nobody@default", "+OK\n"),
        ("agent reload nobody@default", "+OK\n"),
    ],
)
def test_reply(floor: Floor, agent: str, command: str, reply: str) -> None:
    assert floor.config(command) == reply


def test_usage_when_no_argument_is_given(esl: Esl) -> None:
    assert esl.api("callcenter_config").startswith("-USAGE: \ncallcenter_config <target> <args>,\n")


def test_list_when_agents_exist_then_header_and_a_row_each(floor: Floor, agent: str) -> None:
    row = f"{AGENT}|single_box||Callback||Logged Out|Waiting|0|0|0|0|0|0|0|0|0|0|0|0|0|0"
    assert floor.config("agent list") == f"{COLUMNS}\n{row}\n+OK\n"
    assert floor.config(f"agent list {AGENT}") == f"{COLUMNS}\n{row}\n+OK\n"


def test_list_when_there_is_nobody_then_no_header(floor: Floor) -> None:
    assert floor.config("agent list") == "+OK\n"


@pytest.mark.parametrize("status", ["Available", "On Break", "Available (On Demand)", "Logged Out"])
def test_status_when_set_then_event_says_so_even_when_unchanged(floor: Floor, agent: str, status: str) -> None:
    for _ in range(2):
        assert floor.config(f"agent set status {AGENT} '{status}'") == "+OK\n"
        event = floor.esl.wait("cc:agent-status-change", CC_Agent=AGENT)
        assert event["CC-Agent-Status"] == status
    assert floor.agent_row(AGENT)["status"] == status


@pytest.mark.parametrize(
    ("sent", "reply", "stored"),
    [
        ("On Break", "-ERR Invalid Agent Status!\n", "Logged Out"),
        ("Available (On Demand)", "+OK\n", "Available"),
        ("'Available (On Demand)'", "+OK\n", "Available (On Demand)"),
        ("'On\\sBreak'", "+OK\n", "On Break"),
        ("available", "+OK\n", "available"),
    ],
)
def test_status_when_badly_quoted_or_spelt_then_stored_as_understood(
    floor: Floor, agent: str, sent: str, reply: str, stored: str
) -> None:
    assert floor.config(f"agent set status {AGENT} {sent}") == reply
    assert floor.config(f"agent get status {AGENT}") == stored


def test_arguments_when_they_begin_with_a_delimiter_then_split_by_it(floor: Floor, agent: str) -> None:
    assert floor.config(f"^^:agent:set:status:{AGENT}:Available (On Demand)") == "+OK\n"
    assert floor.config(f"agent get status {AGENT}") == "Available (On Demand)"


def test_arguments_when_a_quote_has_no_partner_then_the_rest_is_one_word(floor: Floor) -> None:
    assert floor.config("agent add it's Callback") == "-ERR Invalid!\n"
    assert floor.config("agent list") == "+OK\n"


def test_contact_when_set_then_event_carries_it_and_pipes_are_not_escaped(floor: Floor, agent: str) -> None:
    contact = f"[leg_timeout=10]user/{AGENT}|user/1002@default"
    assert floor.config(f"agent set contact {AGENT} {contact}") == "+OK\n"
    assert floor.esl.wait("cc:agent-contact-change", CC_Agent=AGENT)["CC-Agent-Contact"] == contact
    assert f"|{contact}|" in floor.config("agent list")
    assert floor.agent_row(AGENT)["contact"] == contact


def test_state_when_set_then_event_says_so(floor: Floor, agent: str) -> None:
    assert floor.config(f"agent set state {AGENT} Idle") == "+OK\n"
    assert floor.esl.wait("cc:agent-state-change", CC_Agent=AGENT)["CC-Agent-State"] == "Idle"
    assert floor.config(f"agent set state_if_waiting {AGENT} Waiting") == "-ERR Agent not found!\n"
    assert floor.config(f"agent set state {AGENT} 'In a queue call'") == "+OK\n"
    assert floor.esl.wait("cc:agent-state-change", CC_Agent=AGENT)["CC-Agent-State"] == "In a queue call"


@pytest.mark.parametrize(
    "key",
    [
        "wrap_up_time",
        "max_no_answer",
        "reject_delay_time",
        "busy_delay_time",
        "no_answer_delay_time",
        "ready_time",
    ],
)
def test_number_when_set_then_stored_without_event(floor: Floor, agent: str, key: str) -> None:
    floor.esl.events.clear()
    assert floor.config(f"agent set {key} {AGENT} 17") == "+OK\n"
    assert floor.agent_row(AGENT)[key] == "17"
    assert [e.name for e in floor.esl.gather(0.3) if e.name.startswith("cc:")] == []


def test_row_when_read_as_json_then_empty_columns_are_missing(floor: Floor, agent: str) -> None:
    row = floor.agent_row(AGENT)
    assert row["status"] == "Logged Out"
    assert row["state"] == "Waiting"
    assert row["external_calls_count"] == "0"
    assert "contact" not in row


def test_status_change_time_when_unchanged_then_available_keeps_it_and_others_do_not(floor: Floor, agent: str) -> None:
    floor.config(f"agent set status {AGENT} Available")
    before = floor.agent_row(AGENT)["last_status_change"]
    _until_the_next_second()
    floor.config(f"agent set status {AGENT} Available")
    assert floor.agent_row(AGENT)["last_status_change"] == before
    floor.config(f"agent set status {AGENT} 'On Break'")
    first = floor.agent_row(AGENT)["last_status_change"]
    _until_the_next_second()
    floor.config(f"agent set status {AGENT} 'On Break'")
    assert int(str(floor.agent_row(AGENT)["last_status_change"])) > int(str(first))


def test_delete_when_asked_then_gone_with_its_tiers_and_without_event(floor: Floor) -> None:
    floor.agent("1001")
    floor.esl.wait("cc:agent-status-change", CC_Agent=AGENT)
    floor.esl.events.clear()
    assert floor.config(f"agent del {AGENT}") == "+OK\n"
    assert floor.rows("agent list") == []
    assert floor.rows("tier list") == []
    assert [e.name for e in floor.esl.gather(0.3) if e.name.startswith("cc:")] == []


def _until_the_next_second() -> None:
    """The switch keeps these times in whole seconds."""
    now = time.time()
    time.sleep(1.02 - now % 1)
