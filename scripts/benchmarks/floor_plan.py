"""The floor that a scripted switch has: how many agents, queues and channels, and what it answers when it is read.

Pure: texts as FreeSWITCH 1.10.12 writes them, made from the recorded answers of a real one. Agents belong to groups of three,
each in a queue of its own choice, so that the recordings, which know three phones, can be played by any group.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

CORE = "46474769-003e-4b1b-a56a-30abd82b59a0"
GROUP = 3
_SNAPSHOT = Path(__file__).resolve().parents[2] / "tests/replay/recordings/answered-queue-call.snapshot.json"
Row = dict[str, Any]


@dataclass(frozen=True)
class FloorPlan:
    """``channels`` are there from the beginning: nine of ten in bridged pairs of caller and agent, the others waiting callers."""

    agents: int = 500
    queues: int = 20
    channels: int = 0
    since: int = 1_795_346_546
    """When all calls began, epoch s."""

    @property
    def groups(self) -> int:
        """Whole groups of agents."""
        return self.agents // GROUP

    def extension(self, index: int) -> str:
        """The number of an agent's phone."""
        return str(10_000 + index)

    def agent(self, index: int) -> str:
        """The agent's name at the switch."""
        return f"{self.extension(index)}@default"

    def queue(self, index: int) -> str:
        """A queue's name."""
        return f"queue{index % self.queues:03d}@default"

    def queue_of_group(self, group: int) -> str:
        """Where a group's calls come from."""
        return self.queue(group)

    @property
    def pairs(self) -> int:
        """Bridged calls."""
        return self.channels * 9 // 20

    @property
    def waiting(self) -> int:
        """Callers who wait."""
        return self.channels - 2 * self.pairs

    @cached_property
    def _recorded(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(_SNAPSHOT.read_text())
        return found

    def _like(self, question: str) -> Row:
        row: Row = self._recorded[f"callcenter_config {question}"]["response"][0]
        return row

    def agent_rows(self) -> list[Row]:
        """``agent list``."""
        pattern, busy = self._like("agent list"), self.pairs
        return [
            pattern
            | {"name": self.agent(i), "contact": f"[leg_timeout=10]user/{self.agent(i)}"}
            | {"state": "In a queue call" if i < busy else "Waiting", "uuid": _uuid("a", i) if i < busy else ""}
            for i in range(self.agents)
        ]

    def tier_rows(self) -> list[Row]:
        """``tier list``: every agent in the queue of his group and in the next."""
        pattern = self._like("tier list")
        return [
            pattern | {"agent": self.agent(i), "queue": self.queue(i // GROUP + step), "state": "Ready"}
            for i in range(self.agents)
            for step in range(min(2, self.queues))
        ]

    def queue_rows(self) -> list[Row]:
        """``queue list``."""
        pattern = self._like("queue list")
        return [pattern | {"name": self.queue(i)} for i in range(self.queues)]

    def member_rows(self) -> list[Row]:
        """``member list``: the answered and the waiting."""
        pattern = self._like("queue list members")
        since = {"joined_epoch": str(self.since), "system_epoch": str(self.since)}
        answered = [
            pattern | since | {"queue": self.queue(i // GROUP), "uuid": _uuid("e", i), "session_uuid": _uuid("c", i)}
            for i in range(self.pairs)
        ]
        state = {"state": "Waiting", "serving_agent": "", "bridge_epoch": "0"}
        waiting = [
            pattern | since | state | {"queue": self.queue(i), "uuid": _uuid("f", i), "session_uuid": _uuid("d", i)}
            for i in range(self.waiting)
        ]
        return answered + waiting

    def channel_rows(self) -> list[Row]:
        """``show channels``."""
        caller, phone = self._recorded["show_channels_as_json"]["rows"]
        callers = [caller | {"uuid": _uuid("c", i)} for i in range(self.pairs)]
        phones = [phone | {"uuid": _uuid("a", i)} for i in range(self.pairs)]
        waiting = [caller | {"uuid": _uuid("d", i)} for i in range(self.waiting)]
        return callers + phones + waiting

    def call_rows(self) -> list[Row]:
        """``show bridged_calls``, with the two columns that a reader needs and what a real row weighs."""
        weight = self._recorded["show_channels_as_json"]["rows"][0]
        pairs = [{"uuid": _uuid("c", i), "b_uuid": _uuid("a", i)} for i in range(self.pairs)]
        return [weight | {f"b_{name}": value for name, value in weight.items()} | pair for pair in pairs]

    def dumps(self) -> dict[str, Row]:
        """``uuid_dump`` of every channel, as headers."""
        phone, caller = self._recorded["uuid_dump agent leg json"], self._recorded["uuid_dump member leg json"]
        found: dict[str, Row] = {}
        for i in range(self.pairs):
            both = {"variable_cc_member_uuid": _uuid("e", i), "variable_cc_queue": self.queue(i // GROUP)}
            agent = {"variable_cc_agent": self.agent(i), "variable_cc_member_session_uuid": _uuid("c", i)}
            dialled = {"variable_dialed_user": self.extension(i), "Channel-Presence-ID": self.agent(i)}
            found[_uuid("a", i)] = phone | both | agent | dialled | {"Unique-ID": _uuid("a", i)}
            found[_uuid("c", i)] = caller | both | agent | {"Unique-ID": _uuid("c", i)}
        for i in range(self.waiting):
            mine = {"variable_cc_member_uuid": _uuid("f", i), "variable_cc_queue": self.queue(i)}
            found[_uuid("d", i)] = caller | mine | {"Unique-ID": _uuid("d", i), "variable_cc_agent": ""}
        return found


def _uuid(kind: str, index: int) -> str:
    return f"{index:08x}-0000-4000-8000-{kind * 12}"
