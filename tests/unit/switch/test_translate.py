"""Events to facts: what a recorded 1.10.12 says of each kind, and what callers can put into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_app.floor import facts
from fs_app.floor.errors import ImpossibleFact
from fs_app.switch.event import Event, JsonEvent
from fs_app.switch.session import EVENT_NAMES
from fs_app.switch.translate import _READERS, channel_dump, clean, is_unknown, translate
from fs_app.switch.wire import Framer
from tests.replay.playback import RECORDINGS, read
from tests.unit.switch.scripted import plain

CALLER, AGENT_LEG = "3abff117-d62f-45bd-a940-b5a54c639c64", "f7d286fc-5aa6-4fd6-8f65-387a501165d0"
MEMBER, AGENT, QUEUE = "f0a90ad6-a352-41c0-a4e6-f40f887a482f", "1001@default", "support@default"
HELD = "93b68a51-906a-4257-abeb-f7ebdfc1a6d2"
HEARD = "4e5e161c-1d67-4a46-97e3-cb83fc28222b"
LOST_MEMBER, LOST_CALLER = "ba15a775-3d80-4bc2-a506-74a967648d16", "f8c7ec43-fbb9-4ee2-a322-f3f7e62f5abd"

RECORDED: list[tuple[str, int, facts.Fact]] = [
    (
        "answered-queue-call",
        1,
        facts.ChannelSeen(
            1795346546.032701,
            798,
            CALLER,
            True,
            caller_name="Taro",
            caller_number="0312345678",
            destination="5010",
            created_at=1795346546.032701,
        ),
    ),
    ("answered-queue-call", 2, facts.ChannelCallState(1795346546.032701, 799, CALLER, "RINGING")),
    (
        "answered-queue-call",
        19,
        facts.MemberJoined(1795346546.032701, 819, MEMBER, CALLER, QUEUE, "Taro", "0312345678"),
    ),
    ("answered-queue-call", 21, facts.AgentStateSet(1795346546.112698, 823, AGENT, "Receiving")),
    ("answered-queue-call", 22, facts.OfferStarted(1795346546.112698, 824, AGENT, QUEUE, MEMBER, CALLER)),
    (
        "answered-queue-call",
        23,
        facts.ChannelSeen(
            1795346546.112698,
            830,
            AGENT_LEG,
            False,
            AGENT,
            AGENT,
            "Taro",
            "0312345678",
            "1001",
            "agent",
            AGENT,
            QUEUE,
            MEMBER,
            CALLER,
            created_at=1795346546.112698,
        ),
    ),
    ("answered-queue-call", 26, facts.ChannelAnswered(1795346547.332704, 839, AGENT_LEG)),
    (
        "answered-queue-call",
        28,
        facts.OfferAnswered(1795346547.352745, 843, AGENT, QUEUE, MEMBER, CALLER, AGENT_LEG),
    ),
    ("answered-queue-call", 33, facts.ChannelsBridged(1795346547.372703, 856, CALLER, AGENT_LEG)),
    ("answered-queue-call", 35, facts.ChannelsUnbridged(1795346549.032708, 879, CALLER, AGENT_LEG)),
    ("answered-queue-call", 37, facts.ChannelHungUp(1795346549.032708, 883, CALLER, "NORMAL_CLEARING", by_phone=True)),
    (
        "answered-queue-call",
        40,
        facts.QueueCallEnded(1795346549.072703, 890, AGENT, QUEUE, MEMBER, AGENT_LEG, True),
    ),
    ("answered-queue-call", 41, facts.MemberLeft(1795346549.072703, 891, MEMBER, CALLER, QUEUE, True, "")),
    (
        "abandoned-in-queue",
        21,
        facts.MemberLeft(1795346558.53269, 947, LOST_MEMBER, LOST_CALLER, QUEUE, False, "BREAK_OUT"),
    ),
    ("freeswitch-restart", 1, facts.AgentStatusSet(1795347870.732708, 13109, "1002@default", "On Break")),
    ("hold-and-resume", 44, facts.ChannelHeld(1795346909.192708, 2545, HELD)),
    ("hold-and-resume", 61, facts.ChannelResumed(1795346928.232685, 2582, HELD)),
    (
        "mobile-voicemail-not-confirmed",
        94,
        facts.OfferFailed(
            1795347407.052686, 7517, AGENT, QUEUE, "1c6e4c76-9315-4e44-88e5-9bdeb175f7bf", "ALLOTTED_TIMEOUT"
        ),
    ),
    ("follow-agent-two-calls", 40, facts.ListeningStarted(1795346833.672689, 2288, HEARD)),
    ("follow-agent-two-calls", 46, facts.ListeningStopped(1795346836.692689, 2302, HEARD)),
]

STAMP = {"Event-Date-Timestamp": "1795346547372703", "Event-Sequence": "856"}
AT = (1795346547.372703, 856)
CC = {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info"} | STAMP
NOT_RECORDED: list[tuple[dict[str, str], facts.Fact]] = [
    (CC | {"CC-Action": "agent-add", "CC-Agent": AGENT, "CC-Agent-Type": "Callback"}, facts.AgentAdded(*AT, AGENT)),
    (
        CC | {"CC-Action": "agent-contact-change", "CC-Agent": AGENT, "CC-Agent-Contact": "user/1001@default"},
        facts.AgentContactSet(*AT, AGENT, "user/1001@default"),
    ),
    (
        CC | {"CC-Action": "agent-contact-change", "CC-Agent": AGENT, "CC-Agent-Contact": ""},
        facts.AgentContactSet(*AT, AGENT, ""),
    ),
    (
        CC
        | {"CC-Action": "member-queue-resume", "CC-Member-UUID": MEMBER, "CC-Member-Session-UUID": CALLER}
        | {"CC-Queue": QUEUE, "CC-Member-CID-Name": "Taro", "CC-Member-CID-Number": "0312345678"},
        facts.MemberJoined(*AT, MEMBER, CALLER, QUEUE, "Taro", "0312345678"),
    ),
    (
        CC
        | {"CC-Action": "bridge-agent-end", "CC-Agent": AGENT, "CC-Queue": QUEUE, "CC-Member-UUID": MEMBER}
        | {"CC-Agent-UUID": AGENT_LEG, "CC-Agent-Bridged": "false"},
        facts.QueueCallEnded(*AT, AGENT, QUEUE, MEMBER, AGENT_LEG, False),
    ),
    (
        {"Event-Name": "CHANNEL_UUID", "Old-Unique-ID": CALLER, "Unique-ID": AGENT_LEG} | STAMP,
        facts.ChannelRenamed(*AT, CALLER, AGENT_LEG),
    ),
    (  # the hang-up path fires it without Bridge headers
        {"Event-Name": "CHANNEL_UNBRIDGE", "Unique-ID": CALLER} | STAMP,
        facts.ChannelsUnbridged(*AT, CALLER, ""),
    ),
    (
        {"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": CALLER, "Hangup-Cause": "USER_BUSY"}
        | {"variable_sasayaki_supervision": "s-1"}
        | STAMP,
        facts.ChannelHungUp(*AT, CALLER, "USER_BUSY", "s-1"),
    ),
    (
        {"Event-Name": "BACKGROUND_JOB", "Job-Command": "echo", "Job-Command-Arg": f"sasayaki_key {CALLER} 2"} | STAMP,
        facts.KeyPressed(*AT, CALLER, "2"),
    ),
]  # fmt: skip


def through_the_wire(headers: Mapping[str, str | bytes], body: str = "") -> Event:
    """The event as it comes out of FreeSWITCH's bytes."""
    (frame,) = Framer().feed(plain(headers, body))
    return frame.event()


