"""Which phone an agent may be rung on, who sets it, and what a joined site had before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fs_app.floor.actor import USER, Actor
from fs_app.floor.errors import Rejected
from tests.contract.center import BOSS, EDITOR, Center
from tests.contract.driver import SUPPORT, answers
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.contract.personal_phones.terminals import MOBILE, contact, set_terminal

A1, A2 = "1001@default", "1002@default"
OWNER = Actor("taro", USER, "Taro", agent=A1, extensions=("1004",))


def refused(center: Center, kind: str, actor: Actor = BOSS, **args: object) -> str:
    with pytest.raises(Rejected) as caught:
        set_terminal(center, kind, actor, **args)
    return caught.value.error


def test_f1_an_outside_number_is_stored_shown_and_rung_with_a_key(center: Center, floor: Floor, agent: str) -> None:
    told = set_terminal(center, "external", number="090-1111-2222", queue=SUPPORT, actor=EDITOR)
    assert told == {
        "agent": A1, "kind": "external", "number": MOBILE, "extension": None, "delay_s": None, "confirm": True,
    }  # fmt: skip
    wait(lambda: center.row()["terminal"] == MOBILE)
    row = center.row()
    assert (row["terminal_kind"], row["terminal_confirm"]) == ("external", True)
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
    center.until_code("available", A2)
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


def test_a_joined_sites_contact_is_shown_kept_and_given_back(center: Center, floor: Floor, agent: str) -> None:
    theirs = "[leg_timeout=8,execute_on_answer='set a=b c']user/1003@default"
    quoted = theirs.replace("'", "\\'")
    assert floor.config(f"agent set contact {A1} '{quoted}'") == "+OK\n"
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal"] == "1003")
    set_terminal(center, "external", number=MOBILE)
    wait(lambda: center.row()["terminal_restorable"])
    set_terminal(center, "both", extension="1001", number=MOBILE, delay_s=5)
    set_terminal(center, "extension", number="1003", queue=SUPPORT, actor=EDITOR)
    assert contact(floor) == theirs
    set_terminal(center, "external", number=MOBILE)
    set_terminal(center, "original")
    assert contact(floor) == theirs
    wait(lambda: center.row()["terminal_restorable"] is False)
