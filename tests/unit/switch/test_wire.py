"""Bytes to frames: what FreeSWITCH sends, what callers put into it, what breaks it, in pieces of any size."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_app.switch.event import Event, JsonEvent
from fs_app.switch.wire import BrokenFrame, Frame, Framer
from tests.unit.switch.scripted import AUTH_REQUEST, api_response, background_job, framed, heartbeat, plain, reply

CREATE = {"Event-Name": "CHANNEL_CREATE", "Unique-ID": "f8c7ec43", "Caller-Caller-ID-Name": "Hanako"}


def frames(*parts: bytes) -> list[Frame]:
    return Framer().feed(b"".join(parts))


def event(*parts: bytes) -> Event:
    (frame,) = frames(*parts)
    return frame.event()


def seen(framer_output: list[Frame]) -> list[tuple[str, bytes, str]]:
    return [(frame.content_type, frame.body, frame.reply_text()) for frame in framer_output]


def in_pieces(data: bytes, cuts: list[int], **limits: int) -> list[Frame]:
    framer = Framer(**limits)
    out: list[Frame] = []
    for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True):
        out += framer.feed(data[start:stop])
    assert not framer.partial
    return out


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


# ---- framing

STREAM = b"".join(
    [
        AUTH_REQUEST,
        reply("+OK accepted"),
        heartbeat(1),
        api_response("UP 0 years\n\nContent-Type: forged\n\n"),
        api_response(""),
        background_job("j1", "-ERR NO_ANSWER\n"),
        framed(b'{"Event-Name":"HEARTBEAT"}', "text/event-json"),
        b"Content-Type: command/reply\nReply-Text: +OK Job-UUID: 7f\nJob-UUID: 7f\n\n",
        b"Content-Type: text/disconnect-notice\nContent-Disposition: linger\nContent-Length: 4\n\nbye\n",
    ]
)


def test_stream_when_fed_byte_by_byte_then_the_same_frames() -> None:
    whole = seen(frames(STREAM))
    assert len(whole) == 9
    assert seen(in_pieces(STREAM, list(range(1, len(STREAM))))) == whole


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, len(STREAM)), max_size=40).map(sorted))
def test_stream_when_cut_anywhere_then_the_same_frames(cuts: list[int]) -> None:
    assert seen(in_pieces(STREAM, cuts)) == seen(frames(STREAM))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["api/response", "text/event-plain", "log/data"]), st.binary(max_size=400)),
        max_size=8,
    ),
    st.data(),
)
def test_stream_when_bodies_hold_any_bytes_then_all_whole(bodies: list[tuple[str, bytes]], data: st.DataObject) -> None:
    stream = b"".join(framed(body, kind) for kind, body in bodies)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    assert [(frame.content_type, frame.body) for frame in in_pieces(stream, cuts)] == bodies


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,20}\Z"),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
        min_size=1,
    )
)
def test_event_when_values_are_any_text_then_each_comes_back(headers: dict[str, str]) -> None:
    one = event(plain(headers))
    for name, value in headers.items():
        expected = "" if value == "_undef_" else value
        expected = expected if not value.startswith("ARRAY::") else value[7:].partition("|:")[0]
        assert one.get(name) == one.last(name.encode()) == expected
    assert one.last(b"No Such") == ""


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=10).map(sorted))
def test_stream_when_garbage_then_frames_or_broken_whatever_the_pieces(garbage: bytes, cuts: list[int]) -> None:
    def outcome(pieces: list[bytes]) -> tuple[list[tuple[str, bytes, str]], str]:
        framer, out = Framer(header_limit=128), []
        try:
            for piece in pieces:
                out += framer.feed(piece)
        except BrokenFrame as broken:
            return seen(out + broken.before), str(broken)
        return seen(out), "partial" if framer.partial else ""

    stream = heartbeat() + garbage
    cuts = [min(cut, len(stream)) for cut in cuts]
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert outcome(pieces) == outcome([stream])


def test_body_of_5_mb_when_in_small_pieces_then_whole_and_not_quadratic() -> None:
    body = b"x" * 5_000_000
    stream = heartbeat() + api_response(body) + heartbeat()
    began = time.process_time()
    out = in_pieces(stream, list(range(1000, len(stream), 1000)))
    assert [len(frame.body) for frame in out][1] == 5_000_000
    assert time.process_time() - began < 0.5


def test_header_block_when_sent_byte_by_byte_up_to_its_limit_then_not_quadratic() -> None:
    framer = Framer()
    began = time.process_time()
    with pytest.raises(BrokenFrame, match="blank line"):
        for number in range(70_000):
            framer.feed(b"x\n"[number % 2 :][:1])
    assert time.process_time() - began < 0.5


# ---- what is no frame


@pytest.mark.parametrize(
    "length", [b"abc", b"-5", b"", b"1e3", b"0x10", b"5 5", b"+7", "５".encode(), b"99999999999999999999", b"16777217"]
)
def test_content_length_when_no_sound_number_then_broken(length: bytes) -> None:
    with pytest.raises(BrokenFrame, match="Content-Length"):
        frames(b"Content-Length: " + length + b"\nContent-Type: text/event-plain\n\n")


@pytest.mark.parametrize("kind", [b"text/event-plain", b"text/event-json", b"api/response"])
def test_content_length_when_missing_where_a_body_follows_then_broken(kind: bytes) -> None:
    with pytest.raises(BrokenFrame, match="no Content-Length"):
        frames(b"Content-Type: " + kind + b"\n\nEvent-Name: HEARTBEAT\n\n")


@pytest.mark.parametrize("off_by", [-3, 5])
def test_content_length_when_wrong_then_broken_at_the_next_frame(off_by: int) -> None:
    body = b"Event-Name: HEARTBEAT\n\n"
    bad = b"Content-Length: %d\nContent-Type: text/event-plain\n\n%b" % (len(body) + off_by, body)
    with pytest.raises(BrokenFrame):
        frames(bad, heartbeat(), heartbeat())


def test_header_block_when_endless_then_broken_at_its_limit() -> None:
    with pytest.raises(BrokenFrame, match="128 bytes"):
        Framer(header_limit=128).feed(b"Content-Type: " + b"x" * 128)


@pytest.mark.parametrize("block", [b"\n\n", b"no colon\n\n", b": no name\n\n", b"Reply-Text: +OK\n\n"])
def test_header_block_when_not_one_then_broken(block: bytes) -> None:
    with pytest.raises(BrokenFrame):
        frames(block)


def test_broken_frame_when_good_ones_came_before_then_they_are_kept() -> None:
    with pytest.raises(BrokenFrame) as caught:
        frames(heartbeat(1), heartbeat(2), b"Content-Length: -5\nContent-Type: text/event-plain\n\n")
    assert [frame.event().get(b"Event-Sequence") for frame in caught.value.before] == ["1", "2"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b""])
def test_json_event_when_not_an_object_then_broken(body: bytes) -> None:
    (frame,) = frames(framed(body, "text/event-json"))
    with pytest.raises(BrokenFrame):
        frame.event()
