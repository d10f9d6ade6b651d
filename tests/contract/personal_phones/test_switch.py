"""What phones of one's own rest on, on the switch itself: limits, caller IDs, prompts and quoting of a contact."""

from __future__ import annotations

from tests.contract.driver import answers
from tests.contract.floor import Floor
from tests.contract.order import of
from tests.contract.patience import wait
from tests.contract.personal_phones.terminals import MOBILE

A1 = "1001@default"
LIMITED = "limit_ignore_transfer=true~execute_on_originate=limit hash contract all 1 !NORMAL_CIRCUIT_CONGESTION"


def limited(number: str, variables: str = LIMITED) -> str:
    """A contact that counts as a call before it rings; blanks make it one quoted argument."""
    return f"'[^^~leg_timeout=8~{variables}]sofia/gateway/carrier/{number}'"


def usage(floor: Floor) -> str:
    return floor.esl.api("limit_usage hash contract all")


def test_f4_limit_on_a_leg_when_it_is_reached_then_the_phone_is_not_even_rung_and_it_counts_as_no_missed_call(
    floor: Floor,
) -> None:
    floor.agent("1001", contact=limited(MOBILE))
    floor.agent("1002", level=2, contact=limited("09033334444"))
    first, _ = floor.call()
    wait(lambda: floor.driver.caller(MOBILE).state == "ringing")
    assert usage(floor) == "1"
    floor.driver.caller(MOBILE).answer()
    floor.esl.wait("CHANNEL_BRIDGE")
    floor.call("0398765432")
    events = floor.esl.until("cc:bridge-agent-fail", CC_Agent="1002@default")
    assert events[-1]["CC-Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"
    assert [e for e in of(events, "CHANNEL_CREATE") if e["Caller-Destination-Number"] == "09033334444"] == []
    assert floor.agent_row("1002@default")["no_answer_count"] == "0"
    floor.config("agent set status 1002@default 'On Break'")
    first.hang_up()
    wait(lambda: usage(floor) == "0" or floor.driver.caller(MOBILE).state == "ringing")


def test_f4_limit_on_a_leg_when_transfers_are_not_ignored_then_it_is_given_back_at_once(floor: Floor) -> None:
    """The new leg passes CS_ROUTING, which is a transfer for ``limit`` (switch_limit.c:76)."""
    floor.agent("1001", contact=limited(MOBILE, LIMITED.partition("~")[2]))
    floor.call()
    wait(lambda: floor.driver.caller(MOBILE).state == "ringing")
    assert usage(floor) == "0"


def test_f3_caller_id_of_a_contact_when_its_variable_is_not_set_then_the_callers_number_is_shown(floor: Floor) -> None:
    name = "contract_number_support@default"
    number = "${contract_number_${cc_queue}}"
    floor.agent("1001", contact=f"[origination_caller_id_number={number},leg_timeout=8]sofia/gateway/carrier/{MOBILE}")
    mobile = floor.driver.caller(MOBILE)
    for value, shown in (("", "0312345678"), ("0355556666", "0355556666")):
        assert floor.esl.api(f"global_setvar {name}={value}").startswith("+OK")
        caller, _ = floor.call()
        wait(lambda: mobile.state == "ringing")
        assert mobile.shown == shown
        caller.hang_up()
        floor.esl.wait("cc:agent-state-change", CC_Agent_State="Waiting")
        wait(lambda: mobile.state == "idle")
    floor.esl.api(f"global_setvar {name}=")


def test_f5_prompt_when_its_first_part_is_missing_then_the_next_is_played_and_the_key_is_heard(floor: Floor) -> None:
    played = "file_string://${no_such_folder}/take_call.wav!silence_stream://500"
    key = f"group_confirm_key=1~group_confirm_file={played}~group_confirm_timeout=6"
    floor.agent("1001", contact=f"[^^~leg_timeout=8~{key}]sofia/gateway/carrier/{MOBILE}")
    floor.driver.caller(MOBILE).behave(answers(0.2, press="1", press_after_s=1.0))
    floor.call()
    assert floor.esl.wait("cc:bridge-agent-start")["CC-Agent"] == A1


def test_contact_when_it_holds_blanks_quotes_and_backslashes_then_it_is_kept_letter_by_letter(floor: Floor) -> None:
    floor.agent("1001")
    for contact in (
        "[a='b c']user/1001@default",
        "[x=y z]user/1001@default|user/1002@default",
        "user/1\\\\,2",
        "'user/1'",
    ):
        quoted = contact.replace("\\", "\\\\").replace("'", "\\'")
        assert floor.config(f"agent set contact {A1} '{quoted}'") == "+OK\n"
        assert floor.agent_row(A1)["contact"] == contact