def recorded(name: str, line: int) -> JsonEvent:
    return read(name)[line - 1].event


def headers(event: JsonEvent) -> dict[str, str]:
    return dict(event.items())


# ---- each kind


@pytest.mark.parametrize(("name", "line", "expected"), RECORDED, ids=lambda value: type(value).__name__)
def test_recorded_event_when_translated_then_the_fact_it_tells(name: str, line: int, expected: facts.Fact) -> None:
    assert translate(recorded(name, line)) == expected


@pytest.mark.parametrize(("name", "line", "expected"), RECORDED, ids=lambda value: type(value).__name__)
def test_recorded_event_when_it_comes_in_plain_bytes_then_the_same_fact(
    name: str, line: int, expected: facts.Fact
) -> None:
    assert translate(through_the_wire(headers(recorded(name, line)))) == expected


@pytest.mark.parametrize(("event", "expected"), NOT_RECORDED, ids=lambda value: type(value).__name__)
def test_event_when_translated_then_the_fact_it_tells(event: dict[str, str], expected: facts.Fact) -> None:
    assert translate(through_the_wire(event)) == translate(JsonEvent(event)) == expected


def test_every_recorded_event_is_read_alike_in_both_formats() -> None:
    for name in RECORDINGS:
        for line in read(name):
            assert translate(through_the_wire(headers(line.event))) == translate(line.event)


