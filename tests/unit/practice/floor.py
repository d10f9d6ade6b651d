"""A practice switch whose time stands still, and eyes on its events."""

from __future__ import annotations

import json
from pathlib import Path

from fs_app.practice.api import commands
from fs_app.practice.clock import ManualClock
from fs_app.practice.config import SwitchConfig, contract_floor
from fs_app.practice.events import Event
from fs_app.practice.switch import PracticeSwitch

RECORDINGS = Path(__file__).parents[2] / "replay" / "recordings"


MONDAY = 1_795_478_400.0
"""2026-11-23 00:00 UTC: a fixed beginning, so that what depends on whole seconds comes out the same each time."""

OPEN: list[Floor] = []
"""Floors to close after the test."""


class Eyes:
    """Takes every event, in both formats."""

    def __init__(self) -> None:
        self.events: list[dict] = []

    def wants(self, name: str, subclass: str) -> bool:
        return True

    def deliver(self, event: Event) -> None:
        event.frame("plain")
        self.events.append(json.loads(event.serialize_json()))


class Floor:
    """A switch under test: ``api``, time, events."""

    def __init__(self, config: SwitchConfig | None = None) -> None:
        self.clock = ManualClock(MONDAY)
        self.switch = PracticeSwitch(config or contract_floor(), self.clock)
        self.eyes = Eyes()
        self.switch.core.bus.listen(self.eyes)
        self.switch.start()
        OPEN.append(self)

    def api(self, line: str) -> str:
        """The reply; ``originate`` gets the time it needs."""
        name, _, text = line.partition(" ")
        replies: list[str] = []
        commands.run(self.switch.core, name, text, replies.append)
        for _ in range(7000):
            if replies:
                return replies[0]
            self.clock.advance(0.01)
        raise AssertionError(f"no reply to {line}")

    def bgapi(self, line: str) -> list[str]:
        """The list that the reply will stand in."""
        name, _, text = line.partition(" ")
        replies: list[str] = []
        commands.run(self.switch.core, name, text, replies.append)
        return replies

    def json(self, arguments: str, **data: str) -> list[dict]:
        request = {"command": "callcenter_config", "data": {"arguments": arguments, **data}}
        return json.loads(self.api(f"json {json.dumps(request)}"))["response"]

    def agent(self, extension: str, queue: str = "support@default", level: int = 1, contact: str = "") -> str:
        """An available agent with a tier."""
        name = f"{extension}@default"
        if all(row["name"] != name for row in self.json("agent list")):
            self.api(f"callcenter_config agent add {name} Callback")
            self.api(f"callcenter_config agent set contact {name} {contact or f'[leg_timeout=10]user/{name}'}")
            self.api(f"callcenter_config agent set status {name} Available")
        self.api(f"callcenter_config tier add {queue} {name} {level} 1")
        return name

    def row(self, agent: str) -> dict:
        return next(row for row in self.json("agent list") if row["name"] == agent)

    def tier_state(self, agent: str, queue: str = "support@default") -> str:
        return next(row["state"] for row in self.json("tier list") if (row["agent"], row["queue"]) == (agent, queue))

    def members(self, queue: str = "support@default") -> list[dict]:
        return self.json("queue list members", queue_name=queue)

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def named(self, name: str) -> list[dict]:
        """Events of that name or CC-Action."""
        return [e for e in self.eyes.events if name in (e["Event-Name"], e.get("CC-Action"))]

    def leg(self, extension: str) -> str:
        """The uuid of the newest live leg to that phone."""
        calls = self.switch.phone(extension).calls
        assert calls, f"{extension} has no call"
        return calls[-1].uuid

    def talking(self, extension: str = "1001", number: str = "0312345678", name: str = "Taro") -> tuple[str, str]:
        """A queue call answered by the agent: (member leg, agent leg)."""
        caller = self.switch.caller(number, name).dial("5010")
        self.advance(0.3)
        self.switch.phone(extension).answer()
        self.advance(0.5)
        return caller.uuid, self.leg(extension)


def recording(name: str) -> list[dict]:
    """The events of a recording of FreeSWITCH 1.10.12."""
    return [json.loads(line) for line in (RECORDINGS / f"{name}.jsonl").read_text().splitlines()]


_SMALL_PRINT = ("HEARTBEAT", "CUSTOM", "PRESENCE_IN", "CHANNEL_ORIGINATE", "CHANNEL_DESTROY", "BACKGROUND_JOB", "DTMF")


def _told(event: dict) -> bool:
    if (event.get("CC-Action") or event["Event-Name"]) in _SMALL_PRINT:
        return False
    return event.get("Application") not in ("set", "limit", "export", "callcenter_track")


def story(events: list[dict]) -> list[str]:
    """What happened to which leg, in order, without uuids, times and dialplan small print."""
    legs: dict[str, str] = {}
    lines = []
    for event in filter(_told, events):
        name = event.get("CC-Action") or event["Event-Name"]
        uuid = event.get("Unique-ID", "")
        if uuid and uuid not in legs:
            number = event["Channel-Name"].rpartition("/")[2].partition("@")[0]
            legs[uuid] = f"{number}#{sum(1 for leg in legs.values() if leg.partition('#')[0] == number) + 1}"
        parts = [name, legs.get(uuid, "")]
        if name == "CHANNEL_CALLSTATE":
            parts.append(f"{event['Original-Channel-Call-State']}>{event['Channel-Call-State']}")
        parts += [event.get(header, "") for header in _TELLING]
        lines.append(" ".join(part for part in parts if part))
    return lines


_TELLING = (
    "Channel-State",
    "Answer-State",
    "Hangup-Cause",
    "Application",
    "Other-Type",
    "CC-Agent",
    "CC-Agent-State",
    "CC-Agent-Status",
    "CC-Count",
    "CC-Cause",
    "CC-Cancel-Reason",
    "CC-Hangup-Cause",
    "CC-Agent-Bridged",
    "Media-Bug-Function",
)


def ticks(events: list[dict]) -> list[list[str]]:
    """The story cut at moments of quiet, sorted within each burst.

    FreeSWITCH's threads race: what follows within 150 ms may come in another order each time.
    """
    lines = story(events)
    kept = [event for event in events if _told(event)]
    bursts: list[list[str]] = []
    last = 0
    for event, line in zip(kept, lines, strict=True):
        at = int(event["Event-Date-Timestamp"])
        if not bursts or at - last > 150_000:
            bursts.append([])
        bursts[-1].append(line)
        last = max(last, at)
    return [sorted(burst) for burst in bursts]
