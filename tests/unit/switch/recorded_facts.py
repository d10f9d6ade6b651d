"""Events as a recorded 1.10.12 sends them, and others that it sends, each with the fact it tells."""

from __future__ import annotations

from collections.abc import Mapping

from fs_app.floor import facts
from fs_app.switch.event import Event, JsonEvent
from fs_app.switch.wire import Framer
from tests.replay.playback import read
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
    (
        "follow-agent-two-calls",
        39,
        facts.EavesdropExecuted(1795346833.672689, 2286, "5b2b365b-4ef4-472f-96df-849135d040e3", HEARD),
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
