"""Plays a recorded event stream into a floor, as the controller would: events, its own supervisions, and resyncs."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from fs_app.floor import facts, rows
from fs_app.floor.actor import ADMINISTRATOR, Actor
from fs_app.floor.board import Tallies, agent_row, queue_row, supervision_row, waiting_row
from fs_app.floor.documents import document
from fs_app.floor.entities import Supervision
from fs_app.floor.fold import apply
from fs_app.floor.listening import begin, move
from fs_app.floor.state import Floor
from fs_app.switch.event import JsonEvent
from fs_app.switch.translate import stamp, translate

FOLDER = Path(__file__).parent / "recordings"
RECORDINGS = sorted(p.stem for p in FOLDER.glob("*.jsonl"))
BOSS = Actor("boss", ADMINISTRATOR, "Boss")


def agent(name: str, status: str = "Available", contact: str = "", **more: object) -> rows.AgentRow:
    """A row of ``agent list`` with everything plain but what is given."""
    extension = name.partition("@")[0]
    plain = rows.AgentRow(
        name, status, "Waiting", contact or f"[leg_timeout=10]user/{extension}@default", "", 0, 0, 0, 0, 0, 0, 0, 0
    )
    return plain._replace(**more)


def tier(queue: str, name: str, level: int = 1) -> rows.TierRow:
    """A row of ``tier list``."""
    return rows.TierRow(queue, name, "Ready", level, 1)


def queue(name: str, strategy: str = "longest-idle-agent") -> rows.QueueRow:
    """A row of ``queue list``."""
    return rows.QueueRow(name, strategy, False, True)


@dataclass
class Line:
    """One recorded event with what is needed to order it."""

    event: JsonEvent
    at: float
    seq: int
    core: str


@dataclass
class Playback:
    """A floor under a recording."""

    agents: tuple[rows.AgentRow, ...]
    tiers: tuple[rows.TierRow, ...]
    queues: tuple[rows.QueueRow, ...] = (
        queue("support@default"),
        queue("ringall@default", "ring-all"),
        queue("rr@default"),
    )
    floor: Floor = field(default_factory=Floor)
    supervisors: dict[str, str] = field(default_factory=dict)

    def begin(self, at: float, core: str) -> None:
        """The first reading of the switch."""
        self.floor = Floor()
        read = facts.SwitchRead(at, 0, core, 0, self.agents, self.tiers, self.queues, (), ())
        apply(self.floor, read)

    def play(self, line: Line) -> None:
        """One event, with the controller's own knowledge of its supervisions where the recording has the orders."""
        event = line.event
        if line.core != self.floor.core:
            self.resync(line.at, line.core)
        if event.name == "CHANNEL_CREATE" and event.get(b"variable_dialed_user").startswith("900"):
            self._ring_supervisor(event.get(b"Unique-ID"), event.get(b"variable_dialed_user"), line.at)
        if event.name == "CHANNEL_EXECUTE" and event.get(b"Application") == "eavesdrop":
            self._listen(event.get(b"Unique-ID"), event.get(b"Application-Data"))
        fact = translate(event)
        if fact is not None:
            apply(self.floor, fact)

    def _ring_supervisor(self, leg: str, extension: str, at: float) -> None:
        if extension in self.supervisors and self.supervisors[extension] == leg:
            return
        self.supervisors[extension] = leg
        whose = Supervision(
            extension, extension, extension, "1001@default", "monitor", extension, None, leg, "", follow=True
        )
        begin(self.floor, whose)

    def _listen(self, leg: str, target: str) -> None:
        ident = self.floor.supervision_of_leg.get(leg)
        if ident is not None and self.floor.supervisions[ident].target != target:
            held_leg = self.floor.legs.get(target)
            move(
                self.floor,
                self.floor.supervisions[ident],
                target,
                on_member=bool(held_leg and held_leg.side == "member"),
            )

    def resync(self, at: float, core: str | None = None) -> None:
        """Read the switch: with the rows that a real one would answer after what has been played so far."""
        channels = () if core not in (None, self.floor.core) else None
        apply(self.floor, self.reading(at, core or self.floor.core, channels))

    def reading(self, at: float, core: str, channels: tuple[facts.ChannelSeen, ...] | None) -> facts.SwitchRead:
        """What the resync queries answer now, told from this floor itself."""
        floor = self.floor
        agents = tuple(
            row._replace(
                status=floor.agents[row.agent].status,
                state="Waiting" if channels == () else floor.agents[row.agent].state,
            )
            for row in self.agents
        )
        if channels is None:
            channels = tuple(_channel(floor, uuid) for uuid in floor.legs)
        members = (
            ()
            if channels == ()
            else tuple(
                rows.MemberRow(m.uuid, m.channel, m.queue, m.name, m.number, m.joined_at, "Waiting", "")
                for m in floor.members.values()
            )
        )
        return facts.SwitchRead(at, 0, core, floor.serial, agents, self.tiers, self.queues, members, channels)

    def board(self) -> dict[str, object]:
        """What an administrator sees under «all agents», cut down to what the recordings' pages speak of."""
        floor, now = self.floor, self.floor.now
        tallies, agents = Tallies(), {}
        for ident in floor.agents:
            doc = document(floor, "agent", ident)
            tallies.replace_agent(None, doc)
            agents[ident.partition("@")[0]] = _short(agent_row(doc, BOSS, None, floor.book, str))
        for ident in floor.members:
            tallies.replace_member(None, document(floor, "member", ident))
        queues = {q: queue_row(document(floor, "queue", q), BOSS, tallies.of(q, now)) for q in floor.queues}
        waiting = [waiting_row(document(floor, "member", m)) for m in floor.members]
        supervisions = [supervision_row(document(floor, "supervision", s), BOSS) for s in floor.supervisions]
        return {
            "agents": agents,
            "waiting": sorted(f"{w['name']} in {w['queue'].partition('@')[0]}" for w in waiting),
            "lost": sum(q["abandoned"] for q in queues.values()),
            "answered": sum(q["answered"] for q in queues.values()),
            "supervisors": {
                s["extension"]: s["state"] for s in supervisions if s["state"] in ("ringing", "listening", "following")
            },
        }


