"""Who is asked for what at a dial code, which codes there are, and that nothing typed is kept anywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fs_app.store.announce import DIAL_CODES, SettingsChannel
from fs_app.store.dial_codes import DEFAULTS, DialCodes
from tests.contract.center import Center
from tests.contract.dial_settings import waive
from tests.contract.dialling import Exchange

A1 = "1001@default"


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
