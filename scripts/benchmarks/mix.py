"""The recorded mix, made long: the recordings of a real FreeSWITCH as one stream of plain events, as it would send them.

Recordings are played again and again, a number of them side by side (``lanes``), each time by other agents of the floor,
in another queue, with fresh UUIDs, sequence numbers and times, so that the floor always has calls in every state. Only the
events that Sasayaki asks for are in the stream: a FreeSWITCH would send it nothing else, and the peers get the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote

from scripts.benchmarks.floor_plan import CORE, GROUP, FloorPlan

RECORDINGS = Path(__file__).resolve().parents[2] / "tests" / "replay" / "recordings"
LEFT_OUT = ("freeswitch-restart",)
"""A restart is no matter of throughput: it makes the client read the whole switch."""

# What FreeSWITCH leaves as it is in a value (switch_utils.c, switch_url_encode); everything else becomes %XX.
_SAFE = "/!$'()*,-._~"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MICROS = r"(?<![0-9])179[0-9]{13}(?![0-9])"
# 1001, 1002 and 1003, the recordings' phones, also right behind an encoded character.
_PHONE = r"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-F]{2}))100[123](?![0-9])"
_QUEUE = r"(?<![0-9A-Za-z])(?:support|ringall|rr)(?=%40default)"
_SEQUENCE = r"(?<=Event-Sequence: )[0-9]+"
_VARIABLE = re.compile(f"({_SEQUENCE}|{_UUID}|{_MICROS}|{_PHONE}|{_QUEUE})")
_LAP_SEQUENCES = 10_000
"""More than any recording spans."""

BEGINNING, END = "The beginning", "The end"
"""Event-Info of the HEARTBEAT before, and of the one after everything else."""


def plain(headers: dict[str, Any]) -> str:
    """An event's headers in the plain format (switch_event.c, serialize), without the body's length."""
    lines = []
    for name, value in headers.items():
        text = "ARRAY::" + "|:".join(map(str, value)) if isinstance(value, list) else str(value)
        lines.append(f"{name}: {quote(text, safe=_SAFE) or '_undef_'}\n")
    return "".join(lines)


def heartbeat(info: str, sequence: int = 1) -> bytes:
    """A framed HEARTBEAT that says ``info``."""
    headers = {"Event-Name": "HEARTBEAT", "Core-UUID": CORE, "Event-Sequence": sequence, "Event-Info": info}
    return framed(plain(headers).encode() + b"\n")


def framed(body: bytes) -> bytes:
    """A plain event as the event socket frames it."""
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n%b" % (len(body), body)


@dataclass(frozen=True, slots=True)
class Template:
    """One recorded event, cut where a lap puts its own words: ``parts`` between ``slots`` (indexes into a lap's words)."""

    parts: list[bytes]
    slots: list[int]

    def filled(self, words: list[bytes]) -> bytes:
        """The framed event of one lap."""
        parts = self.parts[:]
        parts[1::2] = [words[slot] for slot in self.slots]
        return framed(b"".join(parts))


class Lap(NamedTuple):
    """One playing of a recording: its number among all, which group of agents plays it, and when it begins (epoch µs)."""

    number: int
    group: int
    at_us: int


class Recording:
    """One recording as templates, and how each of its variable words changes from lap to lap."""

    def __init__(self, path: Path, wanted: frozenset[str]) -> None:
        lines = [json.loads(line.decode("utf-8", "replace")) for line in path.read_bytes().splitlines()]
        self._words: dict[str, int] = {}
        self._first = {"seq": min(int(h["Event-Sequence"]) for h in lines)}
        self._first["at"] = min(int(h["Event-Date-Timestamp"]) for h in lines)
        self._core = lines[0]["Core-UUID"]
        self.templates = [self._template(headers) for headers in lines if _kind(headers) in wanted]

    def _template(self, headers: dict[str, Any]) -> Template:
        body = headers.pop("_body", "")
        end = f"Content-Length: {len(body.encode())}\n\n{body}" if body else "\n"
        pieces = _VARIABLE.split(plain({n: v for n, v in headers.items() if n != "Content-Length"}) + end)
        is_sequence = [piece.endswith("Event-Sequence: ") for piece in pieces[:-1:2]]
        words = [f"#{word}" if seq else word for word, seq in zip(pieces[1::2], is_sequence, strict=True)]
        slots = [self._words.setdefault(word, len(self._words)) for word in words]
        return Template([piece.encode() for piece in pieces], slots)

    def words(self, lap: Lap, plan: FloorPlan) -> list[bytes]:
        """What each variable word is in one lap."""
        return [self._word(word, index, lap, plan).encode() for word, index in self._words.items()]

    def _word(self, word: str, index: int, lap: Lap, plan: FloorPlan) -> str:
        if word.startswith("#"):
            return str((lap.number + 1) * _LAP_SEQUENCES + int(word[1:]) - self._first["seq"])
        if word == self._core:
            return CORE
        if "-" in word:
            return f"{lap.number:08x}-0000-4000-8000-{index:012x}"
        if len(word) == 16:
            return str(lap.at_us + int(word) - self._first["at"])
        if word.isdigit():
            return plan.extension(lap.group * GROUP + int(word[-1]) - 1)
        return plan.queue_of_group(lap.group).partition("@")[0]


def _kind(headers: dict[str, Any]) -> str:
    if headers["Event-Name"] == "CHANNEL_EXECUTE" and headers["Application"] != "eavesdrop":
        return ""  # the switch is asked to leave the others out
    return str(headers["Event-Subclass"] if headers["Event-Name"] == "CUSTOM" else headers["Event-Name"])


def recordings(wanted: frozenset[str]) -> list[Recording]:
    """All recordings of the mix, cut down to the ``wanted`` events (names, or subclasses of CUSTOM)."""
    paths = sorted(path for path in RECORDINGS.glob("*.jsonl") if path.stem not in LEFT_OUT)
    return [Recording(path, wanted) for path in paths]


def events(plan: FloorPlan, wanted: frozenset[str], *, lanes: int, at_us: int, first_lap: int = 0) -> Iterator[bytes]:
    """Framed events without end: ``lanes`` recordings side by side, one event of each in turn."""
    tapes = recordings(wanted)
    laps = first_lap

    def lane(number: int) -> Iterator[bytes]:
        nonlocal laps
        turn = number  # so that the lanes do not all play the same
        groups = max(1, plan.groups // lanes)
        while True:
            tape = tapes[turn % len(tapes)]
            group = (number + lanes * ((turn - number) % groups)) % plan.groups
            words = tape.words(Lap(laps, group, at_us + (laps - first_lap) * 1000), plan)
            laps, turn = laps + 1, turn + 1
            for template in tape.templates:
                yield template.filled(words)

    players = [lane(number) for number in range(lanes)]
    while True:
        for player in players:
            yield next(player)


def write(file: IO[bytes], mixed: Iterator[bytes], count: int) -> None:
    """Write ``count`` events, the first and the last of them HEARTBEATs."""
    file.write(heartbeat(BEGINNING))
    file.writelines(islice(mixed, count - 2))
    file.write(heartbeat(END, 2))


def status_changes(plan: FloorPlan, first: int, count: int) -> Iterator[bytes]:
    """Framed changes of agents' statuses, numbers ``first`` on: all agents in turn, to break and back."""
    pattern = next(headers for headers in _lines("*.jsonl") if headers.get("CC-Action") == "agent-status-change")
    for number in range(first, first + count):
        lap, agent = divmod(number, plan.agents)
        words = {
            "Core-UUID": CORE,
            "Event-Sequence": str(_LAP_SEQUENCES + number),
            "CC-Agent": plan.agent(agent),
            "CC-Agent-Status": "Available" if lap % 2 else "On Break",
        }
        yield framed(plain(pattern | words).encode() + b"\n")


def _lines(pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(RECORDINGS.glob(pattern)):
        for line in path.read_bytes().splitlines():
            yield json.loads(line.decode("utf-8", "replace"))
