"""Dial codes from the phone to the floor: every code, right and wrong, on both switches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.errors import Rejected
from fs_app.floor.statuses import ON_BREAK, Status
from fs_app.store.announce import DIAL_CODES, SITE, SettingsChannel
from fs_app.store.audit import AuditLog
from fs_app.store.dial_codes import DEFAULTS, DialCodes
from fs_app.store.site_settings import SiteSettings
from tests.contract.center import Center
from tests.contract.dialling import Caller, Exchange, exchange
from tests.contract.driver import RINGALL, SUPPORT, Driver
from tests.contract.floor import Floor
from tests.contract.patience import wait

A1, A2 = "1001@default", "1002@default"
RESTING = Status("resting", ON_BREAK, "square", "amber", (("ja", "休養"), ("en", "Resting")))
ROOT = Actor("root", ADMINISTRATOR, "Root")


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    return _agent(center, floor)


def _agent(center: Center, floor: Floor) -> str:
    floor.agent("1001", status="Logged Out")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    return A1


@pytest.fixture
def codes(driver: Driver, center: Center, agent: str, tmp_path: Path) -> Iterator[Exchange]:
    with exchange(driver, center, tmp_path / "prompts") as found:
        yield found


def waive(center: Center) -> None:
    """An administrator lets phones of one's own stand for a password."""
    with center.database() as database:
        SiteSettings(database, AuditLog(database)).change({"dial_waive_inside": True}, ROOT)
    SettingsChannel(center.redis).announce(SITE)


def numbers(center: Center, **functions: str) -> None:
    """An administrator gives numbers of one's own (``n5021``) a function."""
    with center.database() as database:
        DialCodes(database).change_outside([(name[1:], f) for name, f in functions.items()], lambda _: None)
    SettingsChannel(center.redis).announce(DIAL_CODES)


def is_allowed(center: Center, status: str) -> bool:
    try:
        center.ask("status.set", agent=A1, status=status)
    except Rejected:
        return False
    return True


def untouched(floor: Floor, status: str = "Logged Out") -> None:
    row = floor.agent_row(A1)
    assert (row["status"], row["contact"]) == (status, "[leg_timeout=10]user/1001@default")


# ---- signing in and out


@pytest.mark.parametrize("number", ["0010", "80010"])
def test_e1_e3_sign_in_makes_available(codes: Exchange, center: Center, number: str) -> None:
    caller = codes.caller()
    caller.dial(number)
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_in")
    center.until_code("available")
    assert center.audit()[-2:] == [("agent.set_status", "asked", ""), ("agent.set_status", "confirmed", "")]
    assert caller.phone.state == "idle"


def test_e1_a_wrong_password_is_announced_and_changes_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in((center.dial_logins["ann"][0], "000000"))
    assert caller.hears() == ["wrong", "dial_id"]
    caller.phone.hang_up()
    untouched(floor)


def test_too_many_wrong_entries_make_wait_and_sound_an_alarm(codes: Exchange, center: Center, floor: Floor) -> None:
    dial_id, password = center.dial_logins["ann"]
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in((dial_id, "000000"))
    for _ in range(2):
        assert caller.hears() == ["wrong", "dial_id"]
        caller.types(f"{dial_id}#")
        assert caller.hears() == ["dial_password"]
        caller.types("000000#")
    caller.hangs_up_after("wrong_wait")
    wait(lambda: "wrong_dial_entries" in center.documents("agent")[A1]["alarms"], lambda: center.documents("agent"))
    again = codes.caller("1002")
    again.dial("0010")
    again.logs_in((dial_id, password))
    again.hangs_up_after("wrong_wait")
    untouched(floor)
    assert ("dial.wrong_entries", "failed", "wrong_wait") in center.audit()


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


# ---- statuses


@pytest.mark.parametrize(
    ("number", "code"), [("0021", "available"), ("0022", "wrap_up"), ("0023", "on_break"), ("0024", "away")]
)
def test_direct_codes_set_their_status(codes: Exchange, center: Center, number: str, code: str) -> None:
    waive(center)
    caller = codes.caller()
    caller.dial(number)
    caller.hangs_up_after("status_now", f"status_{code}")
    center.until_code(code)
    assert center.audit_args("agent.set_status")[-1]["status"] == code


def test_the_menu_reads_the_sites_own_statuses_too(codes: Exchange, center: Center) -> None:
    center.define(RESTING)
    wait(lambda: is_allowed(center, "resting"), "the new book is used")
    center.ask("status.set", agent=A1, status="away")
    waive(center)
    caller = codes.caller()
    caller.dial("0020")
    read = caller.hears()
    assert read[-4:] == ["status_logged_out", "key_5", "status_resting", "key_6"]
    caller.types("6")
    caller.hangs_up_after("status_now", "status_resting")
    center.until_code("resting")


def test_ones_own_status_is_read_back_as_it_is_shown(codes: Exchange, center: Center) -> None:
    waive(center)
    center.ask("status.set", agent=A1, status="away")
    center.until_code("away")
    since = center.documents("agent")[A1]["since"]
    caller = codes.caller()
    caller.dial("0029")
    caller.hangs_up_after("status_is", "status_away")
    assert (center.code(), center.documents("agent")[A1]["since"]) == ("away", since)