def _short(row: dict[str, object]) -> str:
    call = row["call"]
    text = row["status"]["code"]
    if call is not None and call["state"] in ("talking", "held"):
        who = call["with"]["name"] or call["with"]["number"]
        text += f" with {who}" if who else ""
    if call is not None and call["state"] == "dialling":
        text += f" dialling {call['with']['number']}"
    return " ".join([text, *row["alarms"], *(["no_answer"] if row["no_answer"] else [])])


def _channel(floor: Floor, uuid: str) -> facts.ChannelSeen:
    leg = floor.legs[uuid]
    return facts.ChannelSeen(
        floor.now,
        0,
        uuid,
        leg.inbound,
        leg.extension,
        "",
        leg.caller_name,
        leg.caller_number,
        leg.destination,
        leg.side,
        leg.owner if leg.side == "agent" else "",
        leg.queue,
        leg.member,
        leg.member_channel,
        leg.supervision,
        "HELD" if leg.held_at else leg.callstate,
        leg.created_at,
        leg.answered_at,
        leg.bridged_at,
        leg.held_at,
        leg.peer,
    )


def read(name: str) -> list[Line]:
    """A recording's lines in order of arrival."""
    lines = []
    for text in (FOLDER / f"{name}.jsonl").read_bytes().splitlines():
        event = JsonEvent(json.loads(text.decode("utf-8", "replace")))
        at, seq = stamp(event)
        lines.append(Line(event, at, seq, event.get(b"Core-UUID")))
    return lines


def shuffled(lines: list[Line], rng: random.Random, within_s: float = 0.05) -> list[Line]:
    """Every event delayed by up to ``within_s`` of its own; a restarted core stays behind the old one."""
    cores = list(dict.fromkeys(line.core for line in lines))
    keyed = [(cores.index(line.core), line.at + rng.uniform(0, within_s), number) for number, line in enumerate(lines)]
    return [lines[number] for _, _, number in sorted(keyed)]


def doubled(lines: list[Line]) -> list[Line]:
    """Every event twice in a row."""
    return [line for line in lines for _ in (1, 2)]


def with_holes(lines: list[Line], every: int, offset: int) -> list[Line]:
    """Every ``every``-th event missing."""
    return [line for number, line in enumerate(lines) if (number + offset) % every]


def dump(board: dict[str, object]) -> str:
    """For looking at."""
    return json.dumps(board, ensure_ascii=False, indent=1)
