"""An event without a field that FreeSWITCH always sends is no fact."""

from __future__ import annotations

import pytest

from fs_app.floor.errors import ImpossibleFact
from fs_app.switch.event import Event, JsonEvent
from fs_app.switch.translate import translate
from tests.unit.switch.recorded_facts import CALLER, RECORDED, STAMP, headers, recorded, through_the_wire

NEEDED = {
    "CHANNEL_CREATE": ["Unique-ID"],
    "CHANNEL_CALLSTATE": ["Unique-ID", "Channel-Call-State"],
    "CHANNEL_ANSWER": ["Unique-ID"],
    "CHANNEL_BRIDGE": ["Bridge-A-Unique-ID", "Bridge-B-Unique-ID"],
    "CHANNEL_HOLD": ["Unique-ID"],
    "CHANNEL_UNHOLD": ["Unique-ID"],
    "CHANNEL_HANGUP_COMPLETE": ["Unique-ID"],
    "CHANNEL_EXECUTE": ["Unique-ID", "Application-Data"],
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
