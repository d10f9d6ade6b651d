"""Events to facts: what a recorded 1.10.12 says of each kind, and which events tell nothing."""

from __future__ import annotations

import pytest

from fs_app.floor import facts
from fs_app.switch.event import JsonEvent
from fs_app.switch.session import EVENT_NAMES
from fs_app.switch.translate import _READERS, channel_dump, is_unknown, translate
from tests.replay.playback import RECORDINGS, read
from tests.unit.switch.recorded_facts import (
    AGENT,
    CALLER,
    NOT_RECORDED,
    RECORDED,
    STAMP,
    headers,
    recorded,
    through_the_wire,
)


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


@pytest.mark.parametrize(
    "event",
    [
        {"Event-Name": "HEARTBEAT"},
        {"Event-Name": "CHANNEL_EXECUTE", "Unique-ID": CALLER},
        {"Event-Name": "CHANNEL_EXECUTE", "Unique-ID": CALLER, "Application": "playback", "Application-Data": AGENT},
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
