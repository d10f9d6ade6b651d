"""Signing in and out by telephone: with ID and password, on which phone, and what is refused."""

from __future__ import annotations

import pytest

from fs_app.floor.actor import USER, Actor
from tests.contract.center import Center
from tests.contract.dialling import Exchange, untouched
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1, A2 = "1001@default", "1002@default"


@pytest.mark.parametrize("number", ["0010", "80010"])
def test_e1_e3_sign_in_makes_available(codes: Exchange, center: Center, number: str) -> None:
    caller = codes.caller()
    caller.dial(number)
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_in")
    center.until_code("available")
    assert center.audit()[-2:] == [("agent.set_status", "asked", ""), ("agent.set_status", "confirmed", "")]
    wait(lambda: caller.phone.state == "idle")


def test_e1_a_wrong_password_is_announced_and_changes_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in((center.dial_logins["ann"][0], "000000"))
    assert caller.hears() == ["wrong", "dial_id"]
    caller.phone.hang_up()
    untouched(floor)


def too_often_wrong(codes: Exchange, dial_id: str) -> None:
    """Somebody tries passwords until he has to wait."""
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in((dial_id, "000000"))
    for _ in range(2):
        assert caller.hears() == ["wrong", "dial_id"]
        caller.types(f"{dial_id}#")
        assert caller.hears() == ["dial_password"]
        caller.types("000000#")
    caller.hangs_up_after("wrong_wait")


def test_too_many_wrong_entries_make_wait_and_sound_an_alarm(codes: Exchange, center: Center, floor: Floor) -> None:
    dial_id, password = center.dial_logins["ann"]
    too_often_wrong(codes, dial_id)
    wait(lambda: "wrong_dial_entries" in center.documents("agent")[A1]["alarms"], lambda: center.documents("agent"))
    again = codes.caller("1002")
    again.dial("0010")
    again.logs_in((dial_id, password))
    again.hangs_up_after("wrong_wait")
    untouched(floor)
    assert ("dial.wrong_entries", "failed", "wrong_wait") in center.audit()
    center.stop_and_start_controller()
    wait(lambda: "wrong_dial_entries" in center.documents("agent")[A1]["alarms"], lambda: center.documents("agent"))


def test_the_alarm_of_an_agent_whom_no_switch_has_is_the_sites(codes: Exchange, center: Center, floor: Floor) -> None:
    center.account(Actor("taro", USER, "Taro", agent="1077@default"))
    too_often_wrong(codes, center.dial_logins["taro"][0])
    wait(lambda: center.meta()["alarms"] == ["wrong_dial_entries"], center.meta)
    center.stop_and_start_controller()
    wait(lambda: center.meta()["alarms"] == ["wrong_dial_entries"], center.meta)
    floor.agent("1077", status="Logged Out")
    wait(lambda: center.documents("agent").get("1077@default", {}).get("alarms") == ["wrong_dial_entries"])
    wait(lambda: center.meta()["alarms"] == [], center.meta)


def test_e4_an_account_without_an_agent_is_refused(codes: Exchange, center: Center) -> None:
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in(center.dial_logins["boss"])
    caller.hangs_up_after("no_agent")


def test_e6_sign_out(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    center.until_code("available")
    caller = codes.caller()
    caller.dial("0011")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_out")
    center.until_code("logged_out")


def test_e2_sign_in_naming_the_extension_ties_it_to_the_agent(codes: Exchange, center: Center, floor: Floor) -> None:
    caller = codes.caller("1003")
    caller.dial("0012")
    caller.logs_in(center.dial_logins["ann"])
    assert caller.hears() == ["extension"]
    caller.types("1003#")
    caller.hangs_up_after("signed_in")
    center.until_code("available")
    assert center.documents("agent")[A1]["terminal"] == "1003"
    assert str(floor.agent_row(A1)["contact"]).endswith("user/1003@default")


@pytest.mark.parametrize(("extension", "refusal"), [("1777", "extension_unknown"), ("1002", "extension_taken")])
def test_e2_an_extension_unknown_or_in_use_is_announced_and_changes_nothing(
    codes: Exchange, center: Center, floor: Floor, extension: str, refusal: str
) -> None:
    floor.agent("1002")
    center.until_code("available", A2)
    caller = codes.caller()
    caller.dial("0012")
    caller.logs_in(center.dial_logins["ann"])
    assert caller.hears() == ["extension"]
    caller.types(f"{extension}#")
    caller.hangs_up_after(refusal)
    untouched(floor)


def test_e1_sign_in_is_refused_where_somebody_else_works_at_the_agents_phone(
    codes: Exchange, center: Center, floor: Floor
) -> None:
    other = floor.agent("1002", contact="[leg_timeout=10]user/1001@default")
    center.until_code("available", other)
    caller = codes.caller("1003")
    caller.dial("0010")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("extension_taken")
    untouched(floor)
    again = codes.caller("1003")
    again.dial("0012")
    again.logs_in(center.dial_logins["ann"])
    assert again.hears() == ["extension"]
    again.types("1003#")
    again.hangs_up_after("signed_in")
    center.until_code("available")
    assert center.documents("agent")[A1]["terminal"] == "1003"


def test_the_first_offer_comes_when_the_phone_that_signed_in_is_free_again(
    codes: Exchange, center: Center, floor: Floor
) -> None:
    floor.call()
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_in")
    assert [event for event in floor.esl.events if event.name == "cc:agent-offering"] == []
    floor.esl.wait("cc:agent-offering", CC_Agent=A1)
    center.until_code("ringing")