def test_e9_a_status_is_refused_while_the_agent_is_in_a_call(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    floor.answered_call()
    center.until_code("queue_call")
    caller = codes.caller("1002")
    caller.dial("0024")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("agent_in_call")
    untouched(floor, "Available")
    assert center.audit()[-1] == ("agent.set_status", "failed", "agent_in_call")


def test_e9_a_status_is_refused_while_the_phone_rings(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    floor.call()
    center.until_code("ringing")
    caller = codes.caller("1002")
    caller.dial("0024")
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("agent_ringing")
    untouched(floor, "Available")


def test_g4_a_hand_is_raised_and_lowered(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    floor.config(f"agent set status {A1} Available")
    center.until_code("available")
    for number, said, up in (("0030", "hand_raised", True), ("0031", "hand_lowered", False)):
        caller = codes.caller()
        caller.dial(number)
        caller.hangs_up_after(said)
        wait(lambda up=up: bool(center.documents("agent")[A1]["hand_since"]) == up)


# ---- who may


def test_a_phone_of_ones_own_is_asked_nothing_where_the_site_says_so(codes: Exchange, center: Center) -> None:
    waive(center)
    caller = codes.caller()
    caller.dial("0010")
    caller.hangs_up_after("signed_in")
    stranger = codes.caller("1002")
    stranger.dial("0011")
    assert stranger.hears() == ["dial_id"]
    assert center.code() == "available"


def test_a_phone_that_is_dialling_a_code_is_in_no_call(codes: Exchange, center: Center) -> None:
    caller = codes.caller()
    caller.dial("0010")
    assert caller.hears() == ["dial_id"]
    assert (center.code(), center.documents("agent")[A1]["call"]) == ("logged_out", None)


def test_a_code_that_is_none_and_one_that_is_out_of_use_are_told_apart(codes: Exchange, center: Center) -> None:
    with center.database() as database:
        changed = [replace(c, in_use=False) if c.number == "0030" else c for c in DEFAULTS]
        DialCodes(database).change(changed, lambda _: None)
    SettingsChannel(center.redis).announce(DIAL_CODES)
    waive(center)
    for number, said in (("0099", "code_unknown"), ("0030", "code_off")):
        caller = codes.caller()
        caller.dial(number)
        caller.hangs_up_after(said)


# ---- from outside


def test_e7_f8_a_number_of_ones_own_signs_in_always_with_id_and_password(codes: Exchange, center: Center) -> None:
    waive(center)
    numbers(center, n5021="sign_in", n5022="sign_out")
    for number, said, code in (("5021", "signed_in", "available"), ("5022", "signed_out", "logged_out")):
        caller = codes.outside()
        caller.dial(number)
        caller.logs_in(center.dial_logins["ann"])
        caller.hangs_up_after(said)
        center.until_code(code)


def test_e7_the_callers_number_alone_proves_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    numbers(center, n5021="sign_in")
    caller = codes.outside("0901001")
    caller.dial("5021")
    caller.logs_in((center.dial_logins["ann"][0], "000000"))
    assert caller.hears() == ["wrong", "dial_id"]
    caller.phone.hang_up()
    untouched(floor)


def test_the_status_menu_from_outside(codes: Exchange, center: Center) -> None:
    numbers(center, n5023="status_menu")
    caller = codes.outside()
    caller.dial("5023")
    caller.logs_in(center.dial_logins["ann"])
    assert caller.hears()[0] == "status_menu"
    caller.types("4")
    caller.hangs_up_after("status_now", "status_away")
    center.until_code("away")


def test_a_number_without_a_function_is_not_answered_with_any(codes: Exchange) -> None:
    caller = codes.outside()
    caller.dial("5022")
    caller.hangs_up_after("number_unknown")


# ---- what is missing


def test_a_missing_prompt_is_a_tone_and_the_dialogue_works(codes: Exchange, center: Center, tmp_path: Path) -> None:
    for name in ("dial_password", "signed_in"):
        for file in (tmp_path / "prompts").rglob(f"{name}.wav"):
            file.unlink()
    caller = codes.caller()
    caller.dial("0010")
    dial_id, password = center.dial_logins["ann"]
    assert caller.hears() == ["dial_id"]
    caller.types(f"{dial_id}#")
    assert caller.hears() == ["tone"]
    caller.types(f"{password}#")
    caller.hangs_up_after("tone")
    center.until_code("available")


def test_a_controller_that_is_gone_is_told_and_nothing_changes(codes: Exchange, center: Center, floor: Floor) -> None:
    center.kill_controller()
    caller = codes.caller()
    caller.dial("0010")
    caller.hangs_up_after("unavailable")
    untouched(floor)


def test_a_controller_that_comes_back_too_late_changes_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    with center.hung_controller():
        caller = codes.caller()
        caller.dial("0010")
        caller.hangs_up_after("unavailable")
    center.until_live()
    center.ask("queue.foresee", queue="support@default")  # whatever was waiting for it has been looked at by now
    untouched(floor)


def test_a_redis_that_is_gone_is_told_and_nothing_changes(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    center.kill_redis()
    caller = codes.caller()
    caller.dial("0010")
    caller.hangs_up_after("unavailable")
    untouched(floor)


def test_typed_digits_are_in_no_event_variable_log_or_file(codes: Exchange, center: Center, tmp_path: Path) -> None:
    dial_id, password = center.dial_logins["ann"]
    caller = codes.caller()
    caller.dial("0010")
    caller.logs_in((dial_id, password))
    caller.hangs_up_after("signed_in")
    seen = [*caller.seen, *codes.esl.events]
    assert [event for event in seen if event.name == "DTMF"] == []
    assert [key for event in seen for key, value in event.items() if password in value or value == dial_id] == []
    files = [file for file in tmp_path.rglob("*") if file.is_file() and "prompts" not in file.parts]
    assert any(file.suffix == ".aof" for file in files)
    assert [file.name for file in files if password.encode() in file.read_bytes()] == []


# ---- listening by telephone


def listens(codes: Exchange, center: Center, login: str, extension: str, mode: str, phone: str = "9001") -> Caller:
    caller = codes.caller(phone)
    caller.dial("0070")
    caller.logs_in(center.dial_logins[login])
    assert caller.hears() == ["monitor_target"]
    caller.types(f"{extension}#")
    assert caller.hears() == ["monitor_mode"]
    caller.types(mode)
    return caller


def test_d20_listening_from_a_phone_whispering_and_the_keypad(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    customer = floor.answered_call().customer.number
    center.until_code("queue_call")
    caller = listens(codes, center, "edith", "1001", "0", phone="9002")
    assert caller.hears() == ["monitor_starts"]
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["listening"])
    (supervision,) = center.documents("supervision").values()
    shown = {name: supervision[name] for name in ("login", "agent", "mode", "extension", "queue")}
    assert shown == {"login": "edith", "agent": A1, "mode": "monitor", "extension": "9002", "queue": SUPPORT}
    floor.hear({"9002": {customer, "1001"}, "1001": {customer}, customer: {"1001"}})
    caller.types("2")
    wait(lambda: center.documents("supervision")[supervision["id"]]["mode"] == "whisper")
    floor.hear({"9002": {customer, "1001"}, "1001": {customer, "9002"}, customer: {"1001"}})
    caller.phone.hang_up()
    center.until_state(supervision["id"], "ended")
    floor.hear({"1001": {customer}, customer: {"1001"}})
    assert center.audit_args("supervision.start")[-1]["mode"] == "monitor"
    wait(lambda: ("supervision.start", "confirmed", "") in center.audit(), center.audit)


def test_d20_no_right_on_the_calls_queue_is_announced(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.agent("1002", RINGALL)
    wait(lambda: center.documents("agent").get(A2, {}).get("tiers"))
    floor.answered_call("1002", queue=RINGALL)
    center.until_code("queue_call", A2)
    caller = codes.caller("9001")
    caller.dial("0070")
    caller.logs_in(center.dial_logins["edith"])
    assert caller.hears() == ["monitor_target"]
    caller.types("1002#")
    caller.hangs_up_after("permission_denied")
    assert center.documents("supervision") == {}
    assert center.audit()[-1] == ("supervision.start", "failed", "permission_denied")


def test_d3_nobody_talks_so_there_is_nothing_to_hear(codes: Exchange, center: Center) -> None:
    caller = codes.caller("9001")
    caller.dial("0070")
    caller.logs_in(center.dial_logins["boss"])
    assert caller.hears() == ["monitor_target"]
    caller.types("1001#")
    caller.hangs_up_after("not_monitorable")


def test_d12_listening_by_telephone_ends_with_the_call(codes: Exchange, center: Center, floor: Floor) -> None:
    floor.config(f"agent set status {A1} Available")
    call = floor.answered_call()
    center.until_code("queue_call")
    caller = listens(codes, center, "boss", "1001", "3")
    assert caller.hears() == ["barge_starts"]
    floor.hear({call.customer.number: {"1001", "9001"}})
    call.customer.hang_up()
    wait(lambda: caller.phone.state == "idle")
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["ended"])


def test_listening_by_telephone_goes_on_over_a_restart_of_the_controller(
    codes: Exchange, center: Center, floor: Floor
) -> None:
    floor.config(f"agent set status {A1} Available")
    call = floor.answered_call()
    center.until_code("queue_call")
    caller = listens(codes, center, "edith", "1001", "0")
    assert caller.hears() == ["monitor_starts"]
    wait(lambda: [s["state"] for s in center.documents("supervision").values()] == ["listening"])
    (before,) = center.documents("supervision").values()
    center.stop_and_start_controller()
    after = center.until_state(before["id"], "listening")
    assert (after["mode"], after["leg"]) == ("monitor", caller.leg)
    caller.types("2")
    wait(lambda: center.documents("supervision")[before["id"]]["mode"] == "whisper")
    floor.hear({"1001": {call.customer.number, "9001"}, call.customer.number: {"1001"}})
