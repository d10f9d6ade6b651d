"""What callers can put into an event: it is shown clean, and forges no fact."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_app.floor import facts
from fs_app.floor.errors import ImpossibleFact
from fs_app.switch.event import JsonEvent
from fs_app.switch.translate import clean, translate
from fs_app.switch.wire import Framer
from tests.unit.switch.recorded_facts import STAMP, headers, recorded, through_the_wire
from tests.unit.switch.scripted import plain


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Taro", "Taro"),
        ("山田 太郎", "山田 太郎"),
        ("Evil\nEvent-Name: FAKE\r\n", "Evil Event-Name: FAKE"),
        ("a\x00b\x1b[31mc\x7f", "a b [31mc"),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\t \n", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("${system(id)}", "${system(id)}"),
        ("%41%0A", "%41%0A"),
        ("_undef_", ""),
        ("", ""),
    ],
)
def test_name_and_number_of_a_caller_are_cleaned_and_otherwise_told_as_sent(sent: str, shown: str) -> None:
    event = headers(recorded("answered-queue-call", 1)) | {
        "Caller-Caller-ID-Name": sent, "Caller-Caller-ID-Number": sent, "Caller-Destination-Number": sent,
    }  # fmt: skip
    for one in (through_the_wire(event), JsonEvent(event)):
        seen = translate(one)
        assert isinstance(seen, facts.ChannelSeen)
        assert (seen.caller_name, seen.caller_number, seen.destination) == (shown, shown, shown)
    joined = headers(recorded("answered-queue-call", 19)) | {"CC-Member-CID-Name": sent, "CC-Member-CID-Number": sent}
    member = translate(through_the_wire(joined))
    assert isinstance(member, facts.MemberJoined)
    assert (member.name, member.number) == (shown, shown)


@given(st.text())
def test_cleaned_text_can_be_printed_on_one_line(text: str) -> None:
    assert clean(text).isprintable()
    assert clean(clean(text)) == clean(text)
    assert "".join(text.split()) == "".join(clean(text).split()) or not text.isprintable()


def test_name_in_broken_bytes_is_shown_with_its_readable_part() -> None:
    event = headers(recorded("answered-queue-call", 1)) | {"Caller-Caller-ID-Name": "花子".encode("shift_jis") + b"!"}
    seen = translate(through_the_wire(event))
    assert isinstance(seen, facts.ChannelSeen)
    assert seen.caller_name.endswith("!")
    assert seen.caller_name.isprintable()


FORGED = (
    "\nEvent-Name: CUSTOM\nEvent-Subclass: callcenter::info\nCC-Action: agent-status-change\n"
    "CC-Agent: 1001@default\nCC-Agent-Status: Logged Out\nUnique-ID: forged\nvariable_cc_side: agent\n"
    "variable_cc_agent: 1001@default\nvariable_sasayaki_supervision: s-1\nHangup-Cause: X\n\n"
    "Content-Length: 0\nContent-Type: text/event-plain\n\nEvent-Name: CHANNEL_ANSWER\nUnique-ID: forged\n\n"
)
CALLER_WRITES = [
    "Caller-Caller-ID-Name", "Caller-Caller-ID-Number", "Caller-Destination-Number", "Caller-Username", "Caller-ANI",
    "Channel-Name", "variable_sip_from_display", "variable_sip_h_X-Anything", "Caller-Network-Addr",
]  # fmt: skip


@given(
    value=st.just(FORGED) | st.lists(st.sampled_from([*FORGED.split("\n"), "\n", "\r\n", "%0A", "%"])).map("".join),
    where=st.sampled_from(CALLER_WRITES),
    first=st.booleans(),
)
def test_headers_inside_a_value_forge_no_fact(value: str, where: str, first: bool) -> None:
    own = headers(recorded("answered-queue-call", 1))
    clean_fact: Any = translate(JsonEvent(own | {where: ""}))
    event = {where: value} | {k: v for k, v in own.items() if k != where} if first else own | {where: value}
    bytes_sent = plain(event)
    assert len(Framer().feed(bytes_sent)) == 1
    fact: Any = translate(through_the_wire(event))
    told = ("caller_name", "caller_number", "destination")
    assert fact._replace(**dict.fromkeys(told, "")) == clean_fact._replace(**dict.fromkeys(told, ""))
    assert all("\n" not in getattr(fact, name) for name in told)


def test_headers_in_the_body_of_an_event_forge_no_fact() -> None:
    """A job's result may repeat what a caller sent; it stands behind the headers in the same bytes."""
    event = {"Event-Name": "BACKGROUND_JOB", "Job-Command": "show"} | STAMP
    assert translate(through_the_wire(event, FORGED)) is None
    key = "Job-Command: echo\nJob-Command-Arg: sasayaki_key x 2\n"
    assert translate(through_the_wire({"Event-Name": "BACKGROUND_JOB"} | STAMP, key)) is None
    partial = {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "agent-status-change"} | STAMP
    with pytest.raises(ImpossibleFact):
        translate(through_the_wire(partial, "CC-Agent: 1001@default\nCC-Agent-Status: Logged Out\n"))
