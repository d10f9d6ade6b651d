"""Bytes to frames: in pieces of any size, and what breaks them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_app.switch.wire import BrokenFrame, Frame, Framer
from tests.unit.switch.read_frames import event, frames
from tests.unit.switch.scripted import AUTH_REQUEST, api_response, background_job, framed, heartbeat, plain, reply


def seen(framer_output: list[Frame]) -> list[tuple[str, bytes, str]]:
    return [(frame.content_type, frame.body, frame.reply_text()) for frame in framer_output]


def in_pieces(data: bytes, cuts: list[int], **limits: int) -> list[Frame]:
    framer = Framer(**limits)
    out: list[Frame] = []
    for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True):
        out += framer.feed(data[start:stop])
    assert not framer.partial
    return out


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