def test_facts_that_events_tell_are_all_tried_here() -> None:
    tried = {type(fact) for *_, fact in (*RECORDED, *NOT_RECORDED)}
    by_the_controller = {facts.TimePassed, facts.TierRead, facts.SwitchRead, facts.AgentNamed}
    assert tried | by_the_controller == set(facts.Fact.__args__)


def test_inbound_leg_when_a_phone_of_the_switch_dials_then_it_is_that_phones() -> None:
    """``dialed_user`` on it is the other end's (seen on 1.10.12)."""
    event = {"Event-Name": "CHANNEL_CREATE", "Unique-ID": CALLER, "Call-Direction": "inbound"} | STAMP | {
        "variable_user_name": "1001", "variable_domain_name": "default",
        "variable_dialed_user": "1003", "variable_dialed_domain": "default",
    }  # fmt: skip
    seen = translate(through_the_wire(event))
    assert isinstance(seen, facts.ChannelSeen)
    assert seen.extension == "1001@default"
    seen = translate(through_the_wire(event | {"Call-Direction": "outbound"}))
    assert isinstance(seen, facts.ChannelSeen)
    assert seen.extension == "1003@default"


def test_dump_when_held_then_its_times_and_only_then_the_hold() -> None:
    event = headers(recorded("answered-queue-call", 23)) | {
        "Channel-Call-State": "HELD", "Caller-Channel-Answered-Time": "1795346547332704",
        "Caller-Channel-Bridged-Time": "1795346547372703", "Caller-Channel-Last-Hold": "1795346548000000",
    }  # fmt: skip
    held = channel_dump(through_the_wire(event), CALLER)
    assert (held.answered_at, held.bridged_at, held.held_at) == (1795346547.332704, 1795346547.372703, 1795346548.0)
    assert held.peer == CALLER
    assert channel_dump(through_the_wire(event | {"Channel-Call-State": "ACTIVE"}), "").held_at == 0.0


@pytest.mark.parametrize("text", ["", "0", "²", "-5", "abc", "1.5", "9" * 400, "１２"])
def test_dump_when_a_time_is_none_then_it_is_not_known(text: str) -> None:
    event = headers(recorded("answered-queue-call", 23)) | {"Caller-Channel-Answered-Time": text}
    assert channel_dump(JsonEvent(event), "").answered_at == 0.0


# ---- what tells nothing


@pytest.mark.parametrize(
    "event",
    [
        {"Event-Name": "HEARTBEAT"},
        {"Event-Name": "CHANNEL_EXECUTE", "Unique-ID": CALLER},
        {"Event-Name": "NO_SUCH_EVENT"},
        {"Event-Name": "channel_create", "Unique-ID": CALLER},
        {"Event-Name": "SwitchRead"},
        {"Unique-ID": CALLER},
        {},
        {"Event-Name": "CUSTOM", "Event-Subclass": "sofia::register"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "members-count", "CC-Count": "1"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "agent-status-get"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "no-such-action"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "other::info", "CC-Action": "agent-add", "CC-Agent": AGENT},
        {"Event-Name": "MEDIA_BUG_START", "Media-Bug-Function": "session_record", "Unique-ID": CALLER},
        {"Event-Name": "MEDIA_BUG_STOP", "Media-Bug-Function": "displace", "Unique-ID": CALLER},
        {"Event-Name": "BACKGROUND_JOB", "Job-Command": "originate", "Job-Command-Arg": f"sasayaki_key {CALLER} 2"},
        {"Event-Name": "BACKGROUND_JOB", "Job-Command": "echo", "Job-Command-Arg": f"something {CALLER} 2"},
        {"Event-Name": "BACKGROUND_JOB", "Job-Command": "echo"},
    ],
    ids=lambda event: "-".join(event.values())[:60],
)
def test_event_that_tells_the_floor_nothing_gives_no_fact(event: dict[str, str]) -> None:
    assert translate(through_the_wire(event | STAMP)) is None
    assert translate(JsonEvent(event | STAMP)) is None


# ---- what is missing

