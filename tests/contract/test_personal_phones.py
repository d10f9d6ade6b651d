"""Agents on phones of their own, by contacts that the controller writes: who gets the call, when, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected
from fs_app.store.inbox import CommandClient
from tests.contract.center import BOSS, EDITOR, Center, wait
from tests.contract.driver import BUSY, SUPPORT, Driver, answers
from tests.contract.floor import CUSTOMER, Floor, eventually
from tests.contract.order import of

A1, A2 = "1001@default", "1002@default"
MOBILE = "09011112222"
OWNER = Actor("taro", USER, "Taro", agent=A1, extensions=("1004",))


@pytest.fixture
def center(driver: Driver, tmp_path: Path) -> Iterator[Center]:
    center = Center(tmp_path, driver.esl_url)
    center.start()
    yield center
    center.stop()


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    floor.agent("1001", contact="user/1001@default")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    return A1


def contact(floor: Floor) -> str:
    return str(floor.agent_row(A1)["contact"])


def set_terminal(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> dict[str, object]:
    """Where the agent is rung from now on, as the panel asks for it."""
    return dict(
        CommandClient(center.redis).ask("terminal.set", actor, {"agent": A1, "kind": kind, **args}, timeout_s=5.0)
    )


def refused(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> str:
    with pytest.raises(Rejected) as caught:
        set_terminal(center, kind, actor, **args)
    return caught.value.error


def test_f1_an_outside_number_is_stored_shown_and_rung_with_a_key(center: Center, floor: Floor, agent: str) -> None:
    told = set_terminal(center, "external", number="090-1111-2222", queue=SUPPORT, actor=EDITOR)
    assert told == {
        "agent": A1, "kind": "external", "number": MOBILE, "extension": None, "delay_s": None, "confirm": True,
    }  # fmt: skip
    row = center.row()
    assert (row["terminal"], row["terminal_kind"], row["terminal_confirm"]) == (MOBILE, "external", True)
    mobile = floor.driver.caller(MOBILE)
    mobile.behave(answers(0.3, press="1", press_after_s=1.5))
    floor.call()
    answered = floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number=MOBILE)
    wait(lambda: center.code() == "ringing")
    start = floor.esl.wait("cc:bridge-agent-start")
    assert int(start["Event-Date-Timestamp"]) - int(answered["Event-Date-Timestamp"]) > 1_000_000
    center.until_code("queue_call")
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"kind": "external", "number": ""}, "invalid_number"),
        ({"kind": "external", "number": "110"}, "invalid_number"),
        ({"kind": "external", "number": "0570012345"}, "number_not_allowed"),
        ({"kind": "external", "number": "+12125551234"}, "number_not_allowed"),
        ({"kind": "extension", "number": "10a"}, "invalid_number"),
        ({"kind": "extension", "number": "4711"}, "extension_unknown"),
        ({"kind": "both", "extension": "4711", "number": MOBILE, "delay_s": 5}, "extension_unknown"),
        ({"kind": "both", "extension": "1001", "number": MOBILE, "delay_s": 0}, "invalid_request"),
        ({"kind": "both", "extension": "1001", "number": MOBILE}, "invalid_request"),
        ({"kind": "elsewhere", "number": MOBILE}, "invalid_request"),
    ],
)
def test_f1_what_is_no_phone_is_refused_and_nothing_changes(
    center: Center, floor: Floor, agent: str, args: dict[str, object], error: str
) -> None:
    before = contact(floor)
    assert refused(center, **args) == error
    assert contact(floor) == before


def test_f1_an_extension_where_another_agent_works_is_refused(center: Center, floor: Floor, agent: str) -> None:
    floor.agent("1002")
    wait(lambda: center.documents("agent").get(A2))
    assert refused(center, "extension", number="1002") == "extension_taken"
    center.ask("status.set", agent=A2, status="logged_out")
    assert set_terminal(center, "extension", number="1002")["number"] == "1002"


def test_f2_oneself_sets_an_own_extension_or_a_number_and_nobody_elses(
    center: Center, floor: Floor, agent: str
) -> None:
    assert refused(center, "extension", OWNER, number="1003") == "permission_denied"
    assert set_terminal(center, "extension", number="1004", actor=OWNER)["number"] == "1004"
    assert set_terminal(center, "external", number=MOBILE, actor=OWNER)["number"] == MOBILE
    assert refused(center, "external", OWNER, number=MOBILE, confirm=False) == "permission_denied"
    with pytest.raises(Rejected) as caught:
        set_terminal(center, "external", number=MOBILE, actor=replace(OWNER, agent=A2))
    assert caught.value.error == "permission_denied"


def test_f3_an_outside_phone_that_nobody_answers_gives_the_call_to_the_next_agent(
    center: Center, floor: Floor, agent: str
) -> None:
    floor.config(f"agent set reject_delay_time {agent} 30")
    floor.agent("1002", level=2)
    set_terminal(center, "external", number=MOBILE)
    mobile = floor.driver.caller(MOBILE)
    floor.call()
    wait(lambda: mobile.state == "ringing")
    mobile.reject("CALL_REJECTED")
    eventually(lambda: floor.driver.phone("1002").state == "ringing", limit_s=8)


def test_f5_a_voicemail_never_counts_as_an_answer_and_the_desk_phone_still_gets_the_call(
    center: Center, floor: Floor, agent: str
) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    assert center.row()["terminal"] == f"1001 + {MOBILE}"
    floor.driver.caller(MOBILE).behave(answers(0.2))
    desk = floor.driver.phone("1001")
    floor.call()
    floor.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number=MOBILE)
    assert desk.state == "ringing"
    wait(lambda: center.code() == "ringing")
    assert of(floor.esl.gather(1.0), "cc:bridge-agent-start") == []
    desk.answer()
    center.until_code("queue_call")
    floor.hear({"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    eventually(lambda: floor.driver.caller(MOBILE).state == "idle")


def test_f3_both_phones_the_desk_first_and_the_mobile_after_the_delay(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=2)
    mobile, desk = floor.driver.caller(MOBILE), floor.driver.phone("1001")
    mobile.behave(answers(0.2, press="1", press_after_s=0.5))
    floor.call()
    first = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number="1001")
    second = floor.esl.wait("CHANNEL_CREATE", Caller_Destination_Number=MOBILE)
    assert 1.5 < (int(second["Event-Date-Timestamp"]) - int(first["Event-Date-Timestamp"])) / 1e6 < 3.5
    center.until_code("queue_call", limit_s=8)
    floor.hear({MOBILE: {CUSTOMER}, CUSTOMER: {MOBILE}})
    assert desk.state == "idle"


def test_f3_a_busy_mobile_leaves_the_desk_phone_ringing(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    floor.driver.caller(MOBILE).behave(BUSY)
    floor.call()
    floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=MOBILE)
    assert floor.driver.phone("1001").state == "ringing"
    floor.driver.phone("1001").answer()
    center.until_code("queue_call")


def test_f5_without_the_key_whoever_picks_up_has_the_call(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "external", number=MOBILE, confirm=False)
    assert center.row()["terminal_confirm"] is False
    floor.driver.caller(MOBILE).behave(answers(0.2))
    floor.call()
    center.until_code("queue_call")


def test_a_caller_who_leaves_silences_both_phones(center: Center, floor: Floor, agent: str) -> None:
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=1)
    mobile, desk = floor.driver.caller(MOBILE), floor.driver.phone("1001")
    mobile.behave(answers(0.2))
    caller, _ = floor.call()
    wait(lambda: mobile.state == "talking")
    caller.hang_up()
    eventually(lambda: (mobile.state, desk.state) == ("idle", "idle"))
    center.until_code("available")


def test_a_joined_sites_contact_is_shown_kept_and_given_back(center: Center, floor: Floor, agent: str) -> None:
    theirs = "[leg_timeout=8,execute_on_answer='set a=b c']user/1001@default"
    quoted = theirs.replace("'", "\\'")
    assert floor.config(f"agent set contact {A1} '{quoted}'") == "+OK\n"
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal"] == "1001")
    set_terminal(center, "external", number=MOBILE)
    wait(lambda: center.row()["terminal_restorable"])
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=5)
    set_terminal(center, "extension", number="1001", queue=SUPPORT, actor=EDITOR)
    assert contact(floor) == theirs
    set_terminal(center, "external", number=MOBILE)
    set_terminal(center, "original")
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal_restorable"] is False)
