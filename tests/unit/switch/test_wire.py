"""Bytes to events: what FreeSWITCH sends, and what callers put into it."""

from __future__ import annotations

import pytest

from fs_app.switch.event import JsonEvent
from tests.unit.switch.read_frames import CREATE, event, frames
from tests.unit.switch.scripted import api_response, background_job, framed, plain, reply

# ---- lazy headers


def test_header_when_first_of_the_event_then_found() -> None:
    assert event(plain(CREATE)).name == "CHANNEL_CREATE"


def test_header_when_asked_by_text_or_bytes_then_the_same() -> None:
    one = event(plain(CREATE))
    assert one.get("Unique-ID") == one.get(b"Unique-ID") == "f8c7ec43"


def test_header_when_absent_or_undefined_then_empty() -> None:
    one = event(plain(CREATE | {"Hangup-Cause": ""}))
    assert b"Hangup-Cause: _undef_" in frames(plain({"Hangup-Cause": ""}))[0].body
    assert one.get(b"Hangup-Cause") == ""
    assert one.get(b"No-Such") == ""


def test_header_when_its_name_ends_another_name_then_not_mistaken() -> None:
    one = event(plain({"Event-Name": "CHANNEL_CREATE", "Other-Leg-Unique-ID": "other", "Unique-ID": "own"}))
    assert one.get(b"Unique-ID") == "own"
    assert one.get(b"Leg-Unique-ID") == ""


def test_header_when_repeated_then_the_first_counts() -> None:
    body = b"Event-Name: CHANNEL_HANGUP_COMPLETE\nHangup-Cause: USER_BUSY\nHangup-Cause: NORMAL_CLEARING\n\n"
    assert event(framed(body)).get(b"Hangup-Cause") == "USER_BUSY"
    assert event(framed(body)).last(b"Hangup-Cause") == "NORMAL_CLEARING"


def test_header_when_an_array_then_its_first_element() -> None:
    encoded = event(plain({"Event-Name": "CUSTOM", "variable_DP_MATCH": "ARRAY::5010|:5011"}))
    literal = event(framed(b"Event-Name: CUSTOM\nvariable_DP_MATCH: ARRAY::5010|:5011\n\n"))
    json = event(framed(b'{"Event-Name":"CUSTOM","variable_DP_MATCH":["5010","5011"]}', "text/event-json"))
    assert [one.get(b"variable_DP_MATCH") for one in (encoded, literal, json)] == ["5010"] * 3


def test_items_when_listed_then_all_headers_in_order_and_no_body() -> None:
    one = event(background_job("j1", "+OK done\n"))
    assert [name for name, _ in one.items()][:3] == ["Event-Name", "Core-UUID", "Job-UUID"]
    assert "+OK done" not in str(list(one.items()))


# ---- what callers send


def test_name_when_it_holds_an_encoded_line_break_and_header_then_forges_nothing() -> None:
    one = event(plain(CREATE | {"Caller-Caller-ID-Name": "x\nEvent-Name: CHANNEL_HANGUP_COMPLETE\nUnique-ID: forged"}))
    assert one.name == "CHANNEL_CREATE"
    assert one.get(b"Unique-ID") == "f8c7ec43"
    assert one.get(b"Caller-Caller-ID-Name") == "x\nEvent-Name: CHANNEL_HANGUP_COMPLETE\nUnique-ID: forged"


def test_name_when_it_comes_before_the_header_it_forges_then_forges_nothing() -> None:
    one = event(
        plain({"Caller-Caller-ID-Name": "x%0AEvent-Name: FAKE\r\nEvent-Name: FAKE", "Event-Name": "CHANNEL_CREATE"})
    )
    assert one.name == "CHANNEL_CREATE"


def test_name_when_freeswitch_left_its_percent_signs_then_only_a_value() -> None:
    # FreeSWITCH does not encode what looks encoded already (switch_utils.c, switch_url_encode), so this is what arrives.
    one = event(framed(b"Event-Name: CHANNEL_CREATE\nCaller-Caller-ID-Name: x%0AEvent-Name%3A%20FAKE%0D%0A\n\n"))
    assert (one.name, one.get(b"Caller-Caller-ID-Name")) == ("CHANNEL_CREATE", "x\nEvent-Name: FAKE\r\n")


def test_name_when_it_holds_a_real_line_break_in_json_then_forges_nothing() -> None:
    body = b'{"Event-Name":"CHANNEL_CREATE","Caller-Caller-ID-Name":"Evil\\r\\n Event-Name: FAKE"}'
    one = event(framed(body, "text/event-json"))
    assert (one.name, one.get(b"Caller-Caller-ID-Name")) == ("CHANNEL_CREATE", "Evil\r\n Event-Name: FAKE")


@pytest.mark.parametrize("name", ["山田".encode("shift_jis"), b"\xff\xfe", "é".encode("latin-1"), b"\xe5\xb1"])
def test_name_when_not_utf8_then_replaced_and_the_rest_intact(name: bytes) -> None:
    plain_one = event(plain(CREATE | {"Caller-Caller-ID-Name": name}))
    raw_one = event(
        framed(b"Event-Name: CHANNEL_CREATE\nCaller-Caller-ID-Name: " + name + b"\nUnique-ID: f8c7ec43\n\n")
    )
    json = (
        b'{"Event-Name":"CHANNEL_CREATE","Caller-Caller-ID-Name":"'
        + name.replace(b"\\", b"")
        + b'","Unique-ID":"f8c7ec43"}'
    )
    for one in (plain_one, raw_one, event(framed(json, "text/event-json"))):
        assert "\ufffd" in one.get(b"Caller-Caller-ID-Name")
        assert (one.name, one.get(b"Unique-ID")) == ("CHANNEL_CREATE", "f8c7ec43")


def test_name_when_japanese_then_readable() -> None:
    assert event(plain(CREATE | {"Caller-Caller-ID-Name": "山田 花子"})).get(b"Caller-Caller-ID-Name") == "山田 花子"


def test_reply_when_not_utf8_then_replaced() -> None:
    (frame,) = frames(reply(b"-ERR \x8e\x52\x93\x63"))
    assert frame.reply_text().startswith("-ERR \ufffd")
    (frame,) = frames(api_response(b"+OK \xff\n"))
    assert frame.text() == "+OK \ufffd\n"


# ---- bodies inside events


def test_job_when_it_has_a_result_then_body_whole_and_no_header() -> None:
    one = event(background_job("j1", "+OK 41\nJob-UUID: forged\nNew-Header: x\n\nmore\n\n"))
    assert one.body() == "+OK 41\nJob-UUID: forged\nNew-Header: x\n\nmore\n\n"
    for look_up in (one.get, one.last):
        assert (look_up(b"Job-UUID"), look_up(b"New-Header")) == ("j1", "")


def test_job_when_its_result_is_not_ascii_then_body_by_bytes() -> None:
    assert event(background_job("j1", "+OK 山田\n")).body() == "+OK 山田\n"


def test_event_when_without_a_body_then_empty() -> None:
    assert event(plain(CREATE)).body() == ""
    assert JsonEvent({"Event-Name": "HEARTBEAT"}).body() == ""


def test_body_when_json_then_underscore_body() -> None:
    one = JsonEvent({"Event-Name": "BACKGROUND_JOB", "_body": "+OK\n"})
    assert one.body() == "+OK\n"
    assert ("_body", "+OK\n") not in list(one.items())
