"""What scripts/provision puts on a machine starts, puts calls through, and counts them."""

from __future__ import annotations

import re
import secrets

import pytest

from tests.contract.driver import MUSIC, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.live.provisioned import OWN_NUMBER, ProvisionedDriver, calls

pytestmark = pytest.mark.live
MODULES = ["callcenter", "commands", "dptools", "event_socket", "hash", "local_stream", "loopback", "opus", "python3"]
MODULES += ["say_en", "say_ja", "sndfile", "sofia", "spy", "tone_stream"]
OTHER = "0398765432"


def tracked(floor: Floor, agent: str) -> str:
    return str(floor.agent_row(agent)["external_calls_count"])


def test_start_when_provisioned_then_every_module_is_there_and_nothing_is_complained_of(floor: Floor) -> None:
    assert [name for name in MODULES if floor.esl.api(f"module_exists mod_{name}").strip() != "true"] == []
    assert [row["name"] for row in floor.rows("queue list")] == ["support@default"]
    log = (floor.driver.folder / "log" / "freeswitch.log").read_text()  # type: ignore[attr-defined]
    start = log.split("Started")[0]
    assert re.findall(r".*\[(?:ERR|CRIT|ALERT)\].*", start) == []


def test_queue_call_when_it_comes_from_outside_then_counted_once_and_one_more_is_busy(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.hear({"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    assert calls(floor, "inbound") == "1"
    ours.caller(OTHER).dial("5010")
    wait(lambda: ours.caller(OTHER).state == "idle")
    assert calls(floor, "inbound") == "1"
    call.customer.hang_up()
    wait(lambda: calls(floor, "inbound") == "0")


def test_queue_call_when_the_number_was_dialled_then_the_panel_is_told_which(floor: Floor) -> None:
    floor.agent("1001")
    floor.call()
    assert floor.esl.wait("cc:agent-offering")["CC-Member-DNIS"] == "5010"


def test_hold_when_the_agent_holds_then_the_customer_hears_the_music(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    call.agent.hold()
    floor.hear({CUSTOMER: {MUSIC}})


def test_transfer_when_the_agent_hands_the_caller_over_then_he_still_counts(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    ours.phone("1002").behave(answers(0))
    ours.phone("1001").transfer("1002")
    floor.hear({CUSTOMER: {"1002"}, "1002": {CUSTOMER}})
    assert calls(floor, "inbound") == "1"
    call.customer.hang_up()
    wait(lambda: calls(floor, "inbound") == "0")


def test_outside_call_when_an_agent_dials_then_counted_and_no_queue_call_is_offered_to_him(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    agent = floor.agent("1001")
    ours.caller(OTHER).behave(answers(0))
    ours.phone("1001").dial(OTHER)
    floor.hear({"1001": {OTHER}, OTHER: {"1001"}})
    assert (calls(floor, "outbound"), tracked(floor, agent)) == ("1", "1")
    shown = floor.esl.wait("CHANNEL_ANSWER", Call_Direction="outbound")
    assert shown["Caller-Caller-ID-Number"] == OWN_NUMBER
    floor.call()
    assert [event for event in floor.esl.gather(1.0) if event.name == "cc:agent-offering"] == []
    ours.phone("1001").hang_up()
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == agent
    assert (calls(floor, "outbound"), tracked(floor, agent)) == ("0", "0")


def test_internal_call_when_two_agents_talk_then_neither_is_offered_a_queue_call(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    dialling, called = floor.agent("1001"), floor.agent("1002")
    ours.phone("1002").behave(answers(0))
    ours.phone("1001").dial("1002")
    floor.hear({"1001": {"1002"}, "1002": {"1001"}})
    wait(lambda: (tracked(floor, dialling), tracked(floor, called)) == ("1", "1"))
    assert (calls(floor, "inbound"), calls(floor, "outbound")) == ("0", "0")
    ours.phone("1001").hang_up()
    wait(lambda: (tracked(floor, dialling), tracked(floor, called)) == ("0", "0"))


@pytest.mark.parametrize("to", ["1003", OTHER])
def test_transfer_when_a_colleague_hands_on_the_agent_who_called_him_then_he_counts_once_and_no_more_after_it(
    ours: ProvisionedDriver, floor: Floor, to: str
) -> None:
    agent, colleague = floor.agent("1001"), floor.agent("1002")
    ours.phone("1002").behave(answers(0))
    target = ours.caller(OTHER) if to == OTHER else ours.phone(to)
    target.behave(answers(0))
    ours.phone("1001").dial("1002")
    floor.hear({"1001": {"1002"}, "1002": {"1001"}})
    ours.phone("1002").transfer(to)
    floor.hear({"1001": {to}, to: {"1001"}})
    wait(lambda: (tracked(floor, agent), tracked(floor, colleague)) == ("1", "0"))
    ours.phone("1001").hang_up()
    wait(lambda: tracked(floor, agent) == "0")
    floor.config(f"agent set status {colleague} 'Logged Out'")
    floor.call()
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == agent


@pytest.mark.parametrize("number", ["0990123456", "0570012345", "01012125551234", "00441632960000", "8555"])
def test_number_when_it_may_not_be_dialled_then_the_call_ends_and_nothing_leaves(
    ours: ProvisionedDriver, floor: Floor, number: str
) -> None:
    ours.phone("1001").dial(number)
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=number)
    assert ended["Hangup-Cause"] == "UNALLOCATED_NUMBER"
    assert [event for event in floor.esl.events if event.get("Call-Direction") == "outbound"] == []


def test_emergency_call_when_all_lines_are_taken_then_it_goes_out(ours: ProvisionedDriver, floor: Floor) -> None:
    ours.caller(OTHER).behave(answers(0))
    ours.phone("1001").dial(OTHER)
    floor.hear({"1001": {OTHER}})
    ours.phone("1002").dial("0311112222")
    refused = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number="0311112222")
    assert refused["Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"
    ours.phone("1002").dial("110")
    assert floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound", Caller_Destination_Number="110")


def test_python_when_a_script_is_called_then_it_runs_with_the_distributions_python(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    mark = secrets.token_hex(4)
    body = "session.setVariable('probe', args + ' ' + sys.version[:4])"
    script = f"import sys\ndef handler(session, args):\n    args = '{mark}'\n    {body}\n"
    (ours.folder / "scripts" / "probe.py").write_text(script)
    ours.phone("1001").dial("8800")
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number="8800")
    assert ended["variable_probe"].split() == [mark, "3.11"]


@pytest.mark.parametrize("number", ["9999", "1001", "0398765432", "0010"])
def test_external_profile_when_the_carrier_calls_another_number_then_nothing_is_rung(
    ours: ProvisionedDriver, floor: Floor, number: str
) -> None:
    ours.caller(OTHER).dial(number)
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=number)
    assert ended["Hangup-Cause"] == "UNALLOCATED_NUMBER"
    assert [event for event in floor.esl.events if event.get("Call-Direction") == "outbound"] == []