NEEDED = {
    "CHANNEL_CREATE": ["Unique-ID"],
    "CHANNEL_CALLSTATE": ["Unique-ID", "Channel-Call-State"],
    "CHANNEL_ANSWER": ["Unique-ID"],
    "CHANNEL_BRIDGE": ["Bridge-A-Unique-ID", "Bridge-B-Unique-ID"],
    "CHANNEL_HOLD": ["Unique-ID"],
    "CHANNEL_UNHOLD": ["Unique-ID"],
    "CHANNEL_HANGUP_COMPLETE": ["Unique-ID"],
    "MEDIA_BUG_START": ["Unique-ID"],
    "MEDIA_BUG_STOP": ["Unique-ID"],
    "agent-status-change": ["CC-Agent", "CC-Agent-Status"],
    "agent-state-change": ["CC-Agent", "CC-Agent-State"],
    "agent-offering": ["CC-Agent", "CC-Queue", "CC-Member-UUID"],
    "bridge-agent-start": ["CC-Agent", "CC-Queue", "CC-Member-UUID", "CC-Agent-UUID"],
    "bridge-agent-end": ["CC-Agent", "CC-Queue", "CC-Member-UUID"],
    "bridge-agent-fail": ["CC-Agent", "CC-Queue", "CC-Member-UUID"],
    "member-queue-start": ["CC-Member-UUID", "CC-Member-Session-UUID", "CC-Queue"],
    "member-queue-end": ["CC-Member-UUID", "CC-Queue"],
}


def known(event: Event) -> str:
    return event.get("CC-Action") or event.name


def lacking() -> list[tuple[str, dict[str, str], str]]:
    """Every recorded kind of event, once, with each header in turn that it cannot do without."""
    first = {known(event): headers(event) for name, line, _ in reversed(RECORDED) for event in [recorded(name, line)]}
    stamps = ["Event-Date-Timestamp", "Event-Sequence"]
    assert NEEDED.keys() | {"CHANNEL_UNBRIDGE"} == first.keys()
    return [(kind, first[kind], name) for kind, needed in NEEDED.items() for name in [*needed, *stamps]]


@pytest.mark.parametrize(
    ("kind", "whole", "missing"), lacking(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_event_without_a_field_that_is_always_sent_is_impossible(
    kind: str, whole: dict[str, str], missing: str
) -> None:
    without = {name: value for name, value in whole.items() if name != missing}
    for event in (through_the_wire(without), JsonEvent(without), through_the_wire(whole | {missing: ""})):
        with pytest.raises(ImpossibleFact) as impossible:
            translate(event)
        assert missing in str(impossible.value) or missing.startswith("Event-"), kind


@pytest.mark.parametrize("text", ["", "soon", "1.5", "12\n13", "0x10"])
@pytest.mark.parametrize("header", ["Event-Date-Timestamp", "Event-Sequence"])
def test_event_whose_time_or_number_is_none_is_impossible(header: str, text: str) -> None:
    event = {"Event-Name": "CHANNEL_ANSWER", "Unique-ID": CALLER} | STAMP | {header: text}
    with pytest.raises(ImpossibleFact):
        translate(JsonEvent(event))


# ---- what callers put into it


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


@pytest.mark.parametrize(
    "known",
    [
        {"Event-Name": "HEARTBEAT"},
        {"Event-Name": "BACKGROUND_JOB", "Job-Command": "originate"},
        {"Event-Name": "MEDIA_BUG_START", "Media-Bug-Function": "displace"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "members-count"},
    ],
    ids=lambda headers: headers.get("CC-Action", headers["Event-Name"]),
)
def test_event_that_tells_the_floor_nothing_when_expected_then_it_is_not_unknown(known: dict[str, str]) -> None:
    event = JsonEvent({"Event-Date-Timestamp": "1", "Event-Sequence": "1", **known})
    assert translate(event) is None
    assert not is_unknown(event)


@pytest.mark.parametrize(
    "unknown",
    [
        {"Event-Name": "CHANNEL_OUTER_SPACE"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "sofia::register"},
        {"Event-Name": "CUSTOM", "Event-Subclass": "callcenter::info", "CC-Action": "agent-teleported"},
    ],
)
def test_event_that_nobody_knows_then_unknown(unknown: dict[str, str]) -> None:
    assert translate(JsonEvent(unknown)) is None
    assert is_unknown(JsonEvent(unknown))


def test_what_is_read_is_subscribed_to_and_what_is_subscribed_to_is_read() -> None:
    alive_only = {"HEARTBEAT"}
    with_subclass = {"CUSTOM"}
    assert set(EVENT_NAMES) - alive_only == set(_READERS) - with_subclass
    assert len(EVENT_NAMES) == len(set(EVENT_NAMES))
